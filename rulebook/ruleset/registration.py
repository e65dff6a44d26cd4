"""Knobs of registration, review, fee, opening ratio, seating and eligibility."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from rulebook.explanation import RuleError
from rulebook.ruleset.base import Count, MinimumLine, Moment, Number, Positive, Section

Money = Annotated[Number, Field(ge=0)]


class PhotoRules(Section):
    """R24: what an uploaded photo must be; pixels and kilobytes."""

    format: Literal["jpg", "png"] = "jpg"
    width: Positive = 295
    height: Positive = 413
    min_kb: Count = 20
    max_kb: Positive = 100
    background: Literal["any", "white", "blue", "red"] = "any"
    tool_required: bool = False

    @model_validator(mode="after")
    def size_range_is_ordered(self) -> Self:
        if self.min_kb > self.max_kb:
            raise RuleError("ruleset.photo_size", least=self.min_kb, most=self.max_kb)
        return self


class WorkingHours(Section):
    """A stretch of office time within one working day, half-open."""

    start: time
    end: time

    @model_validator(mode="after")
    def stretch_is_ordered(self) -> Self:
        if self.start >= self.end:
            raise RuleError("ruleset.office_hours")
        return self


class RegistrationRules(Section):
    """R16–R25: who may register how often, until when, and how fast the review answers."""

    one_post: bool = True
    batch_group: Literal["campaign", "exam_date"] = "campaign"
    rolling: bool = False
    open_days: Positive = 7
    review_days_after_close: Count = 1
    fee_days_after_close: Count = 2
    opens_at: Moment | None = None
    closes_at: Moment | None = None
    review_closes_at: Moment | None = None
    fee_closes_at: Moment | None = None
    two_stage_confirm: bool = False
    rechoose_after_rejection: bool = True
    review_sla_hours: Positive = 48
    review_sla_unit: Literal["hours", "working_hours"] = "hours"
    office_hours: tuple[WorkingHours, ...] = (
        WorkingHours(start=time(9), end=time(12)),
        WorkingHours(start=time(14), end=time(18)),
    )
    grace_hours: Count = 0
    in_service_consent_at: Literal["registration", "recheck"] = "recheck"
    counters_refresh_minutes: Positive = 60
    counters_hidden_last_hours: Count = 24
    photo: PhotoRules = PhotoRules()

    @model_validator(mode="after")
    def windows_are_in_order(self) -> Self:
        moments = (self.opens_at, self.closes_at, self.review_closes_at, self.fee_closes_at)
        named = [moment for moment in moments if moment is not None]
        if any(moment.tzinfo is None for moment in named):
            raise RuleError("ruleset.time_zone")
        if any(earlier > later for earlier, later in pairwise(named)):
            raise RuleError("ruleset.windows")
        return self


class EligibilityRules(Section):
    """R05–R13: how the words of a position table are read; explicit birth-date bounds belong to the position."""

    age_reading: Literal["through_birthday_year", "until_birthday"] = "through_birthday_year"
    age_reference: Literal["announcement", "first_registration_day", "fixed"] = "first_registration_day"
    age_reference_date: date | None = None
    fresh_definition: Literal["year", "year_window", "unemployed", "unplaced", "no_staff_job"] = "unplaced"
    fresh_window_years: Positive = 2
    diploma_deadline: Annotated[str, Field(pattern=r"^\d{2}-\d{2}$")] = "07-31"
    degree_deadline: Annotated[str, Field(pattern=r"^\d{2}-\d{2}$")] = "07-31"
    major_catalogue: str = "national"
    non_highest_major_allowed: bool = False
    internships_count_as_work: bool = False

    @model_validator(mode="after")
    def fixed_reference_has_its_date(self) -> Self:
        if (self.age_reference == "fixed") != (self.age_reference_date is not None):
            raise RuleError("ruleset.age_reference")
        return self


class OpeningRatioRules(Section):
    """R26–R31: valid applicants per planned hire; ``k`` None means no opening ratio."""

    k: Positive | None = 3
    basis: Literal["registered", "passed", "paid"] = "paid"
    on_fail: Literal["cut", "keep_with_line", "merge", "extend_registration"] = "cut"
    kept_line: MinimumLine = MinimumLine()
    extend_hours: Count = 0
    rechoose_hours: Count = 24
    cut_order: Literal["cancel_then_reduce", "reduce_at_once"] = "cancel_then_reduce"

    @model_validator(mode="after")
    def remedy_is_complete(self) -> Self:
        if self.on_fail == "keep_with_line" and self.kept_line.kind == "none":
            raise RuleError("ruleset.kept_line")
        if self.kept_line.kind == "authority":
            raise RuleError("ruleset.kept_line_fixed")
        if self.on_fail == "extend_registration" and not self.extend_hours:
            raise RuleError("ruleset.extend_hours")
        return self


class FeeRules(Section):
    """R23: yuan per paper and for the interview, and who pays nothing."""

    per_subject: Money = Decimal(50)
    interview: Money = Decimal(0)
    waivers: tuple[str, ...] = ("subsistence_allowance", "lifted_from_poverty", "disabled")
    waiver_mode: Literal["before_payment", "refund_after_payment"] = "before_payment"


class SeatingRules(Section):
    """R32–R35: rooms, rows and columns, and when two small rooms are merged."""

    seats_per_room: Positive = 30
    columns: Positive = 5
    rows: Positive = 6
    merge_last_below: Count = 0
    ticket_prefix: Annotated[str, Field(pattern=r"^[02-9]$")] = "0"

    @model_validator(mode="after")
    def seats_fit_the_grid(self) -> Self:
        fullest = self.seats_per_room + max(0, self.merge_last_below - 1)
        if self.columns * self.rows < fullest:
            seats = self.columns * self.rows
            raise RuleError("ruleset.seats", columns=self.columns, rows=self.rows, seats=seats, fullest=fullest)
        if fullest > 99:
            raise RuleError("ruleset.seat_digits", fullest=fullest)
        return self
