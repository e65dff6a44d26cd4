"""How people are counted for the leaders: once each, at a stated stage, with growth and attribution (R90–R93)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from rulebook.explanation import Explanation, Value, plain_text
from rulebook.rounding import exact_arithmetic, half_up
from rulebook.ruleset.model import Track
from rulebook.ruleset.talent import CountingRules, EventRules


class CountingStage(StrEnum):
    """The stages at which a person may be counted, each wider than the next (R91)."""

    INTENT_SIGNED = "intent_signed"
    PROPOSED = "proposed"
    APPROVED = "approved"
    ON_POST = "on_post"


STAGES_BY_TRACK: Mapping[Track, tuple[CountingStage, ...]] = {
    "public_exam": (CountingStage.PROPOSED, CountingStage.APPROVED, CountingStage.ON_POST),
    "competitive_selection": tuple(CountingStage),
    "open_challenge": (CountingStage.INTENT_SIGNED, CountingStage.APPROVED, CountingStage.ON_POST),
}


@dataclass(frozen=True)
class CountedRecord:
    """One way in which a person came in. ``tier`` 1 is the highest; ``lead`` is False for other team members."""

    id_hash: str
    year: int
    on: date
    tier: int | None = None
    lead: bool = True


@dataclass(frozen=True)
class Progress:
    """How far one person came on one track."""

    id_hash: str
    track: Track
    stage: CountingStage


@dataclass(frozen=True)
class Growth:
    """This year against the sum of the two before; ``ratio`` is None when that sum is 0."""

    exceeded: bool
    ratio: Decimal | None
    explanation: Explanation


@dataclass(frozen=True)
class Touch:
    """A person scanned an event's or ambassador's code at an aware moment."""

    event: str
    at: datetime


@dataclass(frozen=True)
class Attribution:
    """The one event an application counts for, if any, and how that is known."""

    event: str | None
    source: Literal["code", "self_reported", "none"]


def count_people(records: Iterable[CountedRecord], rules: CountingRules) -> tuple[CountedRecord, ...]:
    """One record per person and year, with the highest tier and the first date (R90), by year and person."""
    grouped: defaultdict[tuple[int, str], list[CountedRecord]] = defaultdict(list)
    for record in records:
        if record.lead or rules.team_counts == "all":
            grouped[record.year, record.id_hash].append(record)
    return tuple(_merge(group) for _, group in sorted(grouped.items()))


def stage_counts(progress: Iterable[Progress]) -> dict[CountingStage, int]:
    """Distinct persons who reached each stage or a later one; never growing from one stage to the next (R91)."""
    order = list(CountingStage)
    furthest: dict[str, int] = {}
    for step in progress:
        furthest[step.id_hash] = max(order.index(step.stage), furthest.get(step.id_hash, 0))
    return {stage: sum(reached >= index for reached in furthest.values()) for index, stage in enumerate(order)}


def official_count(counts: Mapping[CountingStage, int], rules: CountingRules) -> int:
    """The number that is reported: the count at the official stage (R91)."""
    return counts[CountingStage(rules.official_stage)]


def growth(current: int, year_before: int, two_years_before: int, rules: CountingRules) -> Growth:
    """Whether this year is strictly more than the factor times the two years before together (R92)."""
    before = year_before + two_years_before
    exceeded = current > rules.growth_factor * before
    with exact_arithmetic():
        ratio = half_up(Decimal(current) / before, 2) if before else None
    values: dict[str, Value] = {"current": current, "before": before, "factor": plain_text(rules.growth_factor)}
    return Growth(exceeded, ratio, Explanation("counting.more" if exceeded else "counting.not_more", values))


def attribute(
    applied_at: datetime, touches: Sequence[Touch], rules: EventRules, self_reported: str | None = None
) -> Attribution:
    """The event of the first or last code scanned within the window before applying, else the one named (R93)."""
    window = timedelta(days=rules.attribution_days)
    valid = [touch for touch in touches if applied_at - window <= touch.at <= applied_at]
    if valid:
        ordered = sorted(valid, key=lambda touch: (touch.at, touch.event))
        return Attribution(ordered[0 if rules.touch == "first" else -1].event, "code")
    if self_reported:
        return Attribution(self_reported, "self_reported")
    return Attribution(None, "none")


def percentage(part: int, whole: int, places: int = 2) -> Decimal | None:
    """Part of the whole in per cent, half-up; None for a whole of 0, which is shown as such and not as 0 % (R93)."""
    if not whole:
        return None
    with exact_arithmetic():
        return half_up(Decimal(part) * 100 / whole, places)


def _merge(group: Sequence[CountedRecord]) -> CountedRecord:
    tiers = [record.tier for record in group if record.tier is not None]
    first = min(group, key=lambda record: record.on)
    return CountedRecord(first.id_hash, first.year, first.on, min(tiers, default=None), any(r.lead for r in group))
