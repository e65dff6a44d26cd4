"""A table taken in the background: what its preview and the import itself leave for the pages of `foundation.ui`.

@table_job("room.preview_things", "room.import_things")
def things(job: Job, report: Report, dry_run: bool) -> JobOutcome:
    outcome = import_things(actor=job.owner, content=content_of(job), file_name=name_of(job), dry_run=dry_run)
    return outcome_of(job, outcome, url=reverse("things"))
"""

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.errors import Refused
from foundation.files.domain import store_file
from foundation.files.models import PrivateFile
from foundation.jobs.kinds import JobOutcome, Report, job_kind
from foundation.jobs.models import Job
from foundation.jobs.policies import IMPORTED
from foundation.tables.errors_sheet import write_error_sheet
from foundation.tables.export import watermark
from foundation.tables.outcome import ImportOutcome

SHOWN_REFUSALS = 200
Take = Callable[[Job, Report, bool], JobOutcome]


def table_job(preview: str, take: str) -> Callable[[Take], Take]:
    """Decorator: `run(job, report, dry_run)` does both jobs of a table: `preview` saves nothing, `take` imports it."""

    def declare(run: Take) -> Take:
        job_kind(preview)(wraps(run)(lambda job, report: run(job, report, True)))
        job_kind(take)(wraps(run)(lambda job, report: run(job, report, False)))
        return run

    return declare


def content_of(job: Job) -> bytes:
    """The uploaded table; raises Refused if it is gone."""
    if job.source_file is None:
        raise Refused(_("The uploaded file is gone: upload it again. Nothing was saved."), code="file_gone")
    with job.source_file.content.open("rb") as stream:
        return bytes(stream.read())


def name_of(job: Job) -> str:
    """The name the table was uploaded under."""
    return job.source_file.name if job.source_file else ""


def outcome_of(job: Job, outcome: ImportOutcome, *, url: str, **more: Any) -> JobOutcome:
    """Counts for the page of the job, for the preview also the sheets with the first refusals, and the error sheet.

    `url` is where the imported rows can be seen; `more` are further plain values to be shown, lists by their length.
    """
    document = outcome.to_json()
    for sheet in document["sheets"]:
        sheet["refused"] = sheet["refused"][:SHOWN_REFUSALS]
    result = {
        "rows": outcome.rows,
        "new": outcome.new,
        "changed": outcome.changed,
        "unchanged": outcome.unchanged,
        "refused": outcome.refused_rows,
        **more,
        "detail": {"sheets": document["sheets"]},
        "url": url,
    }
    return JobOutcome(result, _error_sheet(job, outcome))


def _error_sheet(job: Job, outcome: ImportOutcome) -> PrivateFile | None:
    if not outcome.refused:
        return None
    stream = BytesIO()
    write_error_sheet(stream, outcome, mark=watermark(str(job.owner), timezone.now()))
    name = _("refused rows.xlsx")
    return store_file(content=stream.getvalue(), name=name, purpose=IMPORTED, owner=job.owner, kinds=["xlsx"])
