"""What a person does with their own account: the texts they accept, their phone and e-mail."""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.enums import UserKind
from accounts.models import Acceptance, User
from accounts.phone import normal_phone, phone_index
from foundation.errors import Refused


@transaction.atomic
def accept_text(*, user: User, kind: str, version: str, digest: str) -> Acceptance:
    """Keep that `user` accepted the text `kind` in `version` (SHA-256 `digest`, hex); once per version."""
    acceptance, created = Acceptance.objects.get_or_create(
        user=user, kind=kind, version=version, defaults={"digest": digest}
    )
    if created:
        audit.record(actor=user, action="accounts.accept_text", subject=user, after={"text": kind, "version": version})
    return acceptance


@transaction.atomic
def create_candidate_user(
    *, username: str, name: str = "", email: str = "", phone: str = "", is_demo: bool = False
) -> User:
    """A candidate's account with an unusable password and a confirmed phone or e-mail, for imports and demo data.

    Raises Refused when the phone belongs to another account.
    """
    user = User(username=username, name=name, email=email.lower(), kind=UserKind.CANDIDATE, is_demo=is_demo)
    user.set_unusable_password()
    user.save()
    if email:
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if phone:
        change_phone(user=user, phone=phone, verified=True)
    return user


@transaction.atomic
def change_phone(*, user: User, phone: str, verified: bool = False) -> User:
    """Set the mobile phone of `user`; an unconfirmed one does not sign anybody in.

    Raises Refused "… is not a mobile phone number" for what can't be one, and Refused when another account has it.
    """
    number = normal_phone(phone)
    index = phone_index(number)
    user = User.objects.select_for_update().get(pk=user.pk)
    if User.objects.filter(phone_index=index).exclude(pk=user.pk).exists():
        raise Refused(_("This number belongs to another account. Nothing was saved."), code="taken")
    user.phone, user.phone_index = number, index
    user.phone_verified_at = timezone.now() if verified else None
    user.save(update_fields=["phone", "phone_index", "phone_verified_at"])
    audit.record(actor=user, action="accounts.change_phone", subject=user, after={"verified": verified})
    return user


@transaction.atomic
def confirm_phone(*, user: User, phone: str) -> User:
    """Mark the phone of `user` as theirs, after the right code; a changed number takes the place of the old one."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.phone_index != phone_index(normal_phone(phone)):
        return change_phone(user=user, phone=phone, verified=True)
    if user.phone_verified_at is None:
        user.phone_verified_at = timezone.now()
        user.save(update_fields=["phone_verified_at"])
        audit.record(actor=user, action="accounts.confirm_phone", subject=user, after={"verified": True})
    return user


@transaction.atomic
def confirm_email(*, user: User) -> None:
    """Leave a trace that `user` proved an e-mail address theirs; the address itself is allauth's row."""
    audit.record(actor=user, action="accounts.confirm_email", subject=user, after={"verified": True})


@transaction.atomic
def choose_password(*, user: User) -> None:
    """Leave a trace that `user` chose a password, and ask for no other one."""
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    user.must_change_password = False
    audit.record(actor=user, action="accounts.choose_password", subject=user)
