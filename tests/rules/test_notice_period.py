"""R74–R77: notices and working days."""

from datetime import UTC, date, datetime, timedelta

import pytest

from rulebook.explanation import SHANGHAI, RuleError
from rulebook.notice_period import (
    NoticeEvent,
    check_filing,
    clock_start,
    file_by,
    filing_limits,
    may_approve,
    notice_end,
    notice_period,
    objection_outcome,
    valid_until,
)
from rulebook.ruleset import NoticeRules
from rulebook.working_days import WorkingCalendar, add_months, add_working_days, working_days_between

NATIONAL_DAY = WorkingCalendar(
    years=frozenset({2026}),
    holidays=frozenset(date(2026, 10, day) for day in range(1, 8)),
    make_up_days=frozenset({date(2026, 10, 10)}),
)
PUBLISHED = datetime(2026, 9, 28, 10, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("rules", "ends"),
    [
        (NoticeRules(days=7), date(2026, 10, 13)),
        (NoticeRules(days=5), date(2026, 10, 10)),
        (NoticeRules(days=7, unit="calendar_days"), date(2026, 10, 5)),
    ],
)
def test_r74_the_notice_over_the_national_day(rules: NoticeRules, ends: date) -> None:
    period = notice_period(PUBLISHED, rules, NATIONAL_DAY)
    assert (period.ends, period.act_from) == (ends, ends + timedelta(days=1))


def test_r74_the_day_of_publication_is_the_day_in_shanghai() -> None:
    late = datetime(2026, 9, 28, 17, tzinfo=UTC)
    assert notice_end(late, NoticeRules(days=1), NATIONAL_DAY) == date(2026, 9, 30)


def test_r74_a_calendar_that_does_not_reach_is_refused_rather_than_guessed() -> None:
    with pytest.raises(RuleError) as error:
        notice_end(datetime(2026, 12, 30, tzinfo=SHANGHAI), NoticeRules(), NATIONAL_DAY)
    assert (error.value.code, error.value.values["year"]) == ("calendar.year_missing", 2027)
    with pytest.raises(RuleError):
        notice_end(PUBLISHED, NoticeRules())


def at(day: int) -> datetime:
    return datetime(2026, 9, day, 10, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("events", "restarting", "running_on"),
    [
        ([("published", 1)], at(1), at(1)),
        ([("published", 1), ("typo_fixed", 2)], at(1), at(1)),
        ([("published", 1), ("corrected", 2)], at(2), at(1)),
        ([("published", 1), ("taken_down", 2)], None, None),
        ([("published", 1), ("taken_down", 2), ("published", 3)], at(3), at(1)),
        ([], None, None),
    ],
)
def test_r75_the_clock_starts_when_the_page_is_up_and_again_when_it_changes(
    events: list, restarting: datetime | None, running_on: datetime | None
) -> None:
    happened = [NoticeEvent(kind, at(day)) for kind, day in events]
    assert clock_start(happened, NoticeRules()) == restarting
    assert clock_start(happened, NoticeRules(restart_on_change=False)) == running_on


def test_r76_an_objection_holds_one_person_and_no_other() -> None:
    assert {state: objection_outcome(state) for state in ("none", "open", "cleared", "upheld")} == {
        "none": "proceed",
        "open": "hold",
        "cleared": "proceed",
        "upheld": "cancel",
    }


def test_r76_nobody_is_approved_before_the_notice_is_over_and_objections_are_closed() -> None:
    period = notice_period(PUBLISHED, NoticeRules(), NATIONAL_DAY)
    assert not may_approve(date(2026, 10, 13), period, "none")
    assert may_approve(date(2026, 10, 14), period, "none")
    assert not may_approve(date(2026, 10, 14), period, "open")
    assert may_approve(date(2026, 10, 14), period, "cleared")
    assert not may_approve(date(2026, 10, 14), period, "upheld")


def test_r77_filing_within_thirty_days_and_within_a_year_of_the_announcement() -> None:
    rules = NoticeRules()
    ends, announced = date(2026, 10, 13), date(2026, 3, 17)
    assert file_by(ends, rules) == date(2026, 11, 12)
    assert valid_until(announced, rules) == date(2027, 3, 17)
    assert valid_until(announced, NoticeRules(validity_months=None)) is None
    check_filing(date(2026, 11, 12), ends, announced, rules)
    for today, code in ((date(2026, 11, 13), "notice.filed_late"), (date(2027, 3, 18), "notice.lapsed")):
        with pytest.raises(RuleError) as error:
            check_filing(today, ends, announced, rules)
        assert error.value.code == code


def test_r77_the_limits_are_told_and_a_hire_without_announcement_does_not_lapse() -> None:
    ends, announced = date(2026, 10, 13), date(2026, 3, 17)
    told = filing_limits(ends, announced, NoticeRules()).text("en")
    assert told == "The hire is to be filed by 2026-11-12, that day included; the results hold until 2027-03-17."
    for day, rules in ((None, NoticeRules()), (announced, NoticeRules(validity_months=None))):
        assert filing_limits(ends, day, rules).text("zh") == "应在2026年11月12日前（含当日）办理聘用备案。"
    check_filing(date(2027, 3, 18), date(2027, 3, 1), None, NoticeRules())


def test_working_days_count_both_ways() -> None:
    start = date(2026, 9, 28)
    assert add_working_days(start, 7, NATIONAL_DAY) == date(2026, 10, 13)
    assert working_days_between(start, date(2026, 10, 13), NATIONAL_DAY) == 7
    assert add_working_days(date(2026, 10, 13), -7, NATIONAL_DAY) == start
    assert working_days_between(date(2026, 10, 13), start, NATIONAL_DAY) == -7
    assert add_working_days(start, 0, NATIONAL_DAY) == start


def test_a_month_later_is_the_same_day_or_the_last() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert add_months(date(2026, 12, 15), 1) == date(2027, 1, 15)
