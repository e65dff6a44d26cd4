"""Everyone on a list came from the list before (R82), and no list omits anyone (R69)."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field

from rulebook.explanation import Explanation, Value
from rulebook.ruleset.hiring import PublicationRules


@dataclass(frozen=True)
class ListChain:
    """The people on each list of one position, by key; replacements are those on a replacement notice."""

    shortlist: Set[str] = field(default_factory=frozenset)
    interview: Set[str] = field(default_factory=frozenset)
    medical: Set[str] = field(default_factory=frozenset)
    medical_passed: Set[str] = field(default_factory=frozenset)
    inspection_passed: Set[str] = field(default_factory=frozenset)
    notice: Set[str] = field(default_factory=frozenset)
    exempt: Set[str] = field(default_factory=frozenset)
    replacements: Set[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Violation:
    """People on a list who may not be there; publication of that list is blocked."""

    stage: str
    keys: tuple[str, ...]
    explanation: Explanation


def violations(chain: ListChain) -> tuple[Violation, ...]:
    """All breaches of the chain (R82): interview ⊆ shortlist ∪ replacement ∪ exempt, medical ⊆ interview,
    notice ⊆ medical passed ∩ inspection passed, and both of these ⊆ medical."""
    allowed = (
        ("interview", chain.interview, chain.shortlist | chain.replacements | chain.exempt),
        ("medical", chain.medical, chain.interview),
        ("medical_passed", chain.medical_passed, chain.medical),
        ("inspection_passed", chain.inspection_passed, chain.medical),
        ("notice", chain.notice, chain.medical_passed & chain.inspection_passed),
    )
    found: list[Violation] = []
    for stage, listed, permitted in allowed:
        if strangers := tuple(sorted(listed - permitted)):
            values: dict[str, Value] = {
                "stage": Explanation(f"list.{stage}"),
                "count": len(strangers),
                "people": strangers,
            }
            found.append(Violation(stage, strangers, Explanation("list.stranger", values)))
    return tuple(found)


def omitted(listed: Set[str], called: Set[str], absent: Set[str], rules: PublicationRules) -> tuple[Violation, ...]:
    """Everyone called to the interview who is not on the list of totals (R69), one breach each.

    The absent are missed too, unless the rules leave them out.
    """
    missing = called - listed - (frozenset() if rules.absent_shown else absent)
    return tuple(Violation("totals", (key,), Explanation("list.omitted", {"person": key})) for key in sorted(missing))
