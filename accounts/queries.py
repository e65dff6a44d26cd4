"""Reads of units and accounts that several rooms share."""

from django.db.models import Q, QuerySet

from accounts.enums import Role, UserKind
from accounts.models import StaffRole, Unit, UnitQuerySet, User
from accounts.policies import in_scope

_SYSTEM_NAMES = {"console": "控制台", "system": "系统"}


def units_in_scope(user: User, *roles: Role) -> UnitQuerySet:
    """Units that `user` covers with one of `roles` (any current role if none given), in tree order."""
    return Unit.objects.filter(in_scope(user, *roles, field=""))


def console_account() -> User:
    """Who commands act as when no `--actor` is named; can't sign in."""
    return _system_user("console")


def system_account() -> User:
    """Who scheduled work and gates act as; can't sign in."""
    return _system_user("system")


def _system_user(username: str) -> User:
    """Made by a migration; made again where a database was emptied without it."""
    user, _created = User.objects.get_or_create(
        username=username,
        defaults={
            "kind": UserKind.SYSTEM,
            "name": _SYSTEM_NAMES[username],
            "is_active": False,
            "password": "!",
        },
    )
    return user


def staff() -> QuerySet[User]:
    """All staff accounts, by user name."""
    return User.objects.filter(kind=UserKind.STAFF).order_by("username")


def staff_in_scope(user: User) -> QuerySet[User]:
    """Staff whose role, present or past, lies in the units `user` administers, and those who never had one."""
    mine = StaffRole.objects.filter(in_scope(user, Role.SYSTEM_ADMINISTRATOR))
    return staff().filter(Q(pk__in=mine.values("user")) | ~Q(pk__in=StaffRole.objects.values("user")))
