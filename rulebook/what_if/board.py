"""The copy on which events are played, each by the rule that decides it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import Any

from rulebook.explanation import Explanation
from rulebook.opening_ratio import OpeningResult
from rulebook.ranking import competition_ranks
from rulebook.replacement import Replacement, Waiting, next_replacement
from rulebook.ruleset.hiring import ReplacementReason, ReplacementStage
from rulebook.slots import TRANSITION_BY_MOVE, SlotState, SlotTrigger
from rulebook.what_if.values import (
    Call,
    DropReason,
    Event,
    Flag,
    FlagKind,
    Move,
    Outcome,
    Person,
    Place,
    Situation,
    Slot,
)

STAGES: dict[Place, ReplacementStage] = {
    "medical": "medical",
    "inspection": "inspection",
    "notice": "notice",
    "after": "after",
}
LIVE = (*STAGES, "on_post")
REASONS: dict[DropReason, ReplacementReason] = {
    "failed": "failed",
    "absent": "absent",
    "withdrew": "withdrew",
    "objection": "failed",
}


class Board:
    """Dictionaries by key over a situation, changed by events; ``outcome`` turns them back into values.

    Lists by position keep the order of the situation: posts are only ever taken out of them.
    """

    def __init__(self, situation: Situation) -> None:
        self.before = situation
        self.slots = {slot.key: slot for slot in situation.slots}
        self.positions = {position.key: position for position in situation.positions}
        self.people = {person.key: person for person in situation.people}
        self.campaigns = {campaign.key: campaign for campaign in situation.campaigns}
        self.expired = set(situation.expired_permits)
        self.rounds = defaultdict(int, situation.rounds)
        self.exits = {exit_.slot: exit_ for exit_ in situation.exits}
        self.engaged = {person.who for person in situation.people if person.who and person.place in LIVE}
        self.claimed: dict[str, list[str]] = defaultdict(list)
        self.of_person: dict[str, str] = {}
        self.of_permit: dict[str, list[str]] = defaultdict(list)
        self.of_position: dict[str, list[str]] = defaultdict(list)
        self.of_campaign: dict[str, list[str]] = defaultdict(list)
        for slot in situation.slots:
            if slot.position:
                self.claimed[slot.position].append(slot.key)
            if slot.person:
                self.of_person[slot.person] = slot.key
            if slot.permit:
                self.of_permit[slot.permit].append(slot.key)
        for person in situation.people:
            self.of_position[person.position].append(person.key)
        for position in situation.positions:
            self.of_campaign[position.campaign].append(position.key)
        self.unnoticed: set[str] = set()
        self.events: list[Event] = []
        self.moves: list[Move] = []
        self.calls: list[Call] = []
        self.ratios: dict[str, OpeningResult] = {}
        self.flags: list[Flag] = []
        self.steps: list[Explanation] = []

    def move(self, slot: Slot, trigger: SlotTrigger, **changes: Any) -> Slot:
        """Move one post by its machine; ``KeyError`` for a move the machine does not know."""
        target = TRANSITION_BY_MOVE[(slot.state, trigger)].target
        self.moves.append(Move(slot.key, slot.state, target, trigger))
        moved = slot._replace(state=target, **changes)
        self.slots[slot.key] = moved
        return moved

    def release(self, slot: Slot, trigger: SlotTrigger) -> None:
        """Give a reserved or held post back: to its permit, or to the unit where the permit is not its own."""
        self.claimed[slot.position].remove(slot.key)
        self.of_person.pop(slot.person, None)
        released = self.move(slot, trigger, position="", person="")
        if released.permit and released.permit not in self.expired and not released.is_bound:
            self.move(released, SlotTrigger.RETURNED_TO_PERMIT)
        else:
            self.move(released, SlotTrigger.PERMIT_EXPIRED, permit="", is_bound=False)

    def hold(self, person: Person) -> bool:
        """Hold the first reserved post of the position for this person; False if every post is taken."""
        reserved = self.slots_of(person.position, SlotState.RESERVED)
        if not reserved:
            return False
        held = self.move(reserved[0], SlotTrigger.HOLD_POINT_REACHED, person=person.key)
        self.of_person[person.key] = held.key
        return True

    def vacate(self, slot: Slot) -> None:
        """A used post is left: pool posts return to the pool, and so does one against which a pool post was lent."""
        if slot.position:
            self.claimed[slot.position].remove(slot.key)
        self.of_person.pop(slot.person, None)
        planned = self.exits.pop(slot.key, None)
        vacated = self.move(slot, SlotTrigger.LEFT, position="", person="", permit="", is_bound=False)
        if planned and planned.lent:
            self.keep_lent(planned.lent)
        if vacated.is_pool or (planned and planned.lent):
            self.move(vacated, SlotTrigger.RETURNED_TO_POOL, unit="", is_pool=True)

    def keep_lent(self, key: str) -> None:
        """A pool post that was lent against an exit becomes the unit's own."""
        if key in self.slots:
            self.slots[key] = self.slots[key]._replace(is_pool=False)

    def put(self, person: Person, place: Place) -> None:
        """Where the person is now."""
        self.people[person.key] = person._replace(place=place)
        if person.who and place in LIVE:
            self.engaged.add(person.who)
        elif person.who:
            self.engaged.discard(person.who)

    def slots_of(self, position: str, *states: SlotState) -> list[Slot]:
        """The posts a position claims in these states, in the order of the situation."""
        own = (self.slots[key] for key in self.claimed[position])
        return [slot for slot in own if slot.state in states]

    def under_way(self, position: str) -> int:
        """How many people of a position are between proposal and entry."""
        return sum(self.people[key].place in STAGES for key in self.of_position[position])

    def line_of(self, position: str, score: str) -> list[Waiting]:
        """People of a position who were not called yet, ranked by the mark that counts (R73)."""
        line = [one for key in self.of_position[position] if (one := self.people[key]).place == "line"]
        marks = [_mark(one, score) for one in line]
        ranks = [one.rank for one in line]
        if score != "total":
            able = [number for number, mark in enumerate(marks) if mark is not None]
            by_mark = competition_ranks([mark for mark in marks if mark is not None])
            for number, rank in zip(able, by_mark, strict=True):
                ranks[number] = rank
        return [
            Waiting(one.key, rank, mark, disqualified=one.disqualified or one.who in self.engaged)
            for one, rank, mark in zip(line, ranks, marks, strict=True)
        ]

    def successor(self, person: Person, reason: DropReason) -> Replacement:
        """Who would take this person's place by the campaign's own table (R72, R73)."""
        campaign = self.campaigns[self.positions[person.position].campaign]
        rules, stage = campaign.replacement, STAGES[person.place]
        line = self.line_of(person.position, rules.at(stage).score)
        used = self.rounds[(person.position, stage)]
        return next_replacement(line, stage, REASONS[reason], used, rules, window_open=campaign.may_replace)

    def flag(self, kind: FlagKind, source: str, code: str, **values: str | int) -> None:
        """Note what the law or the announcement says; said once for each set of values."""
        found = Flag(kind, Explanation(code, values), source)
        if found not in self.flags:
            self.flags.append(found)

    def outcome(self) -> Outcome:
        """Everything as values."""
        after = replace(
            self.before,
            slots=tuple(self.slots.values()),
            positions=tuple(self.positions.values()),
            people=tuple(self.people.values()),
            campaigns=tuple(self.campaigns.values()),
            exits=tuple(self.exits.values()),
            expired_permits=frozenset(self.expired),
            rounds={key: number for key, number in self.rounds.items() if number},
        )
        return Outcome(
            self.before, after, tuple(self.events), tuple(self.moves), tuple(self.calls), dict(self.ratios),
            tuple(self.flags), tuple(self.steps),
        )  # fmt: skip


def _mark(person: Person, score: str) -> Decimal | None:
    return {"written": person.written, "screening": person.screening}.get(score, person.score)
