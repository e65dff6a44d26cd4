"""Two officers make their key halves, hand them in after the window, and all bids are opened at once (decision 18)."""

import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from foundation.dates import moment
from foundation.errors import NotAllowed, Refused
from recruitment.challenges.domain.board import locked
from recruitment.challenges.enums import BidState, ChallengeState
from recruitment.challenges.models import Bid, Challenge, KeyHalf
from recruitment.challenges.notices import tell_all
from recruitment.challenges.policies import may_hold_key_half, may_run_challenges
from recruitment.challenges.sealing import BadHalf, BrokenSeal, new_half, public_of, secret_in, unseal


@transaction.atomic
def make_key_half(*, actor: User, challenge: Challenge) -> str:
    """The officer's half of the key, returned this once and stored nowhere; the server keeps its public key.

    Made again before the board is published, it takes the place of the officer's first one, which then opens nothing.
    Raises Refused unless the need is confirmed, afterwards, and if two colleagues hold the halves.
    """
    challenge = locked(challenge)
    require(may_hold_key_half, actor, challenge)
    if challenge.state != ChallengeState.CONFIRMED:
        raise Refused(
            _("Key halves are made after the need is confirmed and before it goes on the board. Nothing was saved."),
            code="wrong_state",
        )
    half, now = new_half(), timezone.now()
    mine = challenge.key_halves.filter(holder=actor).first()
    if mine is not None:
        mine.public_key, mine.made_at = half.public, now
        mine.save(update_fields=["public_key", "made_at"])
    else:
        free = {1, 2} - set(challenge.key_halves.values_list("place", flat=True))
        if not free:
            raise Refused(_("Two colleagues hold the halves of this key. Nothing was saved."), code="two_holders")
        mine = KeyHalf.objects.create(
            challenge=challenge, place=min(free), holder=actor, public_key=half.public, made_at=now
        )
    after = {"place": mine.place, "public_key": half.public}
    audit.record(actor=actor, action="challenges.make_key_half", subject=challenge, after=after)
    return half.secret


@transaction.atomic
def discard_key_half(*, actor: User, half: KeyHalf, reason: str) -> None:
    """Before the board is published, free the place of a colleague who can't keep their half. Raises Refused later."""
    challenge = locked(half.challenge)
    require(may_run_challenges, actor, challenge)
    if challenge.state != ChallengeState.CONFIRMED:
        raise Refused(_("Bids are sealed with this half, so it stays. Nothing was saved."), code="wrong_state")
    if not reason.strip():
        raise Refused(_("A reason is needed. Nothing was saved."), code="reason_required")
    before = {"place": half.place, "public_key": half.public_key}
    half.delete()
    audit.record(actor=actor, action="challenges.discard_key_half", subject=challenge, before=before, reason=reason)


def refuse_unless_closed(challenge: Challenge) -> None:
    """Raises Refused while bids may still come in, or where the board is not waiting to be opened."""
    closes_at = challenge.bids_close_at
    if challenge.state != ChallengeState.PUBLISHED or closes_at is None:
        raise Refused(_("The bids of this board are not waiting to be opened. Nothing was saved."), code="wrong_state")
    if timezone.now() < closes_at:
        raise Refused(
            _("The window is open until %(closes)s; key halves are handed in after it. Nothing was saved.")
            % {"closes": moment(closes_at)},
            code="not_closed",
        )


@transaction.atomic
def hand_in_key_half(*, actor: User, challenge: Challenge, secret: str) -> KeyHalf:
    """The holder hands in their half after the window has closed; handed in again, it changes nothing.

    Raises NotAllowed for anyone who holds no half of this board, Refused before the close and for a text that is not
    the half the officer was given. What is handed in opens nothing by itself.
    """
    challenge = locked(challenge)
    require(may_hold_key_half, actor, challenge)
    half = challenge.key_halves.filter(holder=actor).first()
    if half is None:
        raise NotAllowed(_("Only the two officers who hold the halves of this key can hand them in."), code="no_holder")
    refuse_unless_closed(challenge)
    if half.handed_in_at or challenge.opened_at:
        return half
    try:
        fits = public_of(secret) == half.public_key
    except BadHalf:
        raise Refused(
            _("This text holds no key half, or a sign of it is wrong. It starts with ZX1. Nothing was saved."),
            code="bad_half",
        ) from None
    if not fits:
        raise Refused(
            _("This is not the half that you were given for board %(code)s. Nothing was saved.")
            % {"code": challenge.code},
            code="wrong_half",
        )
    half.handed_in, half.handed_in_at = secret_in(secret), timezone.now()
    half.save(update_fields=["handed_in", "handed_in_at"])
    audit.record(actor=actor, action="challenges.hand_in_key_half", subject=challenge, after={"place": half.place})
    return half


@transaction.atomic
def open_bids(*, actor: User, challenge: Challenge) -> Challenge:
    """Open all bids at once with both halves, which are forgotten then; opened before, nothing changes.

    Raises Refused before the close, until both halves are there, without any bid, and naming each bid whose content
    was changed after it was handed in: then none is opened.
    """
    challenge = locked(challenge)
    require(may_run_challenges, actor, challenge)
    if challenge.opened_at:
        return challenge
    refuse_unless_closed(challenge)
    halves = list(challenge.key_halves.order_by("place"))
    if len(halves) < 2 or not all(half.handed_in_at for half in halves):
        raise Refused(_("Both key halves are needed to open the bids. Nothing was saved."), code="halves_missing")
    bids = list(challenge.bids.exclude(state=BidState.WITHDRAWN).select_related("candidate__user").order_by("number"))
    if not bids:
        raise Refused(_("No bid was handed in; the board fails. Nothing was saved."), code="no_bids")
    now = timezone.now()
    contents = _contents([half.handed_in for half in halves], bids)
    for bid in bids:
        told = contents[bid.pk]
        bid.home_unit, bid.team, bid.plan, bid.quote = (told[name] for name in ("home_unit", "team", "plan", "quote"))
        bid.opened_at = now
        bid.save(update_fields=["home_unit", "team", "plan", "quote", "opened_at"])
    challenge.key_halves.update(handed_in="")
    challenge.opened_at = now
    challenge.save(update_fields=["opened_at"])
    digest = hashlib.sha256("\n".join(f"{bid.number} {bid.digest}" for bid in bids).encode()).hexdigest()
    audit.record(
        actor=actor, action="challenges.open_bids", subject=challenge, after={"bids": len(bids), "digest": digest}
    )
    tell_all(bids, "opened")
    return challenge


def _contents(secrets: list[str], bids: list[Bid]) -> dict[int, dict[str, Any]]:
    """Bid id → what was in its box; raises Refused with the numbers of all that do not open as they were handed in."""
    found, broken = {}, []
    for bid in bids:
        try:
            content = unseal(secrets, bid.sealed, context=bid.number)
        except BrokenSeal:
            broken.append(bid.number)
            continue
        if hashlib.sha256(content).hexdigest() != bid.digest:
            broken.append(bid.number)
        found[bid.pk] = json.loads(content)
    if broken:
        raise Refused(
            _("These bids are not as they were handed in: %(numbers)s. No bid was opened, nothing was saved.")
            % {"numbers": ", ".join(broken)},
            code="broken_seal",
        )
    return found
