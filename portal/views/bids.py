"""A candidate's bids for open challenges: hand in sealed, follow, replace, take back, complete.

While bids are sealed the server keeps nothing of a form that was not handed in, not even encrypted: what is typed stays
in the browser (`keep-here.js`) and never in a session.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from foundation.errors import DomainError
from portal.access import CandidateRequest, candidate_page
from portal.bid_forms import BidForm, CompletionForm, QuestionForm
from portal.presenting import Pill
from recruitment.challenges import domain
from recruitment.challenges.enums import BidDeclaration, BidState, ChallengeState
from recruitment.challenges.ledger import bid_ledger
from recruitment.challenges.machine import BIDS
from recruitment.challenges.models import Bid, Challenge
from recruitment.challenges.queries import bids_of, is_open_for_bids, live_bid, public_challenges, told_bid_state
from recruitment.challenges.serving import service_of
from recruitment.challenges.timeline import steps_of_bid

TONES = {
    BidState.SUBMITTED: "now",
    BidState.RETURNED: "warn",
    BidState.ACCEPTED: "now",
    BidState.REFUSED: "fail",
    BidState.AWARDED: "done",
}


def sealed_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of the portal whose form must leave no trace but the sealed box: no session, cache or error report."""
    inner = candidate_page(view)

    @never_cache
    @sensitive_post_parameters()
    @wraps(view)
    def wrapped(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return inner(request, *args, **kwargs)

    return wrapped


def bid_pill(bid: Bid) -> Pill:
    """The state the lead may know of, in public words."""
    state = told_bid_state(bid)
    if state == BidState.SUBMITTED and bid.opened_at is None:
        return Pill("now", _("Received, sealed"))
    return Pill(TONES.get(BidState(state), ""), BIDS.public_name(state))


def _own(request: CandidateRequest, number: str) -> Bid:
    """One's own bid; the number of someone else's is as unknown as one that was never given."""
    return get_object_or_404(bids_of(request.candidate.pk), number=number)


def _keep_key(challenge: Challenge, request: CandidateRequest) -> str:
    return f"bid-{challenge.pk}-{request.candidate.pk}"


@candidate_page
def bids(request: CandidateRequest) -> HttpResponse:
    """All bids with where they stand."""
    rows = [(bid, bid_pill(bid)) for bid in bids_of(request.candidate.pk)]
    return render(request, "portal/bids/list.html", {"rows": rows})


@sealed_page
def hand_in(request: CandidateRequest, code: str) -> HttpResponse:
    """The form of a first bid for a challenge on the board."""
    challenge = get_object_or_404(public_challenges(), code=code)
    earlier = live_bid(challenge, request.candidate.pk)
    if earlier is not None:
        if request.method == "POST":
            told = _(
                "Your bid %(number)s is in already. What this page sent was not saved; use “Replace” to change it."
            )
            messages.warning(request, told % {"number": earlier.number})
        return redirect("portal:bid", earlier.number)
    form = BidForm(request.POST or None, request.FILES or None, challenge=challenge)
    if request.method == "POST" and form.is_valid():
        try:
            bid = domain.submit_bid(
                actor=request.user,  # type: ignore[arg-type]
                challenge=challenge,
                candidate=request.candidate,
                offer=form.offer(),
                consent=form.upload(),
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Your bid is received and sealed."))
            return redirect("portal:bid-receipt", bid.number)
    return _form_page(request, challenge, form, None)


@candidate_page
def question(request: CandidateRequest, code: str) -> HttpResponse:
    """Ask about a challenge while its bids are open; the answer is for everyone, on the board."""
    challenge = get_object_or_404(public_challenges(), code=code)
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = {"challenge": challenge, "candidate": request.candidate, "text": form.cleaned_data["text"]}
        try:
            domain.ask_question(actor=request.user, **told)  # type: ignore[arg-type]
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Your question is with the office. The answer comes on the board."))
            return redirect("challenge", challenge.code)
    is_open = is_open_for_bids(challenge, timezone.now())
    status = 422 if form.errors else 200
    context = {"challenge": challenge, "form": form, "is_open": is_open}
    return render(request, "portal/bids/question.html", context, status=status)


@sealed_page
def replace(request: CandidateRequest, number: str) -> HttpResponse:
    """The same form for a bid that is in: what is sent takes the place of the whole sealed content."""
    bid = _own(request, number)
    if bid.state != BidState.SUBMITTED or not is_open_for_bids(bid.challenge, timezone.now()):
        messages.warning(request, _("This bid can't be replaced any more."))
        return redirect("portal:bid", number)
    form = BidForm(request.POST or None, request.FILES or None, challenge=bid.challenge)
    if request.method == "POST" and form.is_valid():
        try:
            domain.replace_bid(actor=request.user, bid=bid, offer=form.offer(), consent=form.upload())  # type: ignore[arg-type]
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Your bid is replaced and sealed again. Keep the new receipt."))
            return redirect("portal:bid-receipt", number)
    return _form_page(request, bid.challenge, form, bid)


def _form_page(request: CandidateRequest, challenge: Challenge, form: BidForm, bid: Bid | None) -> HttpResponse:
    candidate, now = request.candidate, timezone.now()
    context = {
        "challenge": challenge,
        "form": form,
        "bid": bid,
        "declarations": [form[name] for name in BidDeclaration.values],
        "is_open": is_open_for_bids(challenge, now),
        "lacks_identity": not candidate.name or not candidate.id_number,
        "keep_key": _keep_key(challenge, request),
        "now": now,
    }
    return render(request, "portal/bids/form.html", context, status=422 if form.errors else 200)


@candidate_page
def bid(request: CandidateRequest, number: str) -> HttpResponse:
    """Where one bid stands: timeline, receipt, what can be done; its content once the bids are opened."""
    row, now = _own(request, number), timezone.now()
    state = told_bid_state(row)
    open_now = is_open_for_bids(row.challenge, now)
    context = {
        "bid": row,
        "challenge": row.challenge,
        "state": state,
        "pill": bid_pill(row),
        "steps": steps_of_bid(row, now),
        "ledger": bid_ledger(row),
        "service": service_of(row.engagement, timezone.localdate(now)) if hasattr(row, "engagement") else None,
        "may_replace": row.state == BidState.SUBMITTED and open_now,
        "may_complete": row.state == BidState.RETURNED and not (row.complete_by and row.complete_by <= now),
        "may_withdraw": BIDS.can("withdraw", row.state) and row.challenge.state != ChallengeState.FAILED,
        "may_bid_again": row.state == BidState.WITHDRAWN
        and open_now
        and live_bid(row.challenge, request.candidate.pk) is None,
        "keep_key": _keep_key(row.challenge, request) if row.state != BidState.WITHDRAWN else "",
        "now": now,
    }
    return render(request, "portal/bids/bid.html", context)


@candidate_page
def receipt(request: CandidateRequest, number: str) -> HttpResponse:
    """The receipt of a bid, made to be printed."""
    row = _own(request, number)
    if not row.submitted_at or not row.digest:
        raise Http404
    digest = [row.digest[start : start + 8] for start in range(0, 64, 8)]
    context = {
        "bid": row,
        "challenge": row.challenge,
        "digest": digest,
        "keep_key": _keep_key(row.challenge, request),
    }
    return render(request, "portal/bids/receipt.html", context)


@candidate_page
def withdraw(request: CandidateRequest, number: str) -> HttpResponse:
    """Ask once more, saying what it means, then take the bid back."""
    row = _own(request, number)
    if request.method != "POST":
        context = {"bid": row, "challenge": row.challenge, "is_open": is_open_for_bids(row.challenge, timezone.now())}
        return render(request, "portal/bids/withdraw.html", context)
    try:
        domain.withdraw_bid(actor=request.user, bid=row)  # type: ignore[arg-type]
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Your bid is taken back."))
    return redirect("portal:bid", number)


@sealed_page
def complete(request: CandidateRequest, number: str) -> HttpResponse:
    """Complete a returned bid, once and in time."""
    row = _own(request, number)
    if row.state != BidState.RETURNED:
        return redirect("portal:bid", number)
    form = CompletionForm(request.POST or None, request.FILES or None, initial={"team": row.team, "plan": row.plan})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            domain.complete_bid(
                actor=request.user,  # type: ignore[arg-type]
                bid=row,
                team=told["team"],
                plan=told["plan"],
                consent=form.upload(),
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Your bid is completed; the formal check goes on."))
            return redirect("portal:bid", number)
    context = {"bid": row, "challenge": row.challenge, "form": form, "now": timezone.now()}
    return render(request, "portal/bids/complete.html", context, status=422 if form.errors else 200)
