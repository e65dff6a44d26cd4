"""The public notice of an award, handed to the press as a draft (C9), and its correction."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.planning.queries import rule_set_in_force
from foundation.errors import Refused
from recruitment.challenges.domain.board import locked
from recruitment.challenges.enums import BidState, ChallengeState
from recruitment.challenges.models import Challenge, Engagement
from recruitment.challenges.policies import may_run_challenges
from recruitment.publications.domain import prepare
from recruitment.publications.models import Publication, PublicationKind, PublicationState
from recruitment.publications.rooms import register_correction

REVIEWED = (BidState.AWARDED, BidState.NOT_AWARDED)


@transaction.atomic
def prepare_award(*, actor: User, challenge: Challenge) -> Publication:
    """Draft the notice of an award: board, winner by name and home organisation, score, and the other bids by number.

    Raises Refused before the award, and if a notice waits or is out already; after a withdrawn one, it is a correction.
    """
    challenge = _awarded(actor, challenge)
    earlier = challenge.notice
    if earlier is not None and earlier.state != PublicationState.WITHDRAWN:
        raise Refused(
            _("“%(title)s” is with the press already. Nothing was saved.") % {"title": earlier.title}, code="duplicate"
        )
    publication = _draft(actor, challenge, supersedes=earlier)
    if earlier is None:
        challenge.notice = publication
        challenge.save(update_fields=["notice"])
    return publication


@transaction.atomic
def correct_award(*, actor: User, challenge: Challenge, decision: str = "") -> Publication:
    """Draft the notice anew from today's data, with another number of the minutes if `decision` gives one.

    Until it is released the notice that is out stands, with its period; then the correction has its own (R75). Raises
    Refused if no notice has been out, if a correction waits, or once the agreement has been signed.
    """
    challenge = _awarded(actor, challenge)
    notice = challenge.notice
    if notice is None or notice.sequence is None:
        raise Refused(_("No notice of this award has been out yet. Nothing was saved."), code="no_notice")
    if Engagement.objects.filter(bid__challenge=challenge).exists():
        raise Refused(_("The agreement has been signed already. Nothing was saved."), code="signed")
    if decision.strip() and decision.strip() != challenge.decision:
        before, challenge.decision = challenge.decision, decision.strip()
        challenge.save(update_fields=["decision"])
        audit.record(
            actor=actor, action="challenges.correct_decision", subject=challenge, before={"decision": before},
            after={"decision": challenge.decision},
        )  # fmt: skip
    return _draft(actor, challenge, supersedes=notice)


def corrected_challenge(publication: Publication) -> Challenge | None:
    """The challenge whose notice this list replaces; None if it replaces none."""
    return Challenge.objects.filter(notice=publication.supersedes_id).first() if publication.supersedes_id else None


def _awarded(actor: User, challenge: Challenge) -> Challenge:
    challenge = locked(challenge)
    require(may_run_challenges, actor, challenge)
    if challenge.state != ChallengeState.AWARDED:
        raise Refused(_("Nothing has been awarded yet. Nothing was saved."), code="wrong_state")
    return challenge


def _draft(actor: User, challenge: Challenge, supersedes: Publication | None) -> Publication:
    told = {
        "code": challenge.code, "title": challenge.title, "unit": challenge.unit.name, "decision": challenge.decision,
    }  # fmt: skip
    return prepare(
        actor=actor,
        campaign=challenge.campaign,
        kind=PublicationKind.AWARD,
        title=_("Award of board %(code)s, %(title)s") % told,
        intro=_(
            "Board %(code)s, “%(title)s” (%(unit)s), is to be awarded to the bid below (%(decision)s). Objections may "
            "be raised during the notice period."
        )
        % told,
        columns=_columns(),
        rows=_rows(challenge),
        rule_set=rule_set_in_force(challenge.campaign),
        supersedes=supersedes,
    )


def _columns() -> list[dict[str, str]]:
    labels = {
        "bid": _("Bid number"),
        "name": _("Lead"),
        "home_unit": _("Home organisation"),
        "score": _("Score"),
        "rank": _("Rank"),
        "result": _("Result"),
    }
    return [{"code": code, "label": label} for code, label in labels.items()]


def _rows(challenge: Challenge) -> list[list[str]]:
    """The bids that were scored, by place; only the winner by name."""
    bids = challenge.bids.filter(state__in=REVIEWED).exclude(score=None).select_related("candidate")
    rows = []
    for bid in bids.order_by("rank", "number"):
        won = bid.state == BidState.AWARDED
        who = [bid.candidate.name, bid.home_unit] if won else ["—", "—"]
        rows.append([bid.number, *who, f"{bid.score:.2f}", str(bid.rank), str(bid.get_state_display())])
    return rows


def _correct(actor: User, publication: Publication) -> Publication:
    challenge = Challenge.objects.filter(notice=publication).first()
    if challenge is None:
        raise Refused(_("Another notice has taken the place of this one. Nothing was saved."), code="replaced")
    return correct_award(actor=actor, challenge=challenge)


register_correction(PublicationKind.AWARD, _correct)
