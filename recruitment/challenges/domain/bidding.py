"""Bids: handed in sealed while the window is open, replaced or taken back, completed once."""

import hashlib
import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import IO

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from foundation.dates import moment
from foundation.errors import Refused
from foundation.files.domain import drop_file, store_file
from foundation.files.models import PrivateFile
from foundation.words import money
from recruitment.candidates.models import Candidate
from recruitment.challenges.domain.board import locked
from recruitment.challenges.enums import BidDeclaration, BidState, ChallengeState
from recruitment.challenges.machine import BIDS
from recruitment.challenges.models import Bid, Challenge
from recruitment.challenges.notices import tell
from recruitment.challenges.policies import CONSENT, is_lead
from recruitment.challenges.sealing import seal

CONSENT_KINDS = ("pdf", "jpeg", "png")
ALL_DECLARED = tuple(BidDeclaration.values)


@dataclass(frozen=True)
class Offer:
    """What a lead hands in: home organisation, team, plan, quote in yuan, and what they declare."""

    home_unit: str
    team: str
    plan: str
    quote: Decimal
    declared: Collection[str] = ALL_DECLARED


@dataclass(frozen=True)
class Upload:
    """A file as it arrives: its content and the name it had."""

    content: IO[bytes] | bytes
    name: str


def refuse_unless_window_open(challenge: Challenge) -> None:
    """Raises Refused outside [bids_open_at, bids_close_at) by the server's clock."""
    now = timezone.now()
    opens_at, closes_at = challenge.bids_open_at, challenge.bids_close_at
    if challenge.state != ChallengeState.PUBLISHED or opens_at is None or closes_at is None:
        raise Refused(_("This challenge does not take bids. Nothing was saved."), code="not_open")
    if not opens_at <= now < closes_at:
        raise Refused(
            _("Bids were open from %(opens)s to %(closes)s. Nothing was saved.")
            % {"opens": moment(opens_at), "closes": moment(closes_at)},
            code="not_open",
        )


def _check_offer(challenge: Challenge, offer: Offer) -> None:
    if not offer.home_unit.strip():
        raise Refused(_("Name your home organisation. Nothing was saved."), code="home_unit")
    if not offer.plan.strip():
        raise Refused(_("Describe how you will solve the problem. Nothing was saved."), code="plan")
    if not 0 < offer.quote <= challenge.budget:
        raise Refused(
            _("The quote must be more than 0 and at most %(budget)s yuan. Nothing was saved.")
            % {"budget": money(challenge.budget)},
            code="quote",
        )
    if set(offer.declared) != set(ALL_DECLARED):
        raise Refused(_("Each declaration is needed. Nothing was saved."), code="declarations")


@transaction.atomic
def submit_bid(
    *, actor: User, challenge: Challenge, candidate: Candidate, offer: Offer, consent: Upload | None = None
) -> Bid:
    """Hand in a bid, sealed until both key halves open it; a lead who hands in again gets their first bid back.

    Raises NotAllowed for anyone but the lead, Refused outside the window, without name and ID number in the profile,
    without a plan, or for a quote (yuan) that is not positive or above the amount of the board.
    """
    require(is_lead, actor, Bid(candidate=candidate))
    challenge = locked(challenge)
    refuse_unless_window_open(challenge)
    if not candidate.name or not candidate.id_number:
        raise Refused(_("Give name and ID number in your profile first. Nothing was saved."), code="profile")
    _check_offer(challenge, offer)
    bid = Bid(challenge=challenge, candidate=candidate, number=_new_number(), submitted_at=timezone.now())
    try:
        with transaction.atomic():
            bid.save()
    except IntegrityError:
        return Bid.objects.exclude(state=BidState.WITHDRAWN).get(challenge=challenge, candidate=candidate)
    _put_in_box(actor, bid, offer, consent)
    after = {"challenge": challenge.code, "digest": bid.digest}
    audit.record(actor=actor, action="challenges.submit_bid", subject=bid, after=after)
    tell(bid, "submitted")
    return bid


@transaction.atomic
def replace_bid(*, actor: User, bid: Bid, offer: Offer, consent: Upload | None = None) -> Bid:
    """Put another content in the place of the sealed one while the window is open; number and consent stay.

    Raises NotAllowed for anyone but the lead, Refused for what `submit_bid` refuses and for a bid taken back.
    """
    require(is_lead, actor, bid)
    challenge = locked(bid.challenge)
    refuse_unless_window_open(challenge)
    bid = _locked_bid(bid)
    if bid.state != BidState.SUBMITTED:
        raise Refused(_("This bid was taken back; hand in a new one. Nothing was saved."), code="wrong_state")
    _check_offer(challenge, offer)
    before = {"digest": bid.digest}
    bid.submitted_at = timezone.now()
    _put_in_box(actor, bid, offer, consent)
    audit.record(actor=actor, action="challenges.replace_bid", subject=bid, before=before, after={"digest": bid.digest})
    tell(bid, "replaced")
    return bid


def _locked_bid(bid: Bid) -> Bid:
    return Bid.objects.select_for_update(of=("self",)).select_related("challenge", "candidate__user").get(pk=bid.pk)


def _put_in_box(actor: User, bid: Bid, offer: Offer, consent: Upload | None) -> None:
    """Seal the offer with the public keys of the board; `salt` keeps short contents from being guessed by digest."""
    _keep_consent(actor, bid, consent)
    content = {
        "challenge": bid.challenge.code,
        "number": bid.number,
        "home_unit": offer.home_unit.strip(),
        "team": offer.team.strip(),
        "plan": offer.plan.strip(),
        "quote": str(offer.quote),
        "declared": sorted(offer.declared),
        "consent": bid.consent.sha256 if bid.consent else "",
        "salt": secrets.token_hex(16),
    }
    document = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    publics = list(bid.challenge.key_halves.order_by("place").values_list("public_key", flat=True))
    bid.sealed = seal(publics, document, context=bid.number)
    bid.digest = hashlib.sha256(document).hexdigest()
    bid.save(update_fields=["sealed", "digest", "submitted_at", "consent"])


def _keep_consent(actor: User, bid: Bid, upload: Upload | None) -> None:
    if upload is None:
        return
    earlier: PrivateFile | None = bid.consent
    bid.consent = store_file(
        content=upload.content, name=upload.name, purpose=CONSENT, owner=actor, kinds=CONSENT_KINDS
    )
    if earlier is not None:
        bid.save(update_fields=["consent"])
        drop_file(file=earlier)


def _new_number() -> str:
    return f"B{timezone.localdate():%y%m}{secrets.randbelow(10**8):08d}"


@transaction.atomic
def withdraw_bid(*, actor: User, bid: Bid) -> Bid:
    """The lead takes the bid back, before an award; a sealed content is thrown away unread.

    Raises Refused once it can't be taken back, in words that tell nothing of a result before its notice.
    """
    require(is_lead, actor, bid)
    locked(bid.challenge)
    bid = _locked_bid(bid)
    if not BIDS.can("withdraw", bid.state):
        raise Refused(_("This bid can't be taken back any more. Nothing was saved."), code="wrong_state")
    before = BIDS.move("withdraw", bid, sealed="")
    audit.record(actor=actor, action="challenges.withdraw_bid", subject=bid, before={"state": before})
    tell(bid, "withdrawn")
    return bid


@transaction.atomic
def complete_bid(*, actor: User, bid: Bid, team: str, plan: str, consent: Upload | None = None) -> Bid:
    """The lead completes a returned bid; quote and home organisation stay as handed in.

    Raises Refused after the moment by which it was due, or without a plan.
    """
    require(is_lead, actor, bid)
    bid = _locked_bid(bid)
    if bid.complete_by is not None and timezone.now() >= bid.complete_by:
        raise Refused(
            _("The bid was to be completed by %(when)s. Nothing was saved.") % {"when": moment(bid.complete_by)},
            code="too_late",
        )
    if not plan.strip():
        raise Refused(_("Describe how you will solve the problem. Nothing was saved."), code="plan")
    before = BIDS.move("complete", bid)
    _keep_consent(actor, bid, consent)
    bid.team, bid.plan = team.strip(), plan.strip()
    bid.save(update_fields=["team", "plan", "consent"])
    audit.record(actor=actor, action="challenges.complete_bid", subject=bid, before={"state": before})
    return bid
