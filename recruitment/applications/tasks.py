"""Acts on all applications of a campaign, in the background."""

from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.planning.models import Campaign
from foundation.jobs.domain import Report
from foundation.jobs.models import Job
from foundation.jobs.work import Left, office_work
from recruitment.applications.domain import check_opening_ratio, extend_registration, merge_positions
from recruitment.applications.policies import may_check_opening


@office_work("applications.check_opening_ratio", rows=Campaign.objects.select_related("unit"), rule=may_check_opening)
def opening_ratio(job: Job, campaign: Campaign, report: Report) -> Left:
    """Positions cut by the rules, as their page has shown it."""
    cut = check_opening_ratio(actor=job.owner, campaign=campaign, **job.arguments["told"])
    url = reverse("opening-ratio", args=[campaign.code])
    return {"said": _("The opening ratio was checked."), "url": url, "positions": len(cut)}


@office_work("applications.extend_registration", rows=Campaign.objects.select_related("unit"), rule=may_check_opening)
def extension(job: Job, campaign: Campaign, report: Report) -> Left:
    """Registration opened again, as the page of the opening ratio has announced it."""
    extend_registration(actor=job.owner, campaign=campaign, **job.arguments["told"])
    url = reverse("opening-ratio", args=[campaign.code])
    return {"said": _("Registration was extended; a notice of it is drafted."), "url": url}


@office_work("applications.merge_positions", rows=Campaign.objects.select_related("unit"), rule=may_check_opening)
def merger(job: Job, campaign: Campaign, report: Report) -> Left:
    """A position put into another, as the page of the opening ratio has announced it."""
    people = merge_positions(actor=job.owner, campaign=campaign, **job.arguments["told"])
    url = reverse("opening-ratio", args=[campaign.code])
    return {"said": _("The positions were merged; a notice of it is drafted."), "url": url, "people": people}
