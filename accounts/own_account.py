"""What people do to their own keys leaves an audit entry: password, second factor, e-mail."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth import signals as auth
from django.dispatch import receiver

from accounts import audit, domain
from accounts.models import User


@receiver([account.password_changed, account.password_set, account.password_reset])
def _password_chosen(user: User, **kwargs: Any) -> None:
    domain.choose_password(user=user)


@receiver(mfa.authenticator_added)
def _factor_added(user: User, authenticator: Any, **kwargs: Any) -> None:
    audit.record(actor=user, action="accounts.add_factor", subject=user, after={"type": authenticator.type})


@receiver(mfa.authenticator_removed)
def _factor_removed(user: User, authenticator: Any, **kwargs: Any) -> None:
    audit.record(actor=user, action="accounts.remove_factor", subject=user, before={"type": authenticator.type})


@receiver(account.email_confirmed)
def _email_confirmed(email_address: Any, **kwargs: Any) -> None:
    domain.confirm_email(user=email_address.user)


@receiver(auth.user_logged_in)
def _give_site_rights(user: User, **kwargs: Any) -> None:
    domain.sync_site_editor(user)
