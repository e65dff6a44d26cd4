"""Positions of a campaign: the list with its filters, one position beside its printed text, bulk removal."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.enums import Role
from accounts.office.access import attempt, office_page
from accounts.queries import units_in_scope
from campaigns.planning import domain
from campaigns.planning.domain.campaigns import is_editable
from campaigns.planning.models import Campaign, Position
from campaigns.planning.office.campaigns import visible
from campaigns.planning.office.forms import PositionEditForm, PositionFilterForm, PositionForm, ReasonForm
from campaigns.planning.office.programmes import user_of
from campaigns.planning.policies import may_add_positions, may_plan, may_read_campaigns
from campaigns.planning.position_rows import texts_of
from campaigns.planning.position_view import condition_rows, printed_rows
from campaigns.planning.queries import positions_visible_to

PAGE = 50
ADDERS = (Role.TALENT_OFFICE, Role.DEPARTMENT, Role.UNIT_HR)


def _own(request: HttpRequest, campaign: Campaign) -> QuerySet[Position]:
    return positions_visible_to(user_of(request)).filter(campaign=campaign).select_related("unit")


def _filtered(rows: QuerySet[Position], form: PositionFilterForm) -> QuerySet[Position]:
    if not form.is_valid():
        return rows
    words, state, person = (form.cleaned_data[name] for name in ("q", "state", "person"))
    for word in words.split():
        rows = rows.filter(Q(code__startswith=word) | Q(name__icontains=word) | Q(unit__name__icontains=word))
    if state:
        rows = rows.filter(state=state)
    return rows.filter(needs_person=person == "ask") if person else rows


@office_page(may_read_campaigns)
def position_list(request: HttpRequest, code: str) -> HttpResponse:
    campaign = get_object_or_404(visible(request), code=code)
    form = PositionFilterForm(request.GET)
    rows = _filtered(_own(request, campaign), form).defer("printed", "conditions", "duty").order_by("code")
    query = request.GET.copy()
    query.pop("page", None)
    user = user_of(request)
    context = {
        "campaign": campaign,
        "form": form,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "query": query.urlencode(),
        "may_add": is_editable(campaign) and bool(may_add_positions(user)),
        "may_import": is_editable(campaign) and bool(may_plan(user, campaign)),
        "page_title": _("Positions"),
    }
    return render(request, "planning/office/positions.html", context)


@office_page(may_read_campaigns)
def position_page(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    campaign = get_object_or_404(visible(request), code=code)
    position = get_object_or_404(_own(request, campaign), pk=pk)
    context = {
        "campaign": campaign,
        "position": position,
        "printed": printed_rows(position),
        "conditions": condition_rows(position),
        "slots": position.slots.select_related("post").order_by("pk"),
        "may_edit": is_editable(campaign) and bool(may_add_positions(user_of(request), position)),
        "page_title": f"{position.code} {position.name}",
    }
    return render(request, "planning/office/position.html", context)


@office_page(may_add_positions)
def position_add(request: HttpRequest, code: str) -> HttpResponse:
    campaign = get_object_or_404(visible(request), code=code)
    units = units_in_scope(user_of(request), *ADDERS).filter(path__startswith=campaign.unit.path, is_active=True)
    form = PositionForm(request.POST or None, units=units)
    if form.is_valid():
        values: dict[str, Any] = dict(form.cleaned_data)
        columns = {name: values.pop(name) for name in PositionForm.TEXTS}
        position = attempt(
            request, domain.add_position, _("The position was added."), campaign=campaign, columns=columns, **values
        )
        if position:
            return redirect("planning-position", code, position.pk)
    context = {"form": form, "campaign": campaign, "page_title": _("New position")}
    return render(request, "planning/office/form.html", context)


@office_page(may_add_positions)
def position_edit(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    campaign = get_object_or_404(visible(request), code=code)
    position = get_object_or_404(_own(request, campaign), pk=pk)
    if not may_add_positions(user_of(request), position):
        raise Http404
    texts = texts_of(position.printed)
    initial: dict[str, Any] = {name: texts.get(name, "") for name in PositionForm.TEXTS}
    initial |= {"name": position.name, "headcount": position.headcount_planned}
    form = PositionEditForm(request.POST or None, initial=initial)
    if form.is_valid():
        values: dict[str, Any] = dict(form.cleaned_data)
        columns = {name: values.pop(name) for name in PositionForm.TEXTS}
        done = _("The position was changed.")
        if attempt(request, domain.edit_position, done, position=position, columns=columns, **values):
            return redirect("planning-position", code, pk)
    context = {"form": form, "campaign": campaign, "page_title": position.name}
    return render(request, "planning/office/form.html", context)


@require_POST
@office_page(may_add_positions)
def positions_remove(request: HttpRequest, code: str) -> HttpResponse:
    """First what the removal of the ticked positions will do, then, with a reason, the removal."""
    campaign = get_object_or_404(visible(request), code=code)
    keys = [key for key in request.POST.getlist("position") if key.isdecimal()]
    chosen = _own(request, campaign).filter(pk__in=keys).defer("printed", "conditions").order_by("code")
    form = ReasonForm(request.POST if "reason" in request.POST else None)
    if form.is_valid() and attempt(
        request,
        domain.delete_positions,
        _("The positions were removed."),
        campaign=campaign,
        positions=chosen,
        reason=form.cleaned_data["reason"],
    ):
        return redirect("planning-positions", code)
    context = {"campaign": campaign, "chosen": list(chosen), "form": form, "page_title": _("Remove positions")}
    return render(request, "planning/office/remove.html", context)
