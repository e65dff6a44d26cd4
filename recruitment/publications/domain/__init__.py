"""Verbs of the press: prepare, review by a second person, release at one moment, withdraw. Never edit."""

from recruitment.publications.domain.preparing import (
    discard,
    note_reading,
    prepare,
    prepare_free_notice,
    refuse_second_draft,
    review,
)
from recruitment.publications.domain.releasing import (
    notice_end_of,
    release,
    release_due_lists,
    schedule_release,
    withdraw,
)

__all__ = [
    "discard",
    "note_reading",
    "notice_end_of",
    "prepare",
    "prepare_free_notice",
    "refuse_second_draft",
    "release",
    "release_due_lists",
    "review",
    "schedule_release",
    "withdraw",
]
