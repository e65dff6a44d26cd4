"""Bids: handed in sealed while the window is open, checked for form after it has closed."""

import secrets
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from foundation.errors import Refused
from recruitment.candidates.models import Candidate
from recruitment.challenges.enums import BidState, ChallengeState
from recruitment.challenges.machine import BIDS
from recruitment.challenges.models import Bid, Challenge
from recruitment.challenges.policies import is_lead, is_unsealed, may_run_challenges


def refuse_unless_window_open(challenge: Challenge) -> None:
    """Raises Refused outside [bids_open_at, bids_close_at) by the server's clock."""
    now = timezone.now()
    opens_at, closes_at = challenge.bids_open_at, challenge.bids_close_at
    if challenge.state != ChallengeState.PUBLISHED or opens_at is None or closes_at is None:
        raise Refused(_("This challenge does not take bids. Nothing was saved."), code="not_open")
    if not opens_at <= now < closes_at:
        raise Refused(
            _("Bids were open from %(opens)s to %(closes)s. Nothing was saved.")
            % {
                "opens": timezone.localtime(opens_at).strftime("%Y-%m-%d %H:%M"),
                "closes": timezone.localtime(closes_at).strftime("%Y-%m-%d %H:%M"),
            },
            code="not_open",
        )


@transaction.atomic
def submit_bid(
    *,
    actor: User,
    challenge: Challenge,
    candidate: Candidate,
    home_unit: str,
    team: str,
    plan: str,
    quote: Decimal,
) -> Bid:
    """Hand in a bid, sealed until the window closes; a lead who hands in again gets their first bid back.

    Raises NotAllowed for anyone but the lead, Refused outside the window, without a plan, or for a quote (yuan) that is
    not positive or above the amount of the board.
    """
    require(is_lead, actor, Bid(candidate=candidate))
    challenge = Challenge.objects.select_for_update().get(pk=challenge.pk)
    refuse_unless_window_open(challenge)
    if not plan.strip():
        raise Refused(_("Describe how you will solve the problem. Nothing was saved."), code="plan")
    if not 0 < quote <= challenge.budget:
        raise Refused(
            _("The quote must be more than 0 and at most %(budget)s yuan. Nothing was saved.")
            % {"budget": challenge.budget},
            code="quote",
        )
    values = {"home_unit": home_unit, "team": team, "plan": plan, "quote": str(quote), "submitted_at": timezone.now()}
    try:
        with transaction.atomic():
            bid = Bid.objects.create(challenge=challenge, candidate=candidate, number=_new_number(), **values)
    except IntegrityError:
        return Bid.objects.exclude(state=BidState.WITHDRAWN).get(challenge=challenge, candidate=candidate)
    audit.record(actor=actor, action="challenges.submit_bid", subject=bid, after={"challenge": challenge.code})
    return bid


def _new_number() -> str:
    return f"B{timezone.localdate():%y%m}{secrets.randbelow(10**8):08d}"


@transaction.atomic
def withdraw_bid(*, actor: User, bid: Bid) -> Bid:
    """The lead takes the bid back, before an award."""
    require(is_lead, actor, bid)
    before = BIDS.move("withdraw", bid)
    audit.record(actor=actor, action="challenges.withdraw_bid", subject=bid, before={"state": before})
    return bid


def _check_form(actor: User, bid: Bid) -> None:
    require(may_run_challenges, actor, bid)
    require(is_unsealed, actor, bid)


def _decide(bid: Bid, name: str, reason: str) -> str:
    """Move a bid and keep the reason its lead reads; returns the state it left."""
    before = BIDS.move(name, bid, reason=reason)
    bid.reason = reason
    bid.save(update_fields=["reason"])
    return before


@transaction.atomic
def accept_bid(*, actor: User, bid: Bid) -> Bid:
    """The bid is complete and its lead is eligible (C5). Raises NotAllowed while bids are sealed."""
    _check_form(actor, bid)
    before = BIDS.move("accept", bid)
    audit.record(actor=actor, action="challenges.accept_bid", subject=bid, before={"state": before})
    return bid


@transaction.atomic
def return_bid(*, actor: User, bid: Bid, reason: str) -> Bid:
    """Send an incomplete bid back, with what is missing; a second return is refused, since one is allowed (C5)."""
    _check_form(actor, bid)
    if bid.reason:
        raise Refused(_("This bid was returned once already. Nothing was saved."), code="returned_before")
    before = _decide(bid, "return", reason)
    audit.record(actor=actor, action="challenges.return_bid", subject=bid, before={"state": before}, reason=reason)
    return bid


@transaction.atomic
def complete_bid(*, actor: User, bid: Bid, team: str, plan: str) -> Bid:
    """The lead completes a returned bid; the quote stays as handed in."""
    require(is_lead, actor, bid)
    before = BIDS.move("complete", bid)
    bid.team, bid.plan = team, plan
    bid.save(update_fields=["team", "plan"])
    audit.record(actor=actor, action="challenges.complete_bid", subject=bid, before={"state": before})
    return bid


@transaction.atomic
def refuse_bid(*, actor: User, bid: Bid, reason: str) -> Bid:
    """The bid does not meet the formal conditions, with the reason its lead reads (C5)."""
    _check_form(actor, bid)
    before = _decide(bid, "refuse", reason)
    audit.record(actor=actor, action="challenges.refuse_bid", subject=bid, before={"state": before}, reason=reason)
    return bid
