"""The review desk: the queue, one application, passing several at once, opening an ID number."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.office.access import attempt
from accounts.policies import in_scope
from campaigns.planning.models import Campaign
from campaigns.planning.queries import calendar, rules_of
from campaigns.planning.rule_view import clauses_by_step
from foundation.errors import DomainError, Refused
from foundation.language import rule_language
from foundation.ui.office import chosen_keys
from recruitment.applications import domain
from recruitment.applications.consent import consents_of
from recruitment.applications.effect import lacks
from recruitment.applications.enums import ApplicationState
from recruitment.applications.models import Application
from recruitment.applications.office.forms import QUEUES, STATES, DecisionForm, QueueFilter
from recruitment.applications.office.rows import case_rows, queue_rows
from recruitment.applications.policies import (
    NAME_READERS,
    is_reviewer,
    may_override,
    may_read,
    may_read_case,
    may_record_consent,
    may_review,
)
from recruitment.applications.queries import rules_by_campaign, visible_to
from recruitment.candidates.domain import reveal_id_number
from recruitment.candidates.queries import records_in_force
from rulebook.ruleset import RuleSet

PER_PAGE = 25
ORDERS = ("-submitted_at", "position__code")
RELATED = ("position__unit", "campaign", "candidate", "review")


def _readers_only(request: HttpRequest) -> None:
    """For staff whose roles include no part of the review, the desk does not exist."""
    if not may_read(request.user):  # type: ignore[arg-type]
        raise Http404


def _queue(request: HttpRequest, form: QueueFilter, states: Sequence[str]) -> QuerySet[Application]:
    rows = visible_to(request.user).filter(state__in=states).select_related(*RELATED)  # type: ignore[arg-type]
    if not form.is_valid():
        return rows.order_by("submitted_at", "pk")
    told = form.cleaned_data
    if words := told["q"].strip():
        found = Q(registration_no=words) | Q(position__code__iexact=words)
        named = in_scope(request.user, *NAME_READERS, field="position__unit")  # type: ignore[arg-type]
        rows = rows.filter(found | (named & Q(candidate__name=words)))
    if told["campaign"]:
        rows = rows.filter(campaign=told["campaign"])
    if told["verdict"]:
        rows = rows.filter(machine_verdict=told["verdict"])
    order = told["order"] if told["order"] in ORDERS else "submitted_at"
    return rows.order_by(order, "pk")


def queue(request: HttpRequest) -> HttpResponse:
    """Applications of the units one covers, the longest waiting first, with what the computer found."""
    _readers_only(request)
    user, wanted = request.user, request.GET.get("queue", "submitted")
    if wanted not in STATES:
        wanted = "submitted"
    visible = visible_to(user)  # type: ignore[arg-type]
    form = QueueFilter(request.GET or None)
    form.fields["campaign"].queryset = Campaign.objects.filter(applications__in=visible).distinct()  # type: ignore[attr-defined]
    counts = dict(visible.order_by().values_list("state").annotate(Count("pk")))
    page = Paginator(_queue(request, form, STATES[wanted]), PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    return render(
        request,
        "applications/office/queue.html",
        {
            "page_title": _("Review of applications"),
            "page": page,
            "rows": queue_rows(user, rows, rules_by_campaign(rows), calendar(), timezone.now()),  # type: ignore[arg-type]
            "filter": form,
            "queue": wanted,
            "queues": [(key, name, sum(counts.get(state, 0) for state in STATES[key])) for key, name in QUEUES],
            "is_reviewer": bool(is_reviewer(user)),  # type: ignore[arg-type]
        },
    )


def _case(request: HttpRequest, registration_no: str) -> Application:
    """An application of one's scope whose person one may know; anything else does not exist for this user."""
    rows = visible_to(request.user).select_related(*RELATED, "candidate__user")  # type: ignore[arg-type]
    related = ("transitions__actor", "recusals", "candidate__relatives", "candidate__documents__file")
    row = rows.prefetch_related(*related).filter(registration_no=registration_no).first()
    if row is None or not may_read_case(request.user, row):  # type: ignore[arg-type]
        raise Http404
    return row


@never_cache
def case(request: HttpRequest, registration_no: str) -> HttpResponse:
    """One application: conditions with verdicts, the data as submitted, documents, history, and the decision."""
    row = _case(request, registration_no)
    return _case_page(request, row, DecisionForm())


def _case_page(request: HttpRequest, row: Application, form: DecisionForm, **more: Any) -> HttpResponse:
    reviewing = may_review(request.user, row)  # type: ignore[arg-type]
    parts, rules = case_rows(row), rules_of(row.campaign)
    return render(
        request,
        "applications/office/case.html",
        {
            "page_title": parts["name"],
            "crumbs": [(_("Review of applications"), reverse("review-queue"))],
            "application": row,
            "form": form,
            "may_decide": bool(reviewing) and row.state == ApplicationState.SUBMITTED,
            "may_override": bool(may_override(request.user, row)) and row.state == ApplicationState.REJECTED,  # type: ignore[arg-type]
            "denial": "" if reviewing or row.state != ApplicationState.SUBMITTED else reviewing.reason,
            "following": _following(request, row),
            "bound": _after_review(rules),
            "lacking": _lacking(row, rules),
            **_consent(request, row),
            "records": records_in_force(row.candidate, timezone.localdate(), row.position.unit),
            **parts,
            **more,
        },
        status=200 if not form.errors else 422,
    )


def _after_review(rules: RuleSet) -> str:
    """What the announcement prints of choosing another position after the review (R19)."""
    codes = ("clause.registration.change", "clause.registration.no_change")
    return next(line.text for line in clauses_by_step(rules)["registration"] if line.code in codes)


def _lacking(row: Application, rules: RuleSet) -> list[str]:
    """What keeps an application that passed the review from being effective (R22)."""
    if row.state != ApplicationState.EFFECTIVE:
        return []
    return [one.text(rule_language()) for one in lacks("passed", row.confirmed_at is not None, rules.registration)]


def _consent(request: HttpRequest, row: Application) -> dict[str, Any]:
    """The rules' words on the employer's consent, for people on an established post, and whether it may be recorded."""
    guard = consents_of([row], "registration").get(row.pk)
    if guard is None:
        return {}
    shown = getattr(row, "consent", None)
    return {
        "consent_lines": guard.explanation.lines(rule_language()),
        "consent": shown,
        "may_record_consent": bool(may_record_consent(request.user, row)),  # type: ignore[arg-type]
    }


def _following(request: HttpRequest, row: Application) -> str:
    """The registration number of the next one that waits, for working through the queue."""
    waiting = visible_to(request.user).filter(state=ApplicationState.SUBMITTED).exclude(pk=row.pk)  # type: ignore[arg-type]
    waiting = waiting.order_by("submitted_at", "pk")
    later = waiting.filter(Q(submitted_at__gt=row.submitted_at) | Q(submitted_at=row.submitted_at, pk__gt=row.pk))
    return (later.values_list("registration_no", flat=True).first() if row.submitted_at else None) or (
        waiting.values_list("registration_no", flat=True).first() or ""
    )


VERBS = {
    "pass": domain.pass_review,
    "return": domain.return_application,
    "reject": domain.reject_application,
    "override": domain.override_rejection,
}
DONE = {
    "pass": gettext_lazy("Passed; the applicant has been told."),
    "return": gettext_lazy("Returned; the applicant has been told."),
    "reject": gettext_lazy("Rejected; the applicant has been told."),
    "override": gettext_lazy("The rejection is lifted; the applicant has been told."),
}


@require_POST
def decide(request: HttpRequest, registration_no: str) -> HttpResponse:
    """Pass, return, reject or override, then on to the next one that waits."""
    row = _case(request, registration_no)
    form, act = DecisionForm(request.POST), request.POST.get("act", "")
    if act not in VERBS:
        raise Http404
    if not form.is_valid():
        return _case_page(request, row, form)
    told: dict[str, str] = {"reason": form.cleaned_data["reason"]}
    if act in ("return", "reject"):
        told["reason_code"] = form.cleaned_data["reason_code"]
    try:
        VERBS[act](actor=request.user, application=row, **told)  # type: ignore[operator]
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return _case_page(request, row, form)
    messages.success(request, f"{row.registration_no}: {DONE[act]}")
    following = _following(request, row)
    return redirect("review-case", following) if following else redirect("review-queue")


@require_POST
def consent(request: HttpRequest, registration_no: str) -> HttpResponse:
    """Record the employer's consent that was seen."""
    row = _case(request, registration_no)
    document = request.POST.get("document", "")
    attempt(
        request, domain.record_consent, _("The employer's consent was recorded."), application=row, document=document
    )
    return redirect("review-case", registration_no)


@require_POST
def recuse(request: HttpRequest, registration_no: str) -> HttpResponse:
    """Declare that one is related to the applicant and does not decide."""
    row = _case(request, registration_no)
    try:
        domain.declare_recusal(
            actor=request.user,  # type: ignore[arg-type]
            application=row,
            user=request.user,  # type: ignore[arg-type]
            reason=request.POST.get("reason", ""),
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("review-case", registration_no)
    messages.success(request, _("Recorded. Someone else decides on this application."))
    return redirect("review-queue")


@require_POST
@never_cache
def reveal(request: HttpRequest, registration_no: str) -> HttpResponse:
    """The ID number in full, once, for a stated purpose that is logged."""
    row = _case(request, registration_no)
    try:
        number = reveal_id_number(
            actor=request.user,  # type: ignore[arg-type]
            candidate=row.candidate,
            purpose=request.POST.get("purpose", ""),
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("review-case", registration_no)
    return _case_page(request, row, DecisionForm(), full_number=number)


@require_POST
def pass_several(request: HttpRequest) -> HttpResponse:
    """First the effect: who passes and who can't and why. With `confirm`, those who can pass, all at once."""
    _readers_only(request)
    try:
        keys = chosen_keys(request, "application")
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("review-queue")
    chosen = visible_to(request.user).filter(pk__in=keys).select_related(*RELATED)  # type: ignore[arg-type]
    rows = list(chosen.prefetch_related("recusals", "candidate__relatives").order_by("submitted_at", "pk"))
    able, unable = [], []
    for row in rows:
        decision = may_review(request.user, row)  # type: ignore[arg-type]
        if not decision:
            unable.append((row, decision.reason))
        elif row.state != ApplicationState.SUBMITTED:
            unable.append((row, _("It is not waiting for review any more.")))
        else:
            able.append(row)
    if request.POST.get("confirm") and able:
        try:
            number = domain.pass_reviews(actor=request.user, applications=able)  # type: ignore[arg-type]
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("%(number)s passed; the applicants have been told.") % {"number": number})
        return redirect("review-queue")
    bound = sorted({_after_review(rules) for rules in rules_by_campaign(able).values()})
    title = ngettext("%(n)s application will pass", "%(n)s applications will pass", len(able)) % {"n": len(able)}
    crumbs = [(_("Review of applications"), reverse("review-queue"))]
    return render(
        request,
        "applications/office/pass_several.html",
        {"page_title": title, "crumbs": crumbs, "able": able, "unable": unable, "bound": bound},
    )
