"""The draw of rooms and order before interviews, and the sign-off after (R55, R63)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from rulebook.explanation import Explanation, Guard
from rulebook.lottery import shuffled


@dataclass(frozen=True)
class DrawNumber:
    """Room and order, both from 1. Marks are tied to these; names join only after the marks are locked."""

    room: int
    order: int


def draw(keys: Collection[str], rooms: int, seed: str) -> Mapping[str, DrawNumber]:
    """Room and order for everyone by a recorded seed; rooms differ by one person at most (R55)."""
    return {key: DrawNumber(index % rooms + 1, index // rooms + 1) for index, key in enumerate(shuffled(keys, seed))}


def is_withdrawn(arrived_at: datetime | None, sealed_at: datetime) -> bool:
    """Late after sealing, or not there at all, is withdrawal (R55)."""
    return arrived_at is None or arrived_at >= sealed_at


def may_close_interview(signed: bool, refusal_noted_by: str | None) -> Guard:
    """Whether an interview is complete: signed by the candidate, or the refusal noted by the supervisor (R63)."""
    if signed or refusal_noted_by:
        return Guard(True, Explanation("draw.signed" if signed else "draw.refusal_noted"))
    return Guard(False, Explanation("draw.unsigned"))
