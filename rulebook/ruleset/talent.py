"""Knobs of competitive selection, open challenges, recruiting events, counting and grants."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from rulebook.explanation import RuleError, plain_text
from rulebook.ruleset.base import Count, Mark, Number, Positive, Section, Share

Money = Annotated[Number, Field(ge=0)]


class MaterialItem(Section):
    """R83: one item of the material score and the most it can give."""

    name: Annotated[str, Field(min_length=1)]
    cap: Annotated[Number, Field(gt=0)]


class SelectionRules(Section):
    """R83, R84: material score, reviewers and the vote of the deciding body."""

    material_items: tuple[MaterialItem, ...] = ()
    material_reviewers: Positive = 2
    evidence_required: bool = True
    rolling_review: bool = False


class Criterion(Section):
    """R86: a criterion of a bid and its weight."""

    name: Annotated[str, Field(min_length=1)]
    weight: Annotated[Number, Field(gt=0, le=1)]


class ChallengeRules(Section):
    """R86–R89: open window, review, award, payment by milestone, days on site."""

    window_days: Positive = 20
    threshold: Mark = Decimal(75)
    min_bids: Positive = 1
    single_bid: Literal["accept_with_two_thirds", "extend", "fail"] = "accept_with_two_thirds"
    tie: Literal["chair_vote", "second_defence"] = "chair_vote"
    panel_min: Positive = 5
    trim_from_experts: Positive = 7
    criteria: tuple[Criterion, ...] = (
        Criterion(name="technical", weight=Decimal("0.5")),
        Criterion(name="team", weight=Decimal("0.3")),
        Criterion(name="terms", weight=Decimal("0.2")),
    )
    milestones: tuple[Share, ...] = (Decimal("0.4"), Decimal("0.4"), Decimal("0.2"))
    extensions_allowed: Count = 1
    extension_months: Positive = 12
    days_shortfall: Literal["scaled", "refused"] = "scaled"

    @model_validator(mode="after")
    def shares_sum_to_one(self) -> Self:
        if (weights := sum(criterion.weight for criterion in self.criteria)) != 1:
            raise RuleError("ruleset.criteria_sum", weights=plain_text(Decimal(weights)))
        if (shares := sum(self.milestones)) != 1:
            raise RuleError("ruleset.milestones_sum", shares=plain_text(Decimal(shares)))
        return self


class EventRules(Section):
    """R93: how long and by which touch an application counts for a recruiting event; days."""

    attribution_days: Positive = 180
    hired_days: Positive = 365
    touch: Literal["first", "last"] = "last"


class CountingRules(Section):
    """R90–R92: how people are counted for the leaders."""

    official_stage: Literal["intent_signed", "proposed", "approved", "on_post"] = "approved"
    team_counts: Literal["lead", "all"] = "lead"
    growth_factor: Annotated[Number, Field(gt=0)] = Decimal(2)


class Grant(Section):
    """R85: yuan for one degree: once, then per month while on post."""

    degree: Literal["bachelor", "master", "doctor"]
    once: Money
    monthly: Money


class GrantRules(Section):
    """R85: grants by degree, for how many months, and the unit's share of the monthly part."""

    grants: tuple[Grant, ...] = ()
    months: Count = 36
    unit_share: Share = Decimal("0.5")
    clawback: Literal["none", "pro_rata"] = "pro_rata"
