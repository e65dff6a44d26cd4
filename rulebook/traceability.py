"""Everyone on a list came from the list before (R82), and no list omits anyone (R69)."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field

from rulebook.explanation import Explanation, Value


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


def omitted(listed: Set[str], must_appear: Set[str]) -> tuple[str, ...]:
    """People who must be on a published list, absent ones included, and are not (R69)."""
    return tuple(sorted(must_appear - listed))
