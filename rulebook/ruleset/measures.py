"""In what a number among the knobs is measured, and what it may be: the unit and the range of each."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import annotated_types
from pydantic.fields import FieldInfo

from rulebook.explanation import Explanation, Language, plain_text
from rulebook.ruleset.base import Section

_KNOBS_BY_UNIT: Mapping[str, str] = {
    "minutes": "RegistrationRules.counters_refresh_minutes Paper.minutes",
    "hours": "RegistrationRules.review_sla_hours RegistrationRules.grace_hours OpeningRatioRules.extend_hours "
    "RegistrationRules.counters_hidden_last_hours OpeningRatioRules.rechoose_hours",
    "days": "RegistrationRules.open_days RegistrationRules.review_days_after_close ScoreCheckRules.window_days "
    "RegistrationRules.fee_days_after_close RecheckRules.replacement_days_before MedicalRules.recheck_days "
    "InspectionRules.days NoticeRules.days NoticeRules.file_within_days ServiceRules.report_within_days "
    "PublicationRules.page_life_days ChallengeRules.window_days EventRules.attribution_days EventRules.hired_days",
    "months": "NoticeRules.validity_months ServiceRules.probation_months ChallengeRules.extension_months "
    "ServiceRules.probation_months_experienced GrantRules.months",
    "years": "EligibilityRules.fresh_window_years ServiceRules.contract_years ServiceRules.min_service_years "
    "ServiceRules.late_ban_years",
    "people": "SeatingRules.seats_per_room SeatingRules.merge_last_below ShortlistRules.plus_one_up_to "
    "ScreeningRules.threshold InterviewRules.panel_size InspectionRules.members SelectionRules.material_reviewers "
    "ChallengeRules.panel_min ChallengeRules.trim_from_experts",
    "per_hire": "OpeningRatioRules.k ShortlistRules.ratio ScreeningRules.ratio NoCompetitionRules.ratio "
    "RankingRules.surplus_ratio MedicalRules.ratio InspectionRules.ratio",
    "points": "WrittenRules.full_mark Paper.full_mark Paper.min_mark BonusRules.cap BonusItem.fixed "
    "InterviewRules.mark_min InterviewRules.mark_max InterviewRules.mark_step InterviewRules.pass_line "
    "InterviewElement.full_mark NoCompetitionRules.line CoefficientRules.cap MinimumLine.value TotalPart.full_mark "
    "StageReplacement.min_mark MaterialItem.cap ChallengeRules.threshold RankingRules.extra_test_full_mark",
    "points_per_year": "BonusItem.per_year",
    "share": "MinimumLine.share InterviewRules.external_share TotalPart.weight Criterion.weight GrantRules.unit_share "
    "ChallengeRules.milestones",
    "factor": "Fold.divisor FoldPart.factor CountingRules.growth_factor",
    "decimals": "Rounding.scale CoefficientRules.places CoefficientRules.mean_places CoefficientRules.score_places",
    "marks": "InterviewRules.trim_high InterviewRules.trim_low CoefficientRules.drop_high CoefficientRules.drop_low",
    "times": "MedicalRules.recheck_times StageReplacement.rounds ChallengeRules.extensions_allowed",
    "bids": "ChallengeRules.min_bids",
    "yuan": "FeeRules.per_subject FeeRules.interview Grant.once",
    "yuan_per_month": "Grant.monthly",
    "pixels": "PhotoRules.width PhotoRules.height",
    "kilobytes": "PhotoRules.min_kb PhotoRules.max_kb",
    "columns": "SeatingRules.columns",
    "rows": "SeatingRules.rows",
    "number": "RuleSet.version",
}
UNITS: Mapping[str, str] = {knob: unit for unit, knobs in _KNOBS_BY_UNIT.items() for knob in knobs.split()}


@dataclass(frozen=True)
class Range:
    """What a number may be; ``above`` and ``least`` exclude each other, None means without limit."""

    least: Decimal | None = None
    above: Decimal | None = None
    most: Decimal | None = None

    def holds(self, value: Decimal) -> bool:
        """Whether the value lies within."""
        if self.least is not None and value < self.least:
            return False
        if self.above is not None and value <= self.above:
            return False
        return self.most is None or value <= self.most

    @property
    def explanation(self) -> Explanation:
        """The range in words."""
        first = self.least if self.above is None else self.above
        code = f"{'from' if self.above is None else 'above'}{'' if self.most is None else '_to'}"
        values = {"first": plain_text(first or Decimal(0)), "last": plain_text(self.most or Decimal(0))}
        return Explanation(f"range.{code}", values)


def is_number(section: type[Section], knob: str) -> bool:
    """Whether the knob is a number or a list of numbers."""
    return any(kind in (int, Decimal) for kind in _parts(section.model_fields[knob].annotation))


def unit_of(section: type[Section], knob: str) -> Explanation:
    """What a number is measured in; ``KeyError`` for a number that names no unit."""
    return Explanation(f"measure.{UNITS[f'{section.__name__}.{knob}']}")


def range_of(section: type[Section], knob: str) -> Range:
    """The numbers that the knob takes, as its own type says."""
    info = section.model_fields[knob]
    limits = list(_limits([*info.metadata, *_parts(info.annotation)]))
    return Range(
        least=_first(limit.ge for limit in limits if isinstance(limit, annotated_types.Ge)),
        above=_first(limit.gt for limit in limits if isinstance(limit, annotated_types.Gt)),
        most=_first(limit.le for limit in limits if isinstance(limit, annotated_types.Le)),
    )


def measure_words(section: type[Section], knob: str, language: Language) -> str:
    """Unit and range in one line, empty for what is no number: ``days, 1 or more``."""
    if not is_number(section, knob):
        return ""
    words = (unit_of(section, knob).text(language), range_of(section, knob).explanation.text(language))
    return ("，" if language == "zh" else ", ").join(words)


def _parts(annotation: Any) -> Iterator[Any]:
    """The annotation and everything inside it, but not inside its sections."""
    yield annotation
    for part in typing.get_args(annotation):
        yield from _parts(part)


def _limits(found: list[Any]) -> Iterator[Any]:
    for item in found:
        if isinstance(item, FieldInfo):
            yield from item.metadata
        else:
            yield item


def _first(values: Iterator[Any]) -> Decimal | None:
    return next((Decimal(value) for value in values), None)
