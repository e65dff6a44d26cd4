"""Units: one by hand, many from a sheet with a preview."""

from dataclasses import asdict

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts import domain
from accounts.domain import UnitImport, UnitRow
from accounts.enums import Role, UnitKind
from accounts.models import UnitQuerySet, User
from accounts.office.access import attempt, office_page
from accounts.office.forms import ReasonForm, SheetForm, UnitEditForm, UnitForm
from accounts.policies import may_manage_units
from accounts.queries import units_in_scope
from accounts.unit_layout import KINDS, UNIT_LAYOUT
from foundation.errors import DomainError, Refused
from foundation.tables.headers import read_tables
from foundation.tables.workbook import open_workbook

MOST_ROWS = 5000
SALT = "accounts.import_units"


def _mine(request: HttpRequest) -> UnitQuerySet:
    assert isinstance(request.user, User)
    return units_in_scope(request.user, Role.SYSTEM_ADMINISTRATOR, Role.TALENT_OFFICE)


@office_page(may_manage_units)
def unit_add(request: HttpRequest) -> HttpResponse:
    form = UnitForm(request.POST or None, units=_mine(request))
    if form.is_valid() and attempt(request, domain.create_unit, _("The unit was added."), **form.cleaned_data):
        return redirect("office_units:index")
    return render(request, "accounts/office/form.html", {"form": form, "page_title": _("Add a unit")})


@office_page(may_manage_units)
def unit_edit(request: HttpRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(_mine(request), pk=pk)
    initial = {name: getattr(unit, name) for name in ("name", "name_en", "kind", "sector", "phone")}
    form = UnitEditForm(request.POST or None, unit=unit, initial=initial)
    if form.is_valid() and attempt(
        request, domain.edit_unit, _("The unit was changed."), unit=unit, **form.cleaned_data
    ):
        return redirect("office_units:index")
    context = {"form": form, "page_title": unit.name, "unit": unit, "reason_form": ReasonForm(auto_id="account_%s")}
    return render(request, "accounts/office/unit.html", context)


@office_page(may_manage_units)
def unit_use(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a unit out of use or back into it."""
    unit = get_object_or_404(_mine(request), pk=pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        verb = domain.deactivate_unit if unit.is_active else domain.reactivate_unit
        attempt(request, verb, _("The unit was changed."), unit=unit, reason=form.cleaned_data["reason"])
    return redirect("office-unit", pk=pk)


@office_page(may_manage_units)
def unit_import(request: HttpRequest) -> HttpResponse:
    """First the preview of a sheet, then its rows, carried signed in the page so that nobody changes them between."""
    form = SheetForm(request.POST or None, request.FILES or None)
    context = {"form": form, "page_title": _("Import units")}
    assert isinstance(request.user, User)
    try:
        if signed := request.POST.get("rows"):
            rows = [UnitRow(**row) for row in signing.loads(signed, salt=SALT, max_age=3600)]
            return _imported(request, domain.import_units(actor=request.user, rows=rows))
        if form.is_valid():
            rows = _rows(form.cleaned_data["file"])
            context |= {
                "outcome": domain.import_units(actor=request.user, rows=rows, dry_run=True),
                "rows": signing.dumps([asdict(row) for row in rows], salt=SALT, compress=True),
            }
    except signing.BadSignature:
        messages.error(request, _("The preview is too old: choose the sheet again. Nothing was saved."))
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return render(request, "accounts/office/unit_import.html", context)


def _imported(request: HttpRequest, outcome: UnitImport) -> HttpResponse:
    if outcome.refused:
        context = {"form": SheetForm(), "page_title": _("Import units"), "outcome": outcome}
        return render(request, "accounts/office/unit_import.html", context)
    numbers = {"created": len(outcome.created), "changed": len(outcome.changed)}
    messages.success(request, _("%(created)s units added, %(changed)s changed.") % numbers)
    return redirect("office_units:index")


def _rows(file: object) -> list[UnitRow]:
    content = file.read()  # type: ignore[attr-defined]
    rows = []
    for table in read_tables(open_workbook(content, str(getattr(file, "name", ""))), UNIT_LAYOUT):
        for record in table.records():
            words = {name: text for name, text in record.values.items() if name != "kind"}
            kind = record.values.get("kind", "")
            rows.append(UnitRow(row=record.number, kind=KINDS.get(kind, kind or UnitKind.UNIT), **words))
    if len(rows) > MOST_ROWS:
        raise Refused(
            _("The sheet has %(rows)s rows; at most %(most)s go in at once. Nothing was saved.")
            % {"rows": len(rows), "most": MOST_ROWS}
        )
    return rows
