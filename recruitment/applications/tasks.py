"""Acts on all applications of a campaign, in the background."""

from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.planning.models import Campaign
from foundation.jobs.domain import Report
from foundation.jobs.models import Job
from foundation.jobs.work import Left, office_work
from recruitment.applications.domain import check_opening_ratio
from recruitment.applications.policies import may_check_opening


@office_work("applications.check_opening_ratio", rows=Campaign.objects.select_related("unit"), rule=may_check_opening)
def opening_ratio(job: Job, campaign: Campaign, report: Report) -> Left:
    """Positions cut by the rules, as their page has shown it."""
    cut = check_opening_ratio(actor=job.owner, campaign=campaign, **job.arguments["told"])
    url = reverse("opening-ratio", args=[campaign.code])
    return {"said": _("The opening ratio was checked."), "url": url, "positions": len(cut)}
