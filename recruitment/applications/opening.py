"""What the opening ratio says to every position of a campaign, by the applicants it has (R26–R31)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from campaigns.planning.enums import PositionState
from campaigns.planning.models import Campaign, Position
from campaigns.planning.queries import rules_of
from foundation.language import rule_language
from recruitment.applications.effect import needs_confirmation
from recruitment.applications.enums import ApplicationState as S
from rulebook.explanation import Explanation
from rulebook.opening_ratio import OpeningResult, PostCounts, effective_headcount, valid_applicants
from rulebook.registration import Counters
from rulebook.ruleset import RuleSet
from rulebook.ruleset.registration import OpeningRatioRules

# Counted by how far they came (R25); who withdrew or was disqualified is an applicant no longer.
NOT_REGISTERED = (S.DRAFT, S.WITHDRAWN, S.DISQUALIFIED)
PENDING = (S.SUBMITTED, S.RETURNED)
NOT_PASSED = (*NOT_REGISTERED, *PENDING, S.REJECTED)


@dataclass(frozen=True)
class OpeningLine:
    """One position with its valid applicants and what becomes of it."""

    position: Position
    valid: int
    result: OpeningResult

    @property
    def why(self) -> str:
        """The decision in the words of the rule book, in the reader's language."""
        return self.result.explanation.text(rule_language())

    @property
    def lost(self) -> int:
        """Places the position loses against its headcount now."""
        return max(0, self.position.headcount_effective - self.result.effective)


def _tallies(campaign_ids: Collection[int]) -> QuerySet[Position, dict[str, int]]:
    """Each position with its applicants by how far they came, in one query for any number of campaigns."""

    def outside(states: Collection[str], **more: object) -> Count:
        return Count("applications", filter=Q(applications__isnull=False, **more) & ~Q(applications__state__in=states))

    rows = (
        Position.objects.filter(campaign__in=campaign_ids)
        .order_by()
        .annotate(
            registered=outside(NOT_REGISTERED),
            pending=Count("applications", filter=Q(applications__state__in=PENDING)),
            passed=outside(NOT_PASSED),
            confirmed=outside(NOT_PASSED, applications__confirmed_at__isnull=False),
        )
    )
    return rows.values("pk", "campaign_id", "headcount_planned", "registered", "pending", "passed", "confirmed")


def post_counts(rules: Mapping[int, RuleSet]) -> dict[int, PostCounts]:
    """Position id → applicants by how far they came, in one query for any number of campaigns, given with their rules.

    An effective application (R22) counts as paid.
    """
    waits = {pk: needs_confirmation(one.registration) for pk, one in rules.items()}
    return {
        row["pk"]: PostCounts(
            row["headcount_planned"], row["registered"], row["passed"],
            row["confirmed" if waits[row["campaign_id"]] else "passed"],
        )
        for row in _tallies(list(rules))
    }  # fmt: skip


def counters_of(campaign_ids: Collection[int]) -> dict[int, dict[int, Counters]]:
    """Campaign id → position id → its applicants as the public may know them (R25); one query."""
    found: dict[int, dict[int, Counters]] = {pk: {} for pk in campaign_ids}
    for row in _tallies(campaign_ids):
        found[row["campaign_id"]][row["pk"]] = Counters(row["registered"], row["pending"], row["passed"])
    return found


def opening_lines(campaign: Campaign) -> list[OpeningLine]:
    """What a check now would come to, for every published position in the order of its code; three queries.

    Once registration was extended, the rule of extending it no longer saves a position (R29).
    """
    in_force = rules_of(campaign)
    rules, counts = in_force.opening_ratio, post_counts({campaign.pk: in_force})
    extended = campaign.registration_extended_at is not None
    found = []
    positions = campaign.positions.filter(state=PositionState.PUBLISHED).select_related("unit")
    for position in positions.order_by("code", "pk"):
        valid = valid_applicants(counts[position.pk], rules)
        ratio = None if rules.k is None else position.opening_ratio
        result = effective_headcount(position.headcount_planned, valid, rules, ratio, extended=extended)
        found.append(OpeningLine(position, valid, result))
    return found


def told_of_opening(position: Position) -> str:
    """What the check came to for a position, in the reader's language; empty before it."""
    text: str = position.opening_result.get(rule_language(), "")
    return text


def remedy_of(lines: Collection[OpeningLine], rules: OpeningRatioRules) -> Explanation | None:
    """What the rules want a person to do before the check, merging positions or extending registration (R29)."""
    for outcome, code in (("extend_registration", "waits_extend"), ("merge", "waits_merge")):
        if posts := tuple(line.position.code for line in lines if line.result.outcome == outcome):
            return Explanation(f"opening.{code}", {"posts": posts, "hours": rules.extend_hours})
    return None


def undecided(campaign: Campaign) -> int:
    """Applications whose first review is still open."""
    return campaign.applications.filter(state__in=PENDING).count()


def lowered(lines: list[OpeningLine]) -> list[OpeningLine]:
    """The lines that lose places."""
    return [line for line in lines if line.lost]
