"""Asking for a check of one's own mark, and what it blocks (R47)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from rulebook.explanation import Explanation, Guard
from rulebook.marks import MarkStatus
from rulebook.ruleset.examination import ScoreCheckRules
from rulebook.working_days import WorkingCalendar, add_days


def last_day(published_on: date, rules: ScoreCheckRules, days: WorkingCalendar | None = None) -> date:
    """The last day for asking, that of publication not counted (R47)."""
    return add_days(published_on, rules.window_days, rules.unit, days)


def may_ask(
    status: MarkStatus,
    asked_on: date,
    published_on: date,
    requests_before: int,
    rules: ScoreCheckRules,
    days: WorkingCalendar | None = None,
) -> Guard:
    """Whether one's own mark in one subject may be checked: in time, once, and only marks of the kinds named (R47)."""
    last = last_day(published_on, rules, days)
    if status.value not in rules.statuses:
        return Guard(False, Explanation("score_check.not_this_mark"))
    if requests_before:
        return Guard(False, Explanation("score_check.once"))
    code = "score_check.in_time" if asked_on <= last else "score_check.late"
    return Guard(published_on <= asked_on <= last, Explanation(code, {"last": last}))


def may_rank(open_requests: Iterable[str]) -> Guard:
    """Whether a position may be ranked: no check of a mark is open (R47; guard A16)."""
    waiting = tuple(sorted(open_requests))
    if waiting:
        return Guard(False, Explanation("score_check.open", {"count": len(waiting), "requests": waiting}))
    return Guard(True, Explanation("score_check.all_closed"))
