"""Codes and notices of sign-in, through the outbox like every other message."""

from accounts.models import User
from foundation.messages.domain import send_message
from foundation.messages.models import Channel


def send_by_sms(*, phone: str, kind: str, body: str, recipient: User | None = None) -> None:
    """Put a text message to `phone` (normal form) into the outbox."""
    send_message(channel=Channel.SMS, address=phone, kind=kind, subject="", body=body, recipient=recipient)


def send_by_email(*, email: str, kind: str, subject: str, body: str, recipient: User | None = None) -> None:
    """Put an e-mail into the outbox."""
    send_message(channel=Channel.EMAIL, address=email, kind=kind, subject=subject, body=body, recipient=recipient)
