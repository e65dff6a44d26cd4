"""Expert review and award."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from foundation.errors import Refused
from foundation.language import rule_language
from recruitment.applications.queries import rules_in_force
from recruitment.challenges.domain.board import locked
from recruitment.challenges.enums import BidState
from recruitment.challenges.machine import BIDS, CHALLENGES
from recruitment.challenges.models import Bid, Challenge
from recruitment.challenges.notices import tell_all
from recruitment.challenges.policies import may_run_challenges
from recruitment.challenges.scoring import AwardPreview, Standing, preview_award
from recruitment.panels.domain import create_panel, draw_subjects, seat_member
from recruitment.panels.enums import Purpose
from recruitment.panels.models import Panel
from rulebook.challenge import board_outcome, check_panel, outcome_explanation
from rulebook.explanation import RuleError

OPEN_BIDS = (BidState.SUBMITTED, BidState.RETURNED, BidState.ACCEPTED)


@transaction.atomic
def start_review(*, actor: User, challenge: Challenge, experts: Sequence[User]) -> Panel:
    """A panel of experts over the formally accepted bids, the first expert in the chair (C7).

    Raises Refused for too few experts, for bids not opened or not checked yet, and where so few bids fail the board
    (R87).
    """
    challenge = locked(challenge)
    require(may_run_challenges, actor, challenge)
    rules = rules_in_force(challenge.campaign).challenge
    try:
        check_panel(len(experts), rules)
    except RuleError as problem:
        raise Refused(f"{problem.text(rule_language())} {_('Nothing was saved.')}", code="too_few_judges") from problem
    if challenge.opened_at is None:
        raise Refused(_("The bids have not been opened yet. Nothing was saved."), code="sealed")
    if challenge.bids.filter(state__in=[BidState.SUBMITTED, BidState.RETURNED]).exists():
        raise Refused(_("Some bids have not been checked for form yet. Nothing was saved."), code="unchecked")
    bids = list(challenge.bids.filter(state=BidState.ACCEPTED).order_by("pk"))
    if board_outcome(len(bids), rules) in ("failed_board", "extend"):
        told = outcome_explanation(len(bids), rules).text(rule_language())
        raise Refused(f"{told} {_('Nothing was saved.')}", code="too_few_bids")
    name = _("Review of %(code)s") % {"code": challenge.code}
    panel = create_panel(actor=actor, campaign=challenge.campaign, name=name, purpose=Purpose.BID)
    for number, expert in enumerate(experts):
        seat_member(actor=actor, panel=panel, user=expert, is_chair=number == 0, is_external=True)
    subjects = draw_subjects(actor=actor, panel=panel, applications=[None] * len(bids))
    for bid, subject in zip(bids, subjects, strict=True):
        bid.subject = subject
    Bid.objects.bulk_update(bids, ["subject"])
    CHALLENGES.move("start_review", challenge, panel=panel, review_started_at=timezone.now())
    audit.record(actor=actor, action="challenges.start_review", subject=challenge, after={"bids": len(bids)})
    return panel


@transaction.atomic
def award_challenge(
    *, actor: User, challenge: Challenge, decision: str, votes: int | None = None, chosen: str = ""
) -> Bid:
    """Score the bids from the locked panel and award the first one that reaches the threshold (C8, R86, R87).

    `decision` is the number of the leading group's minutes; `votes` how many experts were in favour, needed where a
    bid stands alone; `chosen` the number of the bid that the chair's recorded vote or the second defence put first,
    needed for a tie. Raises Refused while marks are open, if no bid reaches the threshold, or if what is needed lacks;
    then nothing is saved and the board may be failed.
    """
    challenge = locked(challenge)
    require(may_run_challenges, actor, challenge)
    if not decision.strip():
        raise Refused(_("Give the number of the leading group's minutes. Nothing was saved."), code="decision")
    found = preview_award(challenge)
    winner = _winner(found, votes, chosen)
    for row in found.standings:
        explanation = found.explained(row, votes if row is winner else None)
        name = "award" if row is winner else "pass_over"
        BIDS.move(name, row.bid, score=row.score, rank=row.rank, explanation=explanation)
    CHALLENGES.move("award", challenge, decision=decision, decided_at=timezone.now())
    after = {"winner": winner.bid.number, "score": str(winner.score), "decision": decision}
    if votes is not None:
        after["votes"] = str(votes)
    if found.outcome.tied:
        after["tied"] = ", ".join(found.outcome.tied)
    audit.record(actor=actor, action="challenges.award", subject=challenge, after=after)
    return winner.bid


def _winner(found: AwardPreview, votes: int | None, chosen: str) -> Standing:
    """The one standing that may win; raises Refused for none, an open tie, or a vote that is missing or too low."""
    number = found.outcome.winner or (chosen if chosen in found.outcome.tied else "")
    winner = next((row for row in found.standings if row.bid.number == number), None)
    if winner is None:
        raise Refused(f"{found.verdict} {_('Nothing was saved.')}", code="no_winner")
    if not found.votes_needed:
        return winner
    if votes is None or not 0 <= votes <= found.experts:
        raise Refused(
            _("Give how many of the %(experts)s experts were in favour. Nothing was saved.")
            % {"experts": found.experts},
            code="votes",
        )
    guard = found.vote(winner.score, votes)
    if not guard:
        raise Refused(f"{guard.explanation.text(rule_language())} {_('Nothing was saved.')}", code="votes")
    return winner


@transaction.atomic
def fail_challenge(*, actor: User, challenge: Challenge, reason: str) -> Challenge:
    """Nobody wins (流榜): too few bids, none good enough, a tie that stays, or a key half that is lost."""
    challenge = locked(challenge)
    require(may_run_challenges, actor, challenge)
    before = CHALLENGES.move("fail", challenge, reason=reason, decision=reason, decided_at=timezone.now())
    bids = list(challenge.bids.filter(state__in=OPEN_BIDS).select_related("candidate__user", "challenge"))
    for bid in bids:
        BIDS.move("pass_over", bid)
    audit.record(actor=actor, action="challenges.fail", subject=challenge, before={"state": before}, reason=reason)
    tell_all(bids, "failed", reason)
    return challenge
