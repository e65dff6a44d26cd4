"""Objections to an award while it is under public notice (C9, R76)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from foundation.errors import Refused
from recruitment.challenges.domain.board import locked
from recruitment.challenges.enums import BidState, ChallengeState
from recruitment.challenges.machine import BIDS, CHALLENGES
from recruitment.challenges.models import AwardObjection, Challenge
from recruitment.challenges.notices import tell_all
from recruitment.challenges.policies import may_run_challenges
from recruitment.challenges.queries import is_under_notice
from recruitment.publications.domain import withdraw
from recruitment.publications.models import PublicationState

TOLD_OF_RESULT = (BidState.AWARDED, BidState.NOT_AWARDED)


@transaction.atomic
def object_to_award(*, actor: User, challenge: Challenge, summary: str) -> AwardObjection:
    """Record an objection received while the notice of the award runs; no agreement is signed until it is decided.

    Raises Refused without a summary, and before or after the notice period.
    """
    challenge = locked(challenge)
    require(may_run_challenges, actor, challenge)
    if not summary.strip():
        raise Refused(_("Say what the objection is about. Nothing was saved."), code="summary")
    if not is_under_notice(challenge, timezone.now()):
        raise Refused(_("The award is not under public notice now. Nothing was saved."), code="not_in_notice")
    objection = AwardObjection.objects.create(challenge=challenge, summary=summary.strip(), recorded_by=actor)
    audit.record(actor=actor, action="challenges.object_to_award", subject=challenge, after={"objection": objection.pk})
    return objection


@transaction.atomic
def decide_award_objection(*, actor: User, objection: AwardObjection, is_upheld: bool, decision: str) -> AwardObjection:
    """Clear an objection, or uphold it: then the award is void, its notice withdrawn and the board ends without one.

    `decision` is public if the objection is upheld. Raises Refused without it or if it was decided before.
    """
    challenge = locked(objection.challenge)
    require(may_run_challenges, actor, challenge)
    objection = AwardObjection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
    if objection.decided_at:
        raise Refused(_("This objection was decided before. Nothing was saved."), code="decided")
    if not decision.strip():
        raise Refused(_("Give the grounds of the decision. Nothing was saved."), code="reason_required")
    objection.decided_at, objection.decided_by = timezone.now(), actor
    objection.is_upheld, objection.decision = is_upheld, decision.strip()
    objection.save(update_fields=["decided_at", "decided_by", "is_upheld", "decision"])
    audit.record(
        actor=actor, action="challenges.decide_award_objection", subject=challenge, reason=objection.decision,
        after={"objection": objection.pk, "upheld": is_upheld},
    )  # fmt: skip
    if is_upheld and challenge.state == ChallengeState.AWARDED:
        _annul(actor, challenge, objection.decision)
    return objection


def _annul(actor: User, challenge: Challenge, reason: str) -> None:
    notice = challenge.notice
    if notice is not None and notice.state == PublicationState.RELEASED:
        withdraw(actor=actor, publication=notice, reason=reason)
    told = list(challenge.bids.filter(state__in=TOLD_OF_RESULT).select_related("candidate__user", "challenge"))
    for bid in told:
        if bid.state == BidState.AWARDED:
            BIDS.move("annul", bid, reason=reason)
    before = CHALLENGES.move("annul", challenge, reason=reason, decision=reason, decided_at=timezone.now())
    audit.record(
        actor=actor, action="challenges.annul_award", subject=challenge, before={"state": before}, reason=reason
    )
    tell_all(told, "failed", reason)
