from typing import Any

from allauth.account import stages

from accounts.enums import UserKind
from accounts.models import User


class EmailVerificationStage(stages.EmailVerificationStage):
    """An e-mail address is confirmed where one is used: not by staff, nor by those who signed up with a phone."""

    def handle(self) -> tuple[Any, bool]:
        user = self.login.user
        if isinstance(user, User):
            user.refresh_from_db(fields=["phone_verified_at"])
            by_phone = user.phone_verified_at is not None and not self.login.email
            if by_phone or user.kind == UserKind.STAFF:
                return None, True
        answer: tuple[Any, bool] = super().handle()
        return answer
