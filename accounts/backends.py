"""Who may open the back office follows from current staff roles, never from flags or groups someone forgot."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from accounts.enums import Role
from accounts.policies import covers_county, is_staff_member, roles_of

OFFICE = "wagtailadmin.access_admin"
ALL_JOBS = "foundation.view_job"


class StaffRoleBackend(ModelBackend):
    """Gives `wagtailadmin.access_admin` to staff with a current role; it signs nobody in, allauth does.

    System administrators of the whole county also see everyone's background work.
    """

    def authenticate(self, request: Any, **credentials: Any) -> None:
        return None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if obj is not None or not is_staff_member(user_obj) or not roles_of(user_obj):
            return set()
        return {OFFICE, ALL_JOBS} if covers_county(user_obj, Role.SYSTEM_ADMINISTRATOR) else {OFFICE}

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return perm in self.get_all_permissions(user_obj, obj)
