"""A verdict with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rulebook.explanation import Explanation, Value

Verdict = Literal["met", "not_met", "needs_person"]
# The order in which the worst of several verdicts decides.
SEVERITY: dict[Verdict, int] = {"met": 0, "needs_person": 1, "not_met": 2}


@dataclass(frozen=True)
class Finding:
    """A verdict and why, in both languages on demand."""

    verdict: Verdict
    reason: Explanation


def met(code: str, **values: Value) -> Finding:
    return Finding("met", Explanation(f"eligibility.{code}", values))


def not_met(code: str, **values: Value) -> Finding:
    return Finding("not_met", Explanation(f"eligibility.{code}", values))


def needs_person(code: str, **values: Value) -> Finding:
    return Finding("needs_person", Explanation(f"eligibility.{code}", values))


def word(kind: str, value: str) -> Explanation:
    """A word of the field, such as a level or a status, in the reader's language."""
    return Explanation(f"eligibility.{kind}.{value}")


def words(kind: str, values: tuple[str, ...]) -> tuple[Value, ...]:
    return tuple(word(kind, value) for value in values)


def worst(verdicts: list[Verdict]) -> Verdict:
    """not_met before needs_person before met; met for none at all."""
    return max(verdicts, key=SEVERITY.__getitem__, default="met")
