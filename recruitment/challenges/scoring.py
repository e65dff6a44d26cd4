"""What the locked marks of the experts mean for each bid and for the award (R86, R87). Nothing is written here."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from foundation.errors import Refused
from foundation.language import rule_language
from recruitment.applications.queries import rules_in_force
from recruitment.challenges.enums import BidState
from recruitment.challenges.models import Bid, Challenge
from recruitment.panels.domain import marks_by_subject, require_locked
from rulebook.challenge import (
    Award,
    BidScore,
    award,
    board_outcome,
    outcome_explanation,
    panel_score,
    single_bid_accepted,
)
from rulebook.explanation import LANGUAGES, Guard, RuleError
from rulebook.interview import votes_needed
from rulebook.ranking import competition_ranks, place_explanation
from rulebook.ruleset.talent import ChallengeRules


@dataclass(frozen=True)
class Standing:
    """One bid with its score, its place (equal scores share one) and the marks it comes from."""

    bid: Bid
    score: Decimal
    rank: int
    result: BidScore

    @property
    def formula(self) -> str:
        """How the score came about, in the reader's language."""
        return self.result.explanation.text(rule_language())


@dataclass(frozen=True)
class AwardPreview:
    """Everything an award rests on: the standings by place, the rule book's verdict, and what people must add to it.

    `votes_needed` is 0 unless the rules want a vote on so few bids; `experts` is the size of the panel.
    """

    standings: Sequence[Standing]
    outcome: Award
    rules: ChallengeRules
    experts: int
    votes_needed: int

    @property
    def verdict(self) -> str:
        return self.outcome.explanation.text(rule_language())

    @property
    def alone(self) -> str:
        """What the rules say of so few bids; empty unless the panel votes on them."""
        if not self.votes_needed:
            return ""
        return outcome_explanation(len(self.standings), self.rules).text(rule_language())

    def explained(self, row: Standing, votes: int | None = None) -> dict[str, list[str]]:
        """How a bid's score and place came about and, for the first, what follows from it: lines in both languages.

        `votes` of the panel are explained where it had to vote.
        """
        sharing = sum(other.rank == row.rank for other in self.standings)
        steps = [row.result.explanation, place_explanation(row.score, row.rank, sharing)]
        steps += [self.outcome.explanation] if row.rank == 1 else []
        steps += [self.vote(row.score, votes).explanation] if self.votes_needed and votes is not None else []
        return {language: [line for step in steps for line in step.lines(language)] for language in LANGUAGES}

    def vote(self, score: Decimal, votes: int) -> Guard:
        """Whether a bid that stands alone is accepted with so many votes of the panel (R87)."""
        return single_bid_accepted(score, votes, self.experts, self.rules)


def preview_award(challenge: Challenge) -> AwardPreview:
    """The standings from the locked marks. Raises Refused without a panel, while marks are open, or for too few."""
    if challenge.panel is None:
        raise Refused(_("No panel has reviewed the bids yet. Nothing was saved."), code="no_panel")
    require_locked([challenge.panel])
    rules = rules_in_force(challenge.campaign).challenge
    bids = list(challenge.bids.filter(state=BidState.ACCEPTED).select_related("candidate__user").order_by("number"))
    sheets = marks_by_subject(challenge.panel)
    results = [_result(bid, sheets.get(bid.subject_id or 0, []), rules) for bid in bids]
    ranks = competition_ranks([result.value for result in results])
    standings = [
        Standing(bid, result.value, rank, result) for bid, result, rank in zip(bids, results, ranks, strict=True)
    ]
    experts = challenge.panel.members.count()
    alone = board_outcome(len(bids), rules) == "accept_with_two_thirds"
    return AwardPreview(
        standings=sorted(standings, key=lambda row: (row.rank, row.bid.number)),
        outcome=award({row.bid.number: row.score for row in standings}, rules),
        rules=rules,
        experts=experts,
        votes_needed=votes_needed(experts) if alone else 0,
    )


def _result(bid: Bid, totals: Sequence[Decimal], rules: ChallengeRules) -> BidScore:
    try:
        return panel_score(totals, rules)
    except RuleError as problem:
        raise Refused(
            _("Bid %(number)s: %(problem)s Nothing was saved.")
            % {"number": bid.number, "problem": problem.text(rule_language())},
            code=problem.code,
        ) from problem
