"""Sign-in of candidates and staff through allauth: one door, two kinds of key.

Candidates have no password: a code goes to their phone or e-mail. Staff have a user name, a password and a second
factor, and no code opens their account.
"""

import secrets
import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import domain
from accounts.enums import SignInResult, UserKind
from accounts.models import User
from accounts.notices import send_by_email, send_by_sms
from accounts.phone import normal_phone, phone_index
from accounts.sign_in_events import remember
from foundation.errors import Refused
from foundation.fields import decrypt, encrypt

_SECRET = "mfa.authenticator.secret"  # noqa: S105 (the name under which the ciphertext is bound)


class AccountAdapter(DefaultAccountAdapter):
    """Candidates and staff."""

    def get_login_stages(self) -> list[str]:
        ours = {"allauth.account.stages.EmailVerificationStage": "accounts.stages.EmailVerificationStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """A candidate's user name says nothing about them and is never typed."""
        if not user.username:
            user.username = f"c{secrets.token_hex(8)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            remember(SignInResult.LOCKED, method="password", typed=str(credentials.get("username", "")))
            raise

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        methods = {record["method"] for record in get_authentication_records(request, user)}
        by_code_only = "code" in methods and not methods & {"password", "mfa"}
        if user.kind == UserKind.SYSTEM or (user.kind == UserKind.STAFF and by_code_only):
            remember(SignInResult.FAILURE, method="code", user=user)
            messages.error(request, _("Staff sign in with their user name, password and second factor."))
            raise ImmediateHttpResponse(redirect("account_login"))
        return super().pre_login(request, user, **kwargs)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        is_staff = getattr(request.user, "kind", "") == UserKind.STAFF
        return reverse("wagtailadmin_home") if is_staff else resolve_url(settings.LOGIN_REDIRECT_URL)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever signed in a moment ago is not asked again: a second factor is set up right after the password."""
        records = get_authentication_records(context.request, context.request.user)
        is_fresh = any(time.time() - record["at"] < app_settings.REAUTHENTICATION_TIMEOUT for record in records)
        return bool(super().is_reauthentication_required(app=app, **kwargs)) and not is_fresh

    def phone_form_field(self, **kwargs: Any) -> Any:
        from accounts.forms import PhoneField

        return PhoneField(**kwargs)

    def clean_phone(self, phone: str) -> str:
        try:
            return normal_phone(phone)
        except Refused as refusal:
            raise ValidationError(refusal.message) from refusal

    def set_phone(self, user: Any, phone: str, verified: bool) -> None:
        domain.change_phone(user=user, phone=phone, verified=verified)

    def get_phone(self, user: Any) -> tuple[str, bool] | None:
        stored = User.objects.only("phone", "phone_verified_at").filter(pk=user.pk).first()
        return (stored.phone, stored.phone_verified_at is not None) if stored and stored.phone else None

    def set_phone_verified(self, user: Any, phone: str) -> None:
        domain.confirm_phone(user=user, phone=phone)

    def get_user_by_phone(self, phone: str) -> User | None:
        return User.objects.filter(phone_index=phone_index(phone), is_active=True).first()

    def send_verification_code_sms(self, user: Any, phone: str, code: str, **kwargs: Any) -> None:
        minutes = app_settings.LOGIN_BY_CODE_TIMEOUT // 60
        text = _("Your code is %(code)s. It is valid for %(minutes)s minutes; tell it to nobody.")
        send_by_sms(phone=phone, kind="accounts.code", body=text % {"code": code, "minutes": minutes}, recipient=user)

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        send_by_sms(
            phone=phone,
            kind="accounts.unknown_phone",
            body=_("There is no account with this number yet: sign up first."),
        )

    def send_account_already_exists_sms(self, phone: str) -> None:
        send_by_sms(
            phone=phone,
            kind="accounts.phone_known",
            body=_("There is already an account with this number: sign in with a code instead."),
        )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        letter = self.render_mail(
            template_prefix, email, {"email": email, "site_name": settings.WAGTAIL_SITE_NAME, **context}
        )
        send_by_email(
            email=email,
            kind=f"accounts.{template_prefix.rpartition('/')[2]}",
            subject=str(letter.subject),
            body=str(letter.body),
            recipient=context.get("user"),
        )

    def format_email_subject(self, subject: str) -> str:
        return f"{settings.WAGTAIL_SITE_NAME}：{subject}"

    def save_user(self, request: HttpRequest, user: Any, form: Form, commit: bool = True) -> Any:
        user.kind = UserKind.CANDIDATE
        return super().save_user(request, user, form, commit)


class MFAAdapter(DefaultMFAAdapter):
    """Second factor of staff; its secrets are encrypted like ID numbers."""

    def encrypt(self, text: str) -> str:
        return encrypt(text, context=_SECRET)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text, context=_SECRET)

    def get_totp_label(self, user: Any) -> str:
        return str(user.username)

    def get_totp_issuer(self) -> str:
        return str(settings.WAGTAIL_SITE_NAME)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last real factor of staff stays: they may add another and remove this one afterwards."""
        if authenticator.user.kind != UserKind.STAFF or not settings.SECOND_FACTOR_REQUIRED:
            return True
        if authenticator.type == Authenticator.Type.RECOVERY_CODES:
            return True
        factors = Authenticator.objects.filter(user=authenticator.user).exclude(type=Authenticator.Type.RECOVERY_CODES)
        return factors.count() > 1
