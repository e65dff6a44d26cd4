"""The office's side of a panel: who sits on it, how far the marking is, closing the marks, the results by number."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.office.access import attempt, office_page
from foundation.errors import DomainError
from foundation.language import rule_language
from recruitment.applications.queries import rules_in_force
from recruitment.panels import domain, queries
from recruitment.panels.models import Panel, PanelMember, ScoreSheet, Subject
from recruitment.panels.office.forms import ReasonForm, SeatForm
from recruitment.panels.policies import may_read_panels, may_set_up_panels
from recruitment.panels.progress import GONE, progress_of
from recruitment.panels.scoring import number_score
from rulebook.explanation import RuleError


def _panel(request: HttpRequest, pk: int) -> Panel:
    assert isinstance(request.user, User)
    return queries.with_progress([get_object_or_404(queries.panels_visible_to(request.user), pk=pk)])[0]


def _members(panel: Panel) -> list[tuple[PanelMember, int]]:
    """Each judge with the number of sheets handed in; two queries."""
    done: dict[int, int] = {}
    for member_id in ScoreSheet.objects.filter(subject__panel=panel).values_list("member_id", flat=True):
        done[member_id] = done.get(member_id, 0) + 1
    members = panel.members.select_related("user").order_by("-is_chair", "pk")
    return [(member, done.get(member.pk, 0)) for member in members]


def _results(panel: Panel, members: list[PanelMember]) -> list[tuple[int, list[str], str, list[str]]]:
    """After the lock: draw number, the judges' totals in the order shown, the mark of the number, how it came about."""
    rules, sheets = rules_in_force(panel.campaign), ScoreSheet.objects.filter(subject__panel=panel)
    given = {(sheet.subject_id, sheet.member_id): sheet for sheet in sheets}
    rows = []
    for subject in panel.subjects.order_by("draw_no"):
        own = [given.get((subject.pk, member.pk)) for member in members]
        marked = [sheet for sheet in own if sheet and sheet.total is not None]
        try:
            value, why = number_score(panel.purpose, marked, rules)
            mark, steps = f"{value:.2f}", why.lines(rule_language())
        except RuleError as problem:
            mark, steps = "—", [problem.text(rule_language())]
        rows.append((subject.draw_no, [_shown(sheet) for sheet in own], mark, steps))
    return rows


def _shown(sheet: ScoreSheet | None) -> str:
    if sheet is None:
        return "—"
    return _("recused") if sheet.total is None else f"{sheet.total:.2f}"


@office_page(may_read_panels)
def panel_page(request: HttpRequest, pk: int) -> HttpResponse:
    panel = _panel(request, pk)
    return _render(request, panel, "panels/office/panel.html", panel.name)


def _render(request: HttpRequest, panel: Panel, template: str, title: str, **more: Any) -> HttpResponse:
    members = _members(panel)
    numbers = [] if panel.locked_at else progress_of(panel)
    context = {
        "panel": panel,
        "members": members,
        "criteria": [
            (queries.criterion_name(item["name"]), item["full_mark"], item["weight"]) for item in panel.criteria
        ],
        "results": _results(panel, [member for member, _done in members]) if panel.locked_at else [],
        "missing": sum(number.missing for number in numbers),
        "short": [number.draw_no for number in numbers if number.short],
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
    numbers = _numbers(panel)
    if request.method == "POST":
        told = {row.draw_no: _told(request, row.draw_no) for row in numbers}
        kept = (
            not told
            or attempt(request, domain.sign_off, _("The sign-off is kept."), panel=panel, signed=told) is not None
        )
        if request.POST.get("act") == "keep" or not kept:
            return redirect("panels-lock", pk)
        attempt(request, domain.lock_panel, _("The marks are closed."), panel=panel)
        return redirect("panels-panel", pk)
    return _render(request, panel, "panels/office/lock.html", _("Close the marks"), numbers=numbers)


def _numbers(panel: Panel) -> list[Subject]:
    """The numbers to be signed off, where the rules want it: those of people still in the procedure."""
    if panel.locked_at or not domain.wants_signing(panel):
        return []
    return list(panel.subjects.exclude(application__state__in=GONE).order_by("draw_no"))


def _told(request: HttpRequest, number: int) -> domain.SignOff:
    refusal = request.POST.get(f"refusal_{number}", "").strip()[:40]
    return domain.SignOff(f"signed_{number}" in request.POST, refusal)


@office_page(may_set_up_panels)
def seat(request: HttpRequest, pk: int) -> HttpResponse:
    """Seat one more judge: for a free seat, or as a substitute for the numbers that lack marks."""
    panel = _panel(request, pk)
    experts = queries.experts_for(panel.campaign.unit).exclude(panel_memberships__panel=panel)
    form = SeatForm(request.POST or None, experts=experts)
    if form.is_valid():
        try:
            domain.seat_member(actor=request.user, panel=panel, **form.cleaned_data)  # type: ignore[arg-type]
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The judge sits on the panel."))
            return redirect("panels-panel", pk)
    stand_in = domain.becomes_substitute(panel)
    return _render(request, panel, "panels/office/seat.html", _("Seat a judge"), form=form, stand_in=stand_in)


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
