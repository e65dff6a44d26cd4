"""Codes and notices of sign-in, through the outbox like every other message."""

from accounts.models import User
from foundation.messages.models import Channel, Message


def send_by_sms(*, phone: str, kind: str, body: str, recipient: User | None = None) -> None:
    """Put a text message to `phone` (normal form) into the outbox."""
    _send(Channel.SMS, phone, kind, "", body, recipient)


def send_by_email(*, email: str, kind: str, subject: str, body: str, recipient: User | None = None) -> None:
    """Put an e-mail into the outbox."""
    _send(Channel.EMAIL, email, kind, subject, body, recipient)


def _send(channel: str, address: str, kind: str, subject: str, body: str, recipient: User | None) -> None:
    Message.objects.create(channel=channel, address=address, kind=kind, subject=subject, body=body, recipient=recipient)
