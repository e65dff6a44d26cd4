"""The office's side of a panel: who sits on it, how far the marking is, closing the marks, the results by number."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.office.access import attempt, office_page
from recruitment.panels import domain, queries
from recruitment.panels.models import Panel, PanelMember, ScoreSheet
from recruitment.panels.office.forms import ReasonForm
from recruitment.panels.policies import may_read_panels, may_set_up_panels


def _panel(request: HttpRequest, pk: int) -> Panel:
    assert isinstance(request.user, User)
    return get_object_or_404(queries.with_progress(queries.panels_visible_to(request.user)), pk=pk)


def _members(panel: Panel) -> list[tuple[PanelMember, int]]:
    """Each judge with the number of sheets handed in; two queries."""
    done: dict[int, int] = {}
    for member_id in ScoreSheet.objects.filter(subject__panel=panel).values_list("member_id", flat=True):
        done[member_id] = done.get(member_id, 0) + 1
    members = panel.members.select_related("user").order_by("-is_chair", "pk")
    return [(member, done.get(member.pk, 0)) for member in members]


def _results(panel: Panel) -> list[tuple[int, list[str]]]:
    """After the lock: each number with the judges' totals, in the order of the members."""
    rows: dict[int, list[str]] = {number: [] for number in panel.subjects.values_list("draw_no", flat=True)}
    sheets = ScoreSheet.objects.filter(subject__panel=panel).order_by("member_id")
    for number, total, is_recused in sheets.values_list("subject__draw_no", "total", "is_recused"):
        rows[number].append(_("recused") if is_recused else f"{total:.2f}")
    return sorted(rows.items())


@office_page(may_read_panels)
def panel_page(request: HttpRequest, pk: int) -> HttpResponse:
    panel = _panel(request, pk)
    return _render(request, panel, "panels/office/panel.html", panel.name)


def _render(request: HttpRequest, panel: Panel, template: str, title: str, **more: Any) -> HttpResponse:
    context = {
        "panel": panel,
        "members": _members(panel),
        "criteria": [
            (queries.criterion_name(item["name"]), item["full_mark"], item["weight"]) for item in panel.criteria
        ],
        "results": _results(panel) if panel.locked_at else [],
        "missing": panel.judges * panel.numbers - panel.handed_in,  # type: ignore[attr-defined]
        "may_run": bool(may_set_up_panels(request.user, panel)),  # type: ignore[arg-type]
        "crumbs": [(_("Panels"), reverse("panels-mine"))],
        "page_title": title,
        **more,
    }
    return render(request, template, context)


@office_page(may_set_up_panels)
def lock(request: HttpRequest, pk: int) -> HttpResponse:
    """First what closing the marks means, then do it."""
    panel = _panel(request, pk)
    if request.method == "POST":
        attempt(request, domain.lock_panel, _("The marks are closed."), panel=panel)
        return redirect("panels-panel", pk)
    return _render(request, panel, "panels/office/lock.html", _("Close the marks"))


@require_POST
@office_page(may_set_up_panels)
def unseat(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """Take a judge off the panel, with a reason, before they marked anyone."""
    row = get_object_or_404(_panel(request, pk).members, pk=member)
    form = ReasonForm(request.POST)
    if not form.is_valid() and "reason" not in form.data:
        raise Http404
    reason = form.cleaned_data.get("reason", "")
    attempt(request, domain.unseat_member, _("The judge left the panel."), member=row, reason=reason)
    return redirect("panels-panel", pk)
