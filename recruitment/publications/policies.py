"""Who prepares, reviews and releases public lists; until release only they and the auditors may read one (R94)."""

from accounts.duties import Duty, may
from accounts.enums import Role
from accounts.policies import has_role

RELEASE_TEAM = (Role.TALENT_OFFICE, Role.EXAM_CENTRE)
may_prepare = has_role(*RELEASE_TEAM)
may_release = may(Duty.PUBLISH_NOTICE)
may_read_before_release = may(Duty.SEE_SCORES_BEFORE_RELEASE)
