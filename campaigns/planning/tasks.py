"""Imports in the background: first a preview that saves nothing, then the import its owner confirmed."""

from django.urls import reverse

from campaigns.planning.domain import import_positions
from campaigns.planning.models import Campaign
from foundation.jobs.domain import JobOutcome, Report, job_kind
from foundation.jobs.imports import content_of, name_of, outcome_of
from foundation.jobs.models import Job

PREVIEW = "planning.preview_positions"
IMPORT = "planning.import_positions"


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
        content=content_of(job),
        file_name=name_of(job),
        dry_run=dry_run,
        report=report,
    )
    return outcome_of(job, outcome, url=reverse("planning-campaign", args=[campaign.code]), units=outcome.new_units)
