"""Policy bonus: how many points a person has, and by when they must have shown them (R42, R44)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rulebook.explanation import Explanation, Guard, RuleError, Value, word_for, words_for
from rulebook.ruleset.examination import BonusItem, BonusRules

NAMED = 5


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
    judged = [_judged(claim, rules) for claim in claims]
    points = [value for value, _step in judged]
    granted = max(points, default=Decimal(0)) if rules.stack == "highest" else sum(points, Decimal(0))
    capped = granted if rules.cap is None else min(granted, rules.cap)
    steps = [step for _value, step in judged]
    if len(points) > 1:
        steps.append(Explanation(f"bonus.{rules.stack}", {"points": granted}))
    if capped < granted:
        steps.append(Explanation("bonus.capped", {"points": capped, "granted": granted}))
    *before, last = steps or [Explanation("bonus.none")]
    return BonusResult(capped, Explanation(last.code, last.values, tuple(before)))


def bonus_list_out(granted: Mapping[str, Decimal], listed: Mapping[str, Decimal]) -> Guard:
    """Whether the published bonus list says exactly what was granted, so that ranking may go ahead (R44).

    Both map ticket numbers of people who still compete to points, 0 and absence being the same; no list at all lists
    nobody. Without anyone who has points no list is needed.
    """
    keys = granted.keys() | listed.keys()
    differing = sorted(key for key in keys if granted.get(key, 0) != listed.get(key, 0))
    if differing:
        values: dict[str, Value] = {"count": len(differing), "people": tuple(differing[:NAMED])}
        return Guard(False, Explanation("bonus.list_differs" if listed else "bonus.list_missing", values))
    return Guard(True, Explanation("bonus.list_out" if granted else "bonus.no_list", {"count": len(granted)}))


def item_of(kind: str, rules: BonusRules) -> BonusItem:
    """The ground of that kind in the table; ``RuleError`` ``bonus.unknown_kind`` if there is none."""
    item = next((item for item in rules.items if item.kind == kind), None)
    if item is None:
        raise RuleError(
            "bonus.unknown_kind",
            kind=word_for(kind, "word"),
            known=words_for((item.kind for item in rules.items), "word"),
        )
    return item


def _judged(claim: BonusClaim, rules: BonusRules) -> tuple[Decimal, Explanation]:
    """What one ground gives by itself, and why."""
    item = item_of(claim.kind, rules)
    kind = word_for(claim.kind, "word")
    if claim.used_before:
        return Decimal(0), Explanation("bonus.used", {"kind": kind})
    if rules.deadline is not None and (claim.proved_on is None or claim.proved_on > rules.deadline):
        return Decimal(0), Explanation("bonus.late", {"kind": kind, "day": rules.deadline})
    points = item.fixed + item.per_year * (claim.months // 12)
    if not item.per_year:
        return points, Explanation("bonus.claim_fixed", {"kind": kind, "points": points})
    return points, Explanation("bonus.claim", {"kind": kind, "years": claim.months // 12, "points": points})
