import uuid

from celery import shared_task
from django.core.management import call_command

from foundation.jobs import domain


@shared_task
def run_job(job_id: str) -> bool:
    return domain.run_job(job_id=uuid.UUID(job_id))


@shared_task
def resume_lost_jobs() -> int:
    return domain.resume_lost_jobs()


@shared_task
def publish_scheduled_pages() -> None:
    call_command("publish_scheduled", verbosity=0)
