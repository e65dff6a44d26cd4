"""Material scores of competitive selection (R83); totals come from ``total`` (R84)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rulebook.explanation import Explanation, RuleError, Value, number_text, word_for, words_for
from rulebook.rounding import mean, rounded_at_stage, rounding_note
from rulebook.ruleset.base import Rounding
from rulebook.ruleset.talent import SelectionRules


@dataclass(frozen=True)
class MaterialClaim:
    """Points given for one piece of material, and whether its evidence is there."""

    item: str
    points: Decimal
    evidence: bool = True


@dataclass(frozen=True)
class MaterialScore:
    """The score, the points counted per item, and how it came about."""

    value: Decimal
    by_item: Mapping[str, Decimal]
    explanation: Explanation


def material_score(claims: Sequence[MaterialClaim], rules: SelectionRules) -> MaterialScore:
    """Σ item points, each item at most its cap; claims without evidence give nothing where it is required (R83).

    Raises ``RuleError`` ``selection.unknown_item`` or ``selection.negative``.
    """
    counted = {item.name: Decimal(0) for item in rules.material_items}
    for claim in claims:
        if claim.item not in counted:
            raise RuleError(
                "selection.unknown_item", item=word_for(claim.item, "word"), known=words_for(counted, "word")
            )
        if claim.points < 0:
            raise RuleError("selection.negative", item=word_for(claim.item, "word"), value=claim.points)
        if claim.evidence or not rules.evidence_required:
            counted[claim.item] += claim.points
    capped = {item.name: min(counted[item.name], item.cap) for item in rules.material_items}
    value = sum(capped.values(), Decimal(0))
    steps = tuple(
        Explanation(
            "selection.capped", {"item": word_for(item.name, "word"), "given": counted[item.name], "cap": item.cap}
        )
        for item in rules.material_items
        if counted[item.name] > item.cap
    )
    formula = " + ".join(number_text(points) for points in capped.values())
    return MaterialScore(value, capped, Explanation("selection.material", {"value": value, "formula": formula}, steps))


def reviewers_mean(scores: Sequence[Decimal], rules: SelectionRules, rounding: Rounding) -> MaterialScore:
    """The mean of the reviewers' material scores (R83). Raises ``selection.reviewers`` when reviews are missing."""
    if len(scores) < rules.material_reviewers:
        raise RuleError("selection.reviewers", given=len(scores), wanted=rules.material_reviewers)
    value = rounded_at_stage(mean(scores), rounding)
    formula = f"({' + '.join(number_text(score) for score in scores)}) ÷ {len(scores)}"
    values: dict[str, Value] = {"value": value, "formula": formula, "rounding": rounding_note(rounding)}
    return MaterialScore(value, {}, Explanation("interview.mean", values))
