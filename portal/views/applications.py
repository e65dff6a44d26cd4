"""A candidate's applications: filling in, submitting, following, withdrawing."""

import json
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.planning.queries import calendar, is_registration_open, rules_of
from foundation.errors import DomainError
from foundation.language import rule_language
from foundation.messages.queries import messages_to
from portal.access import CandidateRequest, candidate_page, kept_form
from portal.forms import ApplicationForm
from portal.presenting import standing_pill, stored_verdict_rows, verdict_rows
from portal.views.bonus import bonus_of
from portal.views.rechoosing import is_stranded
from recruitment.applications import domain
from recruitment.applications.domain.opening import rechoosing_until
from recruitment.applications.effect import confirmation_of
from recruitment.applications.enums import OPEN_TO_CANDIDATE
from recruitment.applications.enums import ApplicationState as S
from recruitment.applications.gateway import MACHINE
from recruitment.applications.judging import clauses_of, missing_from_profile
from recruitment.applications.models import Application
from recruitment.applications.opening import told_of_opening
from recruitment.applications.pledge import current_pledge
from recruitment.applications.queries import applications_of, deadline_of, may_change_now, rules_by_campaign
from recruitment.applications.timeline import current_step
from recruitment.appointments.queries import appointments_of
from recruitment.appointments.timeline import is_told, way_of
from recruitment.appointments.told import told_of
from recruitment.examinations.bonus import knobs_of, with_deadline
from recruitment.examinations.conduct import cases_about
from recruitment.examinations.queries import score_ledger
from recruitment.examinations.recheck import own_recheck
from recruitment.examinations.score_checks import papers_to_check
from recruitment.examinations.tickets import ticket_of
from recruitment.publications.queries import embargoed_moves, lists_naming
from recruitment.selection.ledger import selection_ledger
from rulebook.masking import mask_id_number

MESSAGES_SHOWN = 50
MESSAGE_ROOMS = ("application", "appointment", "bid", "event")


def _own(request: CandidateRequest, registration_no: str) -> Application:
    """The candidate's own application; a number of someone else is as unknown as one that was never given."""
    row = applications_of(request.candidate.pk).filter(registration_no=registration_no).first()
    if row is None:
        raise Http404
    return row


def _due(application: Application) -> datetime | None:
    return deadline_of(application, rules_of(application.campaign), calendar())


def _hidden(application: Application) -> frozenset[str]:
    return embargoed_moves([application])[application.pk]


@candidate_page
def home(request: CandidateRequest) -> HttpResponse:
    """All applications with where they stand and what to do next."""
    rows = list(applications_of(request.candidate.pk))
    rules, days, now = rules_by_campaign(rows), calendar(), timezone.now()
    hidden = embargoed_moves(rows)
    due = {row.pk: deadline_of(row, rules[row.campaign_id], days) for row in rows}
    hired = appointments_of(request.candidate.pk)
    return render(
        request,
        "portal/home.html",
        {
            "applications": [
                {
                    "row": row,
                    "pill": standing_pill(row, hired.get(row.pk), hidden[row.pk]),
                    "now": current_step(
                        way_of(
                            row,
                            hired.get(row.pk),
                            now=now,
                            due=due[row.pk],
                            hidden=hidden[row.pk],
                            confirming=confirmation_of(row, rules[row.campaign_id].registration, now),
                        )
                    ),
                    "due": due[row.pk],
                }
                for row in rows
            ],
            "missing": missing_from_profile(request.candidate),
            "now": now,
        },
    )


@candidate_page
def application(request: CandidateRequest, registration_no: str) -> HttpResponse:
    """What happened, what is now, what comes next; what was decided, why, and how to object."""
    row, now = _own(request, registration_no), timezone.now()
    hidden, due = _hidden(row), _due(row)
    appointment = appointments_of(request.candidate.pk).get(row.pk)
    rules = rules_of(row.campaign)
    confirming = confirmation_of(row, rules.registration, now)
    steps = way_of(row, appointment, now=now, due=due, hidden=hidden, confirming=confirming)
    steps = with_deadline(steps, knobs_of(rules), now)
    is_open = is_registration_open(row.campaign, now)
    rechoice = may_change_now(row, row.campaign, now) if row.state == S.REJECTED else None
    marks = score_ledger(row)
    return render(
        request,
        "portal/application.html",
        {
            "application": row,
            "pill": standing_pill(row, appointment, hidden),
            "steps": steps,
            "told": told_of(appointment) if appointment and is_told(row, hidden) else [],
            "current": current_step(steps),
            "stopped": steps[-1] if steps and steps[-1].state == "stopped" else None,
            "review": getattr(row, "review", None),
            "verdicts": stored_verdict_rows(row.clauses),
            "ledger": [*marks, *selection_ledger(row)],
            "checks": [one for one in papers_to_check(row) if one.guard or one.check] if marks else [],
            "lists": lists_naming(row),
            "ticket": ticket_of(row),
            "confirming": confirming.explanation.text(rule_language()) if confirming is not None else "",
            "is_confirmed": row.confirmed_at is not None,
            "may_confirm": bool(confirming),
            "may_edit": row.state in OPEN_TO_CANDIDATE,
            "may_recall": MACHINE.can("recall", row.state) and is_open,
            "may_withdraw": MACHINE.can("withdraw", row.state),
            "is_stranded": is_stranded(row),
            "rechoosing_until": rechoosing_until(row.campaign) if is_stranded(row) else None,
            "opening": told_of_opening(row.position),
            "rechoice": rechoice.explanation.text(rule_language()) if rechoice is not None else "",
            "may_rechoose": bool(rechoice),
            "bonus": bonus_of(row, rules, now),
            "recheck": own_recheck(row, rules),
            "conduct_cases": cases_about(row),
            "due": due,
            "now": now,
        },
    )


@candidate_page
def apply(request: CandidateRequest, registration_no: str) -> HttpResponse:
    """Conditions, declarations, pledge, submit; kept while it is filled in."""
    row = _own(request, registration_no)
    if row.state not in OPEN_TO_CANDIDATE:
        return redirect("portal:application", registration_no)
    if request.method == "POST":
        form = ApplicationForm(request.POST)
        if request.headers.get("X-Autosave"):
            return _autosave(request, row, form)
        if _submit(request, row, form):
            return redirect("portal:receipt", registration_no)
        other = _other_window(request, row, form)
    else:
        kept, other = kept_form(request), {}
        form = ApplicationForm(initial={**_draft(row), **(kept.dict() if kept else {}), "revision": row.revision})
    clauses = clauses_of(request.candidate, row.position, rules_of(row.campaign))
    return render(
        request,
        "portal/apply.html",
        {
            "application": row,
            "form": form,
            "verdicts": verdict_rows(clauses),
            "pledge": current_pledge(),
            "missing": missing_from_profile(request.candidate),
            "review": getattr(row, "review", None) if row.state == S.RETURNED else None,
            "other": other,
            "due": _due(row),
            "now": timezone.now(),
        },
        status=409 if other else 200,
    )


def _draft(row: Application) -> dict[str, str]:
    return json.loads(row.draft) if row.draft else {}


def _other_window(request: CandidateRequest, row: Application, form: ApplicationForm) -> dict[str, str]:
    """Field → what another window saved, where it differs from this page; the page then holds the newer revision."""
    row.refresh_from_db(fields=["draft", "revision"])
    sent = form.data.get("revision", "")
    if sent == str(row.revision):
        return {}
    mine = form.draft()
    form.hold(row.revision)
    stored = _draft(row)
    return {
        str(form.fields[name].label): stored.get(name, "—")
        for name in {**stored, **mine}
        if name in form.fields and stored.get(name) != mine.get(name)
    }


def _autosave(request: CandidateRequest, row: Application, form: ApplicationForm) -> HttpResponse:
    try:
        revision = domain.save_draft(
            actor=request.user,  # type: ignore[arg-type]
            application=row,
            form=form.draft(),
            revision=int(form.data.get("revision") or -1),
        )
    except (DomainError, ValueError) as refusal:
        return JsonResponse({"message": str(refusal)}, status=409)
    return JsonResponse({"saved_at": f"{timezone.localtime():%H:%M:%S}", "revision": revision})


def _submit(request: CandidateRequest, row: Application, form: ApplicationForm) -> bool:
    """Keep the draft first, so that a refusal loses nothing, then hand in."""
    if not form.is_valid():
        return False
    try:
        row.revision = domain.save_draft(
            actor=request.user,  # type: ignore[arg-type]
            application=row,
            form=form.draft(),
            revision=form.cleaned_data["revision"],
        )
        domain.submit_application(
            actor=request.user,  # type: ignore[arg-type]
            application=row,
            form={"note": form.cleaned_data["note"]},
            declarations=form.declarations(),
            pledge_version=form.cleaned_data["pledge"],
        )
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        if refusal.code != "stale_revision":
            form.hold(row.revision)
        row.refresh_from_db(fields=["state"])
        return row.state == S.SUBMITTED
    return True


@candidate_page
def receipt(request: CandidateRequest, registration_no: str) -> HttpResponse:
    """The receipt of a submission, made to be printed."""
    row = _own(request, registration_no)
    if not row.submitted_at or not row.snapshot:
        raise Http404
    document = json.loads(row.snapshot)
    return render(
        request,
        "portal/receipt.html",
        {
            "application": row,
            "name": document["profile"]["name"],
            "id_number": mask_id_number(document["profile"]["id_number"]),
            "digest": [row.snapshot_digest[start : start + 8] for start in range(0, 64, 8)],
        },
    )


@candidate_page
def ticket(request: CandidateRequest, registration_no: str) -> HttpResponse:
    """The ticket for the written exam, made to be printed."""
    row = _own(request, registration_no)
    held = ticket_of(row)
    if held is None:
        raise Http404
    return render(
        request,
        "portal/ticket.html",
        {
            "application": row,
            "ticket": held,
            "name": request.candidate.name,
            "id_number": mask_id_number(request.candidate.id_number),
        },
    )


@candidate_page
def withdraw(request: CandidateRequest, registration_no: str) -> HttpResponse:
    """Ask once more, saying what withdrawing means, then do it."""
    row = _own(request, registration_no)
    if request.method == "POST":
        return _act(request, row, domain.withdraw_application, _("Your application is withdrawn."))
    after = may_change_now(row, row.campaign, timezone.now()).explanation.text(rule_language())
    return render(request, "portal/withdraw.html", {"application": row, "after": after})


@require_POST
@candidate_page
def recall(request: CandidateRequest, registration_no: str) -> HttpResponse:
    """Take a submitted application back to change it."""
    row = _own(request, registration_no)
    answer = _act(request, row, domain.recall_application, _("You can change your application now. Submit it again."))
    return redirect("portal:apply", registration_no) if row.state == S.DRAFT else answer


@require_POST
@candidate_page
def confirm(request: CandidateRequest, registration_no: str) -> HttpResponse:
    """Confirm that one will sit the exam (R22)."""
    row = _own(request, registration_no)
    return _act(request, row, domain.confirm_application, _("You have confirmed that you will sit the exam."))


def _act(request: CandidateRequest, row: Application, verb: Any, done: str) -> HttpResponse:
    try:
        row.state = verb(actor=request.user, application=row).state
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)
    return redirect("portal:application", row.registration_no)


@candidate_page
def message_list(request: CandidateRequest) -> HttpResponse:
    """What was sent to this person, newest first."""
    mine = messages_to(request.user.pk, MESSAGE_ROOMS)  # type: ignore[arg-type]
    return render(request, "portal/messages.html", {"rows": mine[:MESSAGES_SHOWN]})
