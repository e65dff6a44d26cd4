"""Who may open a private file: each purpose has one check, in the `policies` of the room that owns the files."""

from collections.abc import Callable
from typing import Any

from django.utils.module_loading import autodiscover_modules

from foundation.files.models import PrivateFile

Check = Callable[[Any, PrivateFile], bool]
_CHECKS: dict[str, Check] = {}


def opens(purpose: str) -> Callable[[Check], Check]:
    """Decorator: `may_open(user, file) -> bool` decides for files of `purpose`. One check per purpose."""

    def register(check: Check) -> Check:
        known = _CHECKS.setdefault(purpose, check)
        if (known.__module__, known.__qualname__) != (check.__module__, check.__qualname__):
            raise ValueError(f"files of the purpose {purpose!r} have two checks: {known} and {check}")
        return check

    return register


def may_open(user: Any, file: PrivateFile) -> bool:
    """False for people who are not signed in and for purposes nobody answers for."""
    autodiscover_modules("policies")
    check = _CHECKS.get(file.purpose)
    return bool(user.is_authenticated and check and check(user, file))
