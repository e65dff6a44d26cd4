"""The recheck of qualifications before the interview: who is admitted, and who is called up to a freed place (R54)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from rulebook.explanation import Explanation, Guard
from rulebook.replacement import Replacement, Waiting, next_replacement
from rulebook.ruleset.examination import RecheckRules
from rulebook.ruleset.hiring import ReplacementReason, ReplacementRules

Outcome = Literal["passed", "failed", "absent", "withdrawn"]
FREES_A_PLACE: Mapping[Outcome, ReplacementReason] = {"failed": "failed", "absent": "absent", "withdrawn": "withdrew"}


def may_be_interviewed(is_called: bool, outcome: Outcome | None, rules: RecheckRules) -> Guard:
    """Whether a person is admitted to the interview: on the shortlist or called up (R82), and through the recheck.

    ``outcome`` None says that the recheck is still open; where the rules ask for none it does not matter (R54).
    """
    if not is_called:
        return Guard(False, Explanation("recheck.not_called"))
    if not rules.required:
        return Guard(True, Explanation("recheck.not_required"))
    return Guard(outcome == "passed", Explanation(f"recheck.{outcome or 'open'}"))


def next_after_recheck(
    waiting: Sequence[Waiting], outcome: Outcome, rounds_used: int, rules: ReplacementRules, window: Guard
) -> Replacement:
    """Who takes the place of a person with that outcome; ``window`` is what ``may_call_up`` says (R54, R72)."""
    reason = FREES_A_PLACE[outcome]
    answer = next_replacement(waiting, "recheck", reason, rounds_used, rules, window_open=bool(window))
    said = Explanation(answer.explanation.code, answer.explanation.values, (window.explanation,))
    return replace(answer, explanation=said)


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
