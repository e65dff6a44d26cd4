"""Expert review, award, and the flexible engagement that follows."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from foundation.errors import Refused
from foundation.language import rule_language
from recruitment.applications.queries import rules_in_force
from recruitment.challenges.enums import BidState
from recruitment.challenges.machine import BIDS, CHALLENGES, ENGAGEMENTS
from recruitment.challenges.models import Bid, Challenge, Engagement
from recruitment.challenges.policies import may_run_challenges
from recruitment.panels.domain import create_panel, draw_subjects, marks_by_subject, require_locked, seat_member
from recruitment.panels.enums import Purpose
from recruitment.panels.models import Panel
from rulebook.challenge import award, board_outcome, panel_score
from rulebook.explanation import RuleError
from rulebook.ranking import competition_ranks
from rulebook.ruleset.talent import ChallengeRules


def _locked(challenge: Challenge) -> Challenge:
    return Challenge.objects.select_for_update().get(pk=challenge.pk)


@transaction.atomic
def start_review(*, actor: User, challenge: Challenge, experts: Sequence[User]) -> Panel:
    """A panel of experts over the formally accepted bids, the first expert in the chair (C7).

    Raises Refused for too few experts, for a bid nobody has checked yet, and where so few bids fail the board (R87).
    """
    require(may_run_challenges, actor, challenge)
    challenge = _locked(challenge)
    rules = rules_in_force(challenge.campaign).challenge
    if len(experts) < rules.panel_min:
        raise Refused(
            _("At least %(least)s experts are needed, not %(given)s. Nothing was saved.")
            % {"least": rules.panel_min, "given": len(experts)},
            code="too_few_judges",
        )
    if challenge.bids.filter(state__in=[BidState.SUBMITTED, BidState.RETURNED]).exists():
        raise Refused(_("Some bids have not been checked for form yet. Nothing was saved."), code="unchecked")
    bids = list(challenge.bids.filter(state=BidState.ACCEPTED).order_by("pk"))
    if board_outcome(len(bids), rules) in ("failed_board", "extend"):
        raise Refused(
            _("%(n)s valid bids are too few for a review under the rules. Nothing was saved.") % {"n": len(bids)},
            code="too_few_bids",
        )
    name = _("Review of %(code)s") % {"code": challenge.code}
    panel = create_panel(actor=actor, campaign=challenge.campaign, name=name, purpose=Purpose.BID)
    for number, expert in enumerate(experts):
        seat_member(actor=actor, panel=panel, user=expert, is_chair=number == 0, is_external=True)
    subjects = draw_subjects(actor=actor, panel=panel, applications=[None] * len(bids))
    for bid, subject in zip(bids, subjects, strict=True):
        bid.subject = subject
    Bid.objects.bulk_update(bids, ["subject"])
    CHALLENGES.move("start_review", challenge, panel=panel)
    audit.record(actor=actor, action="challenges.start_review", subject=challenge, after={"bids": len(bids)})
    return panel


@transaction.atomic
def award_challenge(*, actor: User, challenge: Challenge, decision: str) -> Bid:
    """Score the bids from the locked panel and award the first one that reaches the threshold (C8, R86, R87).

    `decision` is the number of the leading group's minutes. Raises Refused while marks are open, if no bid reaches the
    threshold, or if the first place is tied; then nothing is saved and the board may be failed or the tie resolved.
    """
    require(may_run_challenges, actor, challenge)
    challenge = _locked(challenge)
    if challenge.panel is None:
        raise Refused(_("No panel has reviewed the bids yet. Nothing was saved."), code="no_panel")
    if not decision.strip():
        raise Refused(_("Give the number of the leading group's minutes. Nothing was saved."), code="decision")
    require_locked([challenge.panel])
    rules = rules_in_force(challenge.campaign).challenge
    bids = {bid.number: bid for bid in challenge.bids.filter(state=BidState.ACCEPTED)}
    scores = _score(challenge.panel, bids, rules)
    outcome = award(scores, rules)
    if outcome.winner is None:
        raise Refused(f"{outcome.explanation.text(rule_language())} {_('Nothing was saved.')}", code="no_winner")
    for number, bid in bids.items():
        BIDS.move(
            "award" if number == outcome.winner else "pass_over",
            bid,
            score=bid.score,
            rank=bid.rank,
            explanation=bid.explanation,
        )
    CHALLENGES.move("award", challenge, decision=decision)
    winner = bids[outcome.winner]
    after = {"winner": winner.number, "score": str(winner.score), "decision": decision}
    audit.record(actor=actor, action="challenges.award", subject=challenge, after=after)
    return winner


def _score(panel: Panel, bids: dict[str, Bid], rules: ChallengeRules) -> dict[str, Decimal]:
    """Bid number → panel score; sets score, rank and explanation on the bids in memory."""
    sheets = marks_by_subject(panel)
    scores: dict[str, Decimal] = {}
    for number, bid in bids.items():
        try:
            result = panel_score(sheets.get(bid.subject_id or 0, []), rules)
        except RuleError as problem:
            raise Refused(
                _("Bid %(number)s: %(problem)s Nothing was saved.")
                % {"number": number, "problem": problem.text(rule_language())},
                code=problem.code,
            ) from problem
        scores[number] = bid.score = result.value
        bid.explanation = {language: result.explanation.lines(language) for language in ("zh", "en")}
    for number, rank in zip(scores, competition_ranks(list(scores.values())), strict=True):
        bids[number].rank = rank
    return scores


@transaction.atomic
def fail_challenge(*, actor: User, challenge: Challenge, reason: str) -> Challenge:
    """Nobody wins: too few bids, none good enough, or a tie that stays (流榜)."""
    require(may_run_challenges, actor, challenge)
    challenge = _locked(challenge)
    before = CHALLENGES.move("fail", challenge, reason=reason, decision=reason)
    for bid in challenge.bids.filter(state=BidState.ACCEPTED):
        BIDS.move("pass_over", bid)
    audit.record(actor=actor, action="challenges.fail", subject=challenge, before={"state": before}, reason=reason)
    return challenge


@transaction.atomic
def sign_engagement(
    *, actor: User, bid: Bid, number: str, starts_on: date, ends_on: date, days_per_year: int, amount: Decimal
) -> Engagement:
    """The flexible agreement with the winner (C10): days on site a year, amount in yuan. It uses no established post.

    Raises Refused unless the bid was awarded, the dates are in order, and the number is new.
    """
    require(may_run_challenges, actor, bid)
    if bid.state != BidState.AWARDED:
        raise Refused(_("Only the awarded bid leads to an agreement. Nothing was saved."), code="wrong_state")
    if ends_on < starts_on:
        raise Refused(_("The agreement must end after it starts. Nothing was saved."), code="dates")
    if Engagement.objects.filter(number=number).exists() or Engagement.objects.filter(bid=bid).exists():
        raise Refused(_("This agreement was entered before. Nothing was saved."), code="duplicate")
    engagement = Engagement.objects.create(
        bid=bid, number=number, starts_on=starts_on, ends_on=ends_on, days_per_year=days_per_year, amount=amount,
        recorded_by=actor,
    )  # fmt: skip
    audit.record(actor=actor, action="challenges.sign_engagement", subject=engagement, after={"amount": str(amount)})
    return engagement


@transaction.atomic
def terminate_engagement(*, actor: User, engagement: Engagement, reason: str) -> Engagement:
    """End an engagement early, with the reason."""
    require(may_run_challenges, actor, engagement.bid)
    before = ENGAGEMENTS.move("terminate", engagement, reason=reason)
    audit.record(
        actor=actor, action="challenges.terminate", subject=engagement, before={"state": before}, reason=reason
    )
    return engagement
