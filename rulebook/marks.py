"""Paper marks and the written mark folded from them (R36–R38, R41–R45)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from rulebook.explanation import Explanation, RuleError, number_text, percent_text, plain_text
from rulebook.rounding import exact_arithmetic, mean, rounded_at_stage, rounding_note, settle
from rulebook.ruleset.base import MinimumLine
from rulebook.ruleset.examination import Fold, WrittenRules


class MarkStatus(StrEnum):
    """What a mark is when it is not simply a number; never merged with one another (R36–R38)."""

    NORMAL = "normal"
    ABSENT = "absent"
    ZERO = "zero"
    MISCONDUCT = "misconduct"
    DUPLICATE = "duplicate"


GRAVEST_FIRST = (MarkStatus.MISCONDUCT, MarkStatus.DUPLICATE, MarkStatus.ABSENT, MarkStatus.ZERO)


@dataclass(frozen=True)
class PaperMark:
    """The mark in one paper; ``value`` is None unless the person sat it and it counts."""

    paper: str
    value: Decimal | None
    status: MarkStatus = MarkStatus.NORMAL


@dataclass(frozen=True)
class WrittenResult:
    """The written mark, or None with the status that voids it.

    ``carried_bonus`` are points that enter only after weighting (pass them on to ``total``); ``below_line`` are the
    papers below their own minimum mark.
    """

    value: Decimal | None
    status: MarkStatus
    explanation: Explanation
    carried_bonus: Decimal = Decimal(0)
    below_line: tuple[str, ...] = ()


def fold_written(marks: Sequence[PaperMark], rules: WrittenRules, bonus: Decimal = Decimal(0)) -> WrittenResult:
    """Fold paper marks into the written mark (R41), with the bonus where the rules put it (R43), rounded (R45).

    The fold is the one for exactly the papers given, else the smallest that contains them (a missing paper is then
    absent). Raises ``RuleError``: ``marks.no_fold``, ``marks.paper_twice``, ``marks.missing_value`` or
    ``marks.out_of_range``.
    """
    by_paper = _by_paper(marks)
    fold = _fold_for(by_paper, rules)
    effective = {part.paper: _effective(by_paper.get(part.paper), part.paper, rules) for part in fold.parts}
    statuses = {mark.status for mark in effective.values()}
    for status in GRAVEST_FIRST:
        if status in statuses:
            papers = tuple(name for name, mark in effective.items() if mark.status is status)
            return WrittenResult(None, status, Explanation(f"written.{status}", {"papers": papers}))
    values = {name: mark.value for name, mark in effective.items() if mark.value is not None}
    value = rounded_at_stage(_folded(values, fold, rules, bonus), rules.rounding)
    below = tuple(name for name, mark in values.items() if mark < (rules.paper(name).min_mark or 0))
    carried = bonus if rules.bonus.position == "weighted" else Decimal(0)
    return WrittenResult(value, MarkStatus.NORMAL, _explain(value, values, fold, rules, bonus), carried, below)


def minimum_line(written: Sequence[Decimal | None], rules: MinimumLine) -> Decimal | None:
    """The line on a frozen population of written marks (R46), unrounded; store it with the list.

    None entries are people without a mark and never count (R36). Returns None when there is no computed line: kind
    ``none``, or ``authority``, whose line is set by people. Raises ``RuleError`` ``line.nobody`` for a relative line
    on nobody.
    """
    if rules.kind == "fixed":
        return rules.value
    if rules.kind != "mean_share" or rules.share is None:
        return None
    counted = [mark for mark in written if mark is not None and not (rules.exclude_zero and mark == 0)]
    if not counted:
        raise RuleError("line.nobody")
    with exact_arithmetic():
        return settle(mean(counted) * rules.share)


def exempt_mark(interviewees: Sequence[Decimal], rules: WrittenRules) -> Decimal:
    """The written mark of a written-exempt person: the mean of interviewees of the same major (R52, Kaifeng)."""
    if not interviewees:
        raise RuleError("line.nobody")
    return rounded_at_stage(mean(interviewees), rules.rounding)


def _by_paper(marks: Sequence[PaperMark]) -> Mapping[str, PaperMark]:
    by_paper = {mark.paper: mark for mark in marks}
    if len(by_paper) != len(marks):
        raise RuleError("marks.paper_twice", papers=tuple(sorted({mark.paper for mark in marks})))
    return by_paper


def _fold_for(by_paper: Mapping[str, PaperMark], rules: WrittenRules) -> Fold:
    fitting = [fold for fold in rules.folds if fold.papers >= by_paper.keys()]
    if not fitting or not by_paper:
        raise RuleError("marks.no_fold", papers=tuple(by_paper), known=tuple(paper.name for paper in rules.papers))
    return min(fitting, key=lambda fold: len(fold.parts))


def _effective(mark: PaperMark | None, paper: str, rules: WrittenRules) -> PaperMark:
    if mark is None or mark.status is MarkStatus.ABSENT:
        if rules.absent_policy == "counts_as_zero":
            return PaperMark(paper, Decimal(0))
        return PaperMark(paper, None, MarkStatus.ABSENT)
    if mark.status in (MarkStatus.MISCONDUCT, MarkStatus.DUPLICATE):
        return PaperMark(paper, None, mark.status)
    value = Decimal(0) if mark.status is MarkStatus.ZERO else mark.value
    if value is None:
        raise RuleError("marks.missing_value", paper=paper)
    if not 0 <= value <= rules.paper(paper).full_mark:
        raise RuleError("marks.out_of_range", paper=paper, value=value, full=rules.paper(paper).full_mark)
    if value == 0 and rules.zero_policy == "treated_as_absent":
        return PaperMark(paper, None, MarkStatus.ZERO)
    return PaperMark(paper, value)


def _folded(values: Mapping[str, Decimal], fold: Fold, rules: WrittenRules, bonus: Decimal) -> Decimal:
    with exact_arithmetic():
        raw = sum((values[part.paper] * part.factor for part in fold.parts), Decimal(0))
        if rules.bonus.position == "raw_sum":
            raw += bonus
        folded = raw / fold.divisor
        if rules.bonus.position == "written":
            folded = rounded_at_stage(folded, rules.rounding) + bonus
        return min(folded, rules.full_mark) if rules.bonus.cap_at_full_mark else folded


def _explain(
    value: Decimal, values: Mapping[str, Decimal], fold: Fold, rules: WrittenRules, bonus: Decimal
) -> Explanation:
    terms = [_term(values[part.paper], part.factor) for part in fold.parts]
    if bonus and rules.bonus.position == "raw_sum":
        terms.append(number_text(bonus))
    formula = " + ".join(terms)
    if fold.divisor != 1:
        formula = f"({formula})" if len(terms) > 1 else formula
        formula = f"{formula} ÷ {plain_text(fold.divisor)}"
    if bonus and rules.bonus.position == "written":
        formula = f"{formula} + {number_text(bonus)}"
    note = rounding_note(rules.rounding)
    return Explanation("written.folded", {"value": value, "formula": formula, "rounding": note})


def _term(mark: Decimal, factor: Decimal) -> str:
    shown = number_text(mark)
    return shown if factor == 1 else f"{shown} × {percent_text(factor) if factor < 1 else plain_text(factor)}"
