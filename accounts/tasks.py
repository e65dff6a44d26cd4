from celery import shared_task

from accounts import audit_chain


@shared_task
def seal_audit_trail() -> int:
    return audit_chain.seal()
