"""Policy bonus: how many points a person has, and by when they must have shown them (R42, R44)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rulebook.explanation import Explanation, RuleError, word_for, words_for
from rulebook.ruleset.examination import BonusRules


@dataclass(frozen=True)
class BonusClaim:
    """A ground that a person claims: its kind in the table, months served, when proof came in, used before or not."""

    kind: str
    months: int = 0
    proved_on: date | None = None
    used_before: bool = False


@dataclass(frozen=True)
class BonusResult:
    """The points granted and how they came about."""

    points: Decimal
    explanation: Explanation


def bonus_points(claims: Sequence[BonusClaim], rules: BonusRules) -> BonusResult:
    """Points for all claims together (R42): full years only, highest or sum by the rules, then the cap.

    A claim without proof by the deadline or used before for another post gives nothing (R44). Raises ``RuleError``
    ``bonus.unknown_kind`` for a ground that is not in the table.
    """
    points = [_claim_points(claim, rules) for claim in claims]
    granted = max(points, default=Decimal(0)) if rules.stack == "highest" else sum(points, Decimal(0))
    capped = granted if rules.cap is None else min(granted, rules.cap)
    steps = tuple(
        Explanation("bonus.claim", {"kind": word_for(claim.kind, "word"), "years": claim.months // 12, "points": value})
        for claim, value in zip(claims, points, strict=True)
    )
    code = "bonus.capped" if capped < granted else f"bonus.{rules.stack}"
    return BonusResult(capped, Explanation(code, {"points": capped, "granted": granted}, steps))


def _claim_points(claim: BonusClaim, rules: BonusRules) -> Decimal:
    item = next((item for item in rules.items if item.kind == claim.kind), None)
    if item is None:
        raise RuleError(
            "bonus.unknown_kind",
            kind=word_for(claim.kind, "word"),
            known=words_for((item.kind for item in rules.items), "word"),
        )
    late = rules.deadline is not None and (claim.proved_on is None or claim.proved_on > rules.deadline)
    if claim.used_before or late:
        return Decimal(0)
    return item.fixed + item.per_year * (claim.months // 12)
