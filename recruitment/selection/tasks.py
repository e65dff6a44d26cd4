"""Acts on a selection as a whole, in the background."""

from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.planning.models import Campaign
from foundation.jobs.domain import Report
from foundation.jobs.models import Job
from foundation.jobs.work import Left, office_work
from recruitment.publications.policies import may_prepare
from recruitment.publications.rooms import handed_in
from recruitment.selection.domain import rank_selection
from recruitment.selection.lists import prepare_selection
from recruitment.selection.policies import may_run_selection

SELECTIONS = Campaign.objects.select_related("unit")


@office_work("selection.rank_selection", rows=SELECTIONS, rule=may_run_selection)
def ranking(job: Job, selection: Campaign, report: Report) -> Left:
    """The ranking as its page has shown it."""
    results = rank_selection(actor=job.owner, campaign=selection, report=report)
    url = reverse("selection", args=[selection.code])
    return {"said": _("The ranking was made."), "url": url, "people": len(results)}


@office_work("selection.prepare_selection", rows=SELECTIONS, rule=may_prepare)
def result_list(job: Job, selection: Campaign, report: Report) -> Left:
    """The result as a draft for the press."""
    return handed_in(prepare_selection(actor=job.owner, campaign=selection, report=report))
