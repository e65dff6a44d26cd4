"""The inspection: who must make it, until when, and what must be asked for (tracks, A18 and B9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rulebook.explanation import Explanation, Guard
from rulebook.ruleset.hiring import InspectionRules
from rulebook.working_days import WorkingCalendar, add_days


def inspection_due(start: date, rules: InspectionRules, days: WorkingCalendar | None = None) -> date:
    """The last day for the inspection, counted from the day after ``start``.

    Raises ``RuleError`` ``calendar.needed`` or ``calendar.year_missing`` where working days cannot be counted.
    """
    return add_days(start, rules.days, rules.unit, days)


def due_words(today: date, last: date) -> Explanation:
    """Until when the inspection is to be made, or that the day has passed."""
    return Explanation("inspection.due" if today <= last else "inspection.overdue", {"last": last})


def may_conclude(inspectors: Sequence[str], reference: str, rules: InspectionRules) -> Guard:
    """Whether an inspection by these people may be recorded as passed: enough of them, each named once.

    ``reference`` names the opinion of the university, where the rules ask for it.
    """
    named = {name.strip() for name in inspectors if name.strip()}
    if len(named) < rules.members:
        return Guard(False, Explanation("inspection.few", {"members": rules.members, "count": len(named)}))
    if rules.university_reference and not reference.strip():
        return Guard(False, Explanation("inspection.no_reference"))
    return Guard(True, Explanation("inspection.complete", {"count": len(named)}))
