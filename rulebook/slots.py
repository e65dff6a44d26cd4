"""Established posts: what is free, whether a publication may reserve, and how a slot moves (quota.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from rulebook.explanation import Explanation


class SlotState(StrEnum):
    """Where one established post stands."""

    FREE = "free"
    POOL = "pool"
    ALLOCATED = "allocated"
    PERMITTED = "permitted"
    RESERVED = "reserved"
    HELD = "held"
    USED = "used"
    VACATED = "vacated"
    RELEASED = "released"


class SlotTrigger(StrEnum):
    """What makes a slot move; each needs an actor and a document."""

    ENVELOPE_ALLOCATED = "envelope_allocated"
    ALLOCATION_RETURNED = "allocation_returned"
    PERMIT_ISSUED = "permit_issued"
    PERMIT_EXPIRED = "permit_expired"
    ANNOUNCEMENT_PUBLISHED = "announcement_published"
    HEADCOUNT_CUT = "headcount_cut"
    POST_CANCELLED = "post_cancelled"
    ANNOUNCEMENT_VOIDED = "announcement_voided"
    NOBODY_PASSED = "nobody_passed"
    HOLD_POINT_REACHED = "hold_point_reached"
    DROPPED_WITH_REPLACEMENT = "dropped_with_replacement"
    DROPPED_WITHOUT_REPLACEMENT = "dropped_without_replacement"
    ENTERED = "entered"
    LEFT = "left"
    RETURNED_TO_PERMIT = "returned_to_permit"
    RETURNED_TO_UNIT = "returned_to_unit"
    RETURNED_TO_POOL = "returned_to_pool"
    MOVED_TO_POOL = "moved_to_pool"
    MOVED_FROM_POOL = "moved_from_pool"


@dataclass(frozen=True)
class SlotTransition:
    """One allowed move. ``effects`` are changes of the unit's counts: R, H, O, and campaign use."""

    source: SlotState
    target: SlotState
    trigger: SlotTrigger
    effects: Mapping[str, int] = field(default_factory=dict)


_S, _T = SlotState, SlotTrigger
_RELEASING = (_T.HEADCOUNT_CUT, _T.POST_CANCELLED, _T.ANNOUNCEMENT_VOIDED, _T.NOBODY_PASSED, _T.PERMIT_EXPIRED)

TRANSITIONS: tuple[SlotTransition, ...] = (
    SlotTransition(_S.FREE, _S.ALLOCATED, _T.ENVELOPE_ALLOCATED),
    SlotTransition(_S.POOL, _S.ALLOCATED, _T.ENVELOPE_ALLOCATED),
    SlotTransition(_S.ALLOCATED, _S.FREE, _T.ALLOCATION_RETURNED),
    SlotTransition(_S.ALLOCATED, _S.PERMITTED, _T.PERMIT_ISSUED),
    SlotTransition(_S.PERMITTED, _S.ALLOCATED, _T.PERMIT_EXPIRED),
    SlotTransition(_S.PERMITTED, _S.RESERVED, _T.ANNOUNCEMENT_PUBLISHED, {"reserved": 1}),
    *(SlotTransition(_S.RESERVED, _S.RELEASED, trigger, {"reserved": -1}) for trigger in _RELEASING),
    SlotTransition(_S.RESERVED, _S.RELEASED, _T.DROPPED_WITHOUT_REPLACEMENT, {"reserved": -1}),
    SlotTransition(_S.RESERVED, _S.HELD, _T.HOLD_POINT_REACHED, {"reserved": -1, "held": 1}),
    SlotTransition(_S.HELD, _S.RESERVED, _T.DROPPED_WITH_REPLACEMENT, {"held": -1, "reserved": 1}),
    SlotTransition(_S.HELD, _S.RELEASED, _T.DROPPED_WITHOUT_REPLACEMENT, {"held": -1}),
    SlotTransition(_S.HELD, _S.USED, _T.ENTERED, {"held": -1, "on_board": 1, "campaign_used": 1}),
    SlotTransition(_S.USED, _S.VACATED, _T.LEFT, {"on_board": -1}),
    SlotTransition(_S.RELEASED, _S.PERMITTED, _T.RETURNED_TO_PERMIT),
    SlotTransition(_S.RELEASED, _S.ALLOCATED, _T.PERMIT_EXPIRED),
    SlotTransition(_S.VACATED, _S.FREE, _T.RETURNED_TO_UNIT),
    SlotTransition(_S.VACATED, _S.POOL, _T.RETURNED_TO_POOL),
    SlotTransition(_S.FREE, _S.POOL, _T.MOVED_TO_POOL),
    SlotTransition(_S.POOL, _S.FREE, _T.MOVED_FROM_POOL),
)

TRANSITION_BY_MOVE: Mapping[tuple[SlotState, SlotTrigger], SlotTransition] = {
    (transition.source, transition.trigger): transition for transition in TRANSITIONS
}


@dataclass(frozen=True)
class UnitCounts:
    """A unit's counts by slot type: authorised A, on board O, reserved R, held H, committed C, planned exits X."""

    authorised: int
    on_board: int
    reserved: int = 0
    held: int = 0
    committed: int = 0
    planned_exits: int = 0


@dataclass(frozen=True)
class PermitState:
    """What a permit of the establishment office still allows, and its last day."""

    remaining: int
    expires: date


@dataclass(frozen=True)
class PublishCheck:
    """Whether a publication may reserve the slots asked for; ``shortage`` is how many are missing."""

    allowed: bool
    available: int
    shortage: int
    reasons: tuple[Explanation, ...]


def vacant(counts: UnitCounts) -> int:
    """V = max(0, A − O)."""
    return max(0, counts.authorised - counts.on_board)


def over_establishment(counts: UnitCounts) -> int:
    """Over = max(0, O − A)."""
    return max(0, counts.on_board - counts.authorised)


def available(counts: UnitCounts, *, pre_use_of_exits: bool = False) -> int:
    """F = A − O − R − H − C, plus X where planned exits may be used before; never below 0 (Q2)."""
    free = counts.authorised - counts.on_board - counts.reserved - counts.held - counts.committed
    return max(0, free + (counts.planned_exits if pre_use_of_exits else 0))


def check_publication(
    counts: UnitCounts, wanted: int, permit: PermitState | None, today: date, *, pre_use_of_exits: bool = False
) -> PublishCheck:
    """Q1: F ≥ wanted, no over-staffing, and a permit in force with as many left; all reasons at once."""
    free = available(counts, pre_use_of_exits=pre_use_of_exits)
    reasons: list[Explanation] = []
    if over := over_establishment(counts):
        values = {"over": over, "authorised": counts.authorised, "on_board": counts.on_board}
        reasons.append(Explanation("slots.over", values))
    missing = max(0, wanted - free)
    if missing:
        reasons.append(Explanation("slots.short", {"wanted": wanted, "available": free, "shortage": missing}))
    uncovered = wanted
    if permit is None:
        reasons.append(Explanation("slots.no_permit", {"wanted": wanted}))
    elif today > permit.expires:
        reasons.append(Explanation("slots.permit_expired", {"expires": permit.expires}))
    else:
        uncovered = max(0, wanted - permit.remaining)
        if uncovered:
            values = {"wanted": wanted, "available": permit.remaining, "shortage": uncovered}
            reasons.append(Explanation("slots.permit_short", values))
    return PublishCheck(not reasons, free, max(missing, uncovered), tuple(reasons))


def apply_effects(counts: UnitCounts, transition: SlotTransition, times: int = 1) -> UnitCounts:
    """The unit's counts after a move of so many slots."""
    return UnitCounts(
        counts.authorised,
        counts.on_board + transition.effects.get("on_board", 0) * times,
        counts.reserved + transition.effects.get("reserved", 0) * times,
        counts.held + transition.effects.get("held", 0) * times,
        counts.committed,
        counts.planned_exits,
    )


def slot_cost(track: str, headcount: int) -> int:
    """Slots that a position of this track uses; an open challenge uses none."""
    return 0 if track == "open_challenge" else headcount
