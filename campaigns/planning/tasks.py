"""Imports in the background: first a preview that saves nothing, then the import its owner confirmed."""

from io import BytesIO
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.planning.domain import import_positions
from campaigns.planning.import_report import ImportReport
from campaigns.planning.models import Campaign
from foundation.errors import Refused
from foundation.files.domain import store_file
from foundation.files.models import PrivateFile
from foundation.jobs.domain import JobOutcome, Report, job_kind
from foundation.jobs.models import Job
from foundation.tables.errors_sheet import write_error_sheet

FILE_PURPOSE = "planning.import"
PREVIEW = "planning.preview_positions"
IMPORT = "planning.import_positions"
SHOWN_REFUSALS = 200


@job_kind(PREVIEW)
def preview(job: Job, report: Report) -> JobOutcome:
    """What the file would do, with the refused rows for the page."""
    return _run(job, report, dry_run=True)


@job_kind(IMPORT)
def take(job: Job, report: Report) -> JobOutcome:
    """The import itself, in the transaction that marks the job as done."""
    return _run(job, report, dry_run=False)


def _run(job: Job, report: Report, *, dry_run: bool) -> JobOutcome:
    campaign = Campaign.objects.select_related("unit").get(pk=job.arguments["campaign"])
    outcome = import_positions(
        actor=job.owner,
        campaign=campaign,
        content=_content(job.source_file),
        file_name=job.source_file.name if job.source_file else "",
        dry_run=dry_run,
        report=report,
    )
    return JobOutcome(_result(outcome, campaign), _error_sheet(outcome, job))


def _content(file: PrivateFile | None) -> bytes:
    if file is None:
        raise Refused(_("The uploaded file is gone: upload it again. Nothing was saved."), code="file_gone")
    with file.content.open("rb") as stream:
        return bytes(stream.read())


def _result(outcome: ImportReport, campaign: Campaign) -> dict[str, Any]:
    """Counts for the job page, and for the preview page what each sheet holds and why rows are refused."""
    document = outcome.to_json()
    for sheet in document["sheets"]:
        sheet["refused"] = sheet["refused"][:SHOWN_REFUSALS]
    return {
        "rows": sum(sheet.rows for sheet in outcome.sheets),
        "new": outcome.new,
        "changed": outcome.changed,
        "unchanged": outcome.unchanged,
        "refused": outcome.refused_rows,
        "units": outcome.new_units,
        "detail": {"sheets": document["sheets"]},
        "url": reverse("planning-campaign", args=[campaign.code]),
    }


def _error_sheet(outcome: ImportReport, job: Job) -> PrivateFile | None:
    if not outcome.refused:
        return None
    stream = BytesIO()
    write_error_sheet(stream, outcome)
    name = _("refused rows.xlsx")
    return store_file(content=stream.getvalue(), name=name, purpose=FILE_PURPOSE, owner=job.owner, kinds=["xlsx"])
