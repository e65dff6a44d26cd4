from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in of candidates and staff."""


class MFAAdapter(DefaultMFAAdapter):
    """Second factor of staff."""
