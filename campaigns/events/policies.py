"""Who plans, approves and runs recruiting events."""

from accounts.enums import Role
from accounts.policies import has_role

READERS = (Role.TALENT_OFFICE, Role.EVENT_STAFF, Role.DEPARTMENT, Role.UNIT_HR, Role.LEADER, Role.AUDITOR)
may_read_events = has_role(*READERS)
PLANNERS = (Role.TALENT_OFFICE, Role.EVENT_STAFF)
may_plan_events = has_role(*PLANNERS)
may_approve_events = has_role(Role.TALENT_OFFICE)
may_run_events = has_role(Role.EVENT_STAFF, Role.TALENT_OFFICE)
may_read_registrations = has_role(Role.EVENT_STAFF, Role.TALENT_OFFICE, Role.AUDITOR)
may_record_costs = has_role(Role.FINANCE, Role.EVENT_STAFF, Role.TALENT_OFFICE)
