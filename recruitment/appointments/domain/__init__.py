"""Verbs from hand-over to the post. Each hire uses exactly one established post of its position."""

from recruitment.appointments.domain.checks import end_unrechecked, record_check, record_passed_checks
from recruitment.appointments.domain.converting import convert_engagement
from recruitment.appointments.domain.ending import end_appointment
from recruitment.appointments.domain.notices import decide_objection, prepare_notice, raise_objection, start_notice
from recruitment.appointments.domain.opening import open_appointment, open_appointments
from recruitment.appointments.domain.originals import Diploma, record_diplomas, record_originals
from recruitment.appointments.domain.posts import approve_appointment, approve_appointments, enter_post
from recruitment.appointments.domain.relatives import decide_relatives
from recruitment.appointments.domain.replacing import call_replacement, leave_place_empty
from recruitment.appointments.domain.service import (
    agree_later_report,
    confirm_probation,
    end_unreported,
    record_report,
)

__all__ = [
    "Diploma",
    "agree_later_report",
    "approve_appointment",
    "approve_appointments",
    "call_replacement",
    "confirm_probation",
    "convert_engagement",
    "decide_objection",
    "decide_relatives",
    "end_appointment",
    "end_unrechecked",
    "end_unreported",
    "enter_post",
    "leave_place_empty",
    "open_appointment",
    "open_appointments",
    "prepare_notice",
    "raise_objection",
    "record_check",
    "record_diplomas",
    "record_originals",
    "record_passed_checks",
    "record_report",
    "start_notice",
]
