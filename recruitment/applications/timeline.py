"""An application's way as the applicant reads it: what happened, what is now, what comes next and by when."""

from collections.abc import Collection
from datetime import datetime
from itertools import takewhile

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.planning.milestones import LABELS
from foundation.dates import moment
from foundation.language import rule_language
from foundation.ui.components import TimelineStep
from recruitment.applications.enums import ApplicationState as S
from recruitment.applications.enums import ReasonCode
from recruitment.applications.models import Application, Transition
from rulebook.explanation import Guard

HAPPENED: dict[str, Promise] = {
    "start": gettext_lazy("You started the application"),
    "submit": gettext_lazy("You submitted the application"),
    "recall": gettext_lazy("You took the application back to change it"),
    "pass_review": gettext_lazy("Review passed"),
    "return": gettext_lazy("Returned to you for correction"),
    "reject": gettext_lazy("Review not passed"),
    "override": gettext_lazy("The rejection was looked at again and lifted"),
    "rechoose": gettext_lazy("Moved to another position, to be reviewed anew"),
    "enter": gettext_lazy("Entered for the exam"),
    "mark": gettext_lazy("Written exam marked"),
    "mark_absent": gettext_lazy("Recorded as absent from the written exam"),
    "reopen_marks": gettext_lazy("The written result is being checked again"),
    "shortlist": gettext_lazy("Called to the interview"),
    "leave_out": gettext_lazy("Not called to the interview"),
    "interview": gettext_lazy("Interview done"),
    "rank": gettext_lazy("Total mark ranked"),
    "propose": gettext_lazy("Proposed for hire"),
    "not_select": gettext_lazy("Not selected"),
    "unpropose": gettext_lazy("The proposal is being checked again"),
    "agree": gettext_lazy("Agreement signed"),
    "hand_over": gettext_lazy("Called to the medical exam and the inspection"),
    "withdraw": gettext_lazy("Application withdrawn"),
    "disqualify": gettext_lazy("Disqualified"),
}
NOW: dict[str, Promise] = {
    S.DRAFT: gettext_lazy("Fill in and submit your application"),
    S.SUBMITTED: gettext_lazy("Your application is being reviewed"),
    S.RETURNED: gettext_lazy("Correct your application and submit it again"),
    S.EFFECTIVE: gettext_lazy("You are entered; the next step is the exam or assessment"),
    S.SCORED: gettext_lazy("Waiting for the shortlist"),
    S.SHORTLISTED: gettext_lazy("Waiting for the interview"),
    S.INTERVIEWED: gettext_lazy("Waiting for the total marks"),
    S.RANKED: gettext_lazy("Waiting for the proposed hires"),
    S.PROPOSED: gettext_lazy("Waiting for medical exam and inspection"),
    S.AGREED: gettext_lazy("Waiting for the appointment"),
    S.HANDED_OVER: gettext_lazy("Medical exam, inspection, public notice and approval follow"),
}
STOPPED = (S.REJECTED, S.WITHDRAWN, S.DISQUALIFIED, S.NOT_SELECTED, S.NOT_SHORTLISTED, S.ABSENT)


def steps_of(
    application: Application,
    *,
    now: datetime,
    due: datetime | None,
    hidden: Collection[str] = (),
    confirming: Guard | None = None,
) -> list[TimelineStep]:
    """Transitions as past, the state as now (with `due`, its deadline), the campaign's later milestones as next.

    `confirming` says whether the person may still confirm that they will sit the exam (R22).

    Of moves in `hidden` nothing is told, nor of any after them: their list is not released yet (R94). Needs
    `transitions` and `campaign__milestones` prefetched for a constant number of queries.
    """
    told = told_of(application, hidden)
    state = told[-1].to_state if told else application.state
    steps = [_past(row, application) for row in told]
    if state in STOPPED:
        return steps
    note = _("Until %(when)s") % {"when": moment(due)} if due else ""
    what = str(NOW[state])
    if confirming is not None and not application.confirmed_at:
        what = confirming.explanation.text(rule_language())
        if not confirming:
            return [*steps, TimelineStep(what=what, when=None, state="stopped", note="", url="")]
    steps.append(TimelineStep(what=what, when=None, state="now", note=note, url=""))
    for milestone in application.campaign.milestones.all():
        if milestone.starts_at and milestone.starts_at > now and milestone.happened_at is None:
            steps.append(
                TimelineStep(what=str(LABELS[milestone.key]), when=milestone.starts_at, state="next", note="", url="")
            )
    return steps


def told_of(application: Application, hidden: Collection[str]) -> list[Transition]:
    """The transitions the person may know of: those before the first one whose list is not released yet."""
    return list(takewhile(lambda row: row.move not in hidden, application.transitions.all()))


def told_state(application: Application, hidden: Collection[str]) -> str:
    """The state the person may know of, which lags behind the real one until the list is out (R94)."""
    told = told_of(application, hidden)
    return told[-1].to_state if told else application.state


def current_step(steps: list[TimelineStep]) -> TimelineStep | None:
    """What is now; None for an application that has ended."""
    return next((step for step in steps if step.state == "now"), None)


def _past(row: Transition, application: Application) -> TimelineStep:
    stopped = row.to_state in STOPPED and row.to_state == application.state
    return TimelineStep(
        what=str(HAPPENED.get(row.move, row.move)),
        when=row.at,
        state="stopped" if stopped else "done",
        note=_note(row, application),
        url="",
    )


def _note(row: Transition, application: Application) -> str:
    if row.move == "submit":
        return _("Registration number %(number)s.") % {"number": application.registration_no}
    if row.move not in ("return", "reject", "override", "disqualify", "withdraw"):
        return ""
    known = row.reason_code in ReasonCode.values and row.reason_code != ReasonCode.OWN_WISH
    if not known:
        return row.reason
    return _("%(code)s: %(words)s") % {"code": ReasonCode(row.reason_code).label, "words": row.reason}
