"""What the rules say about a person's medical exam and inspection now (R70, R71)."""

from datetime import date

from django.utils import timezone

from campaigns.planning.queries import calendar
from recruitment.appointments.enums import AppointmentState as S
from recruitment.appointments.enums import CheckKind, Conclusion, Stage
from recruitment.appointments.models import Appointment, Check
from recruitment.appointments.service import rules_for
from rulebook.explanation import Explanation, Guard, RuleError
from rulebook.inspection import due_words, inspection_due
from rulebook.medical import may_defer, may_recheck


def medical_exams(row: Appointment) -> list[Check]:
    """The person's medical exams, the first one first; costs no query if `checks` are loaded."""
    exams = [check for check in row.checks.all() if check.kind == CheckKind.MEDICAL]
    return sorted(exams, key=lambda check: (check.recorded_at, check.pk))


def open_exam(row: Appointment) -> Check | None:
    """The exam not passed after which a recheck is open for this person; None if there is none."""
    exams = medical_exams(row)
    return exams[-1] if exams and exams[-1].may_recheck else None


def recheck_guard(row: Appointment, exam: Check, on: date) -> Guard:
    """Whether a recheck of this exam may be asked for on that day (R70); the person was told when it was recorded."""
    before = sum(check.is_recheck for check in medical_exams(row))
    return may_recheck(on, timezone.localdate(exam.recorded_at), (), before, rules_for(row).medical)


def medical_words(row: Appointment) -> list[Explanation]:
    """What follows from the last medical exam, as long as it did not pass."""
    exams = medical_exams(row)
    if not exams or not (row.state == S.OPENED or row.ended_stage == Stage.MEDICAL):
        return []
    last = exams[-1]
    if last.conclusion == Conclusion.DEFERRED:
        return [may_defer(rules_for(row).medical).explanation]
    if last.conclusion == Conclusion.FAILED:
        return [recheck_guard(row, last, timezone.localdate()).explanation]
    return []


def inspection_words(row: Appointment) -> list[Explanation]:
    """Until when the inspection is to be made, counted from the day on which the medical exam passed."""
    passed = [check for check in medical_exams(row) if check.conclusion == Conclusion.PASSED]
    if row.state != S.MEDICAL_PASSED or not passed:
        return []
    start = timezone.localdate(passed[-1].recorded_at)
    try:
        last = inspection_due(start, rules_for(row).inspection, calendar())
    except RuleError as problem:
        return [problem.explanation]
    return [due_words(timezone.localdate(), last)]
