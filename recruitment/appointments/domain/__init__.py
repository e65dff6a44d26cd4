"""Verbs from hand-over to the post. Each hire uses exactly one established post of its position."""

from recruitment.appointments.domain.checks import record_check
from recruitment.appointments.domain.ending import end_appointment
from recruitment.appointments.domain.notices import decide_objection, prepare_notice, raise_objection, start_notice
from recruitment.appointments.domain.opening import open_appointment, open_appointments
from recruitment.appointments.domain.originals import Diploma, record_diplomas
from recruitment.appointments.domain.posts import approve_appointment, enter_post

__all__ = [
    "Diploma",
    "approve_appointment",
    "decide_objection",
    "end_appointment",
    "enter_post",
    "open_appointment",
    "open_appointments",
    "prepare_notice",
    "raise_objection",
    "record_check",
    "record_diplomas",
    "start_notice",
]
