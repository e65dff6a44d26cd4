"""The decision whether a person may take the post although a relative works there (R15)."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from foundation.errors import Refused
from recruitment.appointments.domain.checks import locked
from recruitment.appointments.enums import BEFORE_NOTICE
from recruitment.appointments.models import Appointment
from recruitment.appointments.policies import may_record_inspection


@transaction.atomic
def decide_relatives(*, actor: User, appointment: Appointment, decision: str) -> Appointment:
    """Record with its grounds that the relatives a person told us of do not bar the post; who is barred is ended.

    Raises Refused without words, and once the person is under notice.
    """
    require(may_record_inspection, actor, appointment)
    row = locked(appointment)
    if row.state not in BEFORE_NOTICE:
        raise Refused(
            _("The appointment is in the state “%(state)s”, which does not allow this. Nothing was saved.")
            % {"state": row.get_state_display()},
            code="wrong_state",
        )
    if not decision.strip():
        raise Refused(_("Give the grounds of the decision. Nothing was saved."), code="reason_required")
    row.recusal_decision, row.recusal_decided_by = decision.strip(), actor
    row.save(update_fields=["recusal_decision", "recusal_decided_by"])
    audit.record(actor=actor, action="appointments.decide_relatives", subject=row, reason=decision.strip())
    appointment.refresh_from_db()
    return appointment
