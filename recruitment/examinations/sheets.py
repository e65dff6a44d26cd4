"""The result sheet of an exam in its canonical form, so that the same marks and rules give the same digest (R96)."""

from collections.abc import Iterable

from recruitment.examinations.models import TotalResult, WrittenResult
from rulebook.result_sheet import Row, sheet_digest
from rulebook.ruleset import RuleSet


def written_row(result: WrittenResult) -> Row:
    """One person's line of the written sheet; `result.application` is loaded."""
    return {
        "ticket": result.application.ticket_no,
        "status": result.status,
        "bonus": result.bonus,
        "carried": result.carried_bonus,
        "mark": result.value,
        "rank": result.rank,
        "how": "\n".join(result.explanation["zh"]),
    }


def total_row(result: TotalResult) -> Row:
    """One person's line of the sheet of totals; `result.application` is loaded."""
    return {
        "ticket": result.application.ticket_no,
        "interview": result.interview,
        "mark": result.value,
        "rank": result.rank,
        "extra_test": int(result.needs_extra_test),
        "how": "\n".join(result.explanation["zh"]),
    }


def written_sheet(results: Iterable[WrittenResult], rules: RuleSet) -> str:
    """SHA-256 of the written sheet under these rules."""
    return sheet_digest([written_row(result) for result in results], rules)


def total_sheet(results: Iterable[TotalResult], rules: RuleSet) -> str:
    """SHA-256 of the sheet of totals under these rules."""
    return sheet_digest([total_row(result) for result in results], rules)
