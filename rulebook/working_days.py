"""Working days as data, and arithmetic with days, months and office hours (R74, R20)."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from rulebook.explanation import SHANGHAI, RuleError
from rulebook.ruleset.base import DayUnit
from rulebook.ruleset.registration import WorkingHours

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkingCalendar:
    """The published holidays and make-up days of the years in ``years``; other days follow the week."""

    years: frozenset[int]
    holidays: frozenset[date] = field(default_factory=frozenset)
    make_up_days: frozenset[date] = field(default_factory=frozenset)

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on that day; ``RuleError`` ``calendar.year_missing`` outside the years known."""
        if day.year not in self.years:
            raise RuleError("calendar.year_missing", year=day.year)
        if day in self.make_up_days:
            return True
        return day.weekday() < 5 and day not in self.holidays


def add_working_days(start: date, count: int, days: WorkingCalendar) -> date:
    """The count-th working day after ``start`` (the start itself never counts); before it for a negative count."""
    step = ONE_DAY if count >= 0 else -ONE_DAY
    day, left = start, abs(count)
    while left:
        day += step
        left -= days.is_working_day(day)
    return day


def working_days_between(start: date, end: date, days: WorkingCalendar) -> int:
    """Working days after ``start`` up to and including ``end``; negative of the reverse when end is earlier."""
    if end < start:
        return -working_days_between(end - ONE_DAY, start - ONE_DAY, days)
    return sum(days.is_working_day(start + timedelta(days=offset)) for offset in range(1, (end - start).days + 1))


def add_days(start: date, count: int, unit: DayUnit, days: WorkingCalendar | None) -> date:
    """``count`` days after ``start`` in the unit; working days need a calendar, else ``calendar.needed``."""
    if unit == "calendar_days":
        return start + timedelta(days=count)
    if days is None:
        raise RuleError("calendar.needed")
    return add_working_days(start, count, days)


def add_months(start: date, months: int) -> date:
    """The same day of a later month, or its last day when there is none: 31 January + 1 is 28 or 29 February."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def add_working_hours(start: datetime, hours: int, office: Sequence[WorkingHours], days: WorkingCalendar) -> datetime:
    """The moment when so many office hours have passed since ``start`` (aware), in Asia/Shanghai."""
    left = timedelta(hours=hours)
    at = start.astimezone(SHANGHAI)
    for opens, closes in _office_stretches(at, office, days):
        available = closes - max(at, opens)
        if available >= left:
            return max(at, opens) + left
        left -= available
    raise RuleError("calendar.no_office_hours")


def _office_stretches(
    at: datetime, office: Sequence[WorkingHours], days: WorkingCalendar
) -> Iterator[tuple[datetime, datetime]]:
    day = at.date()
    while office:
        if days.is_working_day(day):
            for hours in office:
                opens = datetime.combine(day, hours.start, SHANGHAI)
                closes = datetime.combine(day, hours.end, SHANGHAI)
                if closes > at:
                    yield opens, closes
        day += ONE_DAY
