"""Medical exam and inspection: only conclusions are kept (R70, R71)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from foundation.dates import day
from foundation.errors import Refused
from foundation.language import rule_language
from recruitment.applications.domain.consent import require_consent
from recruitment.appointments.candidate_messages import tell_person
from recruitment.appointments.checking import medical_exams, open_exam, recheck_guard
from recruitment.appointments.domain.ending import end_locked
from recruitment.appointments.enums import AppointmentState, CheckKind, Conclusion, EndReason, HospitalGrade
from recruitment.appointments.machine import APPOINTMENTS
from recruitment.appointments.models import Appointment, Check
from recruitment.appointments.policies import may_record_inspection, may_record_medical
from recruitment.appointments.service import rules_for
from rulebook import medical
from rulebook.explanation import Guard
from rulebook.inspection import may_conclude
from rulebook.medical import (
    check_grade,
    counts_as_withdrawal,
    may_defer,
    may_recheck,
    medical_conclusion,
    withdrawal_words,
)

MOVES = {CheckKind.MEDICAL: "pass_medical", CheckKind.INSPECTION: "pass_inspection"}
BEFORE = {CheckKind.MEDICAL: AppointmentState.OPENED, CheckKind.INSPECTION: AppointmentState.MEDICAL_PASSED}
RULE_WORDS: Mapping[str, medical.Conclusion] = {
    Conclusion.PASSED: "pass", Conclusion.FAILED: "fail", Conclusion.ABSENT: "absent", Conclusion.DEFERRED: "deferred",
}  # fmt: skip
REASONS = {CheckKind.MEDICAL: EndReason.MEDICAL, CheckKind.INSPECTION: EndReason.INSPECTION}


def locked(appointment: Appointment) -> Appointment:
    """The appointment read again under lock, with its position and campaign."""
    rows = Appointment.objects.select_for_update(of=("self",)).select_related(
        "candidate", "position__campaign", "position__unit"
    )
    return rows.get(pk=appointment.pk)


@transaction.atomic
def record_check(
    *,
    actor: User,
    appointment: Appointment,
    kind: str,
    conclusion: str,
    performed_on: date,
    institution: str,
    is_final: bool = True,
    asked_on: date | None = None,
    hospital_grade: str = "",
    inspectors: Sequence[str] = (),
    reference: str = "",
) -> Check:
    """Record a conclusion; who passes goes on, who fails or stays away ends here and the place is free for another.

    A medical exam not passed that is not `is_final` keeps the person while a recheck may be asked for (R70); the next
    conclusion is that recheck, asked for on `asked_on` and made at another hospital. A deferred exam changes nothing
    yet. Medical exams tell the `hospital_grade`, inspections their `inspectors` and, where the rules ask for it, the
    `reference` of the university. Absence is withdrawal (R71). Raises NotAllowed for anyone but the medical recorder
    (medical) or the inspecting offices, Refused out of turn, for a date in the future, or for what the rules refuse.
    """
    kind = CheckKind(kind)
    require(may_record_medical if kind == CheckKind.MEDICAL else may_record_inspection, actor, appointment)
    row = locked(appointment)
    if row.state != BEFORE[kind]:
        raise Refused(_("This check is not due for this person now. Nothing was saved."), code="wrong_state")
    if performed_on > timezone.localdate():
        raise Refused(_("The date lies in the future. Nothing was saved."), code="future")
    if not institution.strip():
        raise Refused(_("Name the hospital or the inspection team. Nothing was saved."), code="institution")
    first = open_exam(row) if kind == CheckKind.MEDICAL else None
    check = Check(
        appointment=row, kind=kind, conclusion=conclusion, performed_on=performed_on, institution=institution.strip(),
        may_recheck=not is_final, is_recheck=first is not None, recorded_by=actor, hospital_grade=hospital_grade,
        inspectors=[name.strip() for name in inspectors if name.strip()], reference=reference.strip(),
    )  # fmt: skip
    if kind == CheckKind.MEDICAL:
        _check_medical(row, check, first, asked_on)
    else:
        _check_inspection(row, check)
    check.save()
    audit.record(actor=actor, action=f"appointments.record_{kind}", subject=row)
    _conclude(actor, row, check, first)
    appointment.refresh_from_db()
    return check


def _conclude(actor: User, row: Appointment, check: Check, first: Check | None) -> None:
    """The conclusion that counts moves the person on or ends the appointment; or, open to a recheck, neither."""
    kind, own = CheckKind(check.kind), RULE_WORDS[check.conclusion]
    counts = own if first is None else medical_conclusion(RULE_WORDS[first.conclusion], own)
    if counts == "pass":
        APPOINTMENTS.move(MOVES[kind], row)
    if counts in ("pass", "deferred") or check.may_recheck:
        tell_person(row, "checked", occasion=f"check{check.pk}")
        return
    withdrew = counts_as_withdrawal(counts)
    why = withdrawal_words("medical" if kind == CheckKind.MEDICAL else "inspection") if withdrew else None
    end_locked(
        actor=actor, appointment=row, reason_code=EndReason.WITHDREW if withdrew else REASONS[kind],
        reason=why.text(rule_language()) if why else str(Conclusion(check.conclusion).label),
        document=_document(kind, check.performed_on), why=why,
    )  # fmt: skip


def _document(kind: CheckKind, performed_on: date) -> str:
    return f"{kind.label} {day(performed_on)}"


def _refuse(guard: Guard, *, code: str) -> None:
    if not guard:
        raise Refused(f"{guard.explanation.text(rule_language())} {_('Nothing was saved.')}", code=code)


def _check_inspection(row: Appointment, check: Check) -> None:
    if check.conclusion == Conclusion.DEFERRED:
        raise Refused(_("Only a medical exam can be deferred. Nothing was saved."), code="deferral")
    if check.may_recheck:
        raise Refused(_("A recheck follows only a medical exam not passed. Nothing was saved."), code="recheck")
    if check.conclusion == Conclusion.PASSED:
        require_consent([row.application], "recheck")
        _refuse(may_conclude(check.inspectors, check.reference, rules_for(row).inspection), code="inspectors")


def _check_medical(row: Appointment, check: Check, first: Check | None, asked_on: date | None) -> None:
    rules = rules_for(row).medical
    if check.conclusion == Conclusion.DEFERRED:
        if first is not None:
            raise Refused(_("A recheck can't be deferred. Nothing was saved."), code="deferral")
        _refuse(may_defer(rules), code="deferral")
    if check.may_recheck:
        if check.conclusion != Conclusion.FAILED:
            raise Refused(_("A recheck follows only a medical exam not passed. Nothing was saved."), code="recheck")
        today, made = timezone.localdate(), sum(exam.is_recheck for exam in [*medical_exams(row), check])
        _refuse(may_recheck(today, today, (), made, rules), code="recheck")
    if check.conclusion in (Conclusion.PASSED, Conclusion.FAILED):
        if check.hospital_grade not in HospitalGrade.values:
            raise Refused(_("Choose the grade of the hospital. Nothing was saved."), code="grade")
        _refuse(check_grade(check.hospital_grade, rules, first.hospital_grade if first else None), code="grade")
    if first is not None:
        _check_recheck(row, check, first, asked_on)


def _check_recheck(row: Appointment, check: Check, first: Check, asked_on: date | None) -> None:
    """Asked for in time and often enough, not before the first exam, at another hospital (R70)."""
    if asked_on is None:
        raise Refused(_("Say on which day the recheck was asked for. Nothing was saved."), code="asked_on")
    if check.performed_on < first.performed_on:
        raise Refused(_("The recheck can't be earlier than the first exam. Nothing was saved."), code="order")
    if check.institution == first.institution:
        raise Refused(_("The recheck must be made at another hospital. Nothing was saved."), code="same_hospital")
    _refuse(recheck_guard(row, first, asked_on), code="recheck_late")


@transaction.atomic
def end_unrechecked(*, actor: User, appointment: Appointment) -> Appointment:
    """No recheck was asked for in time, so the exam not passed stands and the appointment ends (R70).

    Raises Refused where no recheck is open, and with its last day while one may still be asked for.
    """
    require(may_record_medical, actor, appointment)
    row = locked(appointment)
    exam = open_exam(row) if row.state == AppointmentState.OPENED else None
    if exam is None:
        raise Refused(_("No recheck is open for this person. Nothing was saved."), code="no_recheck")
    guard = recheck_guard(row, exam, timezone.localdate())
    if guard:
        raise Refused(f"{guard.explanation.text(rule_language())} {_('Nothing was saved.')}", code="in_time")
    end_locked(
        actor=actor, appointment=row, reason_code=EndReason.MEDICAL, reason=guard.explanation.text(rule_language()),
        document=_document(CheckKind.MEDICAL, exam.performed_on), why=guard.explanation,
    )  # fmt: skip
    appointment.refresh_from_db()
    return appointment


@transaction.atomic
def record_passed_checks(
    *,
    actor: User,
    appointments: Iterable[Appointment],
    kind: str,
    performed_on: date,
    institution: str,
    hospital_grade: str = "",
    inspectors: Sequence[str] = (),
    reference: str = "",
) -> int:
    """Record the same check as passed for several people, all or none; returns how many.

    Only a pass can be recorded for many at once: whoever fails or stays away is looked at one by one. Raises as
    `record_check`, naming the person.
    """
    rows = sorted(appointments, key=lambda row: row.pk)
    for row in rows:
        try:
            record_check(
                actor=actor, appointment=row, kind=kind, conclusion=Conclusion.PASSED, performed_on=performed_on,
                institution=institution, hospital_grade=hospital_grade, inspectors=inspectors, reference=reference,
            )  # fmt: skip
        except Refused as problem:
            number = row.application.registration_no
            raise Refused(
                _("%(number)s: %(problem)s") % {"number": number, "problem": problem.message}, code=problem.code
            ) from problem
    return len(rows)
