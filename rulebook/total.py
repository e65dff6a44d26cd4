"""The total mark from its weighted parts (R64, R65, R84)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from rulebook.explanation import Explanation, RuleError, number_text, percent_text, word_for, words_for
from rulebook.rounding import exact_arithmetic, rounded, rounding_note
from rulebook.ruleset.examination import TotalPart, TotalRules


@dataclass(frozen=True)
class TotalResult:
    """The total, or None while the parts named in ``missing`` have no mark or when a part missed its line."""

    value: Decimal | None
    missing: tuple[str, ...]
    explanation: Explanation


def total(
    parts: Mapping[str, Decimal | None],
    rules: TotalRules,
    bonus: Decimal = Decimal(0),
    *,
    below_line: Collection[str] = (),
) -> TotalResult:
    """Σ weight × mark, plus a bonus that enters after weighting (R43), rounded once (R45, R64).

    ``parts`` maps the names of the rules to marks; None or absence means there is no mark and then no total.
    ``below_line`` names parts that missed their pass line: then there is no total either (R61).
    Raises ``RuleError`` ``total.unknown_part``, or ``total.negative`` for a mark below 0; a bonus may lift a mark
    above its full mark.
    """
    known = {part.name: part for part in rules.parts}
    if unknown := parts.keys() - known.keys():
        raise RuleError("total.unknown_part", parts=words_for(sorted(unknown)), known=words_for(known))
    marks = {name: mark for name, mark in parts.items() if mark is not None}
    missing = tuple(name for name in known if name not in marks)
    if missing:
        return TotalResult(None, missing, Explanation("total.missing", {"parts": words_for(missing)}))
    for name, mark in marks.items():
        if mark < 0:
            raise RuleError("total.negative", part=word_for(name), value=mark)
    if failed := tuple(name for name in known if name in below_line):
        return TotalResult(None, (), Explanation("total.below_line", {"parts": words_for(failed)}))
    with exact_arithmetic():
        weighted = sum((part.weight * marks[part.name] for part in rules.parts), Decimal(0)) + bonus
    value = rounded(weighted, rules.rounding)
    return TotalResult(value, (), _explain(value, marks, rules, bonus))


def _explain(value: Decimal, marks: Mapping[str, Decimal], rules: TotalRules, bonus: Decimal) -> Explanation:
    formula = " + ".join(_term(marks[part.name], part) for part in rules.parts)
    if bonus:
        formula = f"{formula} + {number_text(bonus)}"
    note = rounding_note(rules.rounding, final=True)
    return Explanation("total.weighted", {"value": value, "formula": formula, "rounding": note})


def _term(mark: Decimal, part: TotalPart) -> str:
    return number_text(mark) if part.weight == 1 else f"{number_text(mark)} × {percent_text(part.weight)}"
