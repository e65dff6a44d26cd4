"""How a message leaves: into the local outbox page only, or by e-mail and a text-message service."""

import logging
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string

from foundation.messages.models import Channel, Message

logger = logging.getLogger(__name__)


class SmsAdapter(Protocol):
    """A county's text-message service: one class with this method, named by SMS_ADAPTER."""

    def send(self, *, phone: str, text: str, reference: str) -> None:
        """Hand over one text; raise any exception if it was not accepted. The same `reference` is one message."""


class ConsoleSms:
    """Writes that a text would have been sent, without number and text: for machines without a service."""

    def send(self, *, phone: str, text: str, reference: str) -> None:
        logger.info("text message not sent: no service is configured", extra={"reference": reference})


def hand_over(message: Message) -> None:
    """Give `message` to its channel; any exception means that it was not accepted and will be tried again."""
    if settings.MESSAGE_TRANSPORT == "outbox":
        return
    if message.channel == Channel.EMAIL:
        EmailMessage(subject=message.subject, body=message.body, to=[message.address]).send()
    else:
        adapter: SmsAdapter = import_string(settings.SMS_ADAPTER)()
        adapter.send(phone=message.address, text=message.body, reference=message.key or f"message-{message.pk}")
