"""What an engagement comes to under its rules, in the same words for the office and for the bidder (R88, R89)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from foundation.language import rule_language
from recruitment.applications.queries import rules_in_force
from recruitment.challenges.enums import EngagementState, MilestoneState
from recruitment.challenges.models import Engagement, EngagementMilestone
from rulebook.challenge import agreement_years, check_days, may_extend, may_pay, overlap_warning
from rulebook.ruleset.talent import ChallengeRules

TONES = {MilestoneState.PENDING: "", MilestoneState.PASSED: "done", MilestoneState.FAILED: "fail"}
OVER = (EngagementState.ACCEPTED, EngagementState.TERMINATED)


@dataclass(frozen=True)
class MilestoneLine:
    """A milestone, and whether its part may be paid and why."""

    milestone: EngagementMilestone
    tone: str
    is_payable: bool
    verdict: str


@dataclass(frozen=True)
class ServiceYear:
    """A year of the agreement: days on site, and for a year that is over what the rule makes of them."""

    first: date
    last: date
    days: int
    verdict: str


@dataclass(frozen=True)
class Service:
    """All of it, with the yuan that may be paid by milestone; `overlaps` are warnings."""

    milestones: Sequence[MilestoneLine]
    payable: Decimal
    years: Sequence[ServiceYear]
    extension: str
    may_extend: bool
    overlaps: Sequence[str]


def service_of(engagement: Engagement, today: date) -> Service:
    """What the agreement comes to now, in three queries and those for the rules."""
    rules, language = rules_in_force(engagement.bid.challenge.campaign).challenge, rule_language()
    parts = list(engagement.milestones.all())
    passed = [part.state == MilestoneState.PASSED for part in parts]
    guards = [may_pay(place, passed) for place in range(len(parts))]
    extension = may_extend(engagement.extensions, 1, rules)
    return Service(
        milestones=[
            MilestoneLine(part, TONES[MilestoneState(part.state)], guard.allowed, guard.explanation.text(language))
            for part, guard in zip(parts, guards, strict=True)
        ],
        payable=sum((part.amount for part, guard in zip(parts, guards, strict=True) if guard), Decimal(0)),
        years=_years(engagement, today, rules),
        extension=extension.explanation.text(language),
        may_extend=extension.allowed,
        overlaps=overlaps_of(engagement),
    )


def _years(engagement: Engagement, today: date, rules: ChallengeRules) -> list[ServiceYear]:
    if not engagement.days_per_year:
        return []
    worked = list(engagement.work_days.values_list("worked_on", flat=True))
    found = []
    for first, last in agreement_years(engagement.starts_on, engagement.ends_on):
        if first > today:
            break
        days = sum(first <= worked_on <= last for worked_on in worked)
        if last < today or engagement.state in OVER:
            check = check_days(days, engagement.days_per_year, True, engagement.subsidy, rules)
            verdict = check.explanation.text(rule_language())
        else:
            verdict = _("%(days)s of %(agreed)s days so far") % {"days": days, "agreed": engagement.days_per_year}
        found.append(ServiceYear(first, last, days, verdict))
    return found


def overlaps_of(engagement: Engagement) -> list[str]:
    """A warning for each other agreement of the same person that runs at the same time (R89)."""
    others = Engagement.objects.filter(bid__candidate=engagement.bid.candidate_id).exclude(pk=engagement.pk)
    term = (engagement.starts_on, engagement.ends_on)
    warnings = [
        overlap_warning(term, (row.starts_on, row.ends_on), row.number)
        for row in others.exclude(state=EngagementState.TERMINATED).order_by("starts_on", "number")
    ]
    return [warning.text(rule_language()) for warning in warnings if warning]
