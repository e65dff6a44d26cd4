"""Verbs of the candidates room."""

from recruitment.candidates.domain.documents import add_document, remove_document
from recruitment.candidates.domain.identity import reveal_id_number
from recruitment.candidates.domain.integrity import enter_ban, enter_integrity_record
from recruitment.candidates.domain.profile import (
    ProfileRefused,
    keep_answers,
    kept_answers,
    register_candidate,
    save_profile,
)
from recruitment.candidates.domain.records import (
    remove_record,
    save_education,
    save_relative,
    save_work_period,
)
from recruitment.candidates.rule_profile import profile_of

__all__ = [
    "ProfileRefused",
    "add_document",
    "enter_ban",
    "enter_integrity_record",
    "keep_answers",
    "kept_answers",
    "profile_of",
    "register_candidate",
    "remove_document",
    "remove_record",
    "reveal_id_number",
    "save_education",
    "save_profile",
    "save_relative",
    "save_work_period",
]
