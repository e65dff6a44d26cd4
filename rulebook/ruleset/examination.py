"""Knobs of written exam, shortlist, recheck, interview, total and ranking."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from rulebook.explanation import RuleError, number_text, plain_text
from rulebook.ruleset.base import (
    HUNDRED,
    Count,
    DayUnit,
    Mark,
    MinimumLine,
    Number,
    Positive,
    Rounding,
    Section,
    Share,
)

Factor = Annotated[Number, Field(gt=0, le=1000)]


class Paper(Section):
    """One written paper; ``min_mark`` is its own line (R46), if any."""

    name: Annotated[str, Field(min_length=1)]
    full_mark: Factor = HUNDRED
    minutes: Positive = 120
    min_mark: Mark | None = None


class FoldPart(Section):
    """A paper and the factor its mark is taken with."""

    paper: Annotated[str, Field(min_length=1)]
    factor: Factor = Decimal(1)


class Fold(Section):
    """R41: written mark = Σ mark × factor ÷ divisor, for people who sit exactly these papers."""

    parts: Annotated[tuple[FoldPart, ...], Field(min_length=1)]
    divisor: Factor = Decimal(1)

    @property
    def papers(self) -> frozenset[str]:
        return frozenset(part.paper for part in self.parts)


class BonusItem(Section):
    """R42: a ground for bonus: points per full year of service, or a fixed number of points."""

    kind: Annotated[str, Field(min_length=1)]
    per_year: Mark = Decimal(0)
    fixed: Mark = Decimal(0)


class BonusRules(Section):
    """R42–R44: the table, how items combine, the cap, and where the points enter."""

    items: tuple[BonusItem, ...] = ()
    stack: Literal["highest", "sum"] = "highest"
    cap: Mark | None = None
    position: Literal["raw_sum", "written", "weighted"] = "written"
    cap_at_full_mark: bool = False
    deadline: date | None = None


class ScoreCheckRules(Section):
    """R47: how long and for which marks a check of one's own mark may be asked for."""

    window_days: Count = 2
    unit: DayUnit = "calendar_days"
    statuses: tuple[Literal["absent", "zero", "misconduct", "duplicate", "normal"], ...] = (
        "absent",
        "zero",
        "misconduct",
    )


class WrittenRules(Section):
    """R36–R47: papers, folding, bonus and what becomes of missing marks; no papers means no written exam."""

    papers: tuple[Paper, ...] = ()
    folds: tuple[Fold, ...] = ()
    full_mark: Factor = HUNDRED
    absent_policy: Literal["invalid", "counts_as_zero"] = "invalid"
    zero_policy: Literal["treated_as_absent", "counts"] = "treated_as_absent"
    bonus: BonusRules = BonusRules()
    rounding: Rounding = Rounding()
    score_check: ScoreCheckRules = ScoreCheckRules()

    def paper(self, name: str) -> Paper:
        """The paper of that name; ``KeyError`` if the announcement has none."""
        for paper in self.papers:
            if paper.name == name:
                return paper
        raise KeyError(name)

    @model_validator(mode="after")
    def folds_use_the_papers(self) -> Self:
        full_marks = {paper.name: paper.full_mark for paper in self.papers}
        if len(full_marks) != len(self.papers):
            raise RuleError("ruleset.paper_twice")
        if bool(self.papers) != bool(self.folds):
            raise RuleError("ruleset.fold_missing")
        if len({fold.papers for fold in self.folds}) != len(self.folds):
            raise RuleError("ruleset.fold_twice")
        for fold in self.folds:
            if unknown := fold.papers - full_marks.keys():
                raise RuleError("ruleset.fold_papers", papers=tuple(sorted(unknown)))
            if len(fold.papers) != len(fold.parts):
                raise RuleError("ruleset.fold_paper_twice")
            most = sum(full_marks[part.paper] * part.factor for part in fold.parts)
            if most != self.full_mark * fold.divisor:
                reached = number_text(most / fold.divisor, least_places=0)
                raise RuleError("ruleset.fold_scale", reached=reached, full=plain_text(self.full_mark))
        return self


class ScreeningRules(Section):
    """R53: a screening test for an exam-free post once enough people passed the review."""

    enabled: bool = False
    basis: Literal["passed", "passed_per_post"] = "passed"
    threshold: Positive = 30
    ratio: Factor = Decimal(3)
    counts_in_total: bool = False


class ShortlistRules(Section):
    """R48–R53: how many are called to the interview and what happens at the last place."""

    ratio: Annotated[Number, Field(ge=1)] | None = Decimal(3)
    plus_one_up_to: Count = 0
    ties: Literal["include", "tiebreak"] = "include"
    tie_chain: tuple[str, ...] = ()
    min_line: MinimumLine = MinimumLine()
    exempt_counts_in_ratio: bool = False
    exempt_mark: Literal["none", "mean_of_interviewees"] = "none"
    screening: ScreeningRules = ScreeningRules()

    @model_validator(mode="after")
    def tiebreak_has_a_chain(self) -> Self:
        if self.ties == "tiebreak" and not self.tie_chain:
            raise RuleError("ruleset.tie_chain_missing")
        return self


class RecheckRules(Section):
    """R54: originals before the interview, and until when the next person may be called."""

    required: bool = True
    documents: tuple[str, ...] = ("identity_card", "diploma", "degree", "certificates")
    replacement_until: Literal["interview_notice_issued", "days_before_interview"] = "interview_notice_issued"
    replacement_days_before: Count = 0


class InterviewElement(Section):
    """One element of the score sheet and the most it can give (R58)."""

    name: Annotated[str, Field(min_length=1)]
    full_mark: Factor


class CoefficientRules(Section):
    """R59, R60: evening out several rooms of one post. ``mean_places`` None keeps the means unrounded."""

    method: Literal["none", "grand_mean", "mean_of_means", "trimmed"] = "none"
    places: Count = 4
    mean_places: Count | None = None
    score_places: Count = 2
    drop_high: Count = 2
    drop_low: Count = 2
    cap: Mark | None = None


class NoCompetitionRules(Section):
    """R62: when a post has no competition, and what such a person must reach in addition.

    There is none when interviewees ≤ headcount × ``ratio`` (< when not ``inclusive``). All conditions set must hold.
    """

    ratio: Factor = Decimal(1)
    inclusive: bool = True
    line: Mark | None = None
    at_least_panel_mean: bool = False
    two_thirds_vote: bool = False

    @property
    def applies(self) -> bool:
        return self.line is not None or self.at_least_panel_mean or self.two_thirds_vote


class InterviewRules(Section):
    """R55–R63: panel, marking range and step, trimming, coefficient, pass line."""

    held: bool = True
    panel_size: Positive = 7
    panel_odd: bool = True
    external_share: Share = Decimal(0)
    trim_high: Count = 1
    trim_low: Count = 1
    trim_elements: bool = False
    mark_min: Mark = Decimal(0)
    mark_max: Mark = HUNDRED
    mark_step: Factor = Decimal("0.01")
    elements: tuple[InterviewElement, ...] = ()
    rounding: Rounding = Rounding()
    coefficient: CoefficientRules = CoefficientRules()
    pass_line: Mark | None = Decimal(60)
    no_competition: NoCompetitionRules = NoCompetitionRules()
    signed_on_the_spot: bool = True

    @model_validator(mode="after")
    def marks_fit_the_scale(self) -> Self:
        if self.mark_min >= self.mark_max:
            raise RuleError("ruleset.mark_range")
        for line in (self.pass_line, self.no_competition.line):
            if line is not None and not self.mark_min <= line <= self.mark_max:
                scale = {"least": plain_text(self.mark_min), "most": plain_text(self.mark_max)}
                raise RuleError("ruleset.line_outside", line=plain_text(line), **scale)
        if self.elements and sum(element.full_mark for element in self.elements) != self.mark_max:
            raise RuleError("ruleset.elements_sum", most=plain_text(self.mark_max))
        return self

    @model_validator(mode="after")
    def panel_is_large_enough(self) -> Self:
        if self.panel_odd and self.panel_size % 2 == 0:
            raise RuleError("ruleset.panel_even", size=self.panel_size)
        if self.panel_size <= self.trim_high + self.trim_low:
            raise RuleError("ruleset.panel_trimmed", high=self.trim_high, low=self.trim_low, size=self.panel_size)
        return self


class TotalPart(Section):
    """A part of the total: weight × mark; ``full_mark`` is the scale the mark comes on."""

    name: Annotated[str, Field(min_length=1)]
    weight: Annotated[Number, Field(gt=0, le=1)]
    full_mark: Factor = HUNDRED


class TotalRules(Section):
    """R64, R65: which marks make the total, with which weights."""

    parts: Annotated[tuple[TotalPart, ...], Field(min_length=1)] = (TotalPart(name="interview", weight=Decimal(1)),)
    rounding: Rounding = Rounding()

    @model_validator(mode="after")
    def weights_sum_to_one(self) -> Self:
        if len({part.name for part in self.parts}) != len(self.parts):
            raise RuleError("ruleset.part_twice")
        share = sum((part.weight * part.full_mark / HUNDRED for part in self.parts), Decimal(0))
        if share != 1:
            raise RuleError("ruleset.weights_sum", share=plain_text(share))
        return self


class RankingRules(Section):
    """R66–R68: competition ranking and the ordered chain that breaks equal totals."""

    style: Literal["competition"] = "competition"
    tie_chain: tuple[str, ...] = ()
    surplus_ratio: Annotated[Number, Field(ge=1)] = Decimal(1)
    extra_test_full_mark: Factor = HUNDRED

    @model_validator(mode="after")
    def chain_names_each_once(self) -> Self:
        if len(set(self.tie_chain)) != len(self.tie_chain):
            raise RuleError("ruleset.tie_chain_twice")
        return self
