"""Verbs of the applications room; the state machine itself is in `recruitment.applications.gateway`."""

from recruitment.applications.domain.consent import record_consent
from recruitment.applications.domain.drafting import (
    attribute_to_event,
    change_position,
    save_draft,
    start_application,
)
from recruitment.applications.domain.entering import (
    TicketEntry,
    enter_application,
    enter_applications,
    enter_for_conversion,
)
from recruitment.applications.domain.opening import (
    check_opening_ratio,
    extend_registration,
    merge_positions,
    rechoose_position,
)
from recruitment.applications.domain.reviewing import (
    declare_recusal,
    disqualify_application,
    override_rejection,
    pass_review,
    pass_reviews,
    reject_application,
    return_application,
)
from recruitment.applications.domain.submitting import (
    confirm_application,
    recall_application,
    submit_application,
    withdraw_application,
)

__all__ = [
    "TicketEntry",
    "attribute_to_event",
    "change_position",
    "check_opening_ratio",
    "confirm_application",
    "declare_recusal",
    "disqualify_application",
    "enter_application",
    "enter_applications",
    "enter_for_conversion",
    "extend_registration",
    "merge_positions",
    "override_rejection",
    "pass_review",
    "pass_reviews",
    "recall_application",
    "rechoose_position",
    "record_consent",
    "reject_application",
    "return_application",
    "save_draft",
    "start_application",
    "submit_application",
    "withdraw_application",
]
