"""Reads of planning that several rooms share."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.utils.functional import Promise

from accounts.models import User
from accounts.policies import in_scope
from campaigns.planning.enums import CampaignState, PositionState
from campaigns.planning.machine import RUNNING
from campaigns.planning.milestones import LABELS
from campaigns.planning.models import (
    Announcement,
    CalendarDay,
    Campaign,
    MajorCatalogue,
    Milestone,
    Position,
    Programme,
    RuleSetVersion,
)
from campaigns.planning.policies import CAMPAIGN_READERS, PROGRAMME_READERS
from foundation.language import rule_language
from rulebook.conditions.catalogue import CatalogueEntry
from rulebook.conditions.catalogue import MajorCatalogue as ReadCatalogue
from rulebook.explanation import template
from rulebook.ruleset import RuleSet, profiles
from rulebook.working_days import WorkingCalendar

StepState = Literal["done", "now", "next", "stopped"]


@dataclass(frozen=True)
class Step:
    """A step of a campaign's timeline: `what` it is called, when it is planned, when it happened, where it stands."""

    key: str
    what: Promise
    starts_at: datetime | None
    ends_at: datetime | None
    happened_at: datetime | None
    state: StepState

    @property
    def when(self) -> datetime | None:
        """The one moment to show: when it happened, or else when it is planned to start."""
        return self.happened_at or self.starts_at


def rule_set_in_force(campaign: Campaign) -> RuleSetVersion | None:
    """The newest frozen version of a campaign's rules; before publication the newest draft; None if it has none."""
    versions = list(campaign.rule_sets.order_by("-version"))
    return next((version for version in versions if version.frozen_at), versions[0] if versions else None)


def rules_of(campaign: Campaign) -> RuleSet:
    """The rules in force; the first built-in profile of the track where none were entered."""
    version = rule_set_in_force(campaign)
    return RuleSet.model_validate(version.document) if version else profiles.get(default_profile(campaign.track))


def rules_of_all(campaigns: Collection[Campaign]) -> dict[int, RuleSet]:
    """Campaign id → the rules in force, as `rules_of` gives them; one query for all, and the same rules read once."""
    versions: dict[int, RuleSetVersion] = {}
    for version in RuleSetVersion.objects.filter(campaign__in=campaigns).order_by("version"):
        if version.frozen_at or not (kept := versions.get(version.campaign_id)) or not kept.frozen_at:
            versions[version.campaign_id] = version
    read = {row.digest: row.document for row in versions.values()}
    rules = {digest: RuleSet.model_validate(document) for digest, document in read.items()}
    return {
        row.pk: rules[versions[row.pk].digest] if row.pk in versions else profiles.get(default_profile(row.track))
        for row in campaigns
    }


def section_of_all(campaigns: Collection[int], section: str) -> dict[int, dict[str, Any]]:
    """Campaign id → one section of the rules in force as stored, in one query; a campaign without rules is missing."""
    rows = RuleSetVersion.objects.filter(campaign__in=campaigns).order_by("version")
    found: dict[int, tuple[bool, dict[str, Any]]] = {}
    for pk, frozen_at, stored in rows.values_list("campaign_id", "frozen_at", f"document__{section}"):
        if frozen_at or not found.get(pk, (False, {}))[0]:
            found[pk] = (frozen_at is not None, stored or {})
    return {pk: stored for pk, (_is_frozen, stored) in found.items()}


def default_profile(track: str) -> str:
    """The name of the first built-in profile of a track."""
    return next(name for name, rules in profiles.PROFILES.items() if rules.track == track)


NATIONAL = "national"
SEPARATOR = "、"  # between the old names of a major


def split_names(text: str) -> tuple[str, ...]:
    """The old names of a major, one by one."""
    return tuple(text.split(SEPARATOR)) if text else ()


def find_catalogue(key: str) -> MajorCatalogue | None:
    """The imported catalogue of majors that rules name by this key, "name edition"."""
    name, _space, edition = key.rpartition(" ")
    return MajorCatalogue.objects.filter(name=name, edition=edition).first() if edition.isdecimal() else None


def catalogue_of(rules: RuleSet) -> ReadCatalogue | None:
    """The catalogue of majors the rules name, for the rule book; None for the built-in one, which it has itself."""
    key = rules.eligibility.major_catalogue
    row = None if key == NATIONAL else find_catalogue(key)
    return _read_catalogue(row.pk, row.digest) if row else None


@lru_cache(maxsize=8)
def _read_catalogue(pk: int, digest: str) -> ReadCatalogue:
    """A catalogue's rows as the rule book takes them; the digest tells a corrected edition from the one before."""
    row = MajorCatalogue.objects.get(pk=pk)
    entries = tuple(
        CatalogueEntry(level, code, name, split_names(text))  # type: ignore[arg-type]
        for level, code, name, text in row.majors.values_list("level", "code", "name", "old_names")
    )
    groups = {
        group.name: tuple((major.level, major.code) for major in group.majors.all())
        for group in row.groups.prefetch_related("majors")
    }
    return ReadCatalogue(row.name, str(row.edition), entries, groups)  # type: ignore[arg-type]


def catalogue_uses() -> dict[str, list[str]]:
    """Key of a catalogue of majors → codes of the campaigns whose newest rules name it."""
    newest = RuleSetVersion.objects.filter(campaign=OuterRef("campaign")).order_by("-version")
    rows = RuleSetVersion.objects.filter(pk=Subquery(newest.values("pk")[:1])).order_by("campaign__code")
    found: dict[str, list[str]] = {}
    for key, code in rows.values_list("document__eligibility__major_catalogue", "campaign__code"):
        found.setdefault(key, []).append(code)
    return found


def catalogue_choices() -> list[tuple[str, str]]:
    """(key, how it is shown) of every catalogue that rules may name, the built-in one first."""
    word = template(f"word.{NATIONAL}", rule_language())
    return [(NATIONAL, word), *((row.key, row.key) for row in MajorCatalogue.objects.all())]


def timeline_of(campaign: Campaign, now: datetime) -> list[Step]:
    """The steps of a campaign in their order. A window is judged by its dates, any other step by whether it happened;
    nothing is ahead any more in a campaign that is suspended or voided.
    """
    stopped = campaign.state in (CampaignState.SUSPENDED, CampaignState.VOIDED)
    return [
        Step(row.key, LABELS[row.key], row.starts_at, row.ends_at, row.happened_at, _step_state(row, now, stopped))
        for row in campaign.milestones.all()
    ]


def _step_state(row: Milestone, now: datetime, stopped: bool) -> StepState:
    if row.happened_at and row.happened_at <= now:
        return "done"
    if row.key in ("registration", "bidding", "review") and row.ends_at and row.ends_at <= now:
        return "done"
    if stopped:
        return "stopped"
    return "now" if row.starts_at and row.starts_at <= now else "next"


def is_registration_open(campaign: Campaign, now: datetime) -> bool:
    """True while a running campaign's window is open, [opens, closes); without a closing time it stays open (R18)."""
    opens, closes = campaign.registration_opens_at, campaign.registration_closes_at
    running = campaign.published_at is not None and campaign.state in RUNNING
    return running and opens is not None and opens <= now and (closes is None or now < closes)


def is_open_position(position: Position, now: datetime) -> bool:
    """True while the position is published and its campaign's window is open."""
    return position.state == PositionState.PUBLISHED and is_registration_open(position.campaign, now)


def open_campaigns(now: datetime, prefix: str = "") -> Q:
    """The same as a filter; `prefix` leads to the campaign ("campaign__")."""
    closes = f"{prefix}registration_closes_at"
    return Q(
        **{
            f"{prefix}state__in": RUNNING,
            f"{prefix}published_at__isnull": False,
            f"{prefix}registration_opens_at__lte": now,
        }
    ) & (Q(**{f"{closes}__isnull": True}) | Q(**{f"{closes}__gt": now}))


def open_positions(now: datetime) -> QuerySet[Position]:
    """Published positions that take applications at `now`, with campaign and unit."""
    return (
        Position.objects.filter(open_campaigns(now, "campaign__"), state=PositionState.PUBLISHED)
        .select_related("campaign", "unit")
        .order_by("campaign__registration_closes_at", "campaign_id", "code")
    )


def public_campaigns() -> QuerySet[Campaign]:
    """Campaigns the public may know of, newest first."""
    return Campaign.objects.filter(published_at__isnull=False).order_by("-published_at")


def published_announcement(campaign: Campaign) -> Announcement | None:
    """The announcement in force, if the campaign is public."""
    return campaign.announcements.filter(state="published").select_related("rule_set").first()


def calendar() -> WorkingCalendar:
    """All known days that differ from the plain week, for the rule book; the years are those with any such day."""
    days = list(CalendarDay.objects.all())
    return WorkingCalendar(
        years=frozenset(day.date.year for day in days),
        holidays=frozenset(day.date for day in days if not day.is_working),
        make_up_days=frozenset(day.date for day in days if day.is_working),
    )


def campaigns_visible_to(user: User) -> QuerySet[Campaign]:
    """Campaigns of the units a person covers, and those with positions of these units."""
    own = Position.objects.filter(in_scope(user, *CAMPAIGN_READERS), campaign=OuterRef("pk"))
    return Campaign.objects.filter(in_scope(user, *CAMPAIGN_READERS) | Q(Exists(own)))


def positions_visible_to(user: User) -> QuerySet[Position]:
    """Positions of the units a person covers."""
    return Position.objects.filter(in_scope(user, *CAMPAIGN_READERS))


def programmes_visible_to(user: User) -> QuerySet[Programme]:
    """Programmes of the units a person covers."""
    return Programme.objects.filter(in_scope(user, *PROGRAMME_READERS))


def with_counts(campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """Each campaign with `position_count` and `head_count`, in the same query."""
    return campaigns.annotate(
        position_count=Count("positions", distinct=True), head_count=Sum("positions__headcount_effective", default=0)
    )


def with_targets(programmes: QuerySet[Programme]) -> QuerySet[Programme]:
    """Each programme with its targets and campaigns fetched."""
    return programmes.prefetch_related("targets", Prefetch("campaigns", Campaign.objects.order_by("-created_at")))
