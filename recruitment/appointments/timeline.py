"""The whole way of a person as they read it: their application, then medical exam, inspection, notice, approval, post.

What is told here is what the person may know: conclusions about themselves, the end of the notice, that an objection
holds them, and the reason of an end. Who objected is not.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.dates import day, last_day
from foundation.language import rule_language
from foundation.ui.components import TimelineStep
from recruitment.applications.models import Application
from recruitment.applications.timeline import steps_of as application_steps
from recruitment.applications.timeline import told_of
from recruitment.appointments.checking import medical_words
from recruitment.appointments.enums import AppointmentState as S
from recruitment.appointments.enums import Conclusion
from recruitment.appointments.machine import APPOINTMENTS
from recruitment.appointments.models import Appointment
from recruitment.appointments.queries import AppointmentStep, steps_of_appointment
from recruitment.appointments.sentences import read
from rulebook.explanation import Guard
from rulebook.notice_period import objection_words

# State a step leads to → what it is called while it waits, while it lies ahead, and the milestone that plans it.
WAITING: Mapping[str, tuple[Promise, Promise, str]] = {
    S.MEDICAL_PASSED: (gettext_lazy("Waiting for the medical exam"), gettext_lazy("Medical exam"), "medical"),
    S.INSPECTED: (gettext_lazy("Waiting for the inspection"), gettext_lazy("Inspection"), "inspection"),
    S.NOTICED: (gettext_lazy("Waiting for the public notice"), gettext_lazy("Public notice"), "notice"),
    S.APPROVED: (gettext_lazy("Under public notice"), gettext_lazy("Approval of the appointment"), "approval"),
    S.ON_POST: (gettext_lazy("Waiting for the contract and the entry on the post"),
                gettext_lazy("Contract and entry on the post"), ""),
    S.CONFIRMED: (gettext_lazy("On probation"), gettext_lazy("End of probation"), ""),
}  # fmt: skip


def way_of(
    application: Application,
    appointment: Appointment | None,
    *,
    now: datetime,
    due: datetime | None,
    hidden: Collection[str] = (),
    confirming: Guard | None = None,
) -> list[TimelineStep]:
    """Past, now and next of the application and, once the person may know of the hand-over, of the appointment."""
    steps = application_steps(application, now=now, due=due, hidden=hidden, confirming=confirming)
    if appointment is None or not is_told(application, hidden):
        return steps
    past = [step for step in steps if step.state in ("done", "stopped")]
    planned = {row.key: row.starts_at for row in application.campaign.milestones.all() if row.happened_at is None}
    own = steps_of_appointment(appointment)
    waiting = next((step.leads_to for step in own if step.state == "next"), "")
    shown = [_shown(step, appointment, planned, now, is_now=step.leads_to == waiting) for step in own[1:]]
    return [*past, *shown]


def is_told(application: Application, hidden: Collection[str]) -> bool:
    """True once the person may know that they were handed over (R94)."""
    return any(row.move == "hand_over" for row in told_of(application, hidden))


def _shown(
    step: AppointmentStep,
    appointment: Appointment,
    planned: Mapping[str, datetime | None],
    now: datetime,
    *,
    is_now: bool,
) -> TimelineStep:
    if step.state == "stopped":
        return TimelineStep(what=_("Your way to the post ended here"), state="stopped", note=ending_of(appointment))
    if step.state == "done":
        return _done(step, appointment)
    now_words, next_words, milestone = WAITING[step.leads_to]
    when = planned.get(milestone)
    if is_now:
        words, note = _now(appointment, now_words, when if when and when > now else None)
        return TimelineStep(what=words, state="now", note=note)
    return TimelineStep(what=next_words, when=when if when and when > now else None, state="next")


def _now(appointment: Appointment, words: Promise, planned: datetime | None) -> tuple[str | Promise, str]:
    """What is now and what to know about it."""
    ends = appointment.notice.notice_ends_at if appointment.notice else None
    if appointment.state == S.ON_HOLD:
        return _("An objection is being looked into"), objection_words("open").text(rule_language())
    if appointment.state == S.NOTICED and ends:
        if ends <= timezone.now():
            return _("Waiting for the approval"), objection_words("none").text(rule_language())
        return words, _("Until %(when)s. Without an open objection the approval follows.") % {"when": last_day(ends)}
    return words, _("Planned for %(when)s") % {"when": day(planned)} if planned else ""


def _done(step: AppointmentStep, appointment: Appointment) -> TimelineStep:
    if step.leads_to != S.NOTICED:
        return TimelineStep(what=step.what, when=step.when)
    ends = appointment.notice.notice_ends_at if appointment.notice else None
    note = _("Notice period until %(when)s.") % {"when": last_day(ends)} if ends else ""
    return TimelineStep(what=_("Public notice of the proposed hires began"), when=step.when, note=note)


def ending_of(appointment: Appointment) -> str:
    """Why it ended, as far as the person may know: their own conclusions and their own wish, never who objected."""
    if lines := read(appointment.ended_explanation):
        return " ".join(lines)
    failed = next((row for row in appointment.checks.all() if row.conclusion != Conclusion.PASSED), None)
    if failed is not None:
        words = {"check": failed.get_kind_display(), "conclusion": failed.get_conclusion_display()}
        told = [sentence.text(rule_language()) for sentence in medical_words(appointment)]
        return " ".join([_("%(check)s: %(conclusion)s.") % words, *told])
    return appointment.ended_reason


def standing_of(appointment: Appointment) -> tuple[str | Promise, str]:
    """Where the appointment stands in the public's words, and the tone of its pill."""
    tones = {S.ON_HOLD: "warn", S.ENDED: "fail", S.APPROVED: "done", S.ON_POST: "done", S.CONFIRMED: "done"}
    return APPOINTMENTS.public_name(appointment.state), tones.get(S(appointment.state), "now")
