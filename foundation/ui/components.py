"""What the component tags take: plain values, so that any room can show them without knowing markup."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from django.utils.functional import Promise

Text = str | Promise
StepState = Literal["done", "now", "next", "stopped"]
Mark = Literal["yes", "no", "ask"]
Tone = Literal["", "done", "now", "warn", "fail"]


@dataclass(frozen=True)
class TimelineStep:
    """One step: what, when (a moment or words such as "by 24 April"), done / now / next / stopped, a note, a link."""

    what: Text
    when: datetime | Text | None = None
    state: StepState = "done"
    note: Text = ""
    url: str = ""


@dataclass(frozen=True)
class Verdict:
    """One condition judged: what is asked, what the person has, where the clause stands, the word and the mark."""

    what: Text
    word: Text
    mark: Mark
    mine: Text = ""
    source: Text = ""


@dataclass(frozen=True)
class Fact:
    """A name and its value."""

    name: Text
    value: object


@dataclass(frozen=True)
class LedgerLine:
    """One line of a person's marks: what, the mark or the word for why there is none."""

    what: Text
    shown: Text


@dataclass(frozen=True)
class LedgerPart:
    """A result: its lines, the last of which is the result, how it came about in words, the rank, when it was out."""

    title: Text
    lines: Sequence[LedgerLine]
    steps: Sequence[str]
    rank: int | None
    released_at: datetime

    @property
    def result(self) -> LedgerLine:
        return self.lines[-1]


@dataclass(frozen=True)
class Figure:
    """A number with its unit, note, definition, limits and the link to its list."""

    name: Text
    value: object
    unit: Text = ""
    note: Text = ""
    definition: Text = ""
    limits: Text = ""
    url: str = ""


@dataclass(frozen=True)
class Segment:
    """One part of a bar."""

    name: Text
    value: int
    url: str = ""


@dataclass(frozen=True)
class Bar:
    """A bar made of segments, drawn over `total` (the sum unless given)."""

    segments: Sequence[Segment]
    title: Text
    total: int = 0
    width: int = 200
    gap: float = field(default=0.6)

    def pieces(self) -> list[dict[str, object]]:
        """Each segment with its x and width in the drawing's units, and the class of its colour."""
        total = self.total or sum(segment.value for segment in self.segments) or 1
        drawn, left = [], 0.0
        for number, segment in enumerate(self.segments, start=1):
            width = self.width * segment.value / total
            drawn.append(
                {"x": f"{left:.2f}", "width": f"{max(0.0, width - self.gap):.2f}", "tone": f"c{number}", "of": segment}
            )
            left += width
        return drawn
