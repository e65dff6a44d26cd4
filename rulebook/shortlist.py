"""Who is called to the interview (R46, R48–R53)."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from decimal import Decimal

from rulebook.explanation import Explanation, RuleError, Value
from rulebook.marks import minimum_line
from rulebook.ranking import Entry, grouped, rank, require_distinct
from rulebook.rounding import ceiling
from rulebook.ruleset.examination import RankingRules, ScreeningRules, ShortlistRules


@dataclass(frozen=True)
class Shortlist:
    """The people called, best first and by key among equals.

    ``cutoff`` is the value of the last one called by place, None for nobody; ``places`` the number the ratio gives;
    ``line`` the minimum that was applied; ``exempt`` those called without using a place; ``extra_test`` those whose
    tie at the last place the chain leaves open (only with ``ties=tiebreak``).
    """

    called: tuple[str, ...]
    cutoff: Decimal | None
    places: int
    line: Decimal | None
    exempt: tuple[str, ...]
    extra_test: tuple[str, ...]
    explanation: Explanation


def places_for(headcount: int, rules: ShortlistRules) -> int | None:
    """Headcount × ratio, fractions upwards (R48, R49); None when all are called."""
    if headcount < 0:
        raise RuleError("shortlist.headcount", headcount=headcount)
    if rules.ratio is None:
        return None
    if 0 < headcount <= rules.plus_one_up_to:
        return headcount + 1
    return ceiling(headcount * rules.ratio)


def shortlist(
    entries: Sequence[Entry],
    headcount: int,
    rules: ShortlistRules,
    *,
    line: Decimal | None = None,
    exempt: Set[str] = frozenset(),
) -> Shortlist:
    """The list of one position: line first, then count (R51), ties at the last place in or broken (R50).

    ``line`` is the stored minimum (R46); without it a fixed line, or a relative one on these entries, is computed.
    A line on a wider population must be handed in: else ``RuleError`` ``shortlist.line_missing``. ``exempt`` people
    are called outside the places unless the rules count them (R52). Entries without a value are never called, and a
    post without headcount calls nobody.
    """
    require_distinct(entries)
    line = _line(entries, rules) if line is None else line
    free = tuple(sorted(entry.key for entry in entries if entry.key in exempt)) if headcount else ()
    candidates = [
        entry
        for entry in entries
        if headcount and entry.value is not None and entry.key not in exempt and (line is None or entry.value >= line)
    ]
    places = places_for(headcount, rules)
    total_places = len(candidates) + len(free) if places is None else places
    open_places = max(0, total_places - len(free)) if rules.exempt_counts_in_ratio else total_places
    by_place, extra_test = _fill(candidates, open_places, rules)
    values = {entry.key: entry.value for entry in candidates}
    cutoff = values[by_place[-1]] if by_place else None
    called = (*by_place, *free)
    explanation = _explain(len(called), headcount, total_places, cutoff, line)
    return Shortlist(called, cutoff, total_places, line, free, extra_test, explanation)


def why(entry: Entry, result: Shortlist) -> Explanation:
    """Why one person is on the list or not, after how the list came about (R46, R48–R52)."""
    return Explanation(f"shortlist.{_reason(entry, result)}", _figures(result), (result.explanation,))


def screening_needed(passed: int, headcount: int, rules: ScreeningRules) -> bool:
    """Whether so many passed the review that a screening test is held (R53).

    ``passed`` basis: threshold persons in all (≥ 30); ``passed_per_post``: threshold persons per post (≥ 5:1).
    """
    base = 1 if rules.basis == "passed" else headcount
    return rules.enabled and passed >= rules.threshold * base


def _reason(entry: Entry, result: Shortlist) -> str:
    if entry.key in result.exempt:
        return "is_exempt"
    if entry.key in result.extra_test:
        return "waiting"
    if entry.key in result.called:
        return "in"
    if entry.value is None:
        return "no_mark"
    if result.line is not None and entry.value < result.line:
        return "below_line"
    return "nobody_in" if result.cutoff is None else "out"


def _figures(result: Shortlist) -> dict[str, Value]:
    figures = {"cutoff": result.cutoff, "line": result.line}
    return {name: value for name, value in figures.items() if value is not None}


def _line(entries: Sequence[Entry], rules: ShortlistRules) -> Decimal | None:
    if rules.min_line.kind == "mean_share" and rules.min_line.population != "position":
        raise RuleError("shortlist.line_missing")
    values = [entry.value for entry in entries]
    if rules.min_line.kind == "mean_share" and not any(value is not None for value in values):
        return None
    return minimum_line(values, rules.min_line)


def _fill(candidates: list[Entry], places: int, rules: ShortlistRules) -> tuple[list[str], tuple[str, ...]]:
    if places == 0:
        return [], ()
    if rules.ties == "tiebreak":
        return _fill_by_chain(candidates, places, rules)
    called: list[str] = []
    for _, tied in grouped(candidates):
        if len(called) >= places:
            break
        called.extend(entry.key for entry in tied)
    return called, ()


def _fill_by_chain(candidates: list[Entry], places: int, rules: ShortlistRules) -> tuple[list[str], tuple[str, ...]]:
    ranking = rank(candidates, RankingRules(tie_chain=rules.tie_chain), headcount=places)
    waiting = tuple(place.key for place in ranking.places if place.extra_test_required)
    certain = [place.key for place in ranking.places if place.rank <= places and not place.extra_test_required]
    return certain, waiting


def _explain(called: int, headcount: int, places: int, cutoff: Decimal | None, line: Decimal | None) -> Explanation:
    steps = () if line is None else (Explanation("shortlist.line", {"line": line}),)
    if cutoff is None:
        return Explanation("shortlist.nobody", {"headcount": headcount, "places": places, "called": called}, steps)
    code = "shortlist.ties" if called > places else "shortlist.called"
    values: dict[str, Value] = {"headcount": headcount, "places": places, "called": called, "cutoff": cutoff}
    return Explanation(code, values, steps)
