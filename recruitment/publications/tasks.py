from celery import shared_task

from accounts.queries import system_account
from recruitment.publications.domain import release_due_lists


@shared_task
def release_scheduled_lists() -> int:
    """Release the lists whose moment has come; returns how many went out."""
    return len(release_due_lists(actor=system_account()))
