"""Knobs of medical, inspection, replacement, notice, service, slots and publication."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from rulebook.explanation import Explanation, RuleError
from rulebook.ruleset.base import Count, DayUnit, Mark, Number, Positive, Section

Ratio = Annotated[Number, Field(ge=1)]
ReplacementStage = Literal["recheck", "interview", "medical", "inspection", "notice", "after"]
ReplacementReason = Literal["failed", "absent", "withdrew"]


HOSPITAL_GRADES = (
    "一级丙等", "一级乙等", "一级甲等", "二级丙等", "二级乙等", "二级甲等", "三级丙等", "三级乙等", "三级甲等",
)  # fmt: skip


class MedicalRules(Section):
    """R70: list ratio, hospital and the one recheck."""

    ratio: Ratio = Decimal(1)
    hospital_grade: str = "二级甲等"
    recheck_days: Count = 7
    recheck_times: Count = 1
    deferral_allowed: bool = True

    @model_validator(mode="after")
    def hospital_grade_is_known(self) -> Self:
        if self.hospital_grade not in HOSPITAL_GRADES:
            raise RuleError("ruleset.hospital_grade", grade=self.hospital_grade, known=HOSPITAL_GRADES)
        return self


class InspectionRules(Section):
    """Who inspects and for how long; R68 surplus lists by ``ratio``."""

    ratio: Ratio = Decimal(1)
    members: Positive = 2
    days: Positive = 10
    unit: DayUnit = "working_days"
    university_reference: bool = False


class StageReplacement(Section):
    """R72: at one stage: whether, after which reasons and how often the next person is called, per position.

    ``rounds`` None means without limit; ``min_mark`` is the least mark by ``score`` of the next person.
    """

    stage: ReplacementStage
    allowed: bool = True
    rounds: Positive | None = 1
    reasons: tuple[ReplacementReason, ...] = ("failed", "absent", "withdrew")
    score: Literal["total", "written", "screening"] = "total"
    min_mark: Mark | None = None


class ReplacementRules(Section):
    """R72, R73: the table by stage; every stage is named once."""

    stages: tuple[StageReplacement, ...] = (
        StageReplacement(stage="recheck", score="written"),
        StageReplacement(stage="interview", allowed=False),
        StageReplacement(stage="medical", rounds=2),
        StageReplacement(stage="inspection"),
        StageReplacement(stage="notice", allowed=False),
        StageReplacement(stage="after", allowed=False),
    )
    no_competition_reapplied: bool = False

    def at(self, stage: str) -> StageReplacement:
        """The rule of one stage; ``KeyError`` for an unknown stage."""
        for row in self.stages:
            if row.stage == stage:
                return row
        raise KeyError(stage)

    @model_validator(mode="after")
    def table_is_complete(self) -> Self:
        named = [row.stage for row in self.stages]
        if sorted(named) != sorted(get_args(ReplacementStage)):
            raise RuleError("ruleset.replacement_stages")
        return self


class NoticeRules(Section):
    """R74–R77: how long the proposed-hire notice stands and what follows it."""

    days: Positive = 7
    unit: DayUnit = "working_days"
    restart_on_change: bool = True
    file_within_days: Positive = 30
    validity_months: Positive | None = 12


class ServiceRules(Section):
    """R78–R80: contract, probation, least service and reporting for duty."""

    contract_years: Positive = 3
    probation_months: Positive = 12
    probation_months_experienced: Positive = 6
    min_service_years: Count = 5
    min_service_from: Literal["start", "after_probation"] = "start"
    report_within_days: Positive = 15
    late_ban_years: Count = 0

    @model_validator(mode="after")
    def probation_fits_the_contract(self) -> Self:
        if max(self.probation_months, self.probation_months_experienced) > self.contract_years * 12:
            raise RuleError("ruleset.probation")
        return self


class SlotRules(Section):
    """When a slot is held for a named person, and whether people choose among several units (R81)."""

    slot_type: Literal["institution", "civil_service", "none"] = "institution"
    hold_point: Literal["notice_published", "agreement_signed"] = "notice_published"
    pool_post: bool = False
    post_selection: bool = False
    pre_use_of_exits: bool = False


ListKind = Literal["scores", "shortlist", "totals", "medical", "proposed_hire"]
PublicField = Literal[
    "ticket_number", "registration_number", "name", "sex", "position_code", "unit",
    "papers", "written", "interview", "total", "rank", "education", "university", "note",
]  # fmt: skip


class PublicList(Section):
    """R69, R95: the columns of one published list."""

    kind: ListKind
    fields: Annotated[tuple[PublicField, ...], Field(min_length=1)]


_RESULT: tuple[PublicField, ...] = ("ticket_number", "position_code", "written", "interview", "total", "rank", "note")
_HIRE: tuple[PublicField, ...] = ("ticket_number", "name", "sex", "position_code", "unit", "education", "total", "rank")
DEFAULT_LISTS = (
    PublicList(kind="scores", fields=("ticket_number", "position_code", "papers", "written", "note")),
    PublicList(kind="shortlist", fields=("ticket_number", "position_code", "written", "rank")),
    PublicList(kind="totals", fields=_RESULT),
    PublicList(kind="medical", fields=("ticket_number", "position_code", "total", "rank")),
    PublicList(kind="proposed_hire", fields=_HIRE),
)


class PublicationRules(Section):
    """R69, R94, R95: what the public sees, from when and for how long."""

    lists: tuple[PublicList, ...] = DEFAULT_LISTS
    page_life_days: Positive = 30
    absent_shown: bool = True

    @model_validator(mode="after")
    def names_only_at_the_end(self) -> Self:
        kinds = [row.kind for row in self.lists]
        if sorted(kinds) != sorted(get_args(ListKind)):
            raise RuleError("ruleset.lists")
        if early := [row.kind for row in self.lists if "name" in row.fields and row.kind != "proposed_hire"]:
            raise RuleError(
                "ruleset.names_early", lists=tuple(Explanation(f"choice.PublicList.kind.{kind}") for kind in early)
            )
        return self
