from typing import Any

from allauth.account import stages

from accounts.enums import UserKind
from accounts.models import User


class EmailVerificationStage(stages.EmailVerificationStage):
    """An e-mail address is confirmed where one is used: not by staff, nor by those who signed up with a phone."""

    def handle(self) -> tuple[Any, bool]:
        user = self.login.user
        if isinstance(user, User) and (
            user.kind == UserKind.STAFF or (user.phone_verified_at and not self.login.email)
        ):
            return None, True
        answer: tuple[Any, bool] = super().handle()
        return answer
