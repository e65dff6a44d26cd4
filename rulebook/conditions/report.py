"""How much of a table's conditions was read: the share of positions, and the patterns that were not understood."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rulebook.conditions.model import PositionConditions


@dataclass(frozen=True)
class StructureReport:
    """Counts of positions by how far they were read; `patterns` are the unread texts, digits as #, commonest first."""

    fully: int
    partly: int
    free: int
    by_declaration: int
    patterns: tuple[tuple[str, str, int], ...]

    @property
    def positions(self) -> int:
        return self.fully + self.partly + self.free

    @property
    def share(self) -> float:
        """Fully structured positions as a share of all, 0 to 1; 1 for an empty table."""
        return self.fully / self.positions if self.positions else 1.0


def report(positions: Iterable[PositionConditions]) -> StructureReport:
    """Sum up the conditions of a table. `by_declaration` counts positions with a condition only a person can judge."""
    states: Counter[str] = Counter()
    patterns: Counter[tuple[str, str]] = Counter()
    declared = 0
    for position in positions:
        states[position.structured] += 1
        declared += any(condition.kind == "declaration" for condition in position.conditions)
        patterns.update((rest.column, re.sub(r"\d+", "#", rest.text)) for rest in position.not_understood)
    ordered = sorted(patterns.items(), key=lambda entry: (-entry[1], entry[0]))
    rows = tuple((column, text, count) for (column, text), count in ordered)
    return StructureReport(states["fully"], states["partly"], states["free"], declared, rows)
