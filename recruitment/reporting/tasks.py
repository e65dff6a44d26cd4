"""Scheduled work of the reporting room."""

import logging

from celery import shared_task

from accounts.queries import system_account
from recruitment.reporting.slot_checks import run_checks

logger = logging.getLogger(__name__)


@shared_task
def check_slots_nightly() -> int:
    """Prove the ledger of posts and write down what came of it; returns the number of findings."""
    findings = run_checks(actor=system_account())
    if findings:
        logger.error("the ledger of posts has %s broken invariants", len(findings))
    return len(findings)
