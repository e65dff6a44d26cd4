"""What becomes of the established posts if this or that happens: a simulation over plain values.

Nothing is read and nothing is written. The same rules decide as in the real verbs: the opening ratio (R26–R31), who is
called in a freed place (R72, R73), and the machine of posts (``rulebook.slots``).
"""

from rulebook.what_if.counts import count_states, unit_counts
from rulebook.what_if.play import simulate
from rulebook.what_if.values import (
    Call,
    CampaignRules,
    CancelPosition,
    CheckRatio,
    Drop,
    DropReason,
    DropSome,
    Enter,
    EnterAll,
    Estimate,
    Event,
    FailRatio,
    Flag,
    Leave,
    LeaveSome,
    Move,
    Outcome,
    PermitExpires,
    Person,
    Place,
    Position,
    Situation,
    Slot,
    WithdrawNotice,
)

__all__ = [
    "Call",
    "CampaignRules",
    "CancelPosition",
    "CheckRatio",
    "Drop",
    "DropReason",
    "DropSome",
    "Enter",
    "EnterAll",
    "Estimate",
    "Event",
    "FailRatio",
    "Flag",
    "Leave",
    "LeaveSome",
    "Move",
    "Outcome",
    "PermitExpires",
    "Person",
    "Place",
    "Position",
    "Situation",
    "Slot",
    "WithdrawNotice",
    "count_states",
    "simulate",
    "unit_counts",
]
