"""Open challenges: bid scores, award, payment by milestone, days on site (R86–R89)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Literal

from rulebook.explanation import Explanation, Guard, RuleError, Value, number_text, percent_text, words_for
from rulebook.interview import votes_needed
from rulebook.rounding import exact_arithmetic, half_up, mean
from rulebook.ruleset.talent import ChallengeRules
from rulebook.working_days import ONE_DAY, add_months

BoardOutcome = Literal["review", "accept_with_two_thirds", "extend", "failed_board"]
CENT = Decimal("0.01")


@dataclass(frozen=True)
class BidScore:
    """The score of one bid by one expert or by the panel."""

    value: Decimal
    explanation: Explanation


@dataclass(frozen=True)
class Award:
    """The winner, or those tied for the first place, or nobody when the board failed."""

    winner: str | None
    tied: tuple[str, ...]
    explanation: Explanation


@dataclass(frozen=True)
class DaysCheck:
    """Days on site against days agreed, and the subsidy that is due."""

    met: bool
    shortfall: int
    subsidy: Decimal
    explanation: Explanation


def bid_score(marks: Mapping[str, Decimal], rules: ChallengeRules) -> BidScore:
    """Σ criterion weight × mark, 2 places half-up (R86). Raises ``challenge.criteria`` unless all are marked."""
    if marks.keys() != {criterion.name for criterion in rules.criteria}:
        wanted = words_for((criterion.name for criterion in rules.criteria), "word")
        raise RuleError("challenge.criteria", given=words_for(marks, "word"), wanted=wanted)
    with exact_arithmetic():
        value = half_up(sum((c.weight * marks[c.name] for c in rules.criteria), Decimal(0)), 2)
    formula = " + ".join(f"{number_text(marks[c.name])} × {percent_text(c.weight)}" for c in rules.criteria)
    return BidScore(value, Explanation("challenge.score", {"value": value, "formula": formula}))


def check_panel(experts: int, rules: ChallengeRules) -> None:
    """Raise ``RuleError`` ``challenge.panel`` for fewer experts than the least (R86)."""
    if experts < rules.panel_min:
        raise RuleError("challenge.panel", given=experts, wanted=rules.panel_min)


def panel_score(scores: Sequence[Decimal], rules: ChallengeRules) -> BidScore:
    """The mean over the experts, without the highest and the lowest from so many experts on (R86).

    Raises ``RuleError`` ``challenge.panel`` for fewer experts than the least.
    """
    check_panel(len(scores), rules)
    kept = sorted(scores)[1:-1] if len(scores) >= rules.trim_from_experts else sorted(scores)
    value = half_up(mean(kept), 2)
    formula = f"({' + '.join(number_text(score) for score in kept)}) ÷ {len(kept)}"
    return BidScore(value, Explanation("challenge.score", {"value": value, "formula": formula}))


def board_outcome(bids: int, rules: ChallengeRules) -> BoardOutcome:
    """What so many valid bids mean for the board (R87): none fails it, too few follow the rule for a single bid."""
    if bids == 0:
        return "failed_board"
    if bids == 1 or bids < rules.min_bids:
        return "failed_board" if rules.single_bid == "fail" else rules.single_bid
    return "review"


def outcome_explanation(bids: int, rules: ChallengeRules) -> Explanation:
    """What so many valid bids mean, in words."""
    least = max(rules.min_bids, 2)
    return Explanation(f"challenge.outcome_{board_outcome(bids, rules)}", {"bids": bids, "least": least})


def award(scores: Mapping[str, Decimal], rules: ChallengeRules) -> Award:
    """Rank 1 wins if it reaches the threshold (R86); equal first scores go to the chair or a second defence (R87)."""
    best = max(scores.values(), default=None)
    if best is None or best < rules.threshold:
        return Award(None, (), Explanation("challenge.failed", {"threshold": rules.threshold}))
    first = tuple(sorted(key for key, score in scores.items() if score == best))
    values: dict[str, Value] = {"score": best, "count": len(first)}
    if len(first) > 1:
        return Award(None, first, Explanation(f"challenge.tie_{rules.tie}", values))
    return Award(first[0], (), Explanation("challenge.won", {**values, "threshold": rules.threshold}))


def single_bid_accepted(score: Decimal, votes: int, panel: int, rules: ChallengeRules) -> Guard:
    """Whether a single bid is accepted: threshold reached and two thirds of the panel in favour (R87)."""
    needed = votes_needed(panel)
    allowed = rules.single_bid == "accept_with_two_thirds" and score >= rules.threshold and votes >= needed
    values: dict[str, Value] = {"score": score, "threshold": rules.threshold, "votes": votes, "needed": needed}
    return Guard(allowed, Explanation("challenge.single_yes" if allowed else "challenge.single_no", values))


def milestone_amounts(amount: Decimal, rules: ChallengeRules) -> tuple[Decimal, ...]:
    """Yuan per milestone, to the cent; the last takes what the others leave (R88)."""
    with exact_arithmetic():
        parts = [(amount * share).quantize(CENT, rounding=ROUND_DOWN) for share in rules.milestones[:-1]]
        return (*parts, amount - sum(parts, Decimal(0)))


def may_pay(milestone: int, passed: Sequence[bool]) -> Guard:
    """Whether the milestone counted from 0 may be paid: it and all before it passed (R88)."""
    failed = next((index for index in range(milestone + 1) if index >= len(passed) or not passed[index]), None)
    if failed is None:
        return Guard(True, Explanation("challenge.may_pay", {"milestone": milestone + 1}))
    return Guard(False, Explanation("challenge.blocked", {"milestone": milestone + 1, "failed": failed + 1}))


def may_extend(extensions_before: int, months: int, rules: ChallengeRules) -> Guard:
    """Whether the term may be extended by so many months (R88)."""
    allowed = extensions_before < rules.extensions_allowed and 0 < months <= rules.extension_months
    values: dict[str, Value] = {"times": rules.extensions_allowed, "months": rules.extension_months}
    return Guard(allowed, Explanation("challenge.may_extend" if allowed else "challenge.no_extension", values))


def check_days(logged: int, agreed: int, evidenced: bool, subsidy: Decimal, rules: ChallengeRules) -> DaysCheck:
    """Days on site in a year against those agreed (R89); a shortfall scales or refuses the subsidy, to the cent."""
    counted = logged if evidenced else 0
    shortfall = max(0, agreed - counted)
    if not shortfall:
        due = subsidy
    elif rules.days_shortfall == "refused":
        due = Decimal(0)
    else:
        with exact_arithmetic():
            due = half_up(subsidy * counted / agreed, 2)
    values: dict[str, Value] = {"logged": counted, "agreed": agreed, "shortfall": shortfall, "subsidy": due}
    code = "challenge.days_short" if shortfall else "challenge.days_met"
    return DaysCheck(not shortfall, shortfall, due, Explanation(code, values))


def agreement_years(first: date, last: date) -> tuple[tuple[date, date], ...]:
    """First and last day of each year of an agreement, counted from its start; the last year may be shorter (R89)."""
    starts = [first]
    while (following := add_months(first, 12 * len(starts))) <= last:
        starts.append(following)
    return tuple(zip(starts, [*(start - ONE_DAY for start in starts[1:]), last], strict=True))


def overlap_warning(first: tuple[date, date], second: tuple[date, date], number: str) -> Explanation | None:
    """The warning that agreement ``number`` of the same person runs at the same time (R89); None if it does not."""
    if not overlaps(first, second):
        return None
    values: dict[str, Value] = {"number": number, "first": max(first[0], second[0]), "last": min(first[1], second[1])}
    return Explanation("challenge.overlap", values)


def overlaps(first: tuple[date, date], second: tuple[date, date]) -> bool:
    """Whether two engagements of one person, first and last days, overlap: worth a warning (R89)."""
    return first[0] <= second[1] and second[0] <= first[1]
