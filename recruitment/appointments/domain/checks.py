"""Medical exam and inspection: only conclusions are kept (R70, R71)."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.planning.queries import rules_of
from foundation.dates import day
from foundation.errors import Refused
from foundation.language import rule_language
from recruitment.appointments.candidate_messages import tell_person
from recruitment.appointments.domain.ending import end_locked
from recruitment.appointments.enums import AppointmentState, CheckKind, Conclusion, EndReason
from recruitment.appointments.machine import APPOINTMENTS
from recruitment.appointments.models import Appointment, Check
from recruitment.appointments.policies import may_record_inspection, may_record_medical
from rulebook.medical import may_recheck
from rulebook.ruleset.hiring import MedicalRules

MOVES = {CheckKind.MEDICAL: "pass_medical", CheckKind.INSPECTION: "pass_inspection"}
BEFORE = {CheckKind.MEDICAL: AppointmentState.OPENED, CheckKind.INSPECTION: AppointmentState.MEDICAL_PASSED}
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
) -> Check:
    """Record a conclusion; who passes goes on, who fails or stays away ends here and the place is free for another.

    A medical exam not passed that is not `is_final` keeps the person while a recheck may be asked for (R70); the next
    conclusion is that recheck, asked for on `asked_on`, made at another hospital, and final. A deferred exam changes
    nothing yet. Raises NotAllowed for anyone but the medical recorder (medical) or the inspecting offices, Refused out
    of turn, for a date in the future, or for what the rules do not allow.
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
    first = failed_before(row) if kind == CheckKind.MEDICAL else None
    _check_rules(row, kind, Conclusion(conclusion), is_final, first)
    if first is not None:
        _check_recheck(row, first, asked_on, performed_on, institution)
    check = Check.objects.create(
        appointment=row, kind=kind, conclusion=conclusion, performed_on=performed_on, institution=institution.strip(),
        may_recheck=not is_final, is_recheck=first is not None, recorded_by=actor,
    )  # fmt: skip
    audit.record(actor=actor, action=f"appointments.record_{kind}", subject=row)
    _conclude(actor, row, check)
    appointment.refresh_from_db()
    return check


def _conclude(actor: User, row: Appointment, check: Check) -> None:
    kind = CheckKind(check.kind)
    ends = check.conclusion not in (Conclusion.PASSED, Conclusion.DEFERRED) and not check.may_recheck
    if check.conclusion == Conclusion.PASSED:
        APPOINTMENTS.move(MOVES[kind], row)
    if not ends:
        tell_person(row, "checked", occasion=f"check{check.pk}")
    else:
        end_locked(
            actor=actor, appointment=row, reason_code=REASONS[kind], reason=str(Conclusion(check.conclusion).label),
            document=f"{kind.label} {day(check.performed_on)}",
        )  # fmt: skip


def failed_before(appointment: Appointment) -> Check | None:
    """The medical exam after which a recheck is open for this person; None if there is none."""
    return appointment.checks.filter(kind=CheckKind.MEDICAL, may_recheck=True).order_by("-recorded_at").first()


def medical_rules(appointment: Appointment) -> MedicalRules:
    return rules_of(appointment.position.campaign).medical


def _check_rules(
    row: Appointment, kind: CheckKind, conclusion: Conclusion, is_final: bool, first: Check | None
) -> None:
    if conclusion == Conclusion.DEFERRED:
        allowed = kind == CheckKind.MEDICAL and first is None and medical_rules(row).deferral_allowed
        if not allowed:
            raise Refused(_("By the rules this check can't be deferred. Nothing was saved."), code="deferral")
    if not is_final and (kind != CheckKind.MEDICAL or conclusion != Conclusion.FAILED or first is not None):
        raise Refused(_("A recheck follows only a first medical exam not passed. Nothing was saved."), code="recheck")
    if not is_final and not medical_rules(row).recheck_times:
        raise Refused(_("By the rules there is no recheck. Nothing was saved."), code="recheck")


def _check_recheck(row: Appointment, first: Check, asked_on: date | None, performed_on: date, institution: str) -> None:
    """Asked for in time and once, not before the first exam, at another hospital (R70)."""
    if asked_on is None:
        raise Refused(_("Say on which day the recheck was asked for. Nothing was saved."), code="asked_on")
    if performed_on < first.performed_on:
        raise Refused(_("The recheck can't be earlier than the first exam. Nothing was saved."), code="order")
    if institution.strip() == first.institution:
        raise Refused(_("The recheck must be made at another hospital. Nothing was saved."), code="same_hospital")
    told_on = timezone.localdate(first.recorded_at)
    before = row.checks.filter(kind=CheckKind.MEDICAL, is_recheck=True).count()
    guard = may_recheck(asked_on, told_on, (), before, medical_rules(row))
    if not guard:
        raise Refused(f"{guard.explanation.text(rule_language())} {_('Nothing was saved.')}", code="recheck_late")


@transaction.atomic
def record_passed_checks(
    *, actor: User, appointments: Iterable[Appointment], kind: str, performed_on: date, institution: str
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
                institution=institution,
            )  # fmt: skip
        except Refused as problem:
            number = row.application.registration_no
            raise Refused(
                _("%(number)s: %(problem)s") % {"number": number, "problem": problem.message}, code=problem.code
            ) from problem
    return len(rows)
