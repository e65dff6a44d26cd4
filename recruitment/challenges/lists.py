"""The public notice of an award, handed to the press as a draft (C9)."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policies import require
from campaigns.planning.queries import rule_set_in_force
from foundation.errors import Refused
from recruitment.challenges.domain.board import locked
from recruitment.challenges.enums import BidState, ChallengeState
from recruitment.challenges.models import Challenge
from recruitment.challenges.policies import may_run_challenges
from recruitment.publications.domain import prepare
from recruitment.publications.models import Publication, PublicationKind, PublicationState

GONE = (PublicationState.WITHDRAWN,)


@transaction.atomic
def prepare_award(*, actor: User, challenge: Challenge) -> Publication:
    """Draft the notice of an award: board, winner by name and home organisation, score, and the other bids by number.

    Raises Refused before the award, and if a notice waits or is out already; one that was withdrawn is replaced.
    """
    challenge = locked(challenge)
    require(may_run_challenges, actor, challenge)
    if challenge.state != ChallengeState.AWARDED:
        raise Refused(_("Nothing has been awarded yet. Nothing was saved."), code="wrong_state")
    earlier = challenge.notice
    if earlier is not None and earlier.state not in GONE:
        raise Refused(
            _("“%(title)s” is with the press already. Nothing was saved.") % {"title": earlier.title}, code="duplicate"
        )
    columns = [
        ("bid", _("Bid number")),
        ("name", _("Lead")),
        ("home_unit", _("Home organisation")),
        ("score", _("Score")),
        ("rank", _("Rank")),
        ("result", _("Result")),
    ]
    reviewed = challenge.bids.filter(state__in=[BidState.AWARDED, BidState.NOT_AWARDED]).exclude(score=None)
    rows = [
        [
            bid.number,
            bid.candidate.name if bid.state == BidState.AWARDED else "—",
            bid.home_unit if bid.state == BidState.AWARDED else "—",
            f"{bid.score:.2f}",
            str(bid.rank),
            str(bid.get_state_display()),
        ]
        for bid in reviewed.select_related("candidate").order_by("rank", "number")
    ]
    publication = prepare(
        actor=actor,
        campaign=challenge.campaign,
        kind=PublicationKind.AWARD,
        title=_("Award of board %(code)s, %(title)s") % {"code": challenge.code, "title": challenge.title},
        intro=_(
            "Board %(code)s, “%(title)s” (%(unit)s), is to be awarded to the bid below (%(decision)s). Objections may "
            "be raised during the notice period."
        )
        % {
            "code": challenge.code,
            "title": challenge.title,
            "unit": challenge.unit.name,
            "decision": challenge.decision,
        },
        columns=[{"code": code, "label": label} for code, label in columns],
        rows=rows,
        rule_set=rule_set_in_force(challenge.campaign),
    )
    challenge.notice = publication
    challenge.save(update_fields=["notice"])
    return publication
