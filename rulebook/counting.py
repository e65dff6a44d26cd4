"""How people are counted for the leaders: once each, at a stated stage, with growth and attribution (R90–R93)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
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


# What is high-level in a year for which nobody has said it: degrees and titles by tier, the highest first (R92).
HIGH_LEVEL: tuple[tuple[str, ...], ...] = (("doctor", "senior"), ("master", "associate"))


@dataclass(frozen=True)
class CountedRecord:
    """One way in which a person came in. ``tier`` 1 is the highest; ``lead`` is False for other team members.

    ``source`` names the way, so that a figure opens to its rows.
    """

    id_hash: str
    year: int
    on: date
    tier: int | None = None
    lead: bool = True
    source: str = ""


@dataclass(frozen=True)
class Way:
    """A way in which a person came in, how far it led, and what the rules of its campaign count."""

    record: CountedRecord
    stage: CountingStage
    rules: CountingRules


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
    """The one event an application counts for, if any, how that is known, and when its code was scanned."""

    event: str | None
    source: Literal["code", "self_reported", "none"]
    at: datetime | None = None


def tier_of(marks: Collection[str], tiers: Sequence[Collection[str]]) -> int | None:
    """The highest tier of a year's definition, 1 first, that one of a person's degrees or titles is in (R90, R92)."""
    return next((place for place, names in enumerate(tiers, start=1) if not set(names).isdisjoint(marks)), None)


def count_people(records: Iterable[CountedRecord], rules: CountingRules) -> tuple[CountedRecord, ...]:
    """One record per person and year, with the highest tier and the first date (R90), by year and person."""
    return _once_each(record for record in records if _counts(record, rules))


def people_at(ways: Iterable[Way], stage: CountingStage | None = None) -> tuple[CountedRecord, ...]:
    """One record per person and year for those who reached the stage or a later one (R90, R91), by year and person.

    Without a stage each way counts from the official one of its own campaign, so that campaigns with different rules
    add up to one figure; likewise each follows its own rule for teams.
    """
    order = list(CountingStage)
    return _once_each(
        way.record
        for way in ways
        if order.index(way.stage) >= order.index(stage or CountingStage(way.rules.official_stage))
        and _counts(way.record, way.rules)
    )


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


def growth(current: int, year_before: int | None, two_years_before: int | None, rules: CountingRules) -> Growth:
    """Whether this year is strictly more than the factor times the two years before together (R92).

    With a year before that nobody counted there is no growth to speak of.
    """
    if year_before is None or two_years_before is None:
        return Growth(False, None, Explanation("counting.not_known"))
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
        chosen = ordered[0 if rules.touch == "first" else -1]
        return Attribution(chosen.event, "code", chosen.at)
    if self_reported:
        return Attribution(self_reported, "self_reported")
    return Attribution(None, "none")


def credit_terms(rules: EventRules) -> Explanation:
    """For which event an application and a hire count, in words (R93)."""
    touch = Explanation(f"choice.EventRules.touch.{rules.touch}")
    values: dict[str, Value] = {"days": rules.attribution_days, "touch": touch, "hired": rules.hired_days}
    return Explanation("counting.credit", values)


def is_hired_from_event(touched_at: datetime, hired_at: datetime, rules: EventRules) -> bool:
    """Whether a hire still counts for the event: within the days after its scan, the last included (R93)."""
    return touched_at <= hired_at <= touched_at + timedelta(days=rules.hired_days)


def percentage(part: int, whole: int, places: int = 2) -> Decimal | None:
    """Part of the whole in per cent, half-up; None for a whole of 0, which is shown as such and not as 0 % (R93)."""
    if not whole:
        return None
    with exact_arithmetic():
        return half_up(Decimal(part) * 100 / whole, places)


def _counts(record: CountedRecord, rules: CountingRules) -> bool:
    return record.lead or rules.team_counts == "all"


def _once_each(records: Iterable[CountedRecord]) -> tuple[CountedRecord, ...]:
    grouped: defaultdict[tuple[int, str], list[CountedRecord]] = defaultdict(list)
    for record in records:
        grouped[record.year, record.id_hash].append(record)
    return tuple(_merge(group) for _, group in sorted(grouped.items()))


def _merge(group: Sequence[CountedRecord]) -> CountedRecord:
    tiers = [record.tier for record in group if record.tier is not None]
    first = min(group, key=lambda record: (record.on, record.source))
    lead = any(record.lead for record in group)
    return CountedRecord(first.id_hash, first.year, first.on, min(tiers, default=None), lead, first.source)
