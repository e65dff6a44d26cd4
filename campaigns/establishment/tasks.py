"""Permits from a sheet in the background: first a preview that saves nothing, then the import its owner confirmed."""

from collections import Counter
from datetime import date
from io import BytesIO

from celery import shared_task
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Unit, User
from accounts.queries import system_account
from campaigns.establishment.domain import compare_ledgers, expire_permits, forget_ledger_sheets, import_permits
from campaigns.establishment.domain.retention import LEDGER_PURPOSE
from foundation.errors import Refused
from foundation.files.domain import store_file
from foundation.files.models import PrivateFile
from foundation.files.policies import opens
from foundation.jobs.domain import JobOutcome, Report, job_kind
from foundation.jobs.models import Job
from foundation.tables.errors_sheet import write_error_sheet
from foundation.tables.outcome import ImportOutcome

FILE_PURPOSE = "establishment.import"
PREVIEW = "establishment.preview_permits"
IMPORT = "establishment.import_permits"
COMPARE = "establishment.compare_ledgers"


@opens(FILE_PURPOSE)
def may_open_import(user: User, file: PrivateFile) -> bool:
    """A sheet that was uploaded, and its error sheet: only for whoever uploaded it."""
    return file.owner_id == user.pk


@opens(LEDGER_PURPOSE)
def may_open_ledger(user: User, file: PrivateFile) -> bool:
    """A sheet of the official ledger holds names: only for whoever uploaded it."""
    return file.owner_id == user.pk


@job_kind(PREVIEW)
def preview(job: Job, report: Report) -> JobOutcome:
    """What the sheet would do, row by row."""
    return _run(job, dry_run=True)


@job_kind(IMPORT)
def take(job: Job, report: Report) -> JobOutcome:
    """The import itself, in the transaction that marks the job as done."""
    return _run(job, dry_run=False)


@job_kind(COMPARE)
def compare(job: Job, report: Report) -> JobOutcome:
    """The comparison with a sheet of the official ledger; no post is changed."""
    content, name = _upload(job)
    found = compare_ledgers(
        actor=job.owner, unit=Unit.objects.get(pk=job.arguments["unit"]), content=content, file_name=name,
        as_on=date.fromisoformat(job.arguments["as_on"]),
    )  # fmt: skip
    counts = Counter(found.rows.values_list("kind", flat=True))
    url = reverse("posts-reconciliation", args=[found.pk])
    return JobOutcome({**counts, "unread": len(found.problems), "reconciliation": found.pk, "url": url})


def _upload(job: Job) -> tuple[bytes, str]:
    if job.source_file is None:
        raise Refused(_("The uploaded file is gone: upload it again. Nothing was saved."), code="file_gone")
    with job.source_file.content.open("rb") as stream:
        return bytes(stream.read()), job.source_file.name


def _run(job: Job, *, dry_run: bool) -> JobOutcome:
    content, name = _upload(job)
    outcome = import_permits(actor=job.owner, content=content, file_name=name, dry_run=dry_run)
    sheets = outcome.to_json()["sheets"]
    result = {
        "rows": sum(sheet["rows"] for sheet in sheets),
        "new": sum(sheet["new"] for sheet in sheets),
        "unchanged": sum(sheet["unchanged"] for sheet in sheets),
        "refused": sum(len(sheet["refused"]) for sheet in sheets),
        "detail": {"sheets": sheets},
        "url": reverse("posts_permits:index"),
    }
    return JobOutcome(result, _error_sheet(outcome, job))


def _error_sheet(outcome: ImportOutcome, job: Job) -> PrivateFile | None:
    if not outcome.refused:
        return None
    stream = BytesIO()
    write_error_sheet(stream, outcome)
    name = _("refused rows.xlsx")
    return store_file(content=stream.getvalue(), name=name, purpose=FILE_PURPOSE, owner=job.owner, kinds=["xlsx"])


@shared_task
def expire_ended_permits() -> int:
    """Nightly: permitted posts of permits that have ended are only allocated again; returns how many."""
    return expire_permits(actor=system_account(), on=timezone.localdate())


@shared_task
def forget_old_ledger_sheets() -> int:
    """Nightly: sheets of the official ledger whose comparison is long closed are removed; returns how many."""
    return forget_ledger_sheets(actor=system_account(), now=timezone.now())
