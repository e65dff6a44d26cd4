"""Sign-in of candidates and staff through allauth: one door for both, with different keys."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings

from foundation.fields import decrypt, encrypt

_SECRET = "mfa.authenticator.secret"  # noqa: S105 (the name under which the ciphertext is bound)


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in of candidates and staff."""


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
        if authenticator.user.kind != "staff" or not settings.SECOND_FACTOR_REQUIRED:
            return True
        if authenticator.type == Authenticator.Type.RECOVERY_CODES:
            return True
        factors = Authenticator.objects.filter(user=authenticator.user).exclude(type=Authenticator.Type.RECOVERY_CODES)
        return factors.count() > 1
