"""How long a notice stands, when its clock starts again, and what must be done after it (R74–R77)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from rulebook.explanation import SHANGHAI, Explanation, Guard, RuleError, Value
from rulebook.ruleset.hiring import NoticeRules
from rulebook.working_days import ONE_DAY, WorkingCalendar, add_days, add_months

NoticeEventKind = Literal["published", "taken_down", "corrected", "typo_fixed"]
ObjectionState = Literal["none", "open", "cleared", "upheld"]
PersonOutcome = Literal["proceed", "hold", "cancel"]


@dataclass(frozen=True)
class NoticePeriod:
    """The last day of the notice and the first day on which one may act on it."""

    starts: date
    ends: date
    act_from: date
    explanation: Explanation


@dataclass(frozen=True)
class NoticeEvent:
    """Something that happened to the published page, at an aware moment."""

    kind: NoticeEventKind
    at: datetime


def notice_period(published_at: datetime, rules: NoticeRules, days: WorkingCalendar | None = None) -> NoticePeriod:
    """The period from the moment of real publication; that day is not counted (R74, R75).

    Raises ``RuleError`` ``calendar.needed`` when working days are to be counted without a calendar, and
    ``calendar.year_missing`` when it does not reach far enough.
    """
    starts = published_at.astimezone(SHANGHAI).date()
    ends = add_days(starts, rules.days, rules.unit, days)
    values: dict[str, Value] = {
        "days": rules.days,
        "unit": Explanation(f"unit.{rules.unit}"),
        "starts": starts,
        "ends": ends,
    }
    return NoticePeriod(starts, ends, ends + ONE_DAY, Explanation("notice.period", values))


def notice_end(published_at: datetime, rules: NoticeRules, days: WorkingCalendar | None = None) -> date:
    """The last day of the notice (R74)."""
    return notice_period(published_at, rules, days).ends


def clock_start(events: Sequence[NoticeEvent], rules: NoticeRules) -> datetime | None:
    """When the clock that counts was started (R75); None while the notice is not up.

    It starts when the page is really up. Taking it down stops it until it is up again; a correction of content starts
    it anew unless the rules say otherwise; a mended typing slip does not.
    """
    start: datetime | None = None
    first: datetime | None = None
    up = False
    for event in sorted(events, key=lambda event: event.at):
        if event.kind == "taken_down":
            up = False
        elif event.kind == "published":
            first = first or event.at
            start = event.at if rules.restart_on_change or start is None else first
            up = True
        elif event.kind == "corrected" and up and rules.restart_on_change:
            start = event.at
    return start if up else None


def objection_outcome(state: ObjectionState) -> PersonOutcome:
    """What an objection means for the one person it is about (R76); the others on the list always proceed."""
    outcomes: dict[ObjectionState, PersonOutcome] = {
        "none": "proceed",
        "cleared": "proceed",
        "open": "hold",
        "upheld": "cancel",
    }
    return outcomes[state]


def objection_words(state: ObjectionState) -> Explanation:
    """The outcome of an objection as its person and the office read it (R76)."""
    return Explanation(f"notice.{objection_outcome(state)}")


def may_approve(today: date, period: NoticePeriod, objection: ObjectionState) -> Guard:
    """Whether a hire may be approved: the notice is over and no objection is open or upheld (R74, R76; guard A20)."""
    if today < period.act_from:
        return Guard(False, Explanation("notice.not_over", {"ends": period.ends, "act_from": period.act_from}))
    return Guard(objection_outcome(objection) == "proceed", objection_words(objection))


def file_by(ends: date, rules: NoticeRules) -> date:
    """The last day for filing the hire, in calendar days after the notice (R77)."""
    return ends + timedelta(days=rules.file_within_days)


def valid_until(announced: date, rules: NoticeRules) -> date | None:
    """The day on which an announcement's results lapse if still not filed (R77); None for no limit."""
    return None if rules.validity_months is None else add_months(announced, rules.validity_months)


def filing_limits(ends: date, announced: date | None, rules: NoticeRules) -> Explanation:
    """Until when the hire is to be filed, and until when the results hold (R77); arguments as ``check_filing``."""
    last = file_by(ends, rules)
    lapses = valid_until(announced, rules) if announced else None
    if lapses is None:
        return Explanation("notice.file_by", {"last": last})
    return Explanation("notice.file_by_valid", {"last": last, "lapses": lapses})


def check_filing(today: date, ends: date, announced: date | None, rules: NoticeRules) -> None:
    """Raise ``RuleError`` ``notice.filed_late`` or ``notice.lapsed`` when it is too late to file (R77).

    ``ends`` is the last day of the notice, or the day on which an objection was cleared if that is later; ``announced``
    is None for a hire without an announcement, whose results do not lapse.
    """
    lapses = valid_until(announced, rules) if announced else None
    if lapses is not None and today > lapses:
        raise RuleError("notice.lapsed", lapses=lapses)
    if today > file_by(ends, rules):
        raise RuleError("notice.filed_late", last=file_by(ends, rules))
