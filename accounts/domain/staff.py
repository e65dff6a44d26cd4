"""Staff accounts and their roles. A system administrator grants and ends roles, with a reason, and never their own."""

import secrets
import string
from collections.abc import Collection, Iterable

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.domain.site_editors import sync_site_editor
from accounts.enums import Role, UserKind
from accounts.models import StaffRole, Unit, User
from accounts.policies import forget_roles, may_manage_account, may_manage_staff, require
from foundation.errors import Refused

# The three offices of graded protection: who runs the system, who audits it and who works in it are different people.
APART = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.AUDITOR})
_ALPHABET = "".join(sorted(set(string.ascii_letters + string.digits) - set("0O1lI")))


@transaction.atomic
def create_staff(
    *, actor: User, username: str, name: str, unit: Unit, role: str, reason: str, email: str = "", is_demo: bool = False
) -> User:
    """A staff account with its first role for `unit` and everything below it.

    It has no password yet: `issue_password` gives a one-time one. Raises Refused when the user name is taken.
    """
    require(may_manage_staff, actor, unit)
    username = username.strip()
    try:
        User.username_validator(username)
    except ValidationError as problem:
        raise Refused(_("The user name may hold letters, digits and @ . + - _ only. Nothing was saved.")) from problem
    if User.objects.filter(username__iexact=username).exists():
        raise Refused(_("The user name “%(name)s” is taken. Nothing was saved.") % {"name": username}, code="taken")
    user = User(username=username, name=name.strip(), email=email.strip().lower(), kind=UserKind.STAFF, is_demo=is_demo)
    user.set_unusable_password()
    user.save()
    audit.record(actor=actor, action="accounts.create_staff", subject=user, after={"username": username})
    grant_role(actor=actor, user=user, role=role, unit=unit, reason=reason)
    return user


@transaction.atomic
def grant_role(*, actor: User, user: User, role: str, unit: Unit, reason: str) -> StaffRole:
    """Give `user` a role for `unit` and everything below it, from now on.

    Raises Refused for oneself, for accounts that are not staff, for a role already held there, and for mixing system
    administration or audit with other duties.
    """
    require(may_manage_staff, actor, unit)
    user = _locked_staff(actor, user, reason)
    held = set(StaffRole.objects.current().filter(user=user).values_list("role", flat=True))
    if role not in Role.values:
        raise Refused(_("There is no role “%(role)s”. Nothing was saved.") % {"role": role}, code="unknown_role")
    if StaffRole.objects.filter(user=user, role=role, unit=unit, ends_at=None).exists():
        raise Refused(_("This role is already held there. Nothing was saved."), code="already_held")
    if not unit.is_active:
        raise Refused(_("“%(unit)s” is out of use. Nothing was saved.") % {"unit": unit}, code="inactive")
    if (held - {role}) and (APART & (held | {role})):
        raise Refused(
            _(
                "System administration, audit and daily work are done by different people: end the other roles first. "
                "Nothing was saved."
            ),
            code="roles_apart",
        )
    granted = StaffRole.objects.create(user=user, role=role, unit=unit)
    audit.record(
        actor=actor,
        action="accounts.grant_role",
        subject=user,
        after={"role": role, "unit": unit.code},
        reason=reason,
    )
    forget_roles(user)
    sync_site_editor(user)
    return granted


@transaction.atomic
def end_role(*, actor: User, staff_role: StaffRole, reason: str) -> StaffRole:
    """End a role now; it stays in the history. Raises Refused for one's own role and for one that has ended."""
    require(may_manage_staff, actor, staff_role.unit)
    user = _locked_staff(actor, staff_role.user, reason)
    now = timezone.now()
    if not StaffRole.objects.current().filter(pk=staff_role.pk).update(ends_at=now):
        raise Refused(_("This role has already ended. Nothing was saved."), code="ended")
    staff_role.ends_at = now
    audit.record(
        actor=actor,
        action="accounts.end_role",
        subject=user,
        before={"role": staff_role.role, "unit": staff_role.unit.code},
        reason=reason,
    )
    forget_roles(user)
    sync_site_editor(user)
    return staff_role


@transaction.atomic
def deactivate_staff(*, actor: User, user: User, reason: str) -> User:
    """Close a staff account: roles end, open sessions end, second factors go, the history stays."""
    require(may_manage_account, actor, user)
    user = _locked_staff(actor, user, reason)
    roles = StaffRole.objects.current().filter(user=user).update(ends_at=timezone.now())
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user)
    audit.record(
        actor=actor,
        action="accounts.deactivate_staff",
        subject=user,
        before={"is_active": True},
        after={"is_active": False, "roles_ended": roles},
        reason=reason,
    )
    forget_roles(user)
    sync_site_editor(user)
    return user


@transaction.atomic
def end_roles(*, actor: User, roles: Iterable[StaffRole], reason: str) -> int:
    """End several roles, all or none, each as `end_role` does; one more entry names the batch. Returns how many."""
    ended = [end_role(actor=actor, staff_role=role, reason=reason) for role in sorted(roles, key=_by_account)]
    _record_batch(actor, "accounts.end_roles", [role.pk for role in ended], reason)
    return len(ended)


def _by_account(role: StaffRole) -> tuple[int, int]:
    """Accounts are locked in one order, whoever ends whose roles."""
    return role.user_id, role.pk


@transaction.atomic
def close_accounts(*, actor: User, users: Iterable[User], reason: str) -> int:
    """Close several accounts, all or none, each as `deactivate_staff` does; one more entry names the batch."""
    rows = sorted(users, key=lambda user: user.pk)
    if closed := [user for user in rows if not user.is_active]:
        raise Refused(_("“%(name)s” is closed already. Nothing was saved.") % {"name": closed[0]}, code="closed")
    keys = [deactivate_staff(actor=actor, user=user, reason=reason).pk for user in rows]
    _record_batch(actor, "accounts.close_accounts", keys, reason)
    return len(keys)


def _record_batch(actor: User, action: str, keys: list[int], reason: str) -> None:
    after = {"count": len(keys), "digest": audit.digest_of(keys)}
    audit.record(actor=actor, action=action, subject=actor, after=after, reason=reason)


@transaction.atomic
def activate_staff(*, actor: User, user: User, reason: str) -> User:
    """Open a closed staff account again, without password or roles: both are given anew."""
    require(may_manage_account, actor, user)
    user = _locked_staff(actor, user, reason)
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record(
        actor=actor,
        action="accounts.activate_staff",
        subject=user,
        before={"is_active": False},
        after={"is_active": True},
        reason=reason,
    )
    return user


@transaction.atomic
def issue_password(*, actor: User, user: User, reason: str) -> str:
    """A new one-time password, shown once; it must be replaced at the next sign-in. Open sessions end."""
    require(may_manage_account, actor, user)
    user = _locked_staff(actor, user, reason)
    password = _new_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    end_sessions(user)
    audit.record(actor=actor, action="accounts.issue_password", subject=user, reason=reason)
    return password


@transaction.atomic
def reset_second_factor(*, actor: User, user: User, reason: str) -> None:
    """Remove all second factors of `user` (telephone lost); the set-up page asks for a new one at the next sign-in."""
    require(may_manage_account, actor, user)
    user = _locked_staff(actor, user, reason)
    removed = Authenticator.objects.filter(user=user).delete()[0]
    end_sessions(user)
    audit.record(
        actor=actor,
        action="accounts.reset_second_factor",
        subject=user,
        before={"authenticators": removed},
        reason=reason,
    )


@transaction.atomic
def reset_demo_passwords(*, actor: User, usernames: Collection[str] | None = None) -> list[tuple[str, str, str]]:
    """New passwords and one-time-code secrets of the demo accounts: (user name, password, TOTP secret), by user name.

    Only accounts made with `is_demo` are touched, only by the system itself. `usernames` limits it to some of them.
    """
    if actor.kind != UserKind.SYSTEM:
        raise Refused(_("Demo accounts are reset from the console. Nothing was saved."), code="console_only")
    users = User.objects.select_for_update().filter(is_demo=True, kind=UserKind.STAFF, is_active=True)
    if usernames is not None:
        users = users.filter(username__in=usernames)
    issued = []
    for user in users.order_by("username"):
        password, secret = _new_password(), generate_totp_secret()
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        Authenticator.objects.filter(user=user).delete()
        TOTP.activate(user, secret)
        end_sessions(user)
        audit.record(actor=actor, action="accounts.reset_demo_password", subject=user)
        issued.append((user.username, password, secret))
    return issued


def end_sessions(user: User) -> None:
    """Sign `user` out everywhere."""
    for session in UserSession.objects.filter(user=user):
        session.end()


def _locked_staff(actor: User, user: User, reason: str) -> User:
    """`user` under lock. Raises Refused without a reason, for oneself and for accounts that are not staff."""
    if not reason.strip():
        raise Refused(_("A reason is needed. Nothing was saved."), code="reason_required")
    if actor.pk == user.pk:
        raise Refused(_("Nobody changes their own roles or account here. Nothing was saved."), code="oneself")
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.kind != UserKind.STAFF:
        raise Refused(_("This is not a staff account. Nothing was saved."), code="not_staff")
    return locked


def _new_password() -> str:
    """16 characters of 57 (93 bits) in groups that can be read aloud."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _n in range(4)) for _group in range(4))
