"""Who may do what: small predicates combined with `&` and `|`. A denial carries the reason the person sees."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Role
from accounts.models import StaffRole, Unit, User
from foundation.errors import NotAllowed


@dataclass(frozen=True)
class Decision:
    """Truthy when allowed; otherwise `reason` says why not."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Decision(True)


class Predicate:
    """A question about an actor and an object; `p & q` needs both, `p | q` one of them."""

    def __init__(self, ask: Callable[[User, Any], Decision]) -> None:
        self._ask = ask

    def __call__(self, actor: User, subject: Any = None) -> Decision:
        return self._ask(actor, subject)

    def __and__(self, other: "Predicate") -> "Predicate":
        return Predicate(lambda actor, subject: self(actor, subject) and other(actor, subject))

    def __or__(self, other: "Predicate") -> "Predicate":
        return Predicate(lambda actor, subject: self(actor, subject) or other(actor, subject))


def predicate(reason: Any) -> Callable[[Callable[[User, Any], bool]], Predicate]:
    """Decorator: a function (actor, subject) → bool becomes a Predicate that denies with `reason` (lazy text)."""

    def wrap(test: Callable[[User, Any], bool]) -> Predicate:
        return Predicate(lambda actor, subject: ALLOWED if test(actor, subject) else Decision(False, str(reason)))

    return wrap


def is_staff_member(actor: Any) -> bool:
    """True for an account of staff in use; visitors who have not signed in are none."""
    return bool(getattr(actor, "is_staff_member", False))


def roles_of(actor: User) -> list[tuple[str, str]]:
    """Current (role, path of the unit it covers) pairs of `actor`, read once per user object."""
    cached: list[tuple[str, str]] | None = getattr(actor, "_current_roles", None)
    if cached is None:
        rows = StaffRole.objects.current().filter(user=actor) if is_staff_member(actor) else StaffRole.objects.none()
        cached = list(rows.values_list("role", "unit__path"))
        actor._current_roles = cached  # type: ignore[attr-defined]
    return cached


def forget_roles(actor: User) -> None:
    """Read the roles of this user object anew at the next question, after they were changed."""
    if hasattr(actor, "_current_roles"):
        del actor._current_roles


def _unit_of(subject: Any) -> Unit | None:
    """The unit an object belongs to: itself, its `unit`, or that of its position or campaign."""
    if subject is None or isinstance(subject, Unit):
        return subject
    for name in ("unit", "position", "campaign", "application", "appointment", "challenge", "programme", "event"):
        owner = getattr(subject, name, None)
        if owner is not None:
            return _unit_of(owner)
    return None


def has_role(*roles: Role) -> Predicate:
    """Holds one of `roles` for the unit of the subject or a unit above it; without a subject, anywhere."""

    def ask(actor: User, subject: Any) -> Decision:
        unit = _unit_of(subject)
        held = [path for role, path in roles_of(actor) if role in roles]
        if any(unit is None or unit.path.startswith(path) for path in held):
            return ALLOWED
        names = " / ".join(str(Role(role).label) for role in roles)
        return Decision(False, _("This needs the role %(roles)s for the unit concerned.") % {"roles": names})

    return Predicate(ask)


def covers_county(actor: User, *roles: Role) -> bool:
    """Holds one of `roles` for the root of the tree, not only for a part of the county."""
    return any(role in roles and path.count("/") == 1 for role, path in roles_of(actor))


def has_county_role(*roles: Role) -> Predicate:
    """Holds one of `roles` for the whole county: for what belongs to no unit, such as the calendar of working days."""

    def ask(actor: User, subject: Any) -> Decision:
        if covers_county(actor, *roles):
            return ALLOWED
        names = " / ".join(str(Role(role).label) for role in roles)
        return Decision(False, _("This needs the role %(roles)s for the whole county.") % {"roles": names})

    return Predicate(ask)


@predicate(gettext_lazy("This is done by the system itself."))
def is_system(actor: User, subject: Any) -> bool:
    """The recorded account under which commands and scheduled work act."""
    return actor.kind == "system"


def require(rule: Predicate, actor: User, subject: Any = None) -> None:
    """Raises NotAllowed with the reason unless `rule` allows; the system account may do whatever a verb offers."""
    decision = rule(actor, subject) if actor.kind != "system" else ALLOWED
    if not decision:
        raise NotAllowed(decision.reason)


def in_scope(actor: User, *roles: Role, field: str = "unit") -> Q:
    """A filter on `<field>__path` for rows whose unit `actor` covers with one of `roles` (any role if none given).

    `field` is the way to the unit ("position__unit"), empty for units themselves.
    An actor without such a role matches nothing.
    """
    paths = {path for role, path in roles_of(actor) if not roles or role in roles}
    scope = Q(pk__in=[])
    for path in paths:
        scope |= Q(**{f"{field}__path__startswith".removeprefix("__"): path})
    return scope


may_manage_units = has_role(Role.SYSTEM_ADMINISTRATOR, Role.TALENT_OFFICE)
may_manage_staff = has_role(Role.SYSTEM_ADMINISTRATOR)


def managed_accounts(actor: User) -> QuerySet[User]:
    """The accounts all of whose current duties are the actor's to give.

    A password or second factor opens all an account may do, so one duty elsewhere is too many. Without current duties,
    one past duty in the actor's units is enough, and so is having had none.
    """
    roles = StaffRole.objects.filter(user=OuterRef("pk"))
    mine = in_scope(actor, Role.SYSTEM_ADMINISTRATOR)
    lasting = roles.exclude(ends_at__lte=timezone.now())
    whole = Exists(lasting) & ~Exists(lasting.exclude(mine))
    return User.objects.filter(whole | ~Exists(lasting) & (~Exists(roles) | Exists(roles.filter(mine))))


ELSEWHERE = gettext_lazy("This account also has duties outside your units: its administrator is the county's.")


@predicate(ELSEWHERE)
def _administers_all_its_duties(actor: User, subject: User) -> bool:
    return subject is None or managed_accounts(actor).filter(pk=subject.pk).exists()


may_manage_account = may_manage_staff & _administers_all_its_duties
may_read_audit = has_county_role(Role.AUDITOR)
may_read_sign_ins = has_county_role(Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR)
