"""Catalogues of majors: which there are, what stands in one, and a table in: upload, preview, confirmation."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.office.access import office_page
from campaigns.planning.models import MajorCatalogue, StudyLevel
from campaigns.planning.office.forms import CatalogueForm
from campaigns.planning.policies import may_keep_catalogues
from campaigns.planning.queries import catalogue_uses
from campaigns.planning.tasks import IMPORT_MAJORS, PREVIEW_MAJORS
from foundation.ui.imports import ImportConfirm, ImportFlow, ImportPage, ImportPreview, ImportUpload, TableForm
from foundation.ui.office import Text
from rulebook.conditions.catalogue import national


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


class _Catalogue(ImportPage):
    flow = ImportFlow("planning-catalogue-import", preview=PREVIEW_MAJORS, take=IMPORT_MAJORS)
    rule = may_keep_catalogues
    page_title = gettext_lazy("Import a catalogue of majors")

    def crumbs(self) -> list[tuple[Text, str]]:
        return [(_("Catalogues of majors"), reverse("planning-catalogues"))]

    def arguments(self) -> dict[str, Any]:
        return {}


class Upload(_Catalogue, ImportUpload):
    """The file, its name and edition."""

    template_name = "planning/office/import.html"
    form_class = CatalogueForm

    def extras(self, form: TableForm) -> dict[str, Any]:
        return {"name": form.cleaned_data["name"], "edition": form.cleaned_data["edition"]}


class Preview(_Catalogue, ImportPreview):
    """What the table would change; nothing is saved yet."""

    template_name = "planning/office/catalogue_preview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        found = context["result"].get("detail", {})
        levels = [(StudyLevel(level).label, *counts) for level, *counts in found.get("levels", [])]
        return {**context, "key": found.get("key", ""), "levels": levels}


class Confirm(_Catalogue, ImportConfirm):
    """No page of its own."""
