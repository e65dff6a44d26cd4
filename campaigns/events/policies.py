"""Who plans, approves and runs recruiting events."""

from accounts.enums import Role
from accounts.policies import Predicate, has_county_role, has_role

READERS = (
    Role.TALENT_OFFICE, Role.EVENT_STAFF, Role.DEPARTMENT, Role.UNIT_HR, Role.FINANCE, Role.LEADER, Role.AUDITOR,
)  # fmt: skip
may_read_events = has_role(*READERS)
PLANNERS = (Role.TALENT_OFFICE, Role.EVENT_STAFF)
may_plan_events = has_role(*PLANNERS)
may_approve_events = has_role(Role.TALENT_OFFICE)
# What the public has read is the talent office's to change.
may_change_event = Predicate(
    lambda actor, event: (may_approve_events if event and event.published_at else may_plan_events)(actor, event)
)
# Universities belong to no unit: whoever plans for the whole county keeps their names.
may_keep_universities = has_county_role(*PLANNERS)
may_run_events = has_role(Role.EVENT_STAFF, Role.TALENT_OFFICE)
REGISTRATION_READERS = (Role.EVENT_STAFF, Role.TALENT_OFFICE, Role.AUDITOR)
may_read_registrations = has_role(*REGISTRATION_READERS)
may_record_costs = has_role(Role.FINANCE, Role.EVENT_STAFF, Role.TALENT_OFFICE)
