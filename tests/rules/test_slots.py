"""quota.md: what is available, Q1, and how a slot moves."""

from datetime import date

import pytest

from rulebook.slots import (
    TRANSITION_BY_MOVE,
    TRANSITIONS,
    PermitState,
    SlotState,
    SlotTrigger,
    UnitCounts,
    apply_effects,
    available,
    check_publication,
    over_establishment,
    slot_cost,
    vacant,
)

TODAY = date(2026, 3, 17)
PERMIT = PermitState(remaining=15, expires=date(2026, 12, 31))


def move(source: SlotState, trigger: SlotTrigger):
    return TRANSITION_BY_MOVE[source, trigger]


def test_over_staffing_is_shown_apart_and_available_is_never_negative() -> None:
    counts = UnitCounts(authorised=30, on_board=32)
    assert (over_establishment(counts), available(counts), vacant(counts)) == (2, 0, 0)


def test_planned_exits_count_only_where_the_county_allows_it() -> None:
    counts = UnitCounts(authorised=30, on_board=30, planned_exits=2)
    assert available(counts) == 0
    assert available(counts, pre_use_of_exits=True) == 2


def test_the_worked_ledger_of_the_county_hospital() -> None:
    counts = UnitCounts(authorised=420, on_board=398)
    assert vacant(counts) == 22
    counts = apply_effects(counts, move(SlotState.PERMITTED, SlotTrigger.ANNOUNCEMENT_PUBLISHED), 15)
    assert (counts.reserved, available(counts)) == (15, 7)
    counts = apply_effects(counts, move(SlotState.RESERVED, SlotTrigger.HEADCOUNT_CUT), 3)
    assert (counts.reserved, available(counts)) == (12, 10)
    counts = apply_effects(counts, move(SlotState.RESERVED, SlotTrigger.DROPPED_WITHOUT_REPLACEMENT), 1)
    assert (counts.reserved, available(counts)) == (11, 11)
    counts = apply_effects(counts, move(SlotState.RESERVED, SlotTrigger.HOLD_POINT_REACHED), 11)
    assert (counts.reserved, counts.held) == (0, 11)
    counts = apply_effects(counts, move(SlotState.HELD, SlotTrigger.ENTERED), 11)
    assert (counts.on_board, counts.held, available(counts)) == (409, 0, 11)


@pytest.mark.parametrize(
    ("counts", "wanted", "permit", "codes", "shortage"),
    [
        (UnitCounts(30, 20), 10, PERMIT, [], 0),
        (UnitCounts(30, 20), 11, PERMIT, ["slots.short"], 1),
        (UnitCounts(30, 20, reserved=3, held=2, committed=1), 10, PERMIT, ["slots.short"], 6),
        (UnitCounts(30, 32), 1, PERMIT, ["slots.over", "slots.short"], 1),
        (UnitCounts(30, 0), 16, PERMIT, ["slots.permit_short"], 1),
        (UnitCounts(30, 20), 1, None, ["slots.no_permit"], 1),
        (UnitCounts(30, 20), 1, PermitState(5, date(2026, 3, 16)), ["slots.permit_expired"], 1),
        (UnitCounts(30, 20), 1, PermitState(5, TODAY), [], 0),
    ],
)
def test_q1_names_every_reason_and_the_exact_shortage(
    counts: UnitCounts, wanted: int, permit: PermitState | None, codes: list[str], shortage: int
) -> None:
    check = check_publication(counts, wanted, permit, TODAY)
    assert ([reason.code for reason in check.reasons], check.shortage, check.allowed) == (codes, shortage, not codes)


def test_q1_speaks_to_the_person_who_can_act() -> None:
    check = check_publication(UnitCounts(30, 20), 12, PERMIT, TODAY)
    assert check.reasons[0].text("zh") == "需用编制12名，可用10名，缺2名。"


def test_a_trigger_leads_from_a_state_to_one_other_state() -> None:
    assert len(TRANSITION_BY_MOVE) == len(TRANSITIONS)


def test_the_moves_are_those_of_the_quota_page() -> None:
    moves = {(transition.source.value, transition.target.value) for transition in TRANSITIONS}
    assert moves == {
        ("free", "allocated"),
        ("pool", "allocated"),
        ("allocated", "free"),
        ("allocated", "permitted"),
        ("permitted", "allocated"),
        ("permitted", "reserved"),
        ("reserved", "released"),
        ("reserved", "held"),
        ("held", "reserved"),
        ("held", "released"),
        ("held", "used"),
        ("used", "vacated"),
        ("released", "permitted"),
        ("released", "allocated"),
        ("vacated", "free"),
        ("vacated", "pool"),
        ("free", "pool"),
        ("pool", "free"),
    }


def test_effects_keep_one_person_or_place_per_slot() -> None:
    counted = {SlotState.RESERVED: "reserved", SlotState.HELD: "held", SlotState.USED: "on_board"}
    for transition in TRANSITIONS:
        expected = {counted[transition.source]: -1} if transition.source in counted else {}
        expected |= {counted[transition.target]: 1} if transition.target in counted else {}
        effects = {name: change for name, change in transition.effects.items() if name != "campaign_used"}
        assert effects == expected


def test_an_open_challenge_costs_no_slot() -> None:
    assert (slot_cost("open_challenge", 3), slot_cost("public_exam", 3)) == (0, 3)
