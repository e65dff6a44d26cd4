"""Who may see and move established posts; candidates and the public see none of it."""

from accounts.enums import Role
from accounts.policies import has_role

may_manage_posts = has_role(Role.ESTABLISHMENT_OFFICE)
# Publication reserves, and the notice holds, in the same act as the talent office's verb; it never takes a post itself.
may_reserve_posts = has_role(Role.ESTABLISHMENT_OFFICE, Role.TALENT_OFFICE)
may_use_posts = has_role(Role.ESTABLISHMENT_OFFICE, Role.TALENT_OFFICE)
READERS = (
    Role.ESTABLISHMENT_OFFICE,
    Role.TALENT_OFFICE,
    Role.DEPARTMENT,
    Role.UNIT_HR,
    Role.LEADER,
    Role.AUDITOR,
)
may_read_posts = has_role(*READERS)
