"""Who takes a person from proposal to post; health conclusions belong to the medical recorder alone."""

from django.utils.translation import gettext_lazy as _

from accounts.duties import Duty, may
from accounts.enums import Role
from accounts.models import User
from accounts.policies import has_role, predicate
from recruitment.appointments.enums import AppointmentState
from recruitment.appointments.models import Appointment

may_open = has_role(Role.TALENT_OFFICE)
CONVERTERS = (Role.TALENT_OFFICE,)
may_convert = has_role(*CONVERTERS)
may_record_medical = has_role(Role.MEDICAL_RECORDER)
may_record_inspection = has_role(Role.TALENT_OFFICE, Role.DEPARTMENT)
may_record_objections = has_role(Role.TALENT_OFFICE)
may_approve = has_role(Role.TALENT_OFFICE)
may_enter_posts = has_role(Role.ESTABLISHMENT_OFFICE)
may_record_service = has_role(Role.UNIT_HR, Role.DEPARTMENT, Role.TALENT_OFFICE)
may_replace = has_role(Role.TALENT_OFFICE)
READERS = (
    Role.TALENT_OFFICE,
    Role.ESTABLISHMENT_OFFICE,
    Role.MEDICAL_RECORDER,
    Role.DEPARTMENT,
    Role.UNIT_HR,
    Role.LEADER,
    Role.AUDITOR,
)
may_read = has_role(*READERS)
may_read_names = may(Duty.SEE_NAMES)
# Conclusions about a person's health are read by those who record them and who must act on them.
may_read_medical = has_role(Role.MEDICAL_RECORDER, Role.TALENT_OFFICE, Role.AUDITOR)
may_read_inspection = has_role(Role.DEPARTMENT, Role.TALENT_OFFICE, Role.AUDITOR)
may_read_objections = has_role(Role.TALENT_OFFICE, Role.AUDITOR)


@predicate(_("A person on the post is taken off it by the establishment office."))
def _is_not_on_the_post(actor: User, appointment: Appointment) -> bool:
    on_post = appointment is not None and appointment.state in (AppointmentState.ON_POST, AppointmentState.CONFIRMED)
    return not on_post


may_end = has_role(Role.ESTABLISHMENT_OFFICE) | (has_role(Role.TALENT_OFFICE) & _is_not_on_the_post)
