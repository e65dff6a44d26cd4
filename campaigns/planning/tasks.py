"""Position tables in the background, first as a preview that saves nothing; a campaign's publication and its end."""

from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.planning.domain import import_majors, import_positions, publish_campaign, void_campaign
from campaigns.planning.models import Campaign
from campaigns.planning.policies import may_publish
from foundation.jobs.domain import JobOutcome, Report
from foundation.jobs.imports import content_of, name_of, outcome_of, table_job
from foundation.jobs.models import Job
from foundation.jobs.work import Left, office_work

PREVIEW = "planning.preview_positions"
IMPORT = "planning.import_positions"
PREVIEW_MAJORS = "planning.preview_majors"
IMPORT_MAJORS = "planning.import_majors"
CAMPAIGNS = Campaign.objects.select_related("unit")


@table_job(PREVIEW, IMPORT)
def positions(job: Job, report: Report, dry_run: bool) -> JobOutcome:
    """A position table of a campaign."""
    campaign = CAMPAIGNS.get(pk=job.arguments["campaign"])
    outcome = import_positions(
        actor=job.owner,
        campaign=campaign,
        content=content_of(job),
        file_name=name_of(job),
        dry_run=dry_run,
        report=report,
    )
    return outcome_of(job, outcome, url=reverse("planning-campaign", args=[campaign.code]), units=outcome.new_units)


@table_job(PREVIEW_MAJORS, IMPORT_MAJORS)
def majors(job: Job, report: Report, dry_run: bool) -> JobOutcome:
    """A published catalogue of majors."""
    found = import_majors(
        actor=job.owner,
        content=content_of(job),
        file_name=name_of(job),
        name=job.arguments["name"],
        edition=job.arguments["edition"],
        dry_run=dry_run,
    )
    result = {name: getattr(found, name) for name in ("new", "changed", "removed", "unchanged", "old_names", "groups")}
    detail = {"key": found.key, "levels": found.levels}
    return JobOutcome({**result, "detail": detail, "url": reverse("planning-catalogues")})


@office_work("planning.publish_campaign", rows=CAMPAIGNS, rule=may_publish)
def publication(job: Job, campaign: Campaign, report: Report) -> Left:
    """Going public: rules frozen, posts reserved, positions open."""
    publish_campaign(actor=job.owner, campaign=campaign)
    url = reverse("planning-campaign", args=[campaign.code])
    return {"said": _("The campaign is public."), "url": url, "positions": campaign.positions.count()}


@office_work("planning.void_campaign", rows=CAMPAIGNS, rule=may_publish)
def voiding(job: Job, campaign: Campaign, report: Report) -> Left:
    """The end of a campaign that shall not have been: its posts are given back."""
    void_campaign(actor=job.owner, campaign=campaign, **job.arguments["told"])
    return {"said": _("The campaign was voided."), "url": reverse("planning-campaign", args=[campaign.code])}
