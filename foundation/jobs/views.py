import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from foundation.errors import DomainError
from foundation.jobs.domain import retry_job
from foundation.jobs.models import Job
from foundation.jobs.office import is_staff_member
from foundation.jobs.progress import progress_of
from foundation.jobs.queries import visible_to

LABELS = {
    "rows": _("Rows"),
    "new": _("New"),
    "changed": _("Changed"),
    "removed": _("Removed"),
    "unchanged": _("Unchanged"),
    "refused": _("Refused"),
    "people": _("People"),
    "positions": _("Positions"),
    "applications": _("Applications"),
    "messages": _("Messages"),
    "units": _("New units"),
    "old_names": _("Entries with old names"),
    "groups": _("Broad groups"),
}
# So long a job without script is looked at every second, later every third.
YOUNG = timedelta(seconds=10)
# Values of a result that the page shows in its own way.
APART = ("url", "said")


def _find(request: HttpRequest, pk: uuid.UUID) -> Job:
    return get_object_or_404(visible_to(request.user).select_related("error_sheet"), pk=pk)


def facts_of(result: dict[str, Any]) -> list[tuple[str, Any]]:
    """The plain values of a result; a list counts as its length."""
    shown = {key: len(value) if isinstance(value, list) else value for key, value in result.items() if key not in APART}
    return [(str(LABELS.get(key, key)), value) for key, value in shown.items() if isinstance(value, str | int | float)]


def _own_address(address: str) -> str:
    return address if address.startswith("/") and not address.startswith("//") else ""


def _percent(done: int, total: int) -> int:
    return min(100, 100 * done // total) if total else 0


@require_safe
@never_cache
@login_required
def job_page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Progress, result, error sheet and retry of one job. Without script the page looks again by itself.

    Of `job.result` the plain values are shown under their labels; `url`, an address of this site, as a link. Whoever
    waits here after the act itself (`?follow`) is led on to `url` once the work is done, with the words of `said`.
    """
    job = _find(request, pk)
    next_url, said = _own_address(job.result.get("url", "")), job.result.get("said", "")
    if "follow" in request.GET and said and next_url:
        messages.success(request, said)
        return redirect(next_url)
    progress = progress_of(job)
    context: dict[str, Any] = {
        "job": job,
        "progress": progress,
        "pause": 1 if timezone.now() - job.created_at < YOUNG else 3,
        "percent": 100 if job.state == "done" else _percent(progress.done, progress.total),
        "result": facts_of(job.result),
        "next_url": next_url,
        "said": said,
        "back": _own_address(job.arguments.get("back", "")),
        "in_office": is_staff_member(request.user),
    }
    return render(request, "foundation/job.html", context)


@require_safe
@never_cache
@login_required
def job_state(request: HttpRequest, pk: uuid.UUID) -> JsonResponse:
    """For the page's script: {state, label, done, total, percent, finished}."""
    job = _find(request, pk)
    progress = progress_of(job)
    return JsonResponse(
        {
            "state": job.state,
            "label": job.get_state_display(),
            "done": progress.done,
            "total": progress.total,
            "percent": _percent(progress.done, progress.total),
            "finished": job.is_finished,
        }
    )


@require_POST
@login_required
def job_retry(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    job = _find(request, pk)
    try:
        retry_job(actor=request.user, job=job)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect(f"{reverse('job', args=[pk])}?follow=1")
