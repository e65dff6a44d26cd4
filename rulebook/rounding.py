"""Decimal arithmetic and the rounding policy of an announcement (R45)."""

from __future__ import annotations

import decimal
from collections.abc import Iterable
from contextlib import AbstractContextManager
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from functools import cache

from rulebook.explanation import Explanation
from rulebook.ruleset.base import Rounding

GUARD = Decimal("1e-20")
EXACT = Context(prec=50, rounding=ROUND_HALF_UP)
_CUT = Context(prec=50, rounding=ROUND_DOWN)


def exact_arithmetic() -> AbstractContextManager[Context]:
    """Compute with 50 digits whatever the caller's decimal context says, so that a result never depends on it."""
    return decimal.localcontext(EXACT)


def settle(value: Decimal) -> Decimal:
    """Take away the dust of a division: a third of 100.025 times 0.6 is 20.005, not 20.00499….

    Marks have few decimals and divisors few digits, so a true value is never within 1e-20 of a rounding border
    without lying on it.
    """
    return EXACT.add(EXACT.normalize(EXACT.quantize(value, GUARD)), Decimal(0))


def half_up(value: Decimal, places: int) -> Decimal:
    """Round 5 upwards in absolute value: 80.125 to 80.13 (never to even)."""
    return EXACT.quantize(EXACT.quantize(value, GUARD), _unit(places))


def truncate(value: Decimal, places: int) -> Decimal:
    """Keep the places and drop the rest: 69.996 to 69.99."""
    return _CUT.quantize(EXACT.quantize(value, GUARD), _unit(places))


@cache
def _unit(places: int) -> Decimal:
    return Decimal(1).scaleb(-places, EXACT)


def ceiling(value: Decimal) -> int:
    """The smallest whole number not below the value: 1.2 to 2."""
    return int(settle(value).to_integral_value(rounding=ROUND_CEILING))


def rounded(value: Decimal, rules: Rounding) -> Decimal:
    """The value by the announcement's mode and scale (R45)."""
    if rules.mode == "half_up":
        return half_up(value, rules.scale)
    if rules.mode == "truncate":
        return truncate(value, rules.scale)
    return settle(value)


def rounded_at_stage(value: Decimal, rules: Rounding) -> Decimal:
    """The value of a part mark: rounded when each stage is rounded, exact when only the final total is (R45)."""
    return rounded(value, rules) if rules.stage == "each" else settle(value)


def rounding_note(rules: Rounding, *, final: bool = False) -> Explanation:
    """The words for the rounding that was applied to a part mark or, with ``final``, to the total."""
    if rules.stage == "final" and not final:
        return Explanation("rounding.later")
    return Explanation(f"rounding.{rules.mode}", {"scale": rules.scale})


def mean(values: Iterable[Decimal]) -> Decimal:
    """The unrounded arithmetic mean; ``ZeroDivisionError`` for nothing."""
    listed = list(values)
    with exact_arithmetic():
        return sum(listed, Decimal(0)) / len(listed)
