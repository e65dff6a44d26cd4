"""Competition ranking and the chain that breaks ties (R66–R68)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import NamedTuple

from rulebook.explanation import Explanation, Guard, RuleError, Value, word_for
from rulebook.rounding import ceiling
from rulebook.ruleset.examination import RankingRules


@dataclass(frozen=True)
class Entry:
    """A person in a list of one position: ``value`` ranks, None keeps them out; ``tie_values`` feed the chain."""

    key: str
    value: Decimal | None
    tie_values: Mapping[str, Decimal] = field(default_factory=dict)


class Place(NamedTuple):
    """A rank, from 1; ``extra_test_required`` says that equal ranks must be decided by an extra test.

    ``sharing`` people have this rank; ``decided_by`` is the link of the chain that set this one apart from people of
    equal ``value``, if any.
    """

    key: str
    rank: int
    extra_test_required: bool
    value: Decimal
    sharing: int = 1
    decided_by: str | None = None

    @property
    def explanation(self) -> Explanation:
        """How the rank came about."""
        values: dict[str, Value] = {"rank": self.rank, "value": self.value}
        if self.sharing > 1:
            code = "ranking.extra_test" if self.extra_test_required else "ranking.shared"
            return Explanation(code, {**values, "count": self.sharing})
        if self.decided_by:
            return Explanation("ranking.tie_broken", {**values, "by": word_for(self.decided_by)})
        return Explanation("ranking.by_value", values)


@dataclass(frozen=True)
class Ranking:
    """Places by rank and then key, and the keys of those without a value, by key."""

    places: tuple[Place, ...]
    unranked: tuple[str, ...]


@dataclass(frozen=True)
class TopPlaces:
    """Who is in for sure, and who must sit an extra test for the last places (R68)."""

    chosen: tuple[str, ...]
    extra_test: tuple[str, ...]


def competition_ranks(values: Sequence[Decimal]) -> list[int]:
    """Ranks 1, 2, 2, 2, 5 in the order of the input, highest first (R66)."""
    first_rank: dict[Decimal, int] = {}
    for index, value in enumerate(sorted(values, reverse=True), start=1):
        first_rank.setdefault(value, index)
    return [first_rank[value] for value in values]


def place_explanation(value: Decimal, rank: int, sharing: int) -> Explanation:
    """How a place came about where equal values simply share it (R66)."""
    values: dict[str, Value] = {"value": value, "rank": rank, "count": sharing}
    return Explanation("ranking.equal" if sharing > 1 else "ranking.by_value", values)


def rank(entries: Sequence[Entry], rules: RankingRules, headcount: int | None = None) -> Ranking:
    """Rank by value, break ties by the chain (R66, R67); input order never matters.

    A tie that the chain leaves open keeps one shared rank and asks for an extra test: always without ``headcount``,
    else only where it crosses the last place (R68). A value missing for one of a tied group ends the chain there.
    """
    require_distinct(entries)
    places: list[Place] = []
    for value, tied in grouped(entries):
        if len(tied) == 1:
            places.append(Place(tied[0].key, len(places) + 1, False, value))
            continue
        for group, link in _decide(tied, rules.tie_chain):
            first, last = len(places) + 1, len(places) + len(group)
            is_open = len(group) > 1 and (headcount is None or first <= headcount < last)
            places.extend(Place(entry.key, first, is_open, value, len(group), link) for entry in group)
    unranked = tuple(sorted(entry.key for entry in entries if entry.value is None))
    return Ranking(tuple(places), unranked)


def require_distinct(entries: Sequence[Entry]) -> None:
    """Raise ``RuleError`` ``ranking.key_twice`` when a person is in the list twice."""
    if len({entry.key for entry in entries}) != len(entries):
        raise RuleError("ranking.key_twice")


def grouped(entries: Iterable[Entry]) -> list[tuple[Decimal, list[Entry]]]:
    """People with equal values together, by key; the highest value first. People without a value are left out."""
    groups: dict[Decimal, list[Entry]] = {}
    for entry in entries:
        if entry.value is not None:
            groups.setdefault(entry.value, []).append(entry)
    for tied in groups.values():
        if len(tied) > 1:
            tied.sort(key=attrgetter("key"))
    return sorted(groups.items(), key=itemgetter(0), reverse=True)


def list_places(headcount: int, rules: RankingRules) -> int:
    """How many go on to the next step: headcount × ratio, fractions upwards (R68)."""
    return ceiling(headcount * rules.surplus_ratio)


def goes_on(place: Place, headcount: int, rules: RankingRules) -> Guard:
    """Whether a place is among those that go on to the next step (R68); not while an extra test must decide it."""
    places = list_places(headcount, rules)
    is_in = place.rank <= places and not place.extra_test_required
    code = "undecided" if place.extra_test_required else "goes_on" if is_in else "stays"
    return Guard(is_in, Explanation(f"ranking.{code}", {"headcount": headcount, "places": places, "rank": place.rank}))


def select_top(ranking: Ranking, headcount: int, rules: RankingRules) -> TopPlaces:
    """Everyone certain to be among the first headcount × ratio places; ties crossing the last wait (R68)."""
    places = list_places(headcount, rules)
    chosen: list[str] = []
    for _, group in groupby(ranking.places, key=lambda place: place.rank):
        keys = [place.key for place in group]
        if len(chosen) + len(keys) > places:
            return TopPlaces(tuple(chosen), tuple(keys) if len(chosen) < places else ())
        chosen.extend(keys)
    return TopPlaces(tuple(chosen), ())


def _decide(tied: list[Entry], chain: Sequence[str]) -> Iterator[tuple[list[Entry], str | None]]:
    """Split people with equal value by the chain; groups still larger than one are undecided."""
    if len(tied) == 1 or not chain or any(chain[0] not in entry.tie_values for entry in tied):
        yield tied, None
        return
    link = chain[0]
    linked = [Entry(entry.key, entry.tie_values[link], entry.tie_values) for entry in tied]
    for _, members in grouped(linked):
        split_here = len(members) < len(tied)
        for decided, later in _decide(members, chain[1:]):
            yield decided, later or (link if split_here else None)
