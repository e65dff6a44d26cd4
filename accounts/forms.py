"""Forms of the door: candidates type a phone or an e-mail, staff a user name and a password."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.fields import PhoneField as AllauthPhoneField
from allauth.mfa.base.forms import AuthenticateForm
from django import forms
from django.core.validators import validate_email
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import domain
from accounts.enums import TextKind, UserKind
from accounts.models import User
from accounts.privacy import current_notice


class PhoneField(AllauthPhoneField):
    """A mobile phone number; without a country code it is Chinese."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Mobile phone"))
        kwargs["validators"] = []
        super().__init__(**kwargs)


class ContactMixin(forms.Form):
    """One field for a phone number or an e-mail address; `cleaned_data` then has `phone` or `email`."""

    contact = forms.CharField(
        label=gettext_lazy("Mobile phone or e-mail"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        help_text=gettext_lazy("A code is sent there. A mobile phone of mainland China needs no country code."),
    )

    def clean_contact(self) -> str:
        text = str(self.cleaned_data["contact"]).strip()
        self.cleaned_data |= {"email": "", "phone": ""}
        if "@" in text:
            validate_email(text)
            self.cleaned_data["email"] = text.lower()
        else:
            self.cleaned_data["phone"] = get_adapter().clean_phone(text)
        return text


class RequestCodeForm(ContactMixin, allauth_forms.RequestLoginCodeForm):
    """A code for a candidate. For staff nothing is sent, and the answer looks the same."""

    field_order = ["contact"]
    _user: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"contact": self.fields["contact"]}

    def clean_contact(self) -> str:
        text = super().clean_contact()
        if self.cleaned_data["email"]:
            self.clean_email()
        else:
            self.clean_phone()
        if self._user is not None and self._user.kind != UserKind.CANDIDATE:
            self._user = None
        return text


class SignupForm(ContactMixin, allauth_forms.SignupForm):
    """A candidate's account: a phone or an e-mail that a code confirms, and the privacy notice accepted."""

    accept = forms.BooleanField(
        label=gettext_lazy("I have read the privacy notice and know what my data are used for"),
        error_messages={"required": gettext_lazy("Without having read the privacy notice no account can be made.")},
    )
    notice = forms.CharField(widget=forms.HiddenInput, required=False)
    field_order = ["contact", "accept", "notice"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("email", "phone"):
            self.fields.pop(name, None)
        self.fields["notice"].initial = current_notice().version

    def clean_contact(self) -> str:
        text = super().clean_contact()
        if self.cleaned_data["email"]:
            self.validate_unique_email(self.cleaned_data["email"])
        return text

    def clean_notice(self) -> str:
        if self.cleaned_data["notice"] != current_notice().version:
            self.data = {**self.data.dict(), self.add_prefix("notice"): current_notice().version}
            raise forms.ValidationError(_("The privacy notice has changed meanwhile: please read the new one."))
        return current_notice().version

    def signup(self, request: HttpRequest, user: User) -> None:
        notice = current_notice()
        domain.accept_text(user=user, kind=TextKind.PRIVACY_NOTICE, version=notice.version, digest=notice.digest)


class StaffLoginForm(allauth_forms.LoginForm):
    """Staff: user name and password; the second factor follows on its own page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=gettext_lazy("User name"),
            max_length=150,
            widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        )
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = ""
        self.order_fields(["login", "password"])

    def _setup_password_field(self) -> None:
        """allauth drops the password when sign-up has none; staff have one."""

    def user_credentials(self) -> dict[str, str]:
        return {"username": self.cleaned_data["login"], "password": self.cleaned_data.get("password", "")}


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    """Only staff have a password; to anybody else goes the letter about an unknown account."""

    def clean_email(self) -> str:
        email: str = super().clean_email()
        self.users = [user for user in self.users if user.kind == UserKind.STAFF]
        return email


class CodeMixin(forms.Form):
    """The six digits of a message; telephones offer a number pad and fill it in."""

    code_label = gettext_lazy("Code from the message")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = self.code_label
        self.fields["code"].widget.attrs.pop("placeholder", None)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autofocus": True}


class ConfirmLoginCodeForm(CodeMixin, allauth_forms.ConfirmLoginCodeForm):
    pass


class ConfirmEmailForm(CodeMixin, allauth_forms.ConfirmEmailVerificationCodeForm):
    pass


class ConfirmPhoneForm(CodeMixin, allauth_forms.VerifyPhoneForm):
    pass


class SecondFactorForm(CodeMixin, AuthenticateForm):
    """A code of the app, or one of the recovery codes."""

    code_label = gettext_lazy("Code of the authenticator app, or a recovery code")
