"""Paper marks and the written mark folded from them (R36–R38, R41–R45)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from rulebook.explanation import Explanation, RuleError, Value, number_text, percent_text, plain_text
from rulebook.rounding import EXACT, exact_arithmetic, mean, rounded_at_stage, rounding_note, settle
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
NORMAL = MarkStatus.NORMAL
ZERO = Decimal(0)


class PaperMark(NamedTuple):
    """The mark in one paper; ``value`` is None unless the person sat it and it counts."""

    paper: str
    value: Decimal | None
    status: MarkStatus = MarkStatus.NORMAL


class WrittenResult(NamedTuple):
    """The written mark, or None with the status that voids it.

    ``papers`` are the marks that were folded or, for a void mark, the papers that voided it with None.
    ``carried_bonus`` are points that enter only after weighting (pass them on to ``total``); ``below_line`` are the
    papers below their own minimum mark. ``reached`` is what the formula gives before the cap at the full mark (R44).
    """

    value: Decimal | None
    status: MarkStatus
    papers: Mapping[str, Decimal | None]
    fold: Fold
    rules: WrittenRules
    bonus: Decimal = ZERO
    reached: Decimal = ZERO

    @property
    def carried_bonus(self) -> Decimal:
        return self.bonus if self.rules.bonus.position == "weighted" else Decimal(0)

    @property
    def below_line(self) -> tuple[str, ...]:
        return tuple(
            name
            for name, mark in self.papers.items()
            if mark is not None and mark < (self.rules.paper(name).min_mark or 0)
        )

    @property
    def explanation(self) -> Explanation:
        """How the mark came about, or which papers voided it."""
        if self.value is None:
            return Explanation(f"written.{self.status}", {"papers": tuple(self.papers)})
        rules, formula = self.rules, self._formula()
        carried = self.carried_bonus
        steps = (Explanation("written.carried", {"points": carried}),) if carried else ()
        note = rounding_note(rules.rounding)
        shown: dict[str, Value] = {"value": self.value, "formula": formula, "rounding": note}
        if rules.bonus.cap_at_full_mark and self.reached > rules.full_mark:
            return Explanation("written.capped", {**shown, "reached": self.reached}, steps)
        return Explanation("written.folded", shown, steps)

    def _formula(self) -> str:
        position = self.rules.bonus.position if self.bonus else ""
        terms = [_term(self.papers[part.paper] or Decimal(0), part.factor) for part in self.fold.parts]
        if position == "raw_sum":
            terms.append(number_text(self.bonus))
        formula = " + ".join(terms)
        if self.fold.divisor != 1:
            formula = f"({formula})" if len(terms) > 1 else formula
            formula = f"{formula} ÷ {plain_text(self.fold.divisor)}"
        return f"{formula} + {number_text(self.bonus)}" if position == "written" else formula


class Folding:
    """Folds the marks of many people by one set of rules; what depends on the rules alone is looked up once."""

    def __init__(self, rules: WrittenRules) -> None:
        self.rules = rules
        self._full_marks = {paper.name: paper.full_mark for paper in rules.papers}
        self._folds: dict[tuple[str, ...], Fold] = {}

    def fold(self, marks: Sequence[PaperMark], bonus: Decimal = ZERO) -> WrittenResult:
        """What `fold_written` says."""
        given = {mark.paper: mark for mark in marks}
        if len(given) != len(marks):
            raise RuleError("marks.paper_twice", papers=tuple(sorted({mark.paper for mark in marks})))
        fold = self._fold_for(tuple(given))
        values: dict[str, Decimal] = {}
        void: dict[str, MarkStatus] = {}
        for part in fold.parts:
            status, value = self._effective(part.paper, given.get(part.paper))
            if status is NORMAL:
                values[part.paper] = value
            else:
                void[part.paper] = status
        if void:
            status = min(void.values(), key=GRAVEST_FIRST.index)
            papers = {paper: None for paper, found in void.items() if found is status}
            return WrittenResult(None, status, papers, fold, self.rules, bonus)
        reached, rules = self._folded(values, fold, bonus), self.rules
        capped = min(reached, rules.full_mark) if rules.bonus.cap_at_full_mark else reached
        return WrittenResult(rounded_at_stage(capped, rules.rounding), NORMAL, values, fold, rules, bonus, reached)

    def _fold_for(self, papers: tuple[str, ...]) -> Fold:
        found = self._folds.get(papers)
        if found is None:
            fitting = [fold for fold in self.rules.folds if fold.papers >= set(papers)]
            if not fitting or not papers:
                raise RuleError("marks.no_fold", papers=papers, known=tuple(self._full_marks))
            found = self._folds[papers] = min(fitting, key=lambda fold: len(fold.parts))
        return found

    def _effective(self, paper: str, mark: PaperMark | None) -> tuple[MarkStatus, Decimal]:
        """How a mark counts (R36–R38): NORMAL with the value to fold, or the status that voids the written mark."""
        if mark is None or mark.status is MarkStatus.ABSENT:
            return (NORMAL if self.rules.absent_policy == "counts_as_zero" else MarkStatus.ABSENT), ZERO
        if mark.status is MarkStatus.MISCONDUCT or mark.status is MarkStatus.DUPLICATE:
            return mark.status, ZERO
        value = ZERO if mark.status is MarkStatus.ZERO else mark.value
        if value is None:
            raise RuleError("marks.missing_value", paper=paper)
        full = self._full_marks[paper]
        if not ZERO <= value <= full:
            raise RuleError("marks.out_of_range", paper=paper, value=value, full=full)
        if not value and self.rules.zero_policy == "treated_as_absent":
            return MarkStatus.ZERO, ZERO
        return NORMAL, value

    def _folded(self, values: Mapping[str, Decimal], fold: Fold, bonus: Decimal) -> Decimal:
        rules, position = self.rules, self.rules.bonus.position
        raw = bonus if position == "raw_sum" else ZERO
        for part in fold.parts:
            raw = EXACT.fma(values[part.paper], part.factor, raw)
        folded = EXACT.divide(raw, fold.divisor)
        if bonus and position == "written":
            folded = EXACT.add(rounded_at_stage(folded, rules.rounding), bonus)
        return folded


_latest: Folding | None = None


def fold_written(marks: Sequence[PaperMark], rules: WrittenRules, bonus: Decimal = ZERO) -> WrittenResult:
    """Fold paper marks into the written mark (R41), with the bonus where the rules put it (R43), rounded (R45).

    The fold is the one for exactly the papers given, else the smallest that contains them (a missing paper is then
    absent). Raises ``RuleError``: ``marks.no_fold``, ``marks.paper_twice``, ``marks.missing_value`` or
    ``marks.out_of_range``.
    """
    global _latest  # a list of marks is folded by one set of rules, prepared once
    folding = _latest
    if folding is None or folding.rules is not rules:
        folding = _latest = Folding(rules)
    return folding.fold(marks, bonus)


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


def _term(mark: Decimal, factor: Decimal) -> str:
    shown = number_text(mark)
    return shown if factor == 1 else f"{shown} × {percent_text(factor) if factor < 1 else plain_text(factor)}"
