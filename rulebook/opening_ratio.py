"""Whether a post has enough applicants to be examined, and what happens if not (R26–R31)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from rulebook.explanation import Explanation, RuleError
from rulebook.ruleset.registration import OpeningRatioRules

Outcome = Literal["kept", "reduced", "cancelled", "kept_with_line", "merge", "extend_registration"]


@dataclass(frozen=True)
class PostCounts:
    """Applicants of one post by how far they came (R25), and its planned headcount."""

    planned: int
    registered: int = 0
    passed: int = 0
    paid: int = 0


@dataclass(frozen=True)
class OpeningResult:
    """What becomes of one post; planned = effective + reduced + cancelled always holds (R31)."""

    planned: int
    effective: int
    reduced: int
    cancelled: int
    outcome: Outcome
    explanation: Explanation


def valid_applicants(counts: PostCounts, rules: OpeningRatioRules) -> int:
    """The applicants that count for the ratio (R27)."""
    by_basis = {"registered": counts.registered, "passed": counts.passed, "paid": counts.paid}
    return by_basis[rules.basis]


def effective_headcount(
    planned: int, valid: int, rules: OpeningRatioRules, k: int | None = None, *, extended: bool = False
) -> OpeningResult:
    """min(planned, floor(valid ÷ k)); 0 cancels the post (R26).

    ``k`` overrides the announcement's ratio for this post; 0 exempts it (R28). Where the rules do not cut (R29), a
    post short of applicants keeps its headcount under the outcome named: with a line if anyone applied, with a longer
    registration unless it was already ``extended``. Raises ``RuleError`` ``opening.negative``.
    """
    if planned < 0 or valid < 0:
        raise RuleError("opening.negative", planned=planned, valid=valid)
    ratio = rules.k if k is None else k
    effective = planned if not ratio else min(planned, valid // ratio)
    if effective < planned and (remedy := _remedy(valid, rules, extended)):
        return _result(planned, planned, remedy, valid, ratio or 0)
    if effective == planned:
        return _result(planned, planned, "kept", valid, ratio or 0)
    return _result(planned, effective, "reduced" if effective else "cancelled", valid, ratio or 0)


def line_of_kept(general: Decimal | None, kept: Decimal | None) -> Decimal | None:
    """The least written mark of a post kept below the ratio: its own line, or the general one if higher (R29)."""
    named = [line for line in (general, kept) if line is not None]
    return max(named, default=None)


def extended_until(at: datetime, closes: datetime, rules: OpeningRatioRules) -> datetime:
    """The new end of a registration that is extended at this moment, counted from then if it has closed (R29)."""
    return max(at, closes) + timedelta(hours=rules.extend_hours)


def posts_to_cancel(posts: Mapping[str, tuple[int, int]], rules: OpeningRatioRules) -> tuple[str, ...]:
    """First pass: the codes of posts with an effective headcount of 0, whose applicants may choose anew (R30).

    ``posts`` maps a code to planned headcount and valid applicants.
    """
    return tuple(
        sorted(
            code
            for code, (planned, valid) in posts.items()
            if effective_headcount(planned, valid, rules).outcome == "cancelled"
        )
    )


def open_posts(
    before: Mapping[str, tuple[int, int]], after: Mapping[str, int], rules: OpeningRatioRules
) -> dict[str, OpeningResult]:
    """The result for every post when some applicants moved from cancelled posts (R30).

    ``before`` maps a code to planned headcount and valid applicants at the first pass, ``after`` to valid applicants
    once choosing anew is over. ``cancel_then_reduce`` reduces with the new counts; ``reduce_at_once`` with the old.
    """
    cancelled = set(posts_to_cancel(before, rules))
    results: dict[str, OpeningResult] = {}
    for code, (planned, valid) in before.items():
        late = valid if code in cancelled or rules.cut_order == "reduce_at_once" else after.get(code, valid)
        results[code] = effective_headcount(planned, late, rules)
    return results


def check_conservation(results: Iterable[OpeningResult]) -> None:
    """Raise ``RuleError`` ``opening.not_conserved`` unless Σ planned = Σ effective + Σ reduced + Σ cancelled (R31)."""
    listed = list(results)
    planned = sum(result.planned for result in listed)
    accounted = sum(result.effective + result.reduced + result.cancelled for result in listed)
    if planned != accounted:
        raise RuleError("opening.not_conserved", planned=planned, accounted=accounted)


def _remedy(valid: int, rules: OpeningRatioRules, extended: bool) -> Outcome | None:
    if rules.on_fail == "keep_with_line":
        return "kept_with_line" if valid else None
    if rules.on_fail == "extend_registration":
        return None if extended else "extend_registration"
    return "merge" if rules.on_fail == "merge" else None


def _result(planned: int, effective: int, outcome: Outcome, valid: int, ratio: int) -> OpeningResult:
    lost = planned - effective
    reduced, cancelled = (0, lost) if outcome == "cancelled" else (lost, 0)
    values = {"planned": planned, "effective": effective, "valid": valid, "ratio": ratio, "needed": planned * ratio}
    code = "opening.exempt" if not ratio else f"opening.{outcome}"
    return OpeningResult(planned, effective, reduced, cancelled, outcome, Explanation(code, values))
