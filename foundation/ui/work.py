"""From the page that shows what an act would change to the job that does it (`foundation.jobs.work`)."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.errors import DomainError
from foundation.jobs.work import Work, start_work
from foundation.ui.office import Text


def hand_over(
    request: HttpRequest,
    work: Work,
    subject: Model,
    *,
    what: Text,
    back: str = "",
    told: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Start the work for a person, then the page of its job, which leads on to the outcome.

    `what` names the act, `back` is the page that shows its effect (default: this one), `told` what was entered, as
    plain JSON values. Whoever may not, or finds the same work under way by somebody else or with other entries, is told
    so on `back`, and nothing is started.
    """
    back, told = back or request.path, dict(told or {})
    title = _("%(what)s: %(subject)s") % {"what": what, "subject": subject}
    try:
        job = start_work(work, actor=request.user, subject=subject, title=title, back=back, told=told)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return HttpResponseRedirect(back)
    if job.owner_id == request.user.pk and job.arguments["told"] == told:
        return HttpResponseRedirect(f"{reverse('job', args=[job.pk])}?follow=1")
    messages.error(
        request,
        _("%(owner)s has started this already and it is not finished. Wait for its outcome; nothing more was started.")
        % {"owner": job.owner},
    )
    return HttpResponseRedirect(back)
