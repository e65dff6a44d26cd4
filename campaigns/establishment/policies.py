"""Who may see and move established posts; candidates and the public see none of it."""

from accounts.enums import Role
from accounts.policies import has_role

may_manage_posts = has_role(Role.ESTABLISHMENT_OFFICE)
# The talent office's verbs reserve and hold posts on the way; it never takes one by hand.
may_reserve_posts = has_role(Role.ESTABLISHMENT_OFFICE, Role.TALENT_OFFICE)
may_use_posts = has_role(Role.ESTABLISHMENT_OFFICE, Role.TALENT_OFFICE)
# A failed check gives the held post back, whoever records it.
may_unhold_posts = has_role(Role.ESTABLISHMENT_OFFICE, Role.TALENT_OFFICE, Role.MEDICAL_RECORDER, Role.DEPARTMENT)
READERS = (
    Role.ESTABLISHMENT_OFFICE,
    Role.TALENT_OFFICE,
    Role.DEPARTMENT,
    Role.UNIT_HR,
    Role.LEADER,
    Role.AUDITOR,
)
may_read_posts = has_role(*READERS)
