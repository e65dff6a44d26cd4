"""R47, R54, R70–R73, R78–R80: checks, medical, replacement, service."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from rulebook.explanation import RuleError
from rulebook.inspection import due_words, inspection_due, may_conclude
from rulebook.marks import MarkStatus
from rulebook.medical import (
    check_grade,
    counts_as_withdrawal,
    grade_is_enough,
    may_defer,
    may_recheck,
    medical_conclusion,
    recheck_last_day,
    withdrawal_words,
)
from rulebook.recheck import may_call_up
from rulebook.replacement import Waiting, next_replacement
from rulebook.ruleset import (
    InspectionRules,
    MedicalRules,
    RecheckRules,
    ReplacementRules,
    ScoreCheckRules,
    ServiceRules,
    StageReplacement,
)
from rulebook.score_check import last_day, may_ask, may_rank
from rulebook.service import (
    contract_end,
    late_ban_until,
    may_confirm,
    may_report,
    min_service_end,
    not_reported,
    probation_end,
    report_deadline,
    service_terms,
)
from rulebook.working_days import WorkingCalendar

D = Decimal
CALENDAR = WorkingCalendar(frozenset({2026}))


def test_r47_marks_may_be_checked_within_days_or_working_days() -> None:
    published = date(2026, 5, 8)
    assert last_day(published, ScoreCheckRules(window_days=2)) == date(2026, 5, 10)
    assert last_day(published, ScoreCheckRules(window_days=3)) == date(2026, 5, 11)
    shanghai = ScoreCheckRules(window_days=7, unit="working_days")
    assert last_day(published, shanghai, CALENDAR) == date(2026, 5, 19)


@pytest.mark.parametrize(
    ("status", "asked", "before", "allowed"),
    [
        (MarkStatus.ABSENT, date(2026, 5, 10), 0, True),
        (MarkStatus.ZERO, date(2026, 5, 8), 0, True),
        (MarkStatus.MISCONDUCT, date(2026, 5, 11), 0, False),
        (MarkStatus.NORMAL, date(2026, 5, 9), 0, False),
        (MarkStatus.ABSENT, date(2026, 5, 9), 1, False),
        (MarkStatus.ABSENT, date(2026, 5, 7), 0, False),
    ],
)
def test_r47_one_request_in_time_and_only_for_marks_with_a_note(
    status: MarkStatus, asked: date, before: int, allowed: bool
) -> None:
    assert bool(may_ask(status, asked, date(2026, 5, 8), before, ScoreCheckRules())) is allowed


def test_r47_ranking_waits_for_open_checks() -> None:
    assert may_rank([])
    assert not may_rank(["C-1"])


def test_r70_the_last_day_for_a_recheck() -> None:
    told = date(2026, 6, 10)
    assert recheck_last_day(told, MedicalRules()) == date(2026, 6, 17)
    assert recheck_last_day(told, MedicalRules(recheck_days=3)) == date(2026, 6, 13)


@pytest.mark.parametrize(
    ("asked", "items", "before", "code"),
    [
        (date(2026, 6, 17), ["liver"], 0, "medical.in_time"),
        (date(2026, 6, 18), ["liver"], 0, "medical.late"),
        (date(2026, 6, 11), ["liver"], 1, "medical.used"),
        (date(2026, 6, 11), ["liver", "blood_pressure"], 0, "medical.same_day"),
    ],
)
def test_r70_one_recheck_in_time_and_not_of_items_done_on_the_spot(
    asked: date, items: list[str], before: int, code: str
) -> None:
    guard = may_recheck(asked, date(2026, 6, 10), items, before, MedicalRules())
    assert (guard.explanation.code, bool(guard)) == (code, code == "medical.in_time")


def test_r70_the_recheck_is_final_and_not_at_a_lower_hospital() -> None:
    assert medical_conclusion("fail", "pass") == "pass"
    assert medical_conclusion("fail") == "fail"
    assert grade_is_enough("三级甲等", "二级甲等")
    assert not grade_is_enough("二级乙等", "二级甲等")


def test_r71_absence_is_withdrawal() -> None:
    assert counts_as_withdrawal("absent")
    assert not counts_as_withdrawal("fail")


def table(**changes: StageReplacement) -> ReplacementRules:
    default = ReplacementRules()
    return ReplacementRules(stages=tuple(changes.get(row.stage, row) for row in default.stages))


C, DD = Waiting("c", 3, D(75)), Waiting("d", 4, D(71))


def test_r72_one_round_leaves_the_place_empty_when_the_replacement_drops_out() -> None:
    once = table(medical=StageReplacement(stage="medical", rounds=1))
    assert next_replacement([C, DD], "medical", "failed", 0, once).called == "c"
    second = next_replacement([DD], "medical", "withdrew", 1, once)
    assert (second.called, second.explanation.code) == (None, "replacement.rounds_used")


def test_r72_two_rounds_reach_the_fourth_if_the_line_is_met() -> None:
    twice = table(medical=StageReplacement(stage="medical", rounds=2, min_mark=D(71)))
    assert next_replacement([DD], "medical", "withdrew", 1, twice).called == "d"
    higher = table(medical=StageReplacement(stage="medical", rounds=2, min_mark=D("71.01")))
    assert next_replacement([DD], "medical", "withdrew", 1, higher).called is None


def test_r72_a_stage_may_allow_it_for_withdrawal_and_not_for_failing() -> None:
    rules = table(inspection=StageReplacement(stage="inspection", reasons=("withdrew",)))
    assert next_replacement([C], "inspection", "withdrew", 0, rules).called == "c"
    assert next_replacement([C], "inspection", "failed", 0, rules).called is None


def test_r72_never_after_the_notice_and_not_after_the_last_date() -> None:
    assert next_replacement([C], "notice", "withdrew", 0, ReplacementRules()).called is None
    assert next_replacement([C], "after", "withdrew", 0, ReplacementRules()).called is None
    assert next_replacement([C], "medical", "failed", 0, ReplacementRules(), window_open=False).called is None


def test_r72_without_a_limit_rounds_go_on() -> None:
    rules = table(medical=StageReplacement(stage="medical", rounds=None))
    assert next_replacement([C], "medical", "failed", 99, rules).called == "c"


@pytest.mark.parametrize(
    "change", [{"disqualified": True}, {"passed_line": False}, {"interviewed": False}, {"score": None}]
)
def test_r73_only_eligible_people_are_called_up(change: dict) -> None:
    assert next_replacement([replace(C, **change), DD], "medical", "failed", 0, ReplacementRules()).called == "d"


def test_r54_at_the_recheck_people_who_were_not_yet_interviewed_are_called_up() -> None:
    waiting = [Waiting("g", 7, D(70), interviewed=False)]
    for reason in ("failed", "absent", "withdrew"):
        assert next_replacement(waiting, "recheck", reason, 0, ReplacementRules()).called == "g"
    assert next_replacement(waiting, "recheck", "absent", 1, ReplacementRules()).called is None


def test_r72_people_who_share_the_next_place_sit_an_extra_test() -> None:
    result = next_replacement([C, Waiting("e", 3, D(75))], "medical", "failed", 0, ReplacementRules())
    assert (result.called, result.tied) == (None, ("c", "e"))


@pytest.mark.parametrize(
    ("reapplied", "alone", "called", "code"),
    [
        (False, False, "c", "replacement.called"),
        (True, True, "c", "replacement.called"),
        (True, False, None, "replacement.no_competition"),
        (True, None, None, "replacement.competition_unknown"),
    ],
)
def test_r73_competition_is_judged_anew_where_the_rules_say(
    reapplied: bool, alone: bool | None, called: str | None, code: str
) -> None:
    rules = ReplacementRules(no_competition_reapplied=reapplied)
    found = next_replacement([replace(C, stands_alone=alone)], "medical", "failed", 0, rules)
    assert (found.called, found.explanation.code, found.is_known) == (called, code, alone is not None)


START = date(2026, 9, 1)


def test_r78_a_first_job_has_twelve_months_of_probation() -> None:
    rules = ServiceRules()
    assert probation_end(START, rules, first_job=True) == date(2027, 8, 31)
    assert probation_end(START, rules, first_job=False) == date(2027, 2, 28)
    assert probation_end(START, rules, first_job=True, contract_years=2) == date(2027, 2, 28)
    assert contract_end(START, rules) == date(2029, 8, 31)


def test_r79_least_service_counts_from_the_start_or_from_after_probation() -> None:
    assert min_service_end(START, ServiceRules()) == date(2031, 8, 31)
    assert min_service_end(START, ServiceRules(min_service_years=3)) == date(2029, 8, 31)
    wenjiang = ServiceRules(min_service_years=6, min_service_from="after_probation")
    assert min_service_end(START, wenjiang) == date(2033, 8, 31)
    assert min_service_end(START, ServiceRules(min_service_years=0)) is None


def test_r80_reporting_late_may_bring_a_ban() -> None:
    deadline = report_deadline(date(2026, 8, 20), ServiceRules())
    assert deadline == date(2026, 9, 4)
    assert late_ban_until(deadline, ServiceRules(late_ban_years=1)) == date(2027, 9, 4)
    assert late_ban_until(deadline, ServiceRules()) is None


def test_r78_r79_the_terms_say_how_each_last_day_follows() -> None:
    terms = service_terms(START, ServiceRules(min_service_years=6, min_service_from="after_probation"), first_job=False)
    assert (terms.probation_ends, terms.contract_ends) == (date(2027, 2, 28), date(2029, 8, 31))
    assert terms.explanation.lines("en") == [
        "The contract runs from 2026-09-01 for 3 year(s), until 2029-08-31.",
        "Not a first job: probation of 6 months, until 2027-02-28.",
        "The least service of 6 year(s) counts from 2027-03-01 until 2033-02-28.",
    ]
    assert terms.min_service_ends == date(2033, 2, 28)


def test_r79_years_agreed_with_the_person_stand_for_those_of_the_rules() -> None:
    agreed = service_terms(START, ServiceRules(), first_job=True, agreed_years=8)
    assert agreed.min_service_ends == date(2034, 8, 31)
    none = service_terms(START, ServiceRules(min_service_years=0), first_job=True)
    assert (none.min_service_ends, none.explanation.text("zh")) == (None, "没有约定最低服务年限。")


def test_r78_the_civil_service_has_no_contract_and_one_length_of_probation() -> None:
    terms = service_terms(START, ServiceRules(), first_job=False, civil_service=True)
    assert (terms.contract_ends, terms.probation_ends) == (None, date(2027, 8, 31))


def test_r78_probation_is_confirmed_from_the_day_after_its_last() -> None:
    last = date(2027, 8, 31)
    assert [bool(may_confirm(day, last)) for day in (last, date(2027, 9, 1))] == [False, True]


def test_r80_reporting_late_is_withdrawal() -> None:
    deadline = date(2026, 9, 4)
    assert [bool(may_report(day, deadline)) for day in (deadline, date(2026, 9, 5))] == [True, False]
    assert not_reported(deadline, ServiceRules()).code == "service.withdrawn"
    banned = not_reported(deadline, ServiceRules(late_ban_years=1))
    assert banned.text("en").endswith("the person may not apply locally until 2027-09-04.")


def test_r70_the_recheck_is_made_at_a_hospital_not_lower_than_the_first() -> None:
    rules = MedicalRules()
    assert check_grade("二级甲等", rules)
    low = check_grade("二级乙等", rules)
    assert (bool(low), low.explanation.values["least"]) == (False, "二级甲等")
    again = check_grade("二级甲等", rules, "三级乙等")
    assert (bool(again), again.explanation.values["least"]) == (False, "三级乙等")
    assert check_grade("二级甲等", rules, "二级乙等")


def test_r70_without_rechecks_and_without_deferral_the_rules_say_so() -> None:
    none = may_recheck(START, START, (), 0, MedicalRules(recheck_times=0))
    assert (bool(none), none.explanation.code) == (False, "medical.no_recheck")
    codes = [may_defer(MedicalRules(deferral_allowed=allowed)).explanation.code for allowed in (True, False)]
    assert codes == ["medical.deferral", "medical.no_deferral"]


def test_r71_absence_is_told_as_withdrawal() -> None:
    assert withdrawal_words("inspection").text("zh") == "未按规定参加考察，视为放弃。"


@pytest.mark.parametrize(
    ("members", "names", "allowed"), [(2, ("a", "b"), True), (2, ("a", " a "), False), (3, ("a", "b"), False)]
)
def test_an_inspection_needs_so_many_people_each_named_once(
    members: int, names: tuple[str, ...], allowed: bool
) -> None:
    assert bool(may_conclude(names, "", InspectionRules(members=members))) is allowed


def test_the_opinion_of_the_university_lacks_only_where_it_is_asked_for() -> None:
    asked = InspectionRules(university_reference=True)
    assert may_conclude(("a", "b"), " ", asked).explanation.code == "inspection.no_reference"
    assert may_conclude(("a", "b"), "x", asked)


def test_the_inspection_has_working_or_calendar_days() -> None:
    friday = date(2026, 3, 20)
    assert inspection_due(friday, InspectionRules(unit="calendar_days")) == date(2026, 3, 30)
    assert inspection_due(friday, InspectionRules(), WorkingCalendar(frozenset({2026}))) == date(2026, 4, 3)
    with pytest.raises(RuleError):
        inspection_due(friday, InspectionRules())
    codes = [due_words(day, friday).code for day in (friday, date(2026, 3, 21))]
    assert codes == ["inspection.due", "inspection.overdue"]


def test_r70_a_hospital_grade_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="There is no hospital grade “甲等”"):
        MedicalRules(hospital_grade="甲等")
    with pytest.raises(RuleError):
        grade_is_enough("甲等", "二级甲等")


def test_r54_until_the_interview_notice_is_issued() -> None:
    rules = RecheckRules()
    assert may_call_up(date(2026, 5, 22), rules, notice_issued=False, interview_on=date(2026, 5, 23))
    refused = may_call_up(date(2026, 5, 1), rules, notice_issued=True, interview_on=None)
    assert (bool(refused), refused.explanation.text("zh")) == (False, "面试通知书已经发出，不再递补。")


@pytest.mark.parametrize(("today", "allowed"), [(19, True), (20, False), (22, False)])
def test_r54_until_three_days_before_the_interview(today: int, allowed: bool) -> None:
    rules = RecheckRules(replacement_until="days_before_interview", replacement_days_before=3)
    found = may_call_up(date(2026, 5, today), rules, notice_issued=True, interview_on=date(2026, 5, 23))
    assert (bool(found), found.explanation.values["last"]) == (allowed, date(2026, 5, 19))
    assert may_call_up(date(2026, 5, today), rules, notice_issued=True, interview_on=None)


def test_r78_a_shorter_probation_of_older_texts() -> None:
    assert probation_end(START, ServiceRules(probation_months_experienced=3), first_job=False) == date(2026, 11, 30)
