"""The medical and its one recheck (R70, R71)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from rulebook.explanation import Explanation, Guard, RuleError
from rulebook.ruleset.hiring import HOSPITAL_GRADES, MedicalRules

SAME_DAY_ITEMS = frozenset({"heart_rate", "sight", "hearing", "blood_pressure"})

Conclusion = Literal["pass", "fail", "deferred", "absent"]


def recheck_last_day(told_on: date, rules: MedicalRules) -> date:
    """The last day for asking for a recheck, in calendar days from being told (R70)."""
    return told_on + timedelta(days=rules.recheck_days)


def may_recheck(
    asked_on: date, told_on: date, items: Sequence[str], rechecks_before: int, rules: MedicalRules
) -> Guard:
    """Whether a recheck may be asked for: in time, not yet used, and not of items rechecked on the spot (R70)."""
    last = recheck_last_day(told_on, rules)
    if on_the_spot := tuple(item for item in items if item in SAME_DAY_ITEMS):
        names = tuple(Explanation(f"medical_item.{item}") for item in on_the_spot)
        return Guard(False, Explanation("medical.same_day", {"items": names}))
    if not rules.recheck_times:
        return Guard(False, Explanation("medical.no_recheck"))
    if rechecks_before >= rules.recheck_times:
        return Guard(False, Explanation("medical.used", {"times": rules.recheck_times}))
    code = "medical.in_time" if asked_on <= last else "medical.late"
    return Guard(asked_on <= last, Explanation(code, {"last": last}))


def grade_is_enough(grade: str, least: str) -> bool:
    """Whether a hospital's grade is not lower than the one required, or than the first hospital's (R70).

    Raises ``RuleError`` ``ruleset.hospital_grade`` for a grade that does not exist.
    """
    for named in (grade, least):
        if named not in HOSPITAL_GRADES:
            raise RuleError("ruleset.hospital_grade", grade=named, known=HOSPITAL_GRADES)
    return HOSPITAL_GRADES.index(grade) >= HOSPITAL_GRADES.index(least)


def check_grade(grade: str, rules: MedicalRules, first_grade: str | None = None) -> Guard:
    """Whether a hospital may make the exam, or the recheck after one at a hospital of ``first_grade`` (R70).

    Raises ``RuleError`` ``ruleset.hospital_grade`` for a grade that does not exist.
    """
    least = rules.hospital_grade
    if first_grade is not None and grade_is_enough(first_grade, least):
        least = first_grade
    enough = grade_is_enough(grade, least)
    code = "medical.grade" if enough else "medical.grade_low"
    return Guard(enough, Explanation(code, {"grade": grade, "least": least}))


def may_defer(rules: MedicalRules) -> Guard:
    """Whether items that are not fit to be examined now may be examined later, the place being kept (R70)."""
    allowed = rules.deferral_allowed
    return Guard(allowed, Explanation("medical.deferral" if allowed else "medical.no_deferral"))


def medical_conclusion(first: Conclusion, recheck: Conclusion | None = None) -> Conclusion:
    """The conclusion that counts: the recheck is final (R70)."""
    return first if recheck is None else recheck


def counts_as_withdrawal(conclusion: Conclusion) -> bool:
    """Absence from the medical or the inspection is withdrawal (R71)."""
    return conclusion == "absent"


def withdrawal_words(stage: Literal["medical", "inspection"]) -> Explanation:
    """What absence from the medical or the inspection means (R71)."""
    return Explanation("medical.withdrawn", {"stage": Explanation(f"stage.{stage}")})
