"""Reads of units and accounts that several rooms share."""

from collections.abc import Collection, Sequence

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


def duty_holders(duties: Collection[tuple[tuple[Role, ...], Unit]]) -> list[list[StaffRole]]:
    """For each (roles, unit) the current duties nearest to that unit, by name of their holders; one query for all.

    The unit's own come before those of a unit above it; an empty list if nobody holds any of the roles for it.
    """
    wanted = {role for roles, _unit in duties for role in roles}
    rows = StaffRole.objects.current().filter(role__in=wanted, user__is_active=True).select_related("user", "unit")
    held = list(rows.order_by("user__name", "pk")) if wanted else []
    return [_nearest(held, roles, unit) for roles, unit in duties]


def _nearest(held: Sequence[StaffRole], roles: tuple[Role, ...], unit: Unit) -> list[StaffRole]:
    covering = [row for row in held if row.role in roles and unit.path.startswith(row.unit.path)]
    depth = max((len(row.unit.path) for row in covering), default=0)
    return [row for row in covering if len(row.unit.path) == depth]
