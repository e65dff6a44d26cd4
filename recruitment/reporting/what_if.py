"""A copy of a programme's posts, positions and people in memory, and the scenarios that are played on it.

Only this module reads, and nothing writes: what happens on the copy is decided by `rulebook.what_if`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils import timezone

from campaigns.establishment.models import EstablishedPost, Permit
from campaigns.establishment.queries import permits_valid_on
from campaigns.planning.enums import CampaignState, PositionState
from campaigns.planning.models import Campaign, PositionSlot, Programme, RuleSetVersion
from campaigns.planning.models import Position as PlannedPosition
from campaigns.planning.queries import default_profile, is_registration_open
from recruitment.applications.enums import ApplicationState
from recruitment.applications.models import Application
from recruitment.applications.opening import post_counts
from recruitment.appointments.enums import ENDED_STATES, AppointmentState
from recruitment.appointments.models import Appointment
from recruitment.examinations.models import TotalResult
from recruitment.selection.models import SelectionResult
from rulebook import what_if
from rulebook.ruleset import RuleSet, profiles
from rulebook.ruleset.hiring import ReplacementStage
from rulebook.slots import SlotState
from rulebook.what_if import Event, Person, Place, Situation

PLACES: dict[str, Place] = {
    AppointmentState.OPENED: "medical",
    AppointmentState.MEDICAL_PASSED: "inspection",
    AppointmentState.INSPECTED: "inspection",
    AppointmentState.NOTICED: "notice",
    AppointmentState.ON_HOLD: "notice",
    AppointmentState.APPROVED: "after",
    AppointmentState.ON_POST: "on_post",
    AppointmentState.CONFIRMED: "on_post",
}
WAITING = (ApplicationState.RANKED, ApplicationState.NOT_SELECTED)
CHOSEN = (ApplicationState.PROPOSED, ApplicationState.AGREED)
ENDED_AT: dict[str, ReplacementStage] = {"medical": "medical", "inspection": "inspection"}


@dataclass(frozen=True)
class Copy:
    """The situation, with the words for its keys: units by code, positions by id."""

    situation: Situation
    unit_names: dict[str, str]
    positions: dict[int, PlannedPosition]


@dataclass(frozen=True)
class Scenario:
    """What is supposed to happen: counts of people by step, positions by key, permits and campaigns by number."""

    ratio: int = 0
    fails: tuple[str, ...] = ()
    cancels: tuple[str, ...] = ()
    medical: int = 0
    inspection: int = 0
    objections: int = 0
    notice: int = 0
    after: int = 0
    leaves: int = 0
    permits: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    everyone_enters: bool = False
    estimate: what_if.Estimate = "hardest"
    campaign: str = ""
    ratio_campaigns: tuple[str, ...] = field(default_factory=tuple)

    def events(self) -> Iterator[Event]:
        """In the order of a recruitment's steps."""
        yield from map(what_if.PermitExpires, self.permits)
        yield from map(what_if.FailRatio, self.fails)
        if self.ratio:
            yield from (what_if.CheckRatio(key, self.ratio) for key in self.ratio_campaigns)
        yield from map(what_if.CancelPosition, self.cancels)
        drops: tuple[tuple[Place, int, what_if.DropReason], ...] = (
            ("medical", self.medical, "failed"),
            ("inspection", self.inspection, "withdrew"),
            ("notice", self.objections, "objection"),
            ("notice", self.notice, "withdrew"),
            ("after", self.after, "withdrew"),
        )
        for place, count, reason in drops:
            if count:
                yield what_if.DropSome(place, count, reason, self.estimate, self.campaign)
        yield from map(what_if.WithdrawNotice, self.notices)
        if self.everyone_enters:
            yield what_if.EnterAll(self.campaign)
        if self.leaves:
            yield what_if.LeaveSome(self.leaves, self.campaign)


def key_of(position: PlannedPosition) -> str:
    """How the copy names a position: batch and position code, as people say it."""
    return f"{position.campaign.code} {position.code}"


def copy_of(programme: Programme) -> Copy:
    """Everything a scenario may touch, in a fixed number of queries whatever the rows."""
    campaigns = list(Campaign.objects.filter(programme=programme, published_at__isnull=False).order_by("code"))
    by_id = {row.pk: row for row in campaigns}
    positions = {
        row.pk: row
        for row in PlannedPosition.objects.filter(campaign__in=by_id).exclude(state=PositionState.DRAFT)
        .select_related("campaign", "unit").order_by("campaign__code", "code")
    }  # fmt: skip
    hired = list(
        Appointment.objects.filter(position__campaign__in=campaigns).select_related("application").order_by("pk")
    )
    posts = list(EstablishedPost.objects.filter(envelope=programme.envelope_id).select_related("unit", "permit"))
    situation = Situation(
        slots=tuple(_slots(programme, posts, positions, hired)),
        positions=tuple(_positions(positions, list(by_id))),
        people=tuple(_people(campaigns, positions, hired)),
        campaigns=tuple(_campaigns(campaigns)),
        expired_permits=frozenset(
            Permit.objects.exclude(pk__in=permits_valid_on(timezone.localdate())).values_list("number", flat=True)
        ),
        rounds=_rounds(positions, hired),
    )
    names = {post.unit.code: post.unit.name for post in posts if post.unit}
    return Copy(situation, names, positions)


def _slots(
    programme: Programme,
    posts: Iterable[EstablishedPost],
    positions: dict[int, PlannedPosition],
    hired: Iterable[Appointment],
) -> Iterator[what_if.Slot]:
    claims = dict(
        PositionSlot.objects.filter(released_at=None, post__envelope=programme.envelope_id).values_list(
            "post_id", "position_id"
        )
    )
    persons = {row.post_id: row.application.registration_no for row in hired if row.state not in ENDED_STATES}
    for post in posts:
        position = positions.get(claims.get(post.pk, 0))
        yield what_if.Slot(
            post.code,
            SlotState(post.state),
            post.unit.code if post.unit else "",
            key_of(position) if position else "",
            persons.get(post.pk, ""),
            post.permit.number if post.permit else "",
            post.is_pool,
        )


def _positions(positions: dict[int, PlannedPosition], campaigns: list[int]) -> Iterator[what_if.Position]:
    counts = post_counts(campaigns)
    for pk, row in positions.items():
        yield what_if.Position(
            key_of(row), row.campaign.code, row.unit.code, row.headcount_planned, row.headcount_effective, counts[pk],
            row.opening_ratio, row.state == PositionState.CANCELLED,
        )  # fmt: skip


def _campaigns(campaigns: Iterable[Campaign]) -> Iterator[what_if.CampaignRules]:
    versions: dict[int, list[RuleSetVersion]] = defaultdict(list)
    for row in RuleSetVersion.objects.filter(campaign__in=campaigns).order_by("-version"):
        versions[row.campaign_id].append(row)
    now = timezone.now()
    for campaign in campaigns:
        known = versions[campaign.pk]
        version = next((one for one in known if one.frozen_at), known[0] if known else None)
        rules = RuleSet.model_validate(version.document) if version else profiles.get(default_profile(campaign.track))
        yield what_if.CampaignRules(
            campaign.code, campaign.track, rules.opening_ratio, rules.replacement,
            ratio_due=campaign.state == CampaignState.PUBLISHED, is_registering=is_registration_open(campaign, now),
        )  # fmt: skip


def _people(
    campaigns: list[Campaign], positions: dict[int, PlannedPosition], hired: Iterable[Appointment]
) -> Iterator[Person]:
    """People with an appointment, those proposed before it, and the ranked ones who wait; each by number."""
    for row in hired:
        if row.state not in ENDED_STATES:
            yield Person(row.application.registration_no, key_of(positions[row.position_id]), PLACES[row.state])
    chosen = Application.objects.filter(campaign__in=campaigns, state__in=CHOSEN)
    for number, position in chosen.values_list("registration_no", "position_id"):
        yield Person(number, key_of(positions[position]), "medical")
    fields = ("application__registration_no", "application__position_id", "rank")
    waiting = {"application__campaign__in": campaigns, "application__state__in": WAITING, "rank__isnull": False}
    for model, score in ((TotalResult, "value"), (SelectionResult, "total")):
        for number, position, rank, mark in model.objects.filter(**waiting).values_list(*fields, score):  # type: ignore[attr-defined]
            yield Person(number, key_of(positions[position]), "line", rank, mark)


def _rounds(
    positions: dict[int, PlannedPosition], hired: Iterable[Appointment]
) -> dict[tuple[str, ReplacementStage], int]:
    """Replacements so far: people appointed beyond the headcount, at the stage where those before them ended."""
    opened: Counter[int] = Counter(row.position_id for row in hired)
    ended: Counter[tuple[int, ReplacementStage]] = Counter(
        (row.position_id, ENDED_AT[row.ended_reason_code]) for row in hired if row.ended_reason_code in ENDED_AT
    )
    found: dict[tuple[str, ReplacementStage], int] = {}
    for (position, stage), number in ended.items():
        extra = opened[position] - positions[position].headcount_effective
        if extra > 0:
            found[(key_of(positions[position]), stage)] = min(number, extra)
    return found
