"""A row for every sign-in, refused try and sign-out, from the signals of Django and allauth."""

from typing import Any

from allauth.account import signals as account
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as mfa
from django.contrib.auth import signals as auth
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.audit import origin
from accounts.enums import SignInResult
from accounts.models import LoginEvent, User
from foundation.fields import blind_index


def remember(result: str, *, method: str, user: User | None = None, typed: str = "") -> None:
    """Write one event; of what was `typed` only the blind index is kept."""
    if user is None and typed:
        user = User.objects.filter(username=typed).first()
    LoginEvent.objects.create(
        user=user,
        result=result,
        method=method[:20],
        identity_index=blind_index(f"sign-in:{typed.strip().lower()}") if typed else "",
        origin=origin.get(),
    )


@receiver(auth.user_logged_in)
def _signed_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    methods = [record["method"] for record in get_authentication_records(request, user)]
    remember(SignInResult.SUCCESS, method="+".join(dict.fromkeys(methods)) or "sign_up", user=user)


@receiver(auth.user_login_failed)
def _refused(credentials: dict[str, Any], **kwargs: Any) -> None:
    remember(SignInResult.FAILURE, method="password", typed=str(credentials.get("username", "")))


@receiver(auth.user_logged_out)
def _signed_out(user: User | None, **kwargs: Any) -> None:
    if user is not None:
        remember(SignInResult.SIGNED_OUT, method="", user=user)


@receiver(account.login_code_rejected)
@receiver(account.email_verification_code_rejected)
def _wrong_code(user: User | None, **kwargs: Any) -> None:
    remember(SignInResult.FAILURE, method="code", user=user)


@receiver(mfa.authentication_failed)
def _wrong_second_factor(user: User, **kwargs: Any) -> None:
    remember(SignInResult.FAILURE, method="mfa", user=user)
