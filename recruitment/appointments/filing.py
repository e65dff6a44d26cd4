"""From the notice to the filing: whether an approval may be given today, and until when (R74, R76, R77)."""

from datetime import date

from django.utils import timezone

from recruitment.appointments.models import Appointment
from recruitment.appointments.service import rules_for
from recruitment.publications.queries import notice_period_of
from rulebook.explanation import Explanation, Guard, RuleError
from rulebook.notice_period import NoticePeriod, ObjectionState, check_filing, filing_limits, may_approve


def period_of(row: Appointment) -> NoticePeriod | None:
    """The notice this person is under; None without a released list."""
    notice = row.notice
    if notice is None or notice.notice_ends_at is None or notice.released_at is None or notice.state != "released":
        return None
    return notice_period_of(notice, notice.released_at)


def may_approve_today(row: Appointment, period: NoticePeriod) -> Guard:
    """Whether the notice is over and no objection is open, in the rules' words (R74, R76)."""
    state: ObjectionState = "open" if row.objections.filter(decided_at=None).exists() else "none"
    return may_approve(timezone.localdate(), period, state)


def lateness(row: Appointment, period: NoticePeriod) -> RuleError | None:
    """Why it is too late to file this hire today; None while it is not."""
    try:
        check_filing(timezone.localdate(), *_days(row, period), rules_for(row).notice)
    except RuleError as problem:
        return problem
    return None


def filing_words(row: Appointment, period: NoticePeriod) -> Explanation:
    """Until when this hire is to be filed and the results hold, or that it is too late."""
    late = lateness(row, period)
    return late.explanation if late else filing_limits(*_days(row, period), rules_for(row).notice)


def _days(row: Appointment, period: NoticePeriod) -> tuple[date, date | None]:
    """The day from which the limit runs, and that of the announcement; a conversion has none."""
    decided = row.objections.exclude(decided_at=None).order_by("-decided_at").values_list("decided_at", flat=True)
    cleared = [timezone.localdate(moment) for moment in decided[:1]]
    published = None if row.engagement_id else row.position.campaign.published_at
    return max([period.ends, *cleared]), timezone.localdate(published) if published else None
