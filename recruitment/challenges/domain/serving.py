"""While a flexible engagement is in service: milestones, the term, days on site, the team (C11, C12, R88–R90)."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from foundation.dates import day
from foundation.errors import Refused
from foundation.fields import blind_index
from foundation.language import rule_language
from recruitment.applications.queries import rules_in_force
from recruitment.candidates.enums import Degree
from recruitment.challenges.enums import EngagementState
from recruitment.challenges.machine import MILESTONES
from recruitment.challenges.models import Engagement, EngagementMilestone, TeamMember, WorkDay
from recruitment.challenges.policies import may_log_work, may_run_challenges
from rulebook.challenge import may_extend
from rulebook.explanation import RuleError
from rulebook.identity import parse_id_number
from rulebook.working_days import add_months

MOST_DAYS = 31


def _in_service(engagement: Engagement) -> Engagement:
    """The engagement as it is now, locked in the database. Raises Refused unless the work is under way."""
    rows = Engagement.objects.select_for_update(of=("self",))
    found = rows.select_related("bid__challenge__unit", "bid__challenge__campaign").get(pk=engagement.pk)
    if found.state != EngagementState.IN_SERVICE:
        raise Refused(_("The work is not under way now. Nothing was saved."), code="wrong_state")
    return found


@transaction.atomic
def decide_milestone(*, actor: User, milestone: EngagementMilestone, is_passed: bool, reason: str) -> None:
    """A milestone passed or failed, with the number of the record or what is missing (C12, R88).

    One that failed stops later payments until it passes. Raises Refused without a reason, for one that passed before,
    and unless the work is under way.
    """
    require(may_run_challenges, actor, milestone.engagement.bid.challenge)
    engagement = _in_service(milestone.engagement)
    name = "pass" if is_passed else "fail"
    now = timezone.now()
    before = MILESTONES.move(name, milestone, reason=reason, grounds=reason.strip(), decided_at=now, decided_by=actor)
    audit.record(
        actor=actor, action=f"challenges.{name}_milestone", subject=engagement, reason=reason,
        before={"state": before}, after={"milestone": milestone.number},
    )  # fmt: skip


@transaction.atomic
def extend_engagement(*, actor: User, engagement: Engagement, months: int, reason: str) -> Engagement:
    """Let the term end so many months later. Raises Refused with the rule where it allows no (such) extension (R88)."""
    require(may_run_challenges, actor, engagement.bid.challenge)
    engagement = _in_service(engagement)
    guard = may_extend(engagement.extensions, months, rules_in_force(engagement.bid.challenge.campaign).challenge)
    if not guard:
        raise Refused(f"{guard.explanation.text(rule_language())} {_('Nothing was saved.')}", code="no_extension")
    if not reason.strip():
        raise Refused(_("A reason is needed. Nothing was saved."), code="reason_required")
    before, engagement.ends_on = engagement.ends_on, add_months(engagement.ends_on, months)
    engagement.extensions += 1
    engagement.save(update_fields=["ends_on", "extensions"])
    audit.record(
        actor=actor, action="challenges.extend_engagement", subject=engagement, reason=reason,
        before={"ends_on": before.isoformat()}, after={"ends_on": engagement.ends_on.isoformat()},
    )  # fmt: skip
    return engagement


@transaction.atomic
def log_work(*, actor: User, engagement: Engagement, first: date, last: date, evidence: str) -> list[WorkDay]:
    """Every day from `first` to `last` was worked on site, as `evidence` says (C11, R89).

    Raises Refused without evidence, for days outside the term or still to come, for more than 31 at once, and for a
    day logged before.
    """
    require(may_log_work, actor, engagement.bid.challenge)
    engagement = _in_service(engagement)
    if not evidence.strip():
        raise Refused(_("Say what proves the days. Nothing was saved."), code="evidence")
    if not engagement.starts_on <= first <= last <= min(engagement.ends_on, timezone.localdate()):
        raise Refused(
            _("Days lie between %(first)s and %(last)s, and not ahead. Nothing was saved.")
            % {"first": day(engagement.starts_on), "last": day(engagement.ends_on)},
            code="days",
        )
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    if len(days) > MOST_DAYS:
        raise Refused(_("At most %(most)s days at once. Nothing was saved.") % {"most": MOST_DAYS}, code="too_many")
    if before := engagement.work_days.filter(worked_on__range=(first, last)).order_by("worked_on").first():
        raise Refused(
            _("%(day)s was logged before. Nothing was saved.") % {"day": day(before.worked_on)}, code="duplicate"
        )
    rows = WorkDay.objects.bulk_create(
        WorkDay(engagement=engagement, worked_on=worked_on, evidence=evidence.strip(), recorded_by=actor)
        for worked_on in days
    )
    after = {"from": first.isoformat(), "until": last.isoformat(), "days": len(days)}
    audit.record(actor=actor, action="challenges.log_work", subject=engagement, after=after)
    return rows


@transaction.atomic
def add_team_member(
    *, actor: User, engagement: Engagement, name: str, id_number: str, degree: str = Degree.NONE
) -> TeamMember:
    """A person of the team who works with the lead; the number itself is not kept (R90).

    Raises Refused for a number that is none, for the lead, and for somebody named before.
    """
    require(may_run_challenges, actor, engagement.bid.challenge)
    engagement = _in_service(engagement)
    try:
        index = blind_index(parse_id_number(id_number).number)
    except RuleError as problem:
        raise Refused(f"{problem.text(rule_language())} {_('Nothing was saved.')}", code=problem.code) from problem
    if index == engagement.bid.candidate.id_index or engagement.members.filter(id_index=index).exists():
        raise Refused(_("This person is counted in the agreement already. Nothing was saved."), code="duplicate")
    if not name.strip():
        raise Refused(_("Give the name. Nothing was saved."), code="name")
    member = TeamMember.objects.create(
        engagement=engagement, name=name.strip(), id_index=index, degree=degree, recorded_by=actor
    )
    audit.record(actor=actor, action="challenges.add_team_member", subject=engagement, after={"degree": degree})
    return member
