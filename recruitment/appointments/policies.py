"""Who takes a person from proposal to post; health conclusions belong to the medical recorder alone."""

from accounts.enums import Role
from accounts.policies import has_role

may_open = has_role(Role.TALENT_OFFICE)
may_record_medical = has_role(Role.MEDICAL_RECORDER)
may_record_inspection = has_role(Role.TALENT_OFFICE, Role.DEPARTMENT)
may_record_objections = has_role(Role.TALENT_OFFICE)
may_approve = has_role(Role.TALENT_OFFICE)
may_enter_posts = has_role(Role.ESTABLISHMENT_OFFICE)
may_end = has_role(Role.TALENT_OFFICE, Role.ESTABLISHMENT_OFFICE)
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
