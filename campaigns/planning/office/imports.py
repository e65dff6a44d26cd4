"""A position table in: upload, preview in the background, confirmation, import in the background."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.office.access import office_page
from campaigns.planning.office.campaigns import plannable
from campaigns.planning.office.forms import FileForm
from campaigns.planning.office.programmes import user_of
from campaigns.planning.policies import may_plan
from campaigns.planning.tasks import FILE_PURPOSE, IMPORT, PREVIEW
from foundation.errors import DomainError
from foundation.files.domain import store_file
from foundation.jobs.domain import start_job
from foundation.jobs.models import Job, JobState

KINDS = ("xlsx", "xls", "csv")


@office_page(may_plan)
def import_upload(request: HttpRequest, code: str) -> HttpResponse:
    campaign = plannable(request, code)
    form = FileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        user = user_of(request)
        try:
            file = store_file(content=upload, name=upload.name, purpose=FILE_PURPOSE, owner=user, kinds=KINDS)
        except DomainError as refusal:
            form.add_error("file", refusal.message)
        else:
            job = start_job(
                kind=PREVIEW,
                title=_("Preview of %(file)s") % {"file": file.name},
                owner=user,
                arguments={"campaign": campaign.pk},
                source_file=file,
            )
            return redirect("planning-import-preview", code, job.pk)
    context = {"form": form, "campaign": campaign, "page_title": _("Import positions")}
    return render(request, "planning/office/import.html", context)


def _preview(request: HttpRequest, campaign_id: int, pk: uuid.UUID) -> Job:
    jobs = Job.objects.filter(owner=user_of(request), kind=PREVIEW, arguments__campaign=campaign_id)
    return get_object_or_404(jobs.select_related("source_file", "error_sheet"), pk=pk)


@office_page(may_plan)
def import_preview(request: HttpRequest, code: str, pk: uuid.UUID) -> HttpResponse:
    campaign = plannable(request, code)
    job = _preview(request, campaign.pk, pk)
    result = job.result
    context = {
        "campaign": campaign,
        "job": job,
        "result": result,
        "sheets": result.get("detail", {}).get("sheets", []),
        "has_work": bool(result.get("new") or result.get("changed")),
        "page_title": job.title,
    }
    return render(request, "planning/office/import_preview.html", context)


@require_POST
@office_page(may_plan)
def import_confirm(request: HttpRequest, code: str, pk: uuid.UUID) -> HttpResponse:
    campaign = plannable(request, code)
    preview = _preview(request, campaign.pk, pk)
    if preview.state != JobState.DONE:
        messages.error(request, _("The preview is not finished. Nothing was saved."))
        return redirect("planning-import-preview", code, pk)
    name = preview.source_file.name if preview.source_file else ""
    job = start_job(
        kind=IMPORT,
        title=_("Import of %(file)s") % {"file": name},
        owner=user_of(request),
        arguments={"campaign": campaign.pk},
        source_file=preview.source_file,
    )
    return redirect("job", job.pk)
