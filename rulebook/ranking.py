"""Competition ranking and the chain that breaks ties (R66–R68)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from rulebook.explanation import Explanation, RuleError, Value
from rulebook.rounding import ceiling
from rulebook.ruleset.examination import RankingRules


@dataclass(frozen=True)
class Entry:
    """A person in a list of one position: ``value`` ranks, None keeps them out; ``tie_values`` feed the chain."""

    key: str
    value: Decimal | None
    tie_values: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """A rank, from 1; ``extra_test_required`` says that equal ranks must be decided by an extra test."""

    key: str
    rank: int
    extra_test_required: bool
    explanation: Explanation


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


def rank(entries: Sequence[Entry], rules: RankingRules, headcount: int | None = None) -> Ranking:
    """Rank by value, break ties by the chain (R66, R67); input order never matters.

    A tie that the chain leaves open keeps one shared rank and asks for an extra test: always without ``headcount``,
    else only where it crosses the last place (R68). A value missing for one of a tied group ends the chain there.
    """
    if len({entry.key for entry in entries}) != len(entries):
        raise RuleError("ranking.key_twice")
    ranked = sorted((entry for entry in entries if entry.value is not None), key=_by_value)
    places: list[Place] = []
    for _, group in groupby(ranked, key=lambda entry: entry.value):
        tied = list(group)
        for decided, link in _decide(tied, rules.tie_chain):
            places.extend(_places(decided, len(places) + 1, link, len(tied) > 1, headcount))
    unranked = tuple(sorted(entry.key for entry in entries if entry.value is None))
    return Ranking(tuple(places), unranked)


def select_top(ranking: Ranking, headcount: int, rules: RankingRules) -> TopPlaces:
    """Everyone certain to be among the first headcount × ratio places; ties crossing the last wait (R68)."""
    places = ceiling(headcount * rules.surplus_ratio)
    chosen: list[str] = []
    for _, group in groupby(ranking.places, key=lambda place: place.rank):
        keys = [place.key for place in group]
        if len(chosen) + len(keys) > places:
            return TopPlaces(tuple(chosen), tuple(keys) if len(chosen) < places else ())
        chosen.extend(keys)
    return TopPlaces(tuple(chosen), ())


def _by_value(entry: Entry) -> tuple[Decimal, str]:
    return (-(entry.value or Decimal(0)), entry.key)


def _decide(tied: list[Entry], chain: Sequence[str]) -> Iterator[tuple[list[Entry], str | None]]:
    """Split people with equal value by the chain; groups still larger than one are undecided."""
    if len(tied) == 1 or not chain or any(chain[0] not in entry.tie_values for entry in tied):
        yield tied, None
        return
    link = chain[0]
    ordered = sorted(tied, key=lambda entry: (-entry.tie_values[link], entry.key))
    for _, group in groupby(ordered, key=lambda entry: entry.tie_values[link]):
        members = list(group)
        split_here = len(members) < len(tied)
        for decided, later in _decide(members, chain[1:]):
            yield decided, later or (link if split_here else None)


def _places(group: list[Entry], first: int, link: str | None, was_tied: bool, headcount: int | None) -> Iterator[Place]:
    crosses = headcount is None or first <= headcount < first + len(group) - 1
    open_tie = len(group) > 1 and crosses
    for entry in group:
        values: dict[str, Value] = {"rank": first, "value": entry.value or Decimal(0)}
        if open_tie:
            explanation = Explanation("ranking.extra_test", {**values, "count": len(group)})
        elif len(group) > 1:
            explanation = Explanation("ranking.shared", {**values, "count": len(group)})
        elif was_tied and link:
            explanation = Explanation("ranking.tie_broken", {**values, "by": name_of(link)})
        else:
            explanation = Explanation("ranking.by_value", values)
        yield Place(entry.key, first, open_tie, explanation)


def name_of(value: str) -> Explanation | str:
    """The word for a value of the chain; a paper's name is its own word."""
    return value if not value.isascii() else Explanation(f"value.{value}")
