"""Catalogues of majors: which there are, what stands in one, and a table in after a look at what it changes."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.office.access import office_page
from campaigns.planning import domain
from campaigns.planning.models import MajorCatalogue, StudyLevel
from campaigns.planning.office.forms import CatalogueForm
from campaigns.planning.office.programmes import user_of
from campaigns.planning.policies import may_keep_catalogues
from campaigns.planning.queries import catalogue_uses
from foundation.errors import DomainError
from foundation.files.domain import drop_file, store_file
from foundation.files.models import PrivateFile
from foundation.jobs.policies import IMPORTED
from foundation.tables.errors import TableError
from rulebook.conditions.catalogue import national

KINDS = ("xlsx", "xls", "csv")


@office_page(may_keep_catalogues)
def catalogue_list(request: HttpRequest) -> HttpResponse:
    rows = MajorCatalogue.objects.select_related("imported_by").annotate(entries=Count("majors"))
    built_in = national()
    context = {
        "catalogues": rows,
        "uses": catalogue_uses(),
        "built_in": len(built_in.entries),
        "built_in_edition": built_in.edition,
        "page_title": _("Catalogues of majors"),
    }
    return render(request, "planning/office/catalogues.html", context)


@office_page(may_keep_catalogues)
def catalogue_page(request: HttpRequest, pk: int) -> HttpResponse:
    catalogue = get_object_or_404(MajorCatalogue.objects.select_related("imported_by"), pk=pk)
    counted = dict(catalogue.majors.values_list("level").annotate(Count("pk")).order_by())
    context = {
        "catalogue": catalogue,
        "levels": [(level.label, counted.get(level.value, 0)) for level in StudyLevel],
        "groups": catalogue.groups.annotate(members=Count("majors")),
        "uses": catalogue_uses().get(catalogue.key, []),
        "crumbs": [(_("Catalogues of majors"), reverse("planning-catalogues"))],
        "page_title": catalogue.key,
    }
    return render(request, "planning/office/catalogue.html", context)


@office_page(may_keep_catalogues)
def catalogue_import(request: HttpRequest) -> HttpResponse:
    """First the file, its name and edition; then what it would change; only then is it saved."""
    kept = _kept_file(request)
    form = CatalogueForm(request.POST or None, request.FILES or None, has_file=kept is not None)
    report = None
    if form.is_valid():
        report, kept = _previewed(request, form, kept)
        if report and report.saved:
            return redirect("planning-catalogues")
    context = {
        "form": form,
        "report": report,
        "file": kept,
        "levels": [(StudyLevel(level).label, *counts) for level, *counts in report.levels] if report else [],
        "crumbs": [(_("Catalogues of majors"), reverse("planning-catalogues"))],
        "page_title": _("Import a catalogue of majors"),
    }
    return render(request, "planning/office/catalogue_import.html", context)


def _kept_file(request: HttpRequest) -> PrivateFile | None:
    """The file uploaded in the step before, if it is this person's own."""
    pk = request.POST.get("kept", "")
    files = PrivateFile.objects.filter(owner=user_of(request), purpose=IMPORTED)
    return get_object_or_404(files, pk=pk) if pk else None


def _previewed(
    request: HttpRequest, form: CatalogueForm, kept: PrivateFile | None
) -> tuple[domain.MajorsReport | None, PrivateFile | None]:
    """The report of a dry run, or of the import itself once it is confirmed; errors stand at the field."""
    user = user_of(request)
    confirmed = kept is not None and "confirm" in request.POST
    try:
        if kept is None:
            upload = form.cleaned_data["file"]
            kept = store_file(content=upload, name=upload.name, purpose=IMPORTED, owner=user, kinds=KINDS)
        arguments: dict[str, Any] = {"name": form.cleaned_data["name"], "edition": form.cleaned_data["edition"]}
        with kept.content.open("rb") as stream:
            content = stream.read()
        report = domain.import_majors(
            actor=user, content=content, file_name=kept.name, dry_run=not confirmed, **arguments
        )  # fmt: skip
    except DomainError as refusal:
        field = refusal.code if refusal.code in ("name", "edition") else "file"
        form.add_error(field if field in form.fields else None, refusal.message)
        if kept and (isinstance(refusal, TableError) or refusal.code == "no_majors"):
            drop_file(file=kept)
            kept = None
        return None, kept
    if report.saved:
        drop_file(file=kept)
        messages.success(request, _("“%(catalogue)s” was imported. Rules can name it now.") % {"catalogue": report.key})
    return report, kept
