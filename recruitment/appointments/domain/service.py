"""Reporting for duty, the contract and probation after the approval (R78–R80)."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.establishment.enums import SlotType
from campaigns.planning.queries import rules_of
from foundation.errors import Refused
from foundation.language import rule_language
from recruitment.appointments.candidate_messages import tell_person
from recruitment.appointments.domain.checks import locked
from recruitment.appointments.domain.ending import end_locked
from recruitment.appointments.enums import AppointmentState, EndReason
from recruitment.appointments.machine import APPOINTMENTS
from recruitment.appointments.models import Appointment, Service
from recruitment.appointments.policies import may_end, may_record_service
from recruitment.appointments.sentences import kept
from recruitment.appointments.service import report_by, service_of
from rulebook.explanation import Guard
from rulebook.ruleset.hiring import ServiceRules
from rulebook.service import ServiceTerms, may_confirm, may_report, not_reported, service_terms

CALLED = (AppointmentState.APPROVED, AppointmentState.ON_POST)


@transaction.atomic
def agree_later_report(*, actor: User, appointment: Appointment, until: date, document: str) -> Appointment:
    """Record the unit's consent that the person reports for duty by a later day (R80).

    Raises Refused before the approval, once the person reported, for a day not later than the last day now, and without
    the number of the document.
    """
    require(may_record_service, actor, appointment)
    row = _called(appointment)
    _require_document(document)
    if service_of(row) is not None:
        raise Refused(_("The person has reported for duty already. Nothing was saved."), code="reported")
    before = _last_day(row, _rules(row))
    if until <= before:
        raise Refused(_("The agreed day must be later than the last day now. Nothing was saved."), code="not_later")
    row.report_agreed_until, row.report_document = until, document.strip()
    row.save(update_fields=["report_agreed_until", "report_document"])
    audit.record(
        actor=actor, action="appointments.agree_later_report", subject=row,
        before={"until": before.isoformat()}, after={"until": until.isoformat(), "document": document.strip()},
    )  # fmt: skip
    appointment.refresh_from_db()
    return appointment


@transaction.atomic
def record_report(
    *, actor: User, appointment: Appointment, reported_on: date, starts_on: date, is_first_job: bool
) -> Service:
    """Record that the person reported for duty, and when the contract starts: the rules give the last days (R78, R79).

    An agreement with the person says for how many years they serve at least. Recorded again it takes the place of what
    was recorded, until probation is passed. Raises Refused before the approval, for a day to come or before the
    approval, and after the last day without consent to a later one.
    """
    require(may_record_service, actor, appointment)
    row = _called(appointment)
    rules = _rules(row)
    if reported_on > timezone.localdate():
        raise Refused(_("The date lies in the future. Nothing was saved."), code="future")
    if row.approved_at and reported_on < timezone.localdate(row.approved_at):
        raise Refused(_("The day can't be before that of the approval. Nothing was saved."), code="before_approval")
    _refuse(may_report(reported_on, _last_day(row, rules)), code="late")
    terms = _terms(row, rules, starts_on, is_first_job=is_first_job)
    service, _is_new = Service.objects.update_or_create(
        appointment=row,
        defaults={
            "reported_on": reported_on, "starts_on": starts_on, "is_first_job": is_first_job,
            "probation_ends_on": terms.probation_ends, "contract_ends_on": terms.contract_ends,
            "service_ends_on": terms.min_service_ends, "explanation": kept(terms.explanation), "recorded_by": actor,
            "recorded_at": timezone.now(),
        },
    )  # fmt: skip
    after = {"reported_on": reported_on.isoformat(), "starts_on": starts_on.isoformat(), "first_job": is_first_job}
    audit.record(actor=actor, action="appointments.record_report", subject=row, after=after)
    return service


@transaction.atomic
def end_unreported(*, actor: User, appointment: Appointment, document: str) -> Appointment:
    """Not reporting for duty in time without consent is withdrawal: the post is given back, nobody is called (R80).

    Raises NotAllowed as `end_appointment`, and Refused while the person may still report or has, before the approval,
    and without a document number.
    """
    row = _called(appointment)
    require(may_end, actor, row)
    _require_document(document)
    if service_of(row) is not None:
        raise Refused(_("The person has reported for duty already. Nothing was saved."), code="reported")
    rules = _rules(row)
    last = _last_day(row, rules)
    in_time = may_report(timezone.localdate(), last)
    if in_time:
        raise Refused(f"{in_time.explanation.text(rule_language())} {_('Nothing was saved.')}", code="in_time")
    why = not_reported(last, rules)
    end_locked(
        actor=actor, appointment=row, reason_code=EndReason.NOT_REPORTED, reason=why.text(rule_language()),
        document=document, replace=False, why=why,
    )  # fmt: skip
    appointment.refresh_from_db()
    return appointment


@transaction.atomic
def confirm_probation(*, actor: User, appointment: Appointment, document: str) -> Appointment:
    """Confirm that the person passed probation, with the number of the document (R78).

    Raises Refused off the post, before the contract was recorded, and before the last day of probation is over.
    """
    require(may_record_service, actor, appointment)
    row = locked(appointment)
    _require_document(document)
    service = service_of(row)
    if service is None:
        raise Refused(_("Record the report for duty and the contract first. Nothing was saved."), code="no_contract")
    _refuse(may_confirm(timezone.localdate(), service.probation_ends_on), code="on_probation")
    APPOINTMENTS.move("confirm", row)
    service.confirmed_at, service.confirmed_by, service.confirmed_document = timezone.now(), actor, document.strip()
    service.save(update_fields=["confirmed_at", "confirmed_by", "confirmed_document"])
    tell_person(row, "confirmed", occasion="probation")
    audit.record(
        actor=actor, action="appointments.confirm_probation", subject=row, after={"document": document.strip()}
    )
    appointment.refresh_from_db()
    return appointment


def _called(appointment: Appointment) -> Appointment:
    row = locked(appointment)
    if row.state not in CALLED:
        raise Refused(
            _("The appointment is in the state “%(state)s”, which does not allow this. Nothing was saved.")
            % {"state": row.get_state_display()},
            code="wrong_state",
        )
    return row


def _rules(row: Appointment) -> ServiceRules:
    return rules_of(row.position.campaign).service


def _last_day(row: Appointment, rules: ServiceRules) -> date:
    last = report_by(row, rules)
    assert last is not None  # who is approved has a last day
    return last


def _terms(row: Appointment, rules: ServiceRules, starts_on: date, *, is_first_job: bool) -> ServiceTerms:
    agreement = getattr(row.application, "agreement", None)
    return service_terms(
        starts_on,
        rules,
        first_job=is_first_job,
        civil_service=row.position.campaign.slot_type == SlotType.CIVIL_SERVICE,
        agreed_years=agreement.service_years if agreement else None,
    )


def _require_document(document: str) -> None:
    if not document.strip():
        raise Refused(_("Give the number of the document. Nothing was saved."), code="document_required")


def _refuse(guard: Guard, *, code: str) -> None:
    if not guard:
        raise Refused(f"{guard.explanation.text(rule_language())} {_('Nothing was saved.')}", code=code)
