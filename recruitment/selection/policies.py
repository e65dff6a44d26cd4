"""Who runs competitive selection."""

from accounts.enums import Role
from accounts.policies import has_role

may_run_selection = has_role(Role.TALENT_OFFICE)
may_record_agreements = has_role(Role.TALENT_OFFICE, Role.UNIT_HR)
READERS = (Role.TALENT_OFFICE, Role.DEPARTMENT, Role.UNIT_HR, Role.AUDITOR)
may_read_selection = has_role(*READERS)
