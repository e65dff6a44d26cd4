"""The formal check of opened bids: complete, and of people who may bid (C5)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from foundation.errors import Refused
from recruitment.challenges.machine import BIDS
from recruitment.challenges.models import Bid
from recruitment.challenges.notices import tell
from recruitment.challenges.policies import is_unsealed, may_run_challenges


def _check_form(actor: User, bid: Bid) -> Bid:
    bid = Bid.objects.select_for_update(of=("self",)).select_related("challenge", "candidate__user").get(pk=bid.pk)
    require(may_run_challenges, actor, bid)
    require(is_unsealed, actor, bid)
    return bid


@transaction.atomic
def accept_bid(*, actor: User, bid: Bid) -> Bid:
    """The bid is complete and its lead is eligible (C5). Raises NotAllowed while bids are sealed."""
    bid = _check_form(actor, bid)
    before = BIDS.move("accept", bid, checked_at=timezone.now())
    audit.record(actor=actor, action="challenges.accept_bid", subject=bid, before={"state": before})
    tell(bid, "accepted")
    return bid


@transaction.atomic
def return_bid(*, actor: User, bid: Bid, reason: str, complete_by: datetime) -> Bid:
    """Send an incomplete bid back, with what is missing and by when; one return is allowed (C5)."""
    bid = _check_form(actor, bid)
    if bid.returned_at:
        raise Refused(_("This bid was returned once already. Nothing was saved."), code="returned_before")
    if complete_by <= timezone.now():
        raise Refused(_("The time for completing must lie ahead. Nothing was saved."), code="complete_by")
    before = BIDS.move("return", bid, reason=reason, returned_at=timezone.now(), complete_by=complete_by)
    _keep_reason(bid, reason)
    audit.record(
        actor=actor, action="challenges.return_bid", subject=bid, before={"state": before}, reason=reason,
        after={"complete_by": complete_by.isoformat()},
    )  # fmt: skip
    tell(bid, "returned")
    return bid


@transaction.atomic
def refuse_bid(*, actor: User, bid: Bid, reason: str) -> Bid:
    """The bid does not meet the formal conditions, with the reason its lead reads (C5).

    One that was returned and not completed in time is refused too.
    """
    bid = _check_form(actor, bid)
    is_late = bid.complete_by is not None and bid.complete_by <= timezone.now()
    before = BIDS.move("refuse_late" if is_late else "refuse", bid, reason=reason, checked_at=timezone.now())
    _keep_reason(bid, reason)
    audit.record(actor=actor, action="challenges.refuse_bid", subject=bid, before={"state": before}, reason=reason)
    tell(bid, "refused")
    return bid


def _keep_reason(bid: Bid, reason: str) -> None:
    bid.reason = reason
    bid.save(update_fields=["reason"])
