"""From the marks of one sheet to its total, by the rule of the panel's purpose; the rule itself is in the rule book."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from recruitment.panels.enums import Purpose
from recruitment.panels.models import ScoreSheet
from rulebook.challenge import bid_score, panel_score
from rulebook.explanation import Explanation
from rulebook.interview import check_mark, panel_mark, sheet_total, trimmed_mean
from rulebook.ruleset import RuleSet
from rulebook.selection import MaterialClaim, material_score, reviewers_mean

WHOLE = "mark"


def criteria_for(purpose: str, rules: RuleSet) -> list[dict[str, str]]:
    """What a judge marks: [{"code", "name", "full_mark", "weight"}], decimals as strings."""
    if purpose == Purpose.MATERIAL:
        return [_criterion(item.name, item.cap) for item in rules.selection.material_items]
    if purpose == Purpose.BID:
        return [_criterion(item.name, Decimal(100), item.weight) for item in rules.challenge.criteria]
    elements = [_criterion(item.name, item.full_mark) for item in rules.interview.elements]
    return elements or [_criterion(WHOLE, rules.interview.mark_max)]


def _criterion(name: str, full_mark: Decimal, weight: Decimal = Decimal(1)) -> dict[str, str]:
    return {"code": name, "name": name, "full_mark": str(full_mark), "weight": str(weight)}


def sheet_score(purpose: str, marks: Mapping[str, Decimal], rules: RuleSet) -> tuple[Decimal, Explanation | None]:
    """The total of one sheet and how it came about (none for an interview, whose elements just add up).

    Raises RuleError for missing or unknown criteria and marks out of range (R58, R83, R86).
    """
    if purpose == Purpose.MATERIAL:
        score = material_score([MaterialClaim(name, mark) for name, mark in marks.items()], rules.selection)
        return score.value, score.explanation
    if purpose == Purpose.BID:
        bid = bid_score(marks, rules.challenge)
        return bid.value, bid.explanation
    if rules.interview.elements:
        return sheet_total(marks, rules.interview), None
    check_mark(marks[WHOLE], rules.interview)
    return marks[WHOLE], None


def number_score(purpose: str, sheets: Sequence[ScoreSheet], rules: RuleSet) -> tuple[Decimal, Explanation]:
    """The mark of a number from the sheets that carry marks, and how it came about (R57, R83, R86).

    Raises RuleError for too few sheets.
    """
    totals = [sheet.total for sheet in sheets if sheet.total is not None]
    if purpose == Purpose.MATERIAL:
        material = reviewers_mean(totals, rules.selection, rules.total.rounding)
        return material.value, material.explanation
    if purpose == Purpose.BID:
        bid = panel_score(totals, rules.challenge)
        return bid.value, bid.explanation
    if rules.interview.elements:
        elements = [{code: Decimal(mark) for code, mark in sheet.marks.items()} for sheet in sheets]
        interview = panel_mark(elements, rules.interview)
    else:
        interview = trimmed_mean(totals, rules.interview)
    return interview.value, interview.explanation
