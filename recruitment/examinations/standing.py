"""How far an exam is: counts read in eight queries for any number of exams."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils import timezone

from campaigns.planning.models import Campaign, Position
from campaigns.planning.queries import is_registration_open, rules_of_all
from recruitment.applications.effect import needs_confirmation
from recruitment.applications.enums import ApplicationState as S
from recruitment.applications.models import Application
from recruitment.examinations.bonus import SITTING, claims_still_come, knobs_of
from recruitment.examinations.domain.ranking import AFTER_SHORTLIST
from recruitment.examinations.lines import category_of, is_set_by_authority
from recruitment.examinations.models import (
    BonusClaim,
    BonusState,
    InterviewNotice,
    Mark,
    MarkBatch,
    MarkKind,
    RecheckOutcome,
    WrittenLine,
)
from recruitment.examinations.recheck import IS_CALLED
from recruitment.publications.models import Publication, PublicationKind, PublicationState
from rulebook.ruleset import RuleSet

LISTS = (
    PublicationKind.BONUS,
    PublicationKind.SCORES,
    PublicationKind.SHORTLIST,
    PublicationKind.CALL_UPS,
    PublicationKind.TOTALS,
)

# "" where the rules leave no line to the authority.
LineState = Literal["", "missing", "waiting", "confirmed"]


@dataclass(frozen=True)
class Batches:
    """Batches of one kind of marks that hold any: how many are open and locked, and when the last was locked."""

    open: int = 0
    locked: int = 0
    locked_at: datetime | None = None


@dataclass(frozen=True)
class Listed:
    """The newest public list of one kind: its key, state and release."""

    pk: int
    state: str
    prepared_at: datetime
    released_at: datetime | None

    @property
    def is_out(self) -> bool:
        return self.state == PublicationState.RELEASED


@dataclass(frozen=True)
class Standing:
    """People and positions by how far they are, batches by kind of marks, lists by kind."""

    is_registering: bool = False
    under_review: int = 0
    open_claims: int = 0
    granted_claims: int = 0
    claims_decided_at: datetime | None = None
    claims_still_come: bool = False
    without_ticket: int = 0
    with_ticket: int = 0
    marked: int = 0
    without_mark: int = 0
    ranked_at: datetime | None = None
    decided: int = 0
    called: int = 0
    needs_recheck: bool = False
    recheck_open: int = 0
    recheck_passed: int = 0
    turned_away: int = 0
    called_up: int = 0
    called_up_at: datetime | None = None
    is_notified: bool = False
    totals: int = 0
    placed: int = 0
    totals_at: datetime | None = None
    to_decide: int = 0
    extra_tests: int = 0
    proposed: int = 0
    line: LineState = ""
    batches: dict[str, Batches] = field(default_factory=dict)
    lists: dict[str, Listed] = field(default_factory=dict)

    def batch(self, kind: str) -> Batches:
        return self.batches.get(kind, Batches())

    @property
    def ranking_is_old(self) -> bool:
        """Marks came in or were locked after the ranking, which therefore is not the one to call people by."""
        return _older(self.ranked_at, self.batch(MarkKind.WRITTEN))

    @property
    def totals_are_old(self) -> bool:
        """Marks of the interview or of an extra test came in or were locked after the totals."""
        return any(_older(self.totals_at, self.batch(kind)) for kind in (MarkKind.INTERVIEW, MarkKind.EXTRA_TEST))

    def list_is_old(self, kind: str) -> bool:
        """The newest list of this kind was prepared before the results it shows were computed or decided."""
        own = {
            PublicationKind.TOTALS: self.totals_at,
            PublicationKind.BONUS: self.claims_decided_at,
            PublicationKind.CALL_UPS: self.called_up_at,
        }
        computed_at = own.get(PublicationKind(kind), self.ranked_at)
        return kind in self.lists and computed_at is not None and self.lists[kind].prepared_at < computed_at

    def needs_list(self, kind: str) -> bool:
        """No list of this kind is with the press, or the one that is out shows earlier results."""
        return kind not in self.lists or (self.lists[kind].is_out and self.list_is_old(kind))


def _older(at: datetime | None, batches: Batches) -> bool:
    newer = at is not None and batches.locked_at is not None and batches.locked_at > at
    return at is not None and (newer or batches.open > 0)


def standings(exams: Collection[Campaign]) -> dict[int, Standing]:
    """Campaign id → its standing; eight queries."""
    campaigns, now = [exam.pk for exam in exams], timezone.now()
    batches: dict[int, dict[str, Batches]] = {}
    held = Exists(Mark.objects.filter(batch=OuterRef("pk")))
    rows = MarkBatch.objects.filter(held, campaign__in=campaigns).order_by().values_list("campaign_id", "kind")
    is_open = Q(locked_at=None)
    for campaign, kind, opened, locked, at in rows.annotate(
        opened=Count("pk", filter=is_open), locked=Count("pk", filter=~is_open), at=Max("locked_at")
    ):
        batches.setdefault(campaign, {})[kind] = Batches(opened, locked, at)
    lists: dict[int, dict[str, Listed]] = {}
    printed = Publication.objects.filter(campaign__in=campaigns, kind__in=LISTS)
    printed = printed.exclude(state=PublicationState.WITHDRAWN).order_by("pk")
    for campaign, kind, pk, state, prepared_at, released_at in printed.values_list(
        "campaign_id", "kind", "pk", "state", "prepared_at", "released_at"
    ):
        lists.setdefault(campaign, {})[kind] = Listed(pk, state, prepared_at, released_at)
    people: Any = (
        Application.objects.filter(campaign__in=campaigns).order_by().values("campaign_id").annotate(**_COUNTS)
    )
    rules = rules_of_all(exams)
    notified = set(InterviewNotice.objects.filter(campaign__in=campaigns).values_list("campaign", flat=True))
    lines, claims = _lines(rules), _claims(campaigns)
    counted = {row.pop("campaign_id"): row for row in people}
    for pk, row in counted.items():
        unconfirmed = row.pop("unconfirmed")
        row["without_ticket"] -= unconfirmed if needs_confirmation(rules[pk].registration) else 0
    return {
        exam.pk: Standing(
            **counted.get(exam.pk, {}),
            is_registering=is_registration_open(exam, now),
            line=lines.get(exam.pk, ""),
            **claims.get(exam.pk, {}),
            claims_still_come=exam.pk in rules and claims_still_come(knobs_of(rules[exam.pk]), now),
            needs_recheck=exam.pk in rules and rules[exam.pk].recheck.required,
            is_notified=exam.pk in notified,
            batches=batches.get(exam.pk, {}),
            lists=lists.get(exam.pk, {}),
        )
        for exam in exams
    }


def _claims(campaigns: Collection[int]) -> dict[int, dict[str, Any]]:
    """Campaign id → claims of bonus that wait, those granted, and the last decision, of who sits; one query."""
    rows: Any = BonusClaim.objects.filter(application__campaign__in=campaigns, application__state__in=SITTING)
    granted = Q(state=BonusState.ACCEPTED)
    counted = rows.order_by().values_list("application__campaign_id").annotate(
        open_claims=Count("pk", filter=Q(state=BonusState.OPEN)), granted_claims=Count("pk", filter=granted),
        claims_decided_at=Max("decided_at"),
    )  # fmt: skip
    names = ("open_claims", "granted_claims", "claims_decided_at")
    return {pk: dict(zip(names, values, strict=True)) for pk, *values in counted}


def _lines(all_rules: Mapping[int, RuleSet]) -> dict[int, LineState]:
    """Campaign id → how far its line is, for those whose rules leave it to the authority; two queries."""
    rules = {pk: one for pk, one in all_rules.items() if is_set_by_authority(one)}
    needed: dict[int, set[str]] = {pk: set() for pk in rules}
    for position in Position.objects.filter(campaign__in=rules).exclude(state="cancelled").order_by():
        needed[position.campaign_id].add(category_of(position, rules[position.campaign_id]))
    set_lines: dict[int, dict[str, bool]] = {pk: {} for pk in rules}
    rows = WrittenLine.objects.filter(campaign__in=rules, superseded_at=None)
    for pk, category, confirmed_at in rows.values_list("campaign_id", "exam_category", "confirmed_at"):
        set_lines[pk][category] = confirmed_at is not None
    return {pk: _line_state(categories, set_lines[pk]) for pk, categories in needed.items()}


def _line_state(needed: Collection[str], found: Mapping[str, bool]) -> LineState:
    if any(category not in found for category in needed):
        return "missing"
    return "confirmed" if all(found[category] for category in needed) else "waiting"


_COUNTS = {
    "under_review": Count("pk", filter=Q(state=S.SUBMITTED)),
    "without_ticket": Count("pk", filter=Q(state=S.EFFECTIVE, ticket_no=None)),
    "unconfirmed": Count("pk", filter=Q(state=S.EFFECTIVE, ticket_no=None, confirmed_at=None)),
    "with_ticket": Count("pk", filter=Q(ticket_no__isnull=False)),
    "marked": Count("pk", filter=Q(written_result__value__isnull=False)),
    "without_mark": Count("pk", filter=Q(written_result__isnull=False, written_result__value=None)),
    "ranked_at": Max("written_result__computed_at"),
    "decided": Count("pk", filter=Q(state__in=AFTER_SHORTLIST)),
    "called": Count("pk", filter=Q(written_result__is_called=True)),
    "recheck_open": Count("pk", filter=IS_CALLED & Q(state=S.SHORTLISTED, recheck=None)),
    "recheck_passed": Count("pk", filter=Q(recheck__outcome=RecheckOutcome.PASSED)),
    "turned_away": Count("pk", filter=Q(recheck__isnull=False) & ~Q(recheck__outcome=RecheckOutcome.PASSED)),
    "called_up": Count("pk", filter=Q(call_up__isnull=False)),
    "called_up_at": Max("call_up__called_at"),
    "totals": Count("pk", filter=Q(total_result__isnull=False)),
    "placed": Count("pk", filter=Q(total_result__rank__isnull=False)),
    "totals_at": Max("total_result__computed_at"),
    "to_decide": Count("pk", filter=Q(state=S.RANKED)),
    "extra_tests": Count(
        "position", distinct=True, filter=Q(total_result__needs_extra_test=True, state=S.RANKED)
    ),
    "proposed": Count("pk", filter=Q(total_result__is_proposed=True)),
}  # fmt: skip
