"""Verbs from hand-over to the post. Each hire uses exactly one established post of its position."""

from recruitment.appointments.domain.checks import record_check, record_passed_checks
from recruitment.appointments.domain.converting import convert_engagement
from recruitment.appointments.domain.ending import end_appointment
from recruitment.appointments.domain.notices import decide_objection, prepare_notice, raise_objection, start_notice
from recruitment.appointments.domain.opening import open_appointment, open_appointments
from recruitment.appointments.domain.originals import Diploma, record_diplomas
from recruitment.appointments.domain.posts import approve_appointment, approve_appointments, enter_post
from recruitment.appointments.domain.replacing import call_replacement, leave_place_empty

__all__ = [
    "Diploma",
    "approve_appointment",
    "approve_appointments",
    "call_replacement",
    "convert_engagement",
    "decide_objection",
    "end_appointment",
    "enter_post",
    "leave_place_empty",
    "open_appointment",
    "open_appointments",
    "prepare_notice",
    "raise_objection",
    "record_check",
    "record_diplomas",
    "record_passed_checks",
    "start_notice",
]
