"""The way from proposal to post (tracks, A17 to A21 and B9 to B13)."""

from django.utils.translation import gettext_lazy as _

from foundation.states import Machine, move
from recruitment.appointments.enums import AppointmentState as S

LIVE = (S.OPENED, S.MEDICAL_PASSED, S.INSPECTED, S.NOTICED, S.ON_HOLD, S.APPROVED)

APPOINTMENTS = Machine(
    move("pass_medical", S.OPENED, S.MEDICAL_PASSED),
    move("pass_inspection", S.MEDICAL_PASSED, S.INSPECTED),
    move("notice", S.INSPECTED, S.NOTICED),
    move("hold", S.NOTICED, S.ON_HOLD),
    move("clear", S.ON_HOLD, S.NOTICED),
    move("approve", S.NOTICED, S.APPROVED),
    move("enter", S.APPROVED, S.ON_POST),
    move("confirm", S.ON_POST, S.CONFIRMED),
    move("end", [*LIVE, S.ON_POST, S.CONFIRMED], S.ENDED, needs_reason=True),
    public_names={
        S.OPENED: _("Called to the medical exam"),
        S.MEDICAL_PASSED: _("Medical exam passed"),
        S.INSPECTED: _("Inspection passed"),
        S.NOTICED: _("Under public notice"),
        S.ON_HOLD: _("An objection is being looked into"),
        S.APPROVED: _("Appointment approved"),
        S.ON_POST: _("On the post"),
        S.CONFIRMED: _("Probation passed"),
        S.ENDED: _("Ended"),
    },
)
