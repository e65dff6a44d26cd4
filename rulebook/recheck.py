"""The recheck of qualifications before the interview: until when the next person may be called up (R54)."""

from __future__ import annotations

from datetime import date, timedelta

from rulebook.explanation import Explanation, Guard
from rulebook.ruleset.examination import RecheckRules


def last_day_to_call(interview_on: date, rules: RecheckRules) -> date:
    """The last day on which someone may be called up before an interview on that day (R54).

    With three days before the interview the three days themselves are closed: for the 23rd the last day is the 19th.
    """
    return interview_on - timedelta(days=rules.replacement_days_before + 1)


def may_call_up(today: date, rules: RecheckRules, *, notice_issued: bool, interview_on: date | None) -> Guard:
    """Whether someone may still be called up to the place of a person who failed, stayed away or withdrew (R54).

    By the rules either until the interview notice is issued, or until some days before the interview, whose day may
    still be open. The interview itself is held even if there are then fewer people than the ratio asks.
    """
    if rules.replacement_until == "interview_notice_issued":
        return Guard(not notice_issued, Explanation("recheck.notice_issued" if notice_issued else "recheck.no_notice"))
    if interview_on is None:
        return Guard(True, Explanation("recheck.no_day"))
    last = last_day_to_call(interview_on, rules)
    code = "recheck.in_time" if today <= last else "recheck.late"
    return Guard(today <= last, Explanation(code, {"last": last}))
