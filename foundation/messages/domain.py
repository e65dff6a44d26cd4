"""Sending e-mails and text messages: written with the verb that causes them, handed over after it is committed."""

import logging
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.messages.models import Message, MessageState
from foundation.messages.transports import hand_over

logger = logging.getLogger(__name__)

# Minutes to wait before the second, third … attempt; then the message has failed for good.
RETRY_MINUTES = (1, 5, 30, 120)
BATCH = 1000


def send_message(
    *,
    channel: str,
    address: str,
    kind: str,
    subject: str,
    body: str,
    recipient: Any = None,
    key: str | None = None,
) -> Message:
    """Write a message in the caller's transaction; it leaves once that is committed, and never if it is not.

    `kind` is "room.what". With a `key` the message is written once however often the verb runs: a later call returns
    the first message unchanged.
    """
    fields = {
        "channel": channel,
        "address": address,
        "kind": kind,
        "subject": subject[:200],
        "body": body,
        "recipient": recipient,
    }
    if key is not None:
        try:
            with transaction.atomic():
                message, created = Message.objects.get_or_create(key=key, defaults=fields)
        except IntegrityError:
            message, created = Message.objects.get(key=key), False
    else:
        message, created = Message.objects.create(**fields), True
    if created:
        transaction.on_commit(partial(_after_commit, message.pk))
    return message


def send_messages(messages: Iterable[Message]) -> None:
    """Write many unsaved messages in the caller's transaction, one statement per thousand.

    A message whose `key` is known already is left out. They leave together once the transaction is committed.
    """
    rows = list(messages)
    if rows:
        Message.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
        transaction.on_commit(partial(_after_commit_of_many, len(rows)))


def _after_commit_of_many(count: int) -> None:
    if settings.TASK_MODE == "celery":
        from foundation.messages.tasks import send_due_messages

        send_due_messages.delay()
    elif settings.TASK_MODE == "eager":
        deliver_due_messages(limit=count)


def _after_commit(message_id: int) -> None:
    """Hand over at once where a worker or nobody else does it; the background process looks for itself."""
    if settings.TASK_MODE == "celery":
        from foundation.messages.tasks import send_one_message

        send_one_message.delay(message_id)
    elif settings.TASK_MODE == "eager":
        deliver_message(message_id=message_id)


def deliver_message(*, message_id: int) -> bool:
    """Hand one due message over; True if it was accepted. Of two callers at once only one hands it over."""
    now = timezone.now()
    due = Message.objects.filter(pk=message_id, state=MessageState.WAITING, due_at__lte=now)
    message = due.first()
    if message is None:
        return False
    attempt = message.attempts + 1
    # Claimed by moving its due time: a process killed while sending leaves it to be tried again.
    wait = RETRY_MINUTES[min(message.attempts, len(RETRY_MINUTES) - 1)]
    claimed = due.filter(attempts=message.attempts).update(attempts=attempt, due_at=now + timedelta(minutes=wait))
    if not claimed:
        return False
    try:
        hand_over(message)
    except Exception as problem:
        failed = attempt > len(RETRY_MINUTES)
        logger.warning(
            "message not accepted",
            extra={"message_id": message_id, "attempt": attempt, "error": type(problem).__name__},
        )
        state = MessageState.FAILED if failed else MessageState.WAITING
        Message.objects.filter(pk=message_id).update(state=state, problem=type(problem).__name__)
        return False
    Message.objects.filter(pk=message_id).update(state=MessageState.SENT, sent_at=timezone.now(), problem="")
    return True


def deliver_due_messages(*, limit: int = 500) -> int:
    """Hand over what is due, oldest first; the number accepted."""
    due = Message.objects.filter(state=MessageState.WAITING, due_at__lte=timezone.now()).order_by("due_at", "id")
    return sum(deliver_message(message_id=pk) for pk in list(due.values_list("pk", flat=True)[:limit]))
