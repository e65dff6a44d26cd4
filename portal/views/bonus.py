"""Claiming bonus points for one's own application, following the decision, taking a claim back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.planning.queries import rules_of
from foundation.errors import DomainError
from foundation.language import rule_language
from portal.access import CandidateRequest, candidate_page
from portal.bonus_forms import BonusForm
from recruitment.applications.models import Application
from recruitment.applications.queries import applications_of
from recruitment.examinations import domain
from recruitment.examinations.bonus import (
    CLAIMING,
    TONES,
    bonus_sentences,
    closes_at,
    ground_name,
    grounds_left,
    is_ranked,
    is_window_open,
    knobs_of,
    points_of,
    service_words,
    together,
)
from recruitment.examinations.models import BonusClaim, BonusState
from rulebook.ruleset import RuleSet


@dataclass(frozen=True)
class ShownClaim:
    """A claim as its owner reads it; `points` by itself, once granted."""

    claim: BonusClaim
    ground: str
    service: str
    points: Decimal | None
    tone: str


@dataclass(frozen=True)
class Bonus:
    """What an application's pages say about bonus; `lines` tell how several grounds come together."""

    sentences: Sequence[str]
    claims: Sequence[ShownClaim]
    lines: Sequence[str]
    left: Sequence[str]
    may_claim: bool
    until: datetime | None
    closed: bool
    is_final: bool


def bonus_of(application: Application, rules: RuleSet, now: datetime) -> Bonus | None:
    """None where the announcement gives no bonus and nothing was claimed."""
    knobs = knobs_of(rules)
    rows = list(application.bonus_claims.select_related("document__file").order_by("-pk"))
    if not knobs.items and not rows:
        return None
    result = together([row for row in rows[::-1] if row.state == BonusState.ACCEPTED], knobs)
    is_open = is_window_open(application.campaign, knobs, now)
    left = grounds_left(rows, knobs)
    return Bonus(
        sentences=bonus_sentences(rules),
        claims=[_shown(row, rules) for row in rows],
        lines=result.explanation.lines(rule_language()) if result else (),
        left=left,
        may_claim=is_open and application.state in CLAIMING and bool(left),
        until=closes_at(knobs),
        closed=not is_open,
        is_final=is_ranked(application.campaign),
    )


def _shown(claim: BonusClaim, rules: RuleSet) -> ShownClaim:
    granted = claim.state == BonusState.ACCEPTED
    months = claim.months_proved if claim.months_proved is not None else claim.months
    return ShownClaim(
        claim=claim,
        ground=ground_name(claim.ground),
        service=service_words(months) if months else "",
        points=points_of(claim, knobs_of(rules)) if granted else None,
        tone=TONES[BonusState(claim.state)],
    )


def _own(request: CandidateRequest, registration_no: str) -> Application:
    row = applications_of(request.candidate.pk).filter(registration_no=registration_no).first()
    if row is None:
        raise Http404
    return row


@candidate_page
def bonus(request: CandidateRequest, registration_no: str) -> HttpResponse:
    """What the announcement gives, what this person claimed and what became of it, and the form for another claim."""
    row, now = _own(request, registration_no), timezone.now()
    rules = rules_of(row.campaign)
    shown = bonus_of(row, rules, now)
    if shown is None:
        raise Http404
    documents = list(request.candidate.documents.select_related("file"))
    form = BonusForm(
        request.POST or None, request.FILES or None, rules=knobs_of(rules), left=shown.left, documents=documents
    )
    if request.method == "POST" and form.is_valid() and _claim(request, row, form):
        messages.success(request, _("Your claim is handed in. You will be told the decision."))
        return redirect("portal:bonus", registration_no)
    context = {"application": row, "bonus": shown, "form": form, "now": now}
    return render(request, "portal/bonus.html", context, status=409 if form.errors else 200)


def _claim(request: CandidateRequest, row: Application, form: BonusForm) -> bool:
    """Hand in the claim, with a new document if there is one; a refusal is shown on the form."""
    told = form.cleaned_data
    claim = {"actor": request.user, "application": row, "ground": told["ground"], "months": form.all_months}
    try:
        if file := told.get("file"):
            domain.claim_with_new_proof(**claim, content=file, name=file.name)
        else:
            domain.claim_bonus(**claim, document=form.documents[told["document"]])
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


@require_POST
@candidate_page
def withdraw(request: CandidateRequest, registration_no: str, pk: int) -> HttpResponse:
    """Take one's own claim back before it is decided."""
    row = _own(request, registration_no)
    claim = get_object_or_404(row.bonus_claims.all(), pk=pk)
    try:
        domain.withdraw_claim(actor=request.user, claim=claim)  # type: ignore[arg-type]
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The claim is withdrawn."))
    return redirect("portal:bonus", registration_no)
