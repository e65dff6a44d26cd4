"""Sheets of permits and of the official ledger in the background, and what ends by itself at night."""

from datetime import date

from celery import shared_task
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Unit, User
from accounts.queries import system_account
from campaigns.establishment.domain import compare_ledgers, expire_permits, forget_ledger_sheets, import_permits
from campaigns.establishment.domain.retention import LEDGER_PURPOSE
from foundation.files.models import PrivateFile
from foundation.files.policies import opens
from foundation.jobs.domain import JobOutcome, Report, job_kind
from foundation.jobs.imports import content_of, name_of, outcome_of, table_job
from foundation.jobs.models import Job

PREVIEW = "establishment.preview_permits"
IMPORT = "establishment.import_permits"
COMPARE = "establishment.compare_ledgers"


@opens(LEDGER_PURPOSE)
def may_open_ledger(user: User, file: PrivateFile) -> bool:
    """A sheet of the official ledger holds names: only for whoever uploaded it."""
    return file.owner_id == user.pk


@table_job(PREVIEW, IMPORT)
def permits(job: Job, report: Report, dry_run: bool) -> JobOutcome:
    """A sheet of permits, row by row."""
    outcome = import_permits(actor=job.owner, content=content_of(job), file_name=name_of(job), dry_run=dry_run)
    return outcome_of(job, outcome, url=reverse("posts_permits:index"))


@job_kind(COMPARE)
def compare(job: Job, report: Report) -> JobOutcome:
    """The comparison with a sheet of the official ledger; no post is changed."""
    found = compare_ledgers(
        actor=job.owner, unit=Unit.objects.get(pk=job.arguments["unit"]), content=content_of(job),
        file_name=name_of(job), as_on=date.fromisoformat(job.arguments["as_on"]),
    )  # fmt: skip
    url = reverse("posts-reconciliation", args=[found.pk])
    said = _("The sheet was compared with our posts.")
    return JobOutcome({"rows": found.rows.count(), "refused": len(found.problems), "said": said, "url": url})


@shared_task
def expire_ended_permits() -> int:
    """Nightly: permitted posts of permits that have ended are only allocated again; returns how many."""
    return expire_permits(actor=system_account(), on=timezone.localdate())


@shared_task
def forget_old_ledger_sheets() -> int:
    """Nightly: sheets of the official ledger whose comparison is long closed are removed; returns how many."""
    return forget_ledger_sheets(actor=system_account(), now=timezone.now())
