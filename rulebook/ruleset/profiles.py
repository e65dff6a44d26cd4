"""Built-in rule sets to start an announcement from."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from rulebook.ruleset.base import HUNDRED, MinimumLine, Rounding
from rulebook.ruleset.examination import (
    BonusItem,
    BonusRules,
    CoefficientRules,
    Fold,
    FoldPart,
    InterviewRules,
    NoCompetitionRules,
    Paper,
    RankingRules,
    ScreeningRules,
    ShortlistRules,
    TotalPart,
    TotalRules,
    WrittenRules,
)
from rulebook.ruleset.hiring import (
    InspectionRules,
    NoticeRules,
    PublicationRules,
    PublicField,
    PublicList,
    ReplacementRules,
    SlotRules,
    StageReplacement,
)
from rulebook.ruleset.model import RuleSet
from rulebook.ruleset.registration import EligibilityRules, FeeRules, OpeningRatioRules, RegistrationRules
from rulebook.ruleset.talent import Grant, GrantRules, MaterialItem, SelectionRules

HALF = Decimal("0.5")

COUNTY_EXAM = RuleSet(
    track="public_exam",
    registration=RegistrationRules(batch_group="exam_date"),
    written=WrittenRules(
        papers=(
            Paper(name="职测", full_mark=Decimal(150), minutes=90),
            Paper(name="综应", full_mark=Decimal(150), minutes=120),
        ),
        folds=(Fold(parts=(FoldPart(paper="职测"), FoldPart(paper="综应")), divisor=Decimal(3)),),
        bonus=BonusRules(items=(BonusItem(kind="grassroots_service", per_year=Decimal(2)),), cap=Decimal(6)),
    ),
    shortlist=ShortlistRules(min_line=MinimumLine(kind="authority", population="campaign")),
    interview=InterviewRules(
        coefficient=CoefficientRules(method="grand_mean"),
        no_competition=NoCompetitionRules(line=Decimal(70)),
    ),
    total=TotalRules(parts=(TotalPart(name="written", weight=HALF), TotalPart(name="interview", weight=HALF))),
    ranking=RankingRules(tie_chain=("written", "职测", "extra_test")),
)

_TOTAL_COLUMNS: tuple[PublicField, ...] = ("registration_number", "position_code", "interview", "total", "rank", "note")
_SELECTION_COLUMNS: Mapping[str, tuple[PublicField, ...]] = {
    "totals": _TOTAL_COLUMNS,
    "medical": ("registration_number", "position_code", "total", "rank"),
    "proposed_hire": (
        "registration_number",
        "name",
        "sex",
        "position_code",
        "unit",
        "education",
        "university",
        "total",
    ),
}

COUNTY_SELECTION = RuleSet(
    track="competitive_selection",
    registration=RegistrationRules(rolling=True),
    eligibility=EligibilityRules(degree_deadline="12-31"),
    fee=FeeRules(per_subject=Decimal(0)),
    opening_ratio=OpeningRatioRules(k=None),
    shortlist=ShortlistRules(screening=ScreeningRules(enabled=True)),
    interview=InterviewRules(
        pass_line=Decimal(70),
        no_competition=NoCompetitionRules(line=Decimal(70), two_thirds_vote=True),
    ),
    ranking=RankingRules(tie_chain=("interview", "material", "extra_test")),
    inspection=InspectionRules(university_reference=True),
    notice=NoticeRules(validity_months=None),
    replacement=ReplacementRules(
        stages=tuple(
            StageReplacement(stage="recheck", score="screening") if row.stage == "recheck" else row
            for row in ReplacementRules().stages
        )
    ),
    slots=SlotRules(hold_point="agreement_signed", pool_post=True, post_selection=True),
    publication=PublicationRules(
        lists=tuple(
            PublicList(kind=row.kind, fields=_SELECTION_COLUMNS.get(row.kind, row.fields))
            for row in PublicationRules().lists
        )
    ),
    selection=SelectionRules(
        material_items=(
            MaterialItem(name="education", cap=Decimal(40)),
            MaterialItem(name="school", cap=Decimal(30)),
            MaterialItem(name="awards", cap=Decimal(20)),
            MaterialItem(name="papers", cap=Decimal(10)),
        ),
        rolling_review=True,
    ),
    grants=GrantRules(
        grants=(
            Grant(degree="doctor", once=Decimal(50_000), monthly=Decimal(3_000)),
            Grant(degree="master", once=Decimal(30_000), monthly=Decimal(1_500)),
        )
    ),
)

OPEN_CHALLENGE = RuleSet(
    track="open_challenge",
    registration=RegistrationRules(one_post=False, rolling=True),
    fee=FeeRules(per_subject=Decimal(0)),
    opening_ratio=OpeningRatioRules(k=None),
    shortlist=ShortlistRules(ratio=None),
    interview=InterviewRules(held=False),
    total=TotalRules(parts=(TotalPart(name="bid", weight=Decimal(1)),)),
    replacement=ReplacementRules(
        stages=tuple(StageReplacement(stage=row.stage, allowed=False) for row in ReplacementRules().stages)
    ),
    notice=NoticeRules(days=5, validity_months=None),
    slots=SlotRules(slot_type="none", hold_point="agreement_signed"),
)

CIVIL_SERVICE_EXAM = RuleSet(
    track="public_exam",
    registration=RegistrationRules(batch_group="exam_date"),
    written=WrittenRules(
        papers=(
            Paper(name="行测", minutes=120),
            Paper(name="申论", minutes=180),
            Paper(name="公安专业", minutes=120),
        ),
        folds=(
            Fold(parts=(FoldPart(paper="行测", factor=HALF), FoldPart(paper="申论", factor=HALF))),
            Fold(
                parts=(
                    FoldPart(paper="行测", factor=Decimal("0.4")),
                    FoldPart(paper="申论", factor=Decimal("0.3")),
                    FoldPart(paper="公安专业", factor=Decimal("0.3")),
                )
            ),
        ),
        full_mark=HUNDRED,
        rounding=Rounding(),
    ),
    interview=InterviewRules(no_competition=NoCompetitionRules(line=Decimal(70))),
    total=TotalRules(parts=(TotalPart(name="written", weight=HALF), TotalPart(name="interview", weight=HALF))),
    ranking=RankingRules(tie_chain=("written", "行测", "extra_test")),
    slots=SlotRules(slot_type="civil_service"),
)

PROFILES: Mapping[str, RuleSet] = MappingProxyType(
    {
        "county_exam": COUNTY_EXAM,
        "county_selection": COUNTY_SELECTION,
        "open_challenge": OPEN_CHALLENGE,
        "civil_service_exam": CIVIL_SERVICE_EXAM,
    }
)


def get(name: str) -> RuleSet:
    """The built-in rule set of that name; ``KeyError`` lists the names there are."""
    if name not in PROFILES:
        raise KeyError(f"no rule set is called {name!r}; there are: {', '.join(PROFILES)}")
    return PROFILES[name]
