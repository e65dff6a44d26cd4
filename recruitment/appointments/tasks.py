"""Acts on everyone of a campaign who is on the way to a post, in the background."""

from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.planning.models import Campaign
from foundation.jobs.domain import Report
from foundation.jobs.models import Job
from foundation.jobs.work import Left, office_work
from recruitment.appointments.domain import open_appointments, prepare_notice
from recruitment.appointments.policies import may_open
from recruitment.publications.rooms import handed_in

CAMPAIGNS = Campaign.objects.select_related("unit")


@office_work("appointments.open_appointments", rows=CAMPAIGNS, rule=may_open)
def take_over(job: Job, campaign: Campaign, report: Report) -> Left:
    """Everyone proposed or agreed is handed over."""
    opened = open_appointments(actor=job.owner, campaign=campaign, report=report)
    url = f"{reverse('appointments')}?campaign={campaign.code}"
    return {"said": _("They are handed over; the medical exam comes next."), "url": url, "people": len(opened)}


@office_work("appointments.prepare_notice", rows=CAMPAIGNS, rule=may_open)
def notice(job: Job, campaign: Campaign, report: Report) -> Left:
    """The list of proposed hires as a draft for the press."""
    return handed_in(prepare_notice(actor=job.owner, campaign=campaign))
