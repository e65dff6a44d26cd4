"""What a change of rules would do to the applications of a campaign."""

from collections import Counter

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.planning.enums import PositionState
from campaigns.planning.models import Campaign
from campaigns.planning.queries import catalogue_of
from campaigns.planning.rule_effects import RuleEffect, register_rule_effect
from recruitment.applications.enums import CLOSED_STATES, ApplicationState
from recruitment.applications.judging import conditions_of, reference_day
from recruitment.applications.models import Application
from recruitment.applications.opening import post_counts
from recruitment.candidates.domain import profile_of
from rulebook.conditions.finding import SEVERITY
from rulebook.eligibility import Judge
from rulebook.opening_ratio import effective_headcount, valid_applicants
from rulebook.ruleset import RuleSet

WAITING = (ApplicationState.SUBMITTED, ApplicationState.RETURNED)
MOST_JUDGED = 2000  # a page must answer; of a larger campaign these are judged and the sentence says so


@register_rule_effect
def applications_under_the_rules(campaign: Campaign, old: RuleSet, new: RuleSet) -> list[RuleEffect]:
    """Who is in the campaign now and goes on under the new rules."""
    numbers = tuple(_live(campaign).values_list("registration_no", flat=True))
    if not numbers or old.replaced(version=new.version) == new:
        return []
    text = ngettext(
        "%(count)s application is in the campaign now and goes on under the new rules.",
        "%(count)s applications are in the campaign now and go on under the new rules.",
        len(numbers),
    )
    return [RuleEffect(text % {"count": len(numbers)}, numbers)]


@register_rule_effect
def verdicts_that_change(campaign: Campaign, old: RuleSet, new: RuleSet) -> list[RuleEffect]:
    """Applications that the computer would judge otherwise (R05–R13); it warns, and a person decides again."""
    if old.eligibility == new.eligibility:
        return []
    rows = _live(campaign).select_related("candidate", "position")
    people = list(rows.prefetch_related("candidate__educations", "candidate__work_periods")[:MOST_JUDGED])
    terms = [(reference_day(campaign, rules), rules.eligibility, catalogue_of(rules)) for rules in (old, new)]
    worse: list[str] = []
    better: list[str] = []
    for row in people:
        profile, conditions = profile_of(row.candidate), conditions_of(row.position)
        was, now = (SEVERITY[Judge(profile, *term).verdict(conditions)] for term in terms)
        if was != now:
            (worse if now > was else better).append(row.registration_no)
    values = {"judged": len(people), "worse": len(worse), "better": len(better)}
    text = _("Of %(judged)s applications judged by both rules %(worse)s are judged less favourably, %(better)s more.")
    return [RuleEffect(text % values, (*worse, *better))] if people else []


@register_rule_effect
def posts_by_the_opening_ratio(campaign: Campaign, old: RuleSet, new: RuleSet) -> list[RuleEffect]:
    """Positions that would keep another number of hires with today's applicants (R26–R29)."""
    if old.opening_ratio == new.opening_ratio or not _live(campaign).exists():
        return []
    sides = [(rules.opening_ratio, post_counts({campaign.pk: rules})) for rules in (old, new)]
    changed = []
    totals = Counter[str]()
    for position in campaign.positions.exclude(state=PositionState.CANCELLED).order_by("code"):
        was, now = (
            effective_headcount(
                position.headcount_planned, valid_applicants(counted[position.pk], rules), rules, position.opening_ratio
            )
            for rules, counted in sides
        )  # fmt: skip
        totals.update(was=was.effective, now=now.effective)
        if (was.effective, was.outcome) != (now.effective, now.outcome):
            changed.append(position.code)
    text = _("With today's applicants %(now)s hires would be kept, not %(was)s; positions that change: %(count)s.")
    return [RuleEffect(text % {"now": totals["now"], "was": totals["was"], "count": len(changed)}, tuple(changed))]


@register_rule_effect
def fees_still_to_pay(campaign: Campaign, old: RuleSet, new: RuleSet) -> list[RuleEffect]:
    """Applications that have not become effective yet and would pay another fee (R23)."""
    if (old.fee.per_subject, old.fee.waivers) == (new.fee.per_subject, new.fee.waivers):
        return []
    numbers = tuple(_live(campaign).filter(state__in=WAITING).values_list("registration_no", flat=True))
    text = _("Applications not yet paid for, which would pay by the new rule: %(count)s.") % {"count": len(numbers)}
    return [RuleEffect(text, numbers)] if numbers else []


def _live(campaign: Campaign) -> QuerySet[Application]:
    """Applications handed in and not closed."""
    return campaign.applications.exclude(state__in=(*CLOSED_STATES, ApplicationState.DRAFT)).order_by("registration_no")
