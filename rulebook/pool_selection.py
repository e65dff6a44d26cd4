"""Pooled posts: who chooses a unit when (R81)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rulebook.explanation import RuleError
from rulebook.ranking import Entry, rank
from rulebook.ruleset.examination import RankingRules


@dataclass(frozen=True)
class Chooser:
    """A qualified person; the total ranks, the written mark breaks ties."""

    key: str
    total: Decimal
    written: Decimal | None = None


@dataclass(frozen=True)
class PoolResult:
    """Unit by person, those who refused and so withdrew, and the places left by unit."""

    assigned: Mapping[str, str]
    withdrawn: tuple[str, ...]
    left: Mapping[str, int]


def choosing_order(people: Sequence[Chooser]) -> tuple[str, ...]:
    """Keys in the order of choosing: by total, ties by written mark (R81).

    Raises ``RuleError`` ``pool.tied`` naming people whom both marks leave equal: an extra test decides first.
    """
    entries = [
        Entry(person.key, person.total, {} if person.written is None else {"written": person.written})
        for person in people
    ]
    ranking = rank(entries, RankingRules(tie_chain=("written",)))
    tied = tuple(place.key for place in ranking.places if place.extra_test_required)
    if tied:
        raise RuleError("pool.tied", people=tied)
    return tuple(place.key for place in ranking.places)


def open_units(places: Mapping[str, int], taken: Sequence[str]) -> tuple[str, ...]:
    """The units that still have a place after those taken, in the order of ``places`` (R81)."""
    return tuple(unit for unit, count in places.items() if count > taken.count(unit))


def assign_units(order: Sequence[str], choices: Mapping[str, str | None], places: Mapping[str, int]) -> PoolResult:
    """Let people choose in order (R81); None is a refusal and so a withdrawal.

    Raises ``RuleError`` ``pool.no_choice``, ``pool.unknown_unit`` or ``pool.full``, naming the person who must choose
    again; nothing is assigned then.
    """
    left = dict(places)
    assigned: dict[str, str] = {}
    withdrawn: list[str] = []
    for key in order:
        if key not in choices:
            raise RuleError("pool.no_choice", person=key)
        unit = choices[key]
        if unit is None:
            withdrawn.append(key)
            continue
        if unit not in left:
            raise RuleError("pool.unknown_unit", person=key, unit=unit)
        if not left[unit]:
            raise RuleError("pool.full", person=key, unit=unit)
        left[unit] -= 1
        assigned[key] = unit
    return PoolResult(assigned, tuple(withdrawn), left)
