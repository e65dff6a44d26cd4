"""What each event does to the board."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from rulebook.explanation import Explanation, RuleError
from rulebook.opening_ratio import OpeningResult, effective_headcount, valid_applicants
from rulebook.slots import SlotState, SlotTrigger
from rulebook.what_if.board import STAGES, Board
from rulebook.what_if.posts import LEDGER, exit_happens, exits_by, leave, leave_some, permit_expires, permits_by
from rulebook.what_if.values import (
    Call,
    CancelPosition,
    CheckRatio,
    CutPosition,
    Drop,
    DropReason,
    DropSome,
    Enter,
    EnterAll,
    Event,
    ExitHappens,
    ExitsBy,
    FailRatio,
    Leave,
    LeaveSome,
    Notice,
    NoticeAll,
    Outcome,
    PermitExpires,
    PermitsBy,
    Person,
    Position,
    Situation,
    VoidCampaign,
    WithdrawNotice,
)

RATIO_SOURCE = "R26–R31"
ORDER_35 = "人社部令第35号第十五条"
RELAXATION = "人社厅2017年通知"
BOUND = (SlotState.HELD, SlotState.USED)


def simulate(situation: Situation, events: Iterable[Event]) -> Outcome:
    """Play the events in order on a copy and say what became of everything.

    An event the law forbids changes nothing and is flagged. Raises ``RuleError`` ``what_if.unknown`` for an event about
    a position, person, permit or campaign that the situation does not have.
    """
    board = Board(situation)
    for event in events:
        try:
            PLAYS[type(event)](board, event)
        except KeyError as missing:
            raise RuleError("what_if.unknown", key=str(missing.args[0])) from missing
    return board.outcome()


def check_ratio(board: Board, event: CheckRatio) -> None:
    """Every position of the campaign keeps, loses or is left without its places (R26–R30)."""
    campaign = board.campaigns[event.campaign]
    if not campaign.ratio_due:
        board.flag("stop", RATIO_SOURCE, "what_if.ratio_done", campaign=campaign.key)
        return
    announced = campaign.opening.k
    if announced is None:
        board.flag("note", "R28", "what_if.no_ratio", campaign=campaign.key)
        return
    asked = announced if event.k is None else event.k
    values: dict[str, str | int] = {"campaign": campaign.key, "asked": asked, "announced": announced}
    if asked < announced:
        board.flag("duty", f"{RELAXATION}、{ORDER_35}", "what_if.ratio_relaxed", **values)
    if asked > announced:
        board.flag("stop", ORDER_35, "what_if.ratio_tightened", **values)
    if campaign.is_registering:
        board.flag("note", "R25", "what_if.still_registering", campaign=campaign.key)
    board.events.append(event)
    for key in board.of_campaign[campaign.key]:
        position = board.positions[key]
        if position.is_cancelled or key in board.ratios:
            continue
        valid = valid_applicants(position.counts, campaign.opening)
        own = asked if position.ratio is None else position.ratio
        result = effective_headcount(position.planned, valid, campaign.opening, own, extended=event.extended)
        _apply_ratio(board, position, result)


def fail_ratio(board: Board, event: FailRatio) -> None:
    """The position has no valid applicant, so the rules of its campaign decide with 0."""
    position = board.positions[event.position]
    campaign = board.campaigns[position.campaign]
    if not campaign.ratio_due:
        board.flag("stop", RATIO_SOURCE, "what_if.ratio_done", campaign=campaign.key)
        return
    if position.is_cancelled:
        return
    result = effective_headcount(position.planned, 0, campaign.opening, position.ratio, extended=True)
    if result.outcome == "kept":
        board.flag("note", "R28", "what_if.no_ratio", campaign=campaign.key)
        return
    board.events.append(event)
    _apply_ratio(board, position, result)


def _apply_ratio(board: Board, position: Position, result: OpeningResult) -> None:
    board.ratios[position.key] = result
    effective = min(position.effective, result.effective)
    is_gone = result.outcome == "cancelled"
    if effective < position.effective or is_gone:
        trigger = SlotTrigger.POST_CANCELLED if is_gone else SlotTrigger.HEADCOUNT_CUT
        _cut(board, position, effective, trigger)
        _step(board, position, result.explanation)
    if is_gone:
        _flags_of_cancelling(board, position)
    if result.outcome in ("merge", "kept_with_line", "extend_registration"):
        _step(board, position, result.explanation)
        board.flag("duty", "R29", f"what_if.{result.outcome}", campaign=position.campaign)


def _cut(board: Board, position: Position, effective: int, trigger: SlotTrigger) -> None:
    """Lower the headcount and release the reserved posts beyond it, the last first."""
    taken = len(board.slots_of(position.key, *BOUND))
    reserved = board.slots_of(position.key, SlotState.RESERVED)
    for slot in reserved[max(0, effective - taken) :]:
        board.release(slot, trigger)
    board.positions[position.key] = replace(
        position, effective=max(effective, taken), is_cancelled=effective == 0 and not taken
    )


def _step(board: Board, position: Position, why: Explanation) -> None:
    board.steps.append(Explanation("what_if.step", {"subject": position.key, "what": why}))


def _flags_of_cancelling(board: Board, position: Position) -> None:
    board.flag("duty", "R23、R30", "what_if.cancel_notice")
    if people := board.under_way(position.key):
        board.flag("duty", "R72", "what_if.people_lose", position=position.key, count=people)


def cancel_position(board: Board, event: CancelPosition) -> None:
    """All reserved posts of the position are released, unless a post is held or used by a person."""
    position = board.positions[event.position]
    if position.is_cancelled:
        return
    if bound := board.slots_of(position.key, *BOUND):
        board.flag("stop", "R72", "what_if.cancel_bound", position=position.key, count=len(bound))
        return
    board.events.append(event)
    _cut(board, position, 0, SlotTrigger.POST_CANCELLED)
    _step(board, position, Explanation("what_if.cancelled", {"planned": position.planned}))
    _flags_of_cancelling(board, position)


def cut_position(board: Board, event: CutPosition) -> None:
    """A published headcount is lowered, never below the people bound and never raised."""
    position = board.positions[event.position]
    if event.to == 0:
        cancel_position(board, CancelPosition(event.position))
        return
    values: dict[str, str | int] = {"position": position.key, "now": position.effective, "to": event.to}
    if position.is_cancelled or event.to > position.effective:
        board.flag("stop", ORDER_35, "what_if.never_raised", **values)
        return
    if event.to < (bound := len(board.slots_of(position.key, *BOUND))):
        board.flag("stop", "R72", "what_if.cut_bound", count=bound, **values)
        return
    if event.to == position.effective:
        return
    board.events.append(event)
    _cut(board, position, event.to, SlotTrigger.HEADCOUNT_CUT)
    _step(board, position, Explanation("what_if.headcount_cut", {"now": position.effective, "to": event.to}))
    board.flag("duty", ORDER_35, "what_if.cut_notice")
    if (people := board.under_way(position.key)) > event.to:
        board.flag("duty", "R72", "what_if.people_lose", position=position.key, count=people - event.to)


def void_campaign(board: Board, event: VoidCampaign) -> None:
    """Every position is cancelled and its published posts are given back, unless one is held or used by a person."""
    campaign = board.campaigns[event.campaign]
    positions = [board.positions[key] for key in board.of_campaign[campaign.key]]
    if bound := sum(len(board.slots_of(row.key, *BOUND)) for row in positions):
        board.flag("stop", "R72", "what_if.void_bound", campaign=campaign.key, count=bound)
        return
    if campaign.is_voided:
        return
    board.events.append(event)
    board.campaigns[campaign.key] = replace(campaign, is_voided=True, ratio_due=False, is_registering=False)
    released = 0
    for row in positions:
        for slot in board.slots_of(row.key, SlotState.RESERVED):
            board.release(slot, SlotTrigger.ANNOUNCEMENT_VOIDED)
            released += 1
        board.positions[row.key] = replace(row, is_cancelled=True)
        if people := board.under_way(row.key):
            board.flag("duty", "R72", "what_if.people_lose", position=row.key, count=people)
    board.steps.append(Explanation("what_if.voided", {"campaign": campaign.key, "count": released}))
    board.flag("duty", "R23、R30", "what_if.void_notice", campaign=campaign.key)


def drop(board: Board, event: Drop) -> None:
    """The person is out; the next one is called if the campaign's rules allow, else the post is released (R72)."""
    person = board.people[event.person]
    if person.place not in STAGES:
        board.flag("stop", "R72", "what_if.not_there", person=person.key)
        return
    board.events.append(event)
    found = board.successor(person, event.reason)
    stage = STAGES[person.place]
    board.put(person, "gone")
    if key := board.of_person.pop(person.key, None):
        board.move(board.slots[key], SlotTrigger.DROPPED_WITH_REPLACEMENT, person="")
    if found.called is not None:
        board.rounds[(person.position, stage)] += 1
        board.calls.append(Call(person.position, found.called, person.key, stage))
        called = board.people[found.called]
        board.put(called, "medical")
        if board.campaigns[board.positions[person.position].campaign].holds_at_call:
            board.hold(called)
    elif not found.tied and (spare := board.slots_of(person.position, SlotState.RESERVED)):
        board.release(spare[-1], SlotTrigger.DROPPED_WITHOUT_REPLACEMENT)
    board.steps.append(Explanation("what_if.step", {"subject": person.key, "what": found.explanation}))
    _flags_of_drop(board, person, event.reason, tied=bool(found.tied))


def _flags_of_drop(board: Board, person: Person, reason: DropReason, *, tied: bool) -> None:
    if tied:
        board.flag("duty", "R67、R73", "what_if.tied", position=person.position)
    if reason == "objection":
        board.flag("duty", "R76", "what_if.objection")
    if person.place == "after":
        board.flag("duty", "R77", "what_if.after_approval")


def drop_some(board: Board, event: DropSome) -> None:
    """So many at that step drop out, one by one, those first whom the estimate asks for."""
    left = event.count
    for person in _in_order(board, event):
        if not left:
            break
        drop(board, Drop(person, event.reason))
        left -= 1
    if left:
        board.flag("note", "R72", "what_if.too_few", asked=event.count, found=event.count - left)


def _in_order(board: Board, event: DropSome) -> Iterator[str]:
    """People at that step: of the first position in the order of the estimate, its last in rank first.

    Whether a place could be filled is asked anew of a position after each of its people; the others did not change.
    """
    queues: dict[str, list[str]] = {}
    for position, keys in sorted(board.of_position.items()):
        campaign = board.positions[position].campaign
        there = [board.people[key] for key in keys if board.people[key].place == event.place]
        if there and event.campaign in ("", campaign):
            queues[position] = [one.key for one in sorted(there, key=lambda one: (one.rank, one.key))]
    fillable = {position: _fillable(board, queue[-1], event.reason) for position, queue in queues.items()}
    wanted = event.estimate == "mildest"
    while queues:
        position = next((key for key in queues if fillable[key] is wanted), next(iter(queues)))
        yield queues[position].pop()
        if queues[position]:
            fillable[position] = _fillable(board, queues[position][-1], event.reason)
        else:
            del queues[position]


def _fillable(board: Board, person: str, reason: DropReason) -> bool:
    return board.successor(board.people[person], reason).called is not None


def notice(board: Board, event: Notice) -> None:
    """The person passes both checks and is on the notice; a post of the position is held for them (R74)."""
    person = board.people[event.person]
    if person.place not in ("medical", "inspection"):
        board.flag("stop", "R74", "what_if.not_under_checks", person=person.key)
        return
    if person.key not in board.of_person and not board.hold(person):
        board.flag("stop", "R81", "what_if.no_post_left", position=person.position)
        return
    board.events.append(event)
    board.put(person, "notice")
    _flag_expired(board, person)


def notice_all(board: Board, event: NoticeAll) -> None:
    """Everyone under checks: first who was there, in the order of the situation, then who was called, in that order."""
    before = len(board.events)
    called = [call.person for call in board.calls]
    late = set(called)
    for key in [*(key for key in board.people if key not in late), *called]:
        person = board.people[key]
        campaign = board.positions[person.position].campaign
        if person.place in ("medical", "inspection") and event.campaign in ("", campaign):
            notice(board, Notice(person.key))
    board.steps.append(Explanation("what_if.noticed", {"count": len(board.events) - before}))


def _flag_expired(board: Board, person: Person) -> None:
    permit = board.slots[board.of_person[person.key]].permit
    if permit in board.expired:
        board.flag("duty", LEDGER, "what_if.held_on_expired", permit=permit)


def enter(board: Board, event: Enter) -> None:
    """The held post is used by the person it is held for; nobody enters without a notice that stands (R74–R76)."""
    person = board.people[event.person]
    slot = board.slots[board.of_person[person.key]] if person.key in board.of_person else None
    if slot is None or slot.state != SlotState.HELD or person.place not in ("notice", "after"):
        board.flag("stop", "R81", "what_if.nothing_held", person=person.key)
        return
    if person.objection_open:
        board.flag("stop", "R76", "what_if.objection_open", person=person.key)
        return
    if person.key in board.unnoticed:
        board.flag("stop", "R74、R75", "what_if.no_notice", person=person.key)
        return
    board.events.append(event)
    _flag_expired(board, person)
    board.move(slot, SlotTrigger.ENTERED)
    board.put(person, "on_post")


def enter_all(board: Board, event: EnterAll) -> None:
    """Everyone with a held post is entered."""
    before = len(board.events)
    for person in list(board.people.values()):
        campaign = board.positions[person.position].campaign
        if person.place in ("notice", "after") and person.key in board.of_person and event.campaign in ("", campaign):
            enter(board, Enter(person.key))
    board.steps.append(Explanation("what_if.entered", {"count": len(board.events) - before}))


def withdraw_notice(board: Board, event: WithdrawNotice) -> None:
    """Posts stay held, but nobody may be approved until a new notice has stood its days (R75)."""
    campaign = board.campaigns[event.campaign]
    named = [
        key
        for position in board.of_campaign[campaign.key]
        for key in board.of_position[position]
        if board.people[key].place == "notice"
    ]
    board.events.append(event)
    board.unnoticed.update(named)
    board.steps.append(Explanation("what_if.notice_withdrawn", {"campaign": campaign.key, "count": len(named)}))
    board.flag("duty", "R74、R75", "what_if.notice_anew", campaign=campaign.key, count=len(named))


PLAYS: dict[type, Callable[[Board, Any], None]] = {
    CheckRatio: check_ratio,
    FailRatio: fail_ratio,
    CancelPosition: cancel_position,
    CutPosition: cut_position,
    VoidCampaign: void_campaign,
    Drop: drop,
    DropSome: drop_some,
    Notice: notice,
    NoticeAll: notice_all,
    Enter: enter,
    EnterAll: enter_all,
    Leave: leave,
    LeaveSome: leave_some,
    ExitHappens: exit_happens,
    ExitsBy: exits_by,
    PermitExpires: permit_expires,
    PermitsBy: permits_by,
    WithdrawNotice: withdraw_notice,
}
