from celery import shared_task

from foundation.messages.domain import deliver_due_messages, deliver_message


@shared_task
def send_one_message(message_id: int) -> None:
    deliver_message(message_id=message_id)


@shared_task
def send_due_messages() -> int:
    return deliver_due_messages()
