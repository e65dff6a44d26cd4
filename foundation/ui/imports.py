"""A table in, page by page: upload, preview in the background, confirmation, import in the background.

A room gives an `ImportFlow`, subclasses the three pages with its own `find`, `rule` and `arguments`, and includes
`ui/office/import_upload.html` and `ui/office/import_preview.html` in templates of its own. The jobs end with
`foundation.jobs.imports.outcome_of`; the result is shown on the page of the job.
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.errors import DomainError
from foundation.files.domain import store_file
from foundation.jobs.domain import start_job
from foundation.jobs.models import Job, JobState
from foundation.jobs.policies import IMPORTED
from foundation.jobs.views import facts_of
from foundation.ui.office import OfficePage

TABLES = ("xlsx", "xls", "csv")


class TableForm(forms.Form):
    """The one field of an upload."""

    file = forms.FileField(
        label=gettext_lazy("Table"), help_text=gettext_lazy("Excel (.xlsx, .xls) or CSV, at most 50 MB.")
    )


@dataclass(frozen=True)
class ImportFlow:
    """The URL name of the upload page, whose followers are `<url>-preview` and `<url>-confirm`, two kinds of job."""

    url: str
    preview: str
    take: str


class ImportPage(OfficePage):
    """What the three pages share: whose table it is and where the others are."""

    flow: ImportFlow

    def arguments(self) -> dict[str, Any]:
        """What the jobs need besides the table, as plain values: ids and options, never personal data."""
        raise NotImplementedError

    def address(self, step: str = "", **more: Any) -> str:
        """The page `step` ("", "-preview", "-confirm") of the same import."""
        place = {name: value for name, value in self.kwargs.items() if name != "pk"}
        return reverse(f"{self.flow.url}{step}", kwargs={**place, **more})

    def preview(self) -> Job:
        """The preview of the address, if the person started it for just this import; else Http404."""
        wanted = {f"arguments__{name}": value for name, value in self.arguments().items()}
        jobs = Job.objects.filter(owner=self.request.user.pk, kind=self.flow.preview, **wanted)
        return get_object_or_404(jobs.select_related("source_file", "error_sheet"), pk=self.kwargs["pk"])


class ImportUpload(ImportPage):
    """Choose a table; its preview starts at once. `form_class` may ask for more, which `extras` hands to the jobs."""

    form_class: type[TableForm] = TableForm

    def extras(self, form: TableForm) -> dict[str, Any]:
        """What was asked besides the table, as plain values without personal data."""
        return {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"form": self.form_class(), **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST, request.FILES)
        if form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                file = store_file(content=upload, name=upload.name, purpose=IMPORTED, owner=request.user, kinds=TABLES)
            except DomainError as refusal:
                form.add_error("file", refusal.message)
            else:
                job = start_job(
                    kind=self.flow.preview,
                    title=_("Preview of %(file)s") % {"file": file.name},
                    owner=request.user,
                    arguments={**self.arguments(), **self.extras(form)},
                    source_file=file,
                )
                return HttpResponseRedirect(self.address("-preview", pk=job.pk))
        return self.render_to_response(self.get_context_data(form=form))


class ImportPreview(ImportPage):
    """What the table would do: counts, and why rows are refused. Nothing is saved yet."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        job = self.preview()
        result = job.result
        return super().get_context_data(
            job=job,
            result=result,
            figures=facts_of(result),
            sheets=result.get("detail", {}).get("sheets", []),
            has_work=any(result.get(name) for name in ("new", "changed", "removed")),
            upload_url=self.address(),
            confirm_url=self.address("-confirm", pk=job.pk),
            **kwargs,
        )


class ImportConfirm(ImportPage):
    """The person confirms the preview: the import starts and its page is shown."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        preview = self.preview()
        if preview.state != JobState.DONE:
            messages.error(request, _("The preview is not finished. Nothing was saved."))
            return HttpResponseRedirect(self.address("-preview", pk=preview.pk))
        job = start_job(
            kind=self.flow.take,
            title=_("Import of %(file)s") % {"file": preview.source_file.name if preview.source_file else ""},
            owner=request.user,
            arguments=preview.arguments,
            source_file=preview.source_file,
            lane=f"{self.flow.take}:{preview.pk}",
        )
        return redirect("job", job.pk)
