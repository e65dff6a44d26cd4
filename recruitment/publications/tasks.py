"""The press in the background: a release sets off work for everyone on the list, a correction drafts it anew."""

from celery import shared_task
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.queries import system_account
from foundation.jobs.domain import Report
from foundation.jobs.models import Job
from foundation.jobs.work import Left, office_work
from recruitment.publications.domain import release, release_due_lists
from recruitment.publications.models import Publication
from recruitment.publications.policies import may_prepare, may_release
from recruitment.publications.rooms import CORRECTIONS, handed_in

LISTS = Publication.objects.select_related("campaign__unit")


@shared_task
def release_scheduled_lists() -> int:
    """Release the lists whose moment has come; returns how many went out."""
    return len(release_due_lists(actor=system_account()))


@office_work("publications.release", rows=LISTS, rule=may_release)
def release_now(job: Job, publication: Publication, report: Report) -> Left:
    """The release by hand."""
    out = release(actor=job.owner, publication=publication)
    url = reverse("press-publication", args=[out.pk])
    return {"said": _("The list is public."), "url": url, "rows": len(out.rows)}


@office_work("publications.correct", rows=LISTS, rule=may_prepare)
def correction(job: Job, publication: Publication, report: Report) -> Left:
    """The list drafted anew by its own room, to replace this one."""
    return handed_in(CORRECTIONS[publication.kind](job.owner, publication))
