"""What is known of bonus claims: until when they are taken, what they give by the rules, and which wait (R42–R44)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import Role
from accounts.models import User
from accounts.policies import in_scope
from campaigns.planning.models import Campaign
from foundation.language import rule_language
from foundation.templatetags.ui import day
from foundation.ui.components import TimelineStep
from recruitment.applications.enums import ApplicationState as S
from recruitment.examinations.models import BonusClaim, BonusState, MarkKind, WrittenResult
from recruitment.publications.models import PublicationKind
from recruitment.publications.queries import released
from rulebook.bonus import BonusClaim as Ground
from rulebook.bonus import BonusResult, bonus_points
from rulebook.explanation import RuleError
from rulebook.ruleset import RuleSet
from rulebook.ruleset.clauses import render
from rulebook.ruleset.examination import BonusRules
from rulebook.ruleset.words import word

# Who has handed in an application that may still come to the written exam.
CLAIMING = (S.SUBMITTED, S.RETURNED, S.EFFECTIVE)
SITTING = (S.EFFECTIVE, S.SCORED, S.ABSENT)
TONES = {BonusState.OPEN: "now", BonusState.ACCEPTED: "done", BonusState.REJECTED: "fail", BonusState.WITHDRAWN: ""}
DECIDERS = (Role.TALENT_OFFICE, Role.EXAM_CENTRE)
READERS = (*DECIDERS, Role.AUDITOR)


def knobs_of(rules: RuleSet) -> BonusRules:
    """The table of bonus; without a ground where there is no written exam, since nothing else counts it."""
    return rules.written.bonus if rules.track == "public_exam" and rules.written.papers else BonusRules()


def closes_at(rules: BonusRules) -> datetime | None:
    """The first moment that is too late: the end of the deadline's day here; None where the rules print no day."""
    if rules.deadline is None:
        return None
    return timezone.make_aware(datetime.combine(rules.deadline + timedelta(days=1), time.min))


def claims_still_come(rules: BonusRules, now: datetime) -> bool:
    """The announced deadline of bonus has not passed: nothing is ranked before it."""
    closes = closes_at(rules)
    return bool(rules.items) and closes is not None and now < closes


def is_window_open(campaign: Campaign, rules: BonusRules, now: datetime) -> bool:
    """Whether a ground may be claimed: through the day of the deadline, or without one until written marks come in.

    Never once the written marks were ranked, and never where the rules have no ground.
    """
    if not rules.items or is_ranked(campaign):
        return False
    closes = closes_at(rules)
    if closes is not None:
        return now < closes
    return not campaign.mark_batches.filter(kind=MarkKind.WRITTEN).exists()


def is_ranked(campaign: Campaign) -> bool:
    return WrittenResult.objects.filter(application__campaign=campaign).exists()


def waiting_claims(campaign: Campaign) -> QuerySet[BonusClaim]:
    """Claims that wait for a decision, of people who would be ranked."""
    return BonusClaim.objects.filter(
        application__campaign=campaign, application__state__in=SITTING, state=BonusState.OPEN
    )


def waiting_by_position(campaign: Campaign) -> dict[str, int]:
    """Position code → claims that wait, in the order of the codes."""
    rows = waiting_claims(campaign).order_by("application__position__code").values("application__position__code")
    return dict(rows.annotate(n=Count("pk")).values_list("application__position__code", "n"))


def granted(campaign: Campaign, rules: BonusRules) -> dict[int, BonusResult]:
    """Application id → points by these rules of the claims that were granted; one query.

    Raises RuleError (`bonus.unknown_kind`) for a ground that the rules do not have any more.
    """
    grounds: dict[int, list[Ground]] = defaultdict(list)
    rows = BonusClaim.objects.filter(application__campaign=campaign, state=BonusState.ACCEPTED).order_by("pk")
    for pk, kind, months, at in rows.values_list("application_id", "ground", "months_proved", "claimed_at"):
        grounds[pk].append(Ground(kind, months or 0, timezone.localdate(at)))
    return {pk: bonus_points(own, rules) for pk, own in grounds.items()}


def points_by_ticket(campaign: Campaign, results: Mapping[int, BonusResult]) -> dict[str, Decimal]:
    """Ticket number → points, of those with any who may still be ranked; two queries at most."""
    rows = campaign.applications.filter(pk__in=list(results), state__in=SITTING, ticket_no__isnull=False)
    points = {ticket or "": results[pk].points for pk, ticket in rows.values_list("pk", "ticket_no")}
    return {ticket: value for ticket, value in points.items() if value}


def listed_points(campaign: Campaign) -> dict[str, Decimal]:
    """Ticket number → points on the bonus list that is out, of those who may still be ranked; empty without a list."""
    published = released().filter(campaign=campaign, kind=PublicationKind.BONUS).first()
    if published is None:
        return {}
    at = [column["code"] for column in published.columns].index("points")
    named = published.entries.filter(application__state__in=SITTING)
    return {
        ticket: Decimal(published.rows[row - 1][at])
        for row, ticket in named.values_list("row", "application__ticket_no")
    }


def together(claims: Iterable[BonusClaim], rules: BonusRules) -> BonusResult | None:
    """What these claims, granted for one application, give together; None without one, or for an unknown ground."""
    grounds = [Ground(row.ground, row.months_proved or 0, timezone.localdate(row.claimed_at)) for row in claims]
    try:
        return bonus_points(grounds, rules) if grounds else None
    except RuleError:
        return None


def points_of(claim: BonusClaim, rules: BonusRules, months: int | None = None) -> Decimal | None:
    """What the claim gives by itself for `months` (those proved, else those claimed); None for an unknown ground."""
    counted = next((n for n in (months, claim.months_proved) if n is not None), claim.months)
    try:
        return bonus_points([Ground(claim.ground, counted, timezone.localdate(claim.claimed_at))], rules).points
    except RuleError:
        return None


def grounds_left(claims: Iterable[BonusClaim], rules: BonusRules) -> list[str]:
    """The grounds of the table that none of these claims of an application holds."""
    held = {row.ground for row in claims if row.state != BonusState.WITHDRAWN}
    return [item.kind for item in rules.items if item.kind not in held]


def ground_name(kind: str) -> str:
    """The ground in the reader's language; one that an announcement made up itself stands as it is."""
    return word(kind, rule_language())


def service_words(months: int) -> str:
    """Months as people say them: 3 years, 2 years 11 months."""
    years, rest = divmod(months, 12)
    whole = ngettext("%(n)s year", "%(n)s years", years) % {"n": years} if years else ""
    beyond = ngettext("%(n)s month", "%(n)s months", rest) % {"n": rest} if rest else ""
    return _("%(years)s %(months)s") % {"years": whole, "months": beyond} if whole and beyond else whole or beyond


def claims_visible_to(user: User) -> QuerySet[BonusClaim]:
    """Claims of the units a person covers who decides on them or audits."""
    return BonusClaim.objects.filter(in_scope(user, *READERS, field="application__position__unit"))


def with_deadline(steps: list[TimelineStep], rules: BonusRules, now: datetime) -> list[TimelineStep]:
    """The timeline of an application with the last day to claim bonus among what comes next, if it is ahead."""
    closes = closes_at(rules)
    if not rules.items or closes is None or closes <= now or not any(step.state == "now" for step in steps):
        return steps
    own = TimelineStep(
        what=_("Last day to claim bonus points"), when=day(rules.deadline), state="next",
        note=_("Later claims are not taken."),
    )  # fmt: skip
    at = next(
        (
            number
            for number, step in enumerate(steps)
            if step.state == "next" and isinstance(step.when, datetime) and step.when >= closes
        ),
        len(steps),
    )
    return [*steps[:at], own, *steps[at:]]


def bonus_sentences(rules: RuleSet) -> list[str]:
    """What the announcement says about bonus, in the reader's language."""
    if not knobs_of(rules).items:
        return []
    return [clause.text for clause in render(rules, rule_language()) if clause.code.startswith("clause.written.bonus_")]


def frozen_bonus(campaign: Campaign) -> BonusRules | None:
    """The bonus knobs in force of a published campaign, from `rule_sets` that a list prefetched; None without any."""
    versions = [version for version in campaign.rule_sets.all() if version.frozen_at]
    newest = max(versions, key=lambda version: version.version, default=None)
    return BonusRules.model_validate(newest.document["written"]["bonus"]) if newest else None


def claims_to_decide(user: User) -> QuerySet[BonusClaim]:
    """Claims that wait for this person: of their units, of applications that stand; no recusal, not entered by them."""
    mine = in_scope(user, *DECIDERS, field="application__position__unit")
    rows = BonusClaim.objects.filter(mine, state=BonusState.OPEN, application__state__in={*CLAIMING, *SITTING})
    return rows.exclude(application__recusals__user=user).exclude(entered_by=user)
