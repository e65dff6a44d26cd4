"""What happens to posts themselves: people leave them, planned exits come, permits end."""

from __future__ import annotations

from rulebook.explanation import Explanation
from rulebook.slots import SlotState, SlotTrigger
from rulebook.what_if.board import Board
from rulebook.what_if.values import ExitHappens, ExitsBy, Leave, LeaveSome, PermitExpires, PermitsBy

LEDGER = "编制规则5.1"


def leave(board: Board, event: Leave) -> None:
    """A used post becomes vacant: unit posts stay with the unit, posts lent from the pool go back to it."""
    person = board.people[event.person]
    if person.place != "on_post" or person.key not in board.of_person:
        board.flag("stop", "R79", "what_if.not_on_post", person=person.key)
        return
    board.events.append(event)
    board.vacate(board.slots[board.of_person[person.key]])
    board.put(person, "gone")
    board.flag("duty", "R79", "what_if.service_years")


def leave_some(board: Board, event: LeaveSome) -> None:
    """So many on post leave, the last numbers first."""
    there = [
        key
        for key in sorted(board.of_person, reverse=True)
        if board.people[key].place == "on_post"
        and event.campaign in ("", board.positions[board.people[key].position].campaign)
        and (not event.pool_only or board.slots[board.of_person[key]].is_pool)
    ]
    for key in there[: event.count]:
        leave(board, Leave(key))
    board.steps.append(Explanation("what_if.left", {"count": min(event.count, len(there))}))
    if event.count > len(there):
        board.flag("note", "R79", "what_if.too_few_leave", asked=event.count, found=len(there))


def exit_happens(board: Board, event: ExitHappens) -> None:
    """A planned exit: the post is left, and repays the pool where a pool post was lent against it (出一进一)."""
    planned = board.exits[event.slot]
    slot = board.slots.get(event.slot)
    if slot is None:
        board.exits.pop(event.slot)
        board.keep_lent(planned.lent)
    elif slot.state != SlotState.USED:
        return
    elif slot.person:
        board.put(board.people[slot.person], "gone")
        board.vacate(slot)
    else:
        board.vacate(slot)
    board.events.append(event)
    if planned.lent:
        board.flag("note", LEDGER, "what_if.lent_kept")


def exits_by(board: Board, event: ExitsBy) -> None:
    """Planned exits due by that day, in the order of their days."""
    due = sorted((row for row in board.exits.values() if row.due <= event.day), key=lambda row: (row.due, row.slot))
    for row in due:
        exit_happens(board, ExitHappens(row.slot))
    board.steps.append(Explanation("what_if.exits", {"count": len(due), "day": event.day}))


def permit_expires(board: Board, event: PermitExpires) -> None:
    """Posts not published yet go back to allocated; those published or held stay and the permit must be renewed."""
    keys = dict(board.of_permit)[event.permit]
    if event.permit in board.expired:
        return
    board.events.append(event)
    board.expired.add(event.permit)
    bound = 0
    for slot in [board.slots[key] for key in keys]:
        if slot.permit != event.permit:
            continue
        if slot.state == SlotState.PERMITTED:
            board.move(slot, SlotTrigger.PERMIT_EXPIRED, permit="")
        bound += slot.state in (SlotState.RESERVED, SlotState.HELD)
    board.steps.append(Explanation("what_if.permit_expired", {"permit": event.permit, "bound": bound}))
    if bound:
        board.flag("duty", LEDGER, "what_if.renew_permit", permit=event.permit, count=bound)


def permits_by(board: Board, event: PermitsBy) -> None:
    """The permits that end before that day, in the order of their ends."""
    ended = sorted((end, permit) for permit, end in board.before.permits.items() if end < event.day)
    for _end, permit in ended:
        permit_expires(board, PermitExpires(permit))
