"""The office of selections: the way of one selection, panels, the ranking shown and made, extra test, agreements."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.office.access import attempt, office_page
from campaigns.planning.models import Campaign
from campaigns.planning.queries import rules_of
from foundation.errors import DomainError
from foundation.files.domain import store_file
from foundation.language import rule_language
from foundation.ui.work import hand_over
from recruitment.panels.enums import Purpose
from recruitment.panels.queries import experts_for, with_progress
from recruitment.selection import domain, queries, tasks
from recruitment.selection.office.forms import AgreementForm, DegreeForm, ExtraTestForm, PanelForm, VotesForm
from recruitment.selection.parts import is_ready_to_rank, purposes_of
from recruitment.selection.policies import (
    AGREEMENT_FILE,
    may_read_selection,
    may_record_agreements,
    may_run_selection,
    may_see_results,
)
from recruitment.selection.steps import steps_of

PAGE = 50
KINDS = ("pdf", "jpeg", "png")


def user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _selection(request: HttpRequest, code: str) -> Campaign:
    rows = queries.with_counts(queries.selections_visible_to(user_of(request)))
    return get_object_or_404(rows, code=code)


def _page(request: HttpRequest, template: str, title: Any, campaign: Campaign, **more: Any) -> HttpResponse:
    crumbs = [(_("Selections"), reverse("selection-list"))]
    if str(title) != str(campaign):
        crumbs.append((str(campaign), reverse("selection", args=[campaign.code])))
    context = {"campaign": campaign, "crumbs": crumbs, "page_title": title, **more}
    return render(request, f"selection/office/{template}.html", context)


@office_page(may_read_selection)
def selection_list(request: HttpRequest) -> HttpResponse:
    rows = queries.with_counts(queries.selections_visible_to(user_of(request)))
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "page_title": _("Selections"),
    }
    return render(request, "selection/office/list.html", context)


@office_page(may_read_selection)
def selection(request: HttpRequest, code: str) -> HttpResponse:
    """Where the selection stands, and the acts that come next for this person."""
    campaign, user = _selection(request, code), user_of(request)
    rules = rules_of(campaign)
    panels = with_progress(campaign.panels.select_related("campaign").order_by("pk"))
    sees, runs = bool(may_see_results(user, campaign)), bool(may_run_selection(user, campaign))
    results = queries.results_of(campaign, user)
    waiting = results.filter(needs_extra_test=True, application__state="ranked").count()
    waits = {key: domain.to_draw(campaign, key).count() for key in purposes_of(rules)}
    missing = [(key, Purpose(key).label) for key, n in waits.items() if n or key not in {row.purpose for row in panels}]
    return _page(
        request,
        "selection",
        str(campaign),
        campaign,
        steps=steps_of(campaign, rules, panels, waiting),
        panels=panels,
        missing=missing if runs else [],
        may_rank=runs and is_ready_to_rank(rules, panels),
        waiting=waiting,
        late=next(iter(waits.values()), 0) if panels else 0,
        may_run=runs,
        sees_results=sees,
        page=Paginator(results, PAGE).get_page(request.GET.get("page")) if sees else None,
        language=rule_language(),
    )


@office_page(may_run_selection)
def start(request: HttpRequest, code: str, purpose: str) -> HttpResponse:
    """Choose judges for a panel; the draw is made with it."""
    campaign = _selection(request, code)
    if purpose not in purposes_of(rules_of(campaign)):
        raise Http404
    experts = experts_for(campaign.unit)
    form = PanelForm(request.POST or None, experts=experts, least=domain.least_judges(campaign, purpose))
    if form.is_valid():
        try:
            panel = domain.start_panel(
                actor=user_of(request),
                campaign=campaign,
                purpose=purpose,
                judges=form.in_order(),
                external=form.cleaned_data["external"],
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("panels-panel", panel.pk)
    title = _("Set up: %(panel)s") % {"panel": Purpose(purpose).label}
    return _page(request, "start", title, campaign, form=form)


@office_page(may_run_selection)
def ranking(request: HttpRequest, code: str) -> HttpResponse:
    """What the ranking gives, position by position; posted, it is made."""
    campaign = _selection(request, code)
    if request.method == "POST" and "votes" not in request.POST:
        return hand_over(request, tasks.ranking, campaign, what=_("Ranking"))
    try:
        ranked, problem = domain.preview_ranking(campaign), ""
    except DomainError as refusal:
        ranked, problem = [], refusal.message
    form = VotesForm(request.POST or None, people=[row for part in ranked for row in part.to_vote])
    if form.fields and form.is_valid():
        done = _("The votes were entered.")
        attempt(request, domain.record_votes, done, campaign=campaign, votes=form.cleaned_data)
        return redirect("selection-ranking", code)
    chosen = sum(len(part.chosen) for part in ranked)
    waiting = sum(len(part.waiting) for part in ranked)
    people = sum(len(part.results) for part in ranked)
    return _page(
        request,
        "ranking",
        _("Ranking"),
        campaign,
        ranked=ranked,
        problem=problem,
        form=form,
        chosen=chosen,
        waiting=waiting,
        others=people - chosen - waiting,
    )


@office_page(may_run_selection)
def extra_test(request: HttpRequest, code: str) -> HttpResponse:
    """Marks of the extra test for those whose tie crosses the last place."""
    campaign = _selection(request, code)
    rows = queries.results_of(campaign, user_of(request)).filter(needs_extra_test=True, application__state="ranked")
    most = rules_of(campaign).ranking.extra_test_full_mark
    form = ExtraTestForm(request.POST or None, waiting=list(rows), most=most)
    if form.is_valid():
        done = _("The marks were entered; another person ranks again.")
        entered = attempt(request, domain.record_extra_test, done, campaign=campaign, marks=form.cleaned_data)
        if entered is not None:
            return redirect("selection", code)
    return _page(request, "extra_test", _("Extra test"), campaign, form=form, count=len(form.fields))


@require_POST
@office_page(may_run_selection)
def to_press(request: HttpRequest, code: str) -> HttpResponse:
    """Hand the result to the press as a draft."""
    back = reverse("selection", args=[code])
    return hand_over(
        request, tasks.result_list, _selection(request, code), what=_("Hand the list to the press"), back=back
    )


@office_page(may_read_selection)
def agreements(request: HttpRequest, code: str) -> HttpResponse:
    """Who is to sign and who signed, for the units one covers."""
    campaign = _selection(request, code)
    rows = queries.to_agree(campaign, user_of(request))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    may_sign = bool(may_record_agreements(user_of(request)))
    return _page(request, "agreements", _("Agreements"), campaign, page=page, may_sign=may_sign)


@office_page(may_record_agreements)
def agreement(request: HttpRequest, code: str, registration_no: str) -> HttpResponse:
    """Enter the agreement of one proposed person."""
    campaign, user = _selection(request, code), user_of(request)
    row = get_object_or_404(queries.to_agree(campaign, user).filter(state="proposed"), registration_no=registration_no)
    form = AgreementForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        values = dict(form.cleaned_data)
        upload = values.pop("document")
        try:
            with transaction.atomic():
                file = upload and store_file(
                    content=upload, name=upload.name, purpose=AGREEMENT_FILE, owner=user, kinds=KINDS
                )
                domain.sign_agreement(actor=user, application=row, document=file or None, **values)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("selection-agreements", code)
    held = rules_of(campaign).slots.hold_point == "agreement_signed"
    return _page(request, "agreement", _("Enter the agreement"), campaign, form=form, application=row, holds_post=held)


@require_POST
@office_page(may_record_agreements)
def degree(request: HttpRequest, code: str, registration_no: str) -> HttpResponse:
    """Record that the degree an agreement waits for was shown."""
    rows = queries.to_agree(_selection(request, code), user_of(request)).filter(agreement__isnull=False)
    row = get_object_or_404(rows, registration_no=registration_no)
    form = DegreeForm(request.POST)
    if form.is_valid():
        done = _("Recorded: the degree was shown.")
        attempt(request, domain.record_degree, done, agreement=row.agreement, **form.cleaned_data)
    else:
        messages.error(request, _("Give the day on which the degree was shown. Nothing was saved."))
    return redirect("selection-agreements", code)
