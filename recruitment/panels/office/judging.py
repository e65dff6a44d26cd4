"""The judge's side: my panels, the numbers of one, and the sheet of a number. Judges see no name anywhere."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.policies import is_staff_member
from foundation.errors import DomainError
from foundation.language import rule_language
from foundation.ui.office import PAGE_SIZE
from recruitment.panels import domain, queries
from recruitment.panels.models import Panel, ScoreSheet, Subject
from recruitment.panels.office.forms import ReasonForm, SheetForm
from recruitment.panels.reading import reading_of

View = Callable[..., HttpResponse]


def judges_page(view: View) -> View:
    """For signed-in staff; what is no panel of theirs does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_staff_member(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return never_cache(guarded)


def _judge(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _own_panel(request: HttpRequest, pk: int) -> Panel:
    return get_object_or_404(queries.panels_of_judge(_judge(request)), pk=pk)


def _own_subject(request: HttpRequest, pk: int, draw_no: int) -> Subject:
    panel = _own_panel(request, pk)
    subject = get_object_or_404(panel.subjects, draw_no=draw_no)
    subject.panel = panel
    return subject


@judges_page
def my_panels(request: HttpRequest) -> HttpResponse:
    """Every panel this person sits on, with how many sheets are left; for its office also the panels it runs."""
    judge = _judge(request)
    mine = queries.with_own_progress(queries.panels_of_judge(judge), judge)
    visible, q = queries.panels_visible_to(judge), request.GET.get("q", "").strip()
    page = Paginator(queries.named_like(visible, q), PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = queries.with_progress(page.object_list)
    context = {"mine": mine, "page": page, "q": q, "page_title": _("Panels")}
    return render(request, "panels/office/mine.html", context)


@judges_page
def marking(request: HttpRequest, pk: int) -> HttpResponse:
    """The numbers of a panel: to mark, handed in, withdrawn from."""
    panel = _own_panel(request, pk)
    rows = queries.subjects_for(_judge(request), panel)
    context = {
        "panel": panel,
        "rows": rows,
        "left": sum(own is None for _subject, own in rows),
        "crumbs": [(_("Panels"), reverse("panels-mine"))],
        "page_title": panel.name,
    }
    return render(request, "panels/office/marking.html", context)


@judges_page
def sheet(request: HttpRequest, pk: int, draw_no: int) -> HttpResponse:
    """One number: what there is to read, the marks, the confirmation. A sheet that was handed in is only shown."""
    subject = _own_subject(request, pk, draw_no)
    panel, judge = subject.panel, _judge(request)
    own = ScoreSheet.objects.filter(member__user=judge, subject=subject).first()
    if own is not None or panel.locked_at:
        return _page(request, subject, "panels/office/handed_in.html", own=own, lines=_lines(panel, own))
    form = SheetForm(request.POST or None, panel=panel)
    if request.method != "POST" or not form.is_valid() or request.POST.get("act") == "change":
        status = 422 if form.errors else 200
        return _page(request, subject, "panels/office/sheet.html", status, form=form, reading=reading_of(subject))
    try:
        if request.POST.get("act") == "submit":
            comment = form.cleaned_data["comment"]
            domain.submit_sheet(actor=judge, subject=subject, marks=form.marks(), comment=comment)
            return _go_on(request, subject)
        total, why = domain.score_of(panel, form.marks())
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return _page(request, subject, "panels/office/sheet.html", 422, form=form, reading=reading_of(subject))
    steps = why.lines(rule_language()) if why else []
    return _page(request, subject, "panels/office/confirm.html", form=form, total=total, steps=steps)


def _lines(panel: Panel, own: ScoreSheet | None) -> list[tuple[str, str, str]]:
    """(criterion, mark, full mark) of a sheet."""
    if own is None or own.is_recused:
        return []
    return [
        (queries.criterion_name(item["name"]), own.marks.get(item["code"], "—"), item["full_mark"])
        for item in panel.criteria
    ]


def _page(request: HttpRequest, subject: Subject, template: str, status: int = 200, **more: Any) -> HttpResponse:
    panel = subject.panel
    title = _("Number %(number)s") % {"number": subject.draw_no}
    crumbs = [
        (_("Panels"), reverse("panels-mine")),
        (panel.name, reverse("panels-marking", args=[panel.pk])),
    ]
    context = {"panel": panel, "subject": subject, "crumbs": crumbs, "page_title": title, **more}
    return render(request, template, context, status=status)


def _go_on(request: HttpRequest, subject: Subject) -> HttpResponse:
    """Tell what happened and lead to the next number that is open, or back to the list."""
    messages.success(request, _("Your sheet for number %(number)s was handed in.") % {"number": subject.draw_no})
    rows = queries.subjects_for(_judge(request), subject.panel)
    following = next((other for other, own in rows if own is None), None)
    if following is None:
        return redirect("panels-marking", subject.panel_id)
    return redirect("panels-sheet", subject.panel_id, following.draw_no)


@require_POST
@judges_page
def recuse(request: HttpRequest, pk: int, draw_no: int) -> HttpResponse:
    """Declare a conflict with a number; the judge gives no mark for it."""
    subject = _own_subject(request, pk, draw_no)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        domain.recuse(actor=_judge(request), subject=subject, reason=reason)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("panels-sheet", pk, draw_no)
    messages.success(request, _("Recorded: you give no mark for number %(number)s.") % {"number": draw_no})
    return redirect("panels-marking", pk)
