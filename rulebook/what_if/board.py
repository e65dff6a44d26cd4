"""The copy on which events are played, each by the rule that decides it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

from rulebook.explanation import Explanation
from rulebook.opening_ratio import OpeningResult
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
REASONS: dict[DropReason, ReplacementReason] = {
    "failed": "failed",
    "absent": "absent",
    "withdrew": "withdrew",
    "objection": "failed",
}


class Board:
    """Dictionaries by key over a situation, changed by events; ``outcome`` turns them back into values."""

    def __init__(self, situation: Situation) -> None:
        self.before = situation
        self.slots = {slot.key: slot for slot in situation.slots}
        self.positions = {position.key: position for position in situation.positions}
        self.people = {person.key: person for person in situation.people}
        self.campaigns = {campaign.key: campaign for campaign in situation.campaigns}
        self.expired = set(situation.expired_permits)
        self.rounds = defaultdict(int, situation.rounds)
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
        self.without_notice: set[str] = set()
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
        moved = replace(slot, state=target, **changes)
        self.slots[slot.key] = moved
        return moved

    def release(self, slot: Slot, trigger: SlotTrigger) -> None:
        """Give a reserved or held post back: to its permit, or to the unit where the permit has run out."""
        self.claimed[slot.position].remove(slot.key)
        self.of_person.pop(slot.person, None)
        released = self.move(slot, trigger, position="", person="")
        if released.permit and released.permit not in self.expired:
            self.move(released, SlotTrigger.RETURNED_TO_PERMIT)
        else:
            self.move(released, SlotTrigger.PERMIT_EXPIRED, permit="")

    def slots_of(self, position: str, state: SlotState) -> list[Slot]:
        """The posts a position claims in one state, in the order of their keys."""
        own = (self.slots[key] for key in self.claimed[position])
        return sorted((slot for slot in own if slot.state == state), key=lambda slot: slot.key)

    def line_of(self, position: str) -> list[Waiting]:
        """People of a position who were not called yet."""
        waiting = (self.people[key] for key in self.of_position[position])
        return [
            Waiting(one.key, one.rank, one.score, one.interviewed, one.passed_line, one.disqualified)
            for one in waiting
            if one.place == "line"
        ]

    def successor(self, person: Person, reason: DropReason) -> Replacement:
        """Who would take this person's place by the campaign's own table (R72, R73)."""
        rules = self.campaigns[self.positions[person.position].campaign].replacement
        stage = STAGES[person.place]
        used = self.rounds[(person.position, stage)]
        return next_replacement(self.line_of(person.position), stage, REASONS[reason], used, rules)

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
            expired_permits=frozenset(self.expired),
            rounds={key: number for key, number in self.rounds.items() if number},
        )
        return Outcome(
            self.before, after, tuple(self.events), tuple(self.moves), tuple(self.calls), dict(self.ratios),
            tuple(self.flags), tuple(self.steps),
        )  # fmt: skip
