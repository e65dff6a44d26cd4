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

    ``papers`` are the marks that were folded or, for a void mark, the papers that voided it with None.
    ``carried_bonus`` are points that enter only after weighting (pass them on to ``total``); ``below_line`` are the
    papers below their own minimum mark.
    """

    value: Decimal | None
    status: MarkStatus
    papers: Mapping[str, Decimal | None]
    fold: Fold
    rules: WrittenRules
    bonus: Decimal = Decimal(0)

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
        return Explanation(
            "written.folded",
            {"value": self.value, "formula": self._formula(), "rounding": rounding_note(self.rules.rounding)},
        )

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


def fold_written(marks: Sequence[PaperMark], rules: WrittenRules, bonus: Decimal = Decimal(0)) -> WrittenResult:
    """Fold paper marks into the written mark (R41), with the bonus where the rules put it (R43), rounded (R45).

    The fold is the one for exactly the papers given, else the smallest that contains them (a missing paper is then
    absent). Raises ``RuleError``: ``marks.no_fold``, ``marks.paper_twice``, ``marks.missing_value`` or
    ``marks.out_of_range``.
    """
    by_paper = _by_paper(marks)
    fold = _fold_for(by_paper, rules)
    effective = [_effective(by_paper.get(part.paper), part.paper, rules) for part in fold.parts]
    if any(mark.status is not MarkStatus.NORMAL for mark in effective):
        status = next(status for status in GRAVEST_FIRST if any(mark.status is status for mark in effective))
        void = {mark.paper: None for mark in effective if mark.status is status}
        return WrittenResult(None, status, void, fold, rules, bonus)
    values = {mark.paper: mark.value or Decimal(0) for mark in effective}
    value = rounded_at_stage(_folded(values, fold, rules, bonus), rules.rounding)
    return WrittenResult(value, MarkStatus.NORMAL, values, fold, rules, bonus)


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


def _term(mark: Decimal, factor: Decimal) -> str:
    shown = number_text(mark)
    return shown if factor == 1 else f"{shown} × {percent_text(factor) if factor < 1 else plain_text(factor)}"
