"""Medical exam and inspection: only conclusions are kept (R70, R71)."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from foundation.errors import Refused
from recruitment.appointments.candidate_messages import tell_person
from recruitment.appointments.domain.ending import end_locked
from recruitment.appointments.enums import AppointmentState, CheckKind, Conclusion
from recruitment.appointments.machine import APPOINTMENTS
from recruitment.appointments.models import Appointment, Check
from recruitment.appointments.policies import may_record_inspection, may_record_medical

MOVES = {CheckKind.MEDICAL: "pass_medical", CheckKind.INSPECTION: "pass_inspection"}
BEFORE = {CheckKind.MEDICAL: AppointmentState.OPENED, CheckKind.INSPECTION: AppointmentState.MEDICAL_PASSED}
REASONS = {CheckKind.MEDICAL: "medical", CheckKind.INSPECTION: "inspection"}


def locked(appointment: Appointment) -> Appointment:
    """The appointment read again under lock, with its position and campaign."""
    rows = Appointment.objects.select_for_update(of=("self",)).select_related(
        "candidate", "position__campaign", "position__unit"
    )
    return rows.get(pk=appointment.pk)


@transaction.atomic
def record_check(
    *, actor: User, appointment: Appointment, kind: str, conclusion: str, performed_on: date, institution: str
) -> Check:
    """Record a conclusion; who passes goes on, who fails or stays away ends here and the place is free for another.

    Raises NotAllowed for anyone but the medical recorder (medical) or the inspecting offices, Refused out of turn or
    for a date in the future.
    """
    kind = CheckKind(kind)
    require(may_record_medical if kind == CheckKind.MEDICAL else may_record_inspection, actor, appointment)
    row = locked(appointment)
    if row.state != BEFORE[kind]:
        raise Refused(_("This check is not due for this person now. Nothing was saved."), code="wrong_state")
    if performed_on > timezone.localdate():
        raise Refused(_("The date lies in the future. Nothing was saved."), code="future")
    check = Check.objects.create(
        appointment=row, kind=kind, conclusion=conclusion, performed_on=performed_on, institution=institution,
        recorded_by=actor,
    )  # fmt: skip
    audit.record(actor=actor, action=f"appointments.record_{kind}", subject=row)
    if conclusion == Conclusion.PASSED:
        APPOINTMENTS.move(MOVES[kind], row)
        tell_person(row, "checked", occasion=f"check{check.pk}")
    else:
        end_locked(
            actor=actor, appointment=row, reason_code=REASONS[kind], reason=str(Conclusion(conclusion).label),
            document=f"{CheckKind(kind).label} {performed_on}",
        )  # fmt: skip
    appointment.refresh_from_db()
    return check
