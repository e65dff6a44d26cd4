"""Verbs of recruiting events."""

from campaigns.events.domain.changes import (
    EDITABLE,
    Change,
    cancel_event,
    changes_of,
    edit_event,
    is_felt,
    postpone_event,
)
from campaigns.events.domain.events import (
    add_university,
    approve_event,
    close_event,
    confirm_event,
    edit_university,
    plan_event,
    plan_event_at,
    publish_event,
    record_cost,
    record_held,
)
from campaigns.events.domain.seats import cancel_registration, check_in, register_for_event, undo_check_in

__all__ = [
    "EDITABLE",
    "Change",
    "add_university",
    "approve_event",
    "cancel_event",
    "cancel_registration",
    "changes_of",
    "check_in",
    "close_event",
    "confirm_event",
    "edit_event",
    "edit_university",
    "is_felt",
    "plan_event",
    "plan_event_at",
    "postpone_event",
    "publish_event",
    "record_cost",
    "record_held",
    "register_for_event",
    "undo_check_in",
]
