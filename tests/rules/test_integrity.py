"""R15, R39, R40, R69, R82, R94, R96: recusal, misconduct, traceability, embargo, determinism."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from rulebook.explanation import SHANGHAI
from rulebook.guards import duties_of_amendment, may_propose, may_publish
from rulebook.misconduct import (
    Ban,
    Consequence,
    Severity,
    bans_in_force,
    consequence_of,
    earliest_term,
    effect_of,
    may_decide,
    may_state,
    record_stands,
    sentences_of,
)
from rulebook.publication import page_ends, page_stays
from rulebook.recusal import Relation, RelativePost, WantedPost, check_post_recusal, must_step_aside
from rulebook.result_sheet import is_released, sheet_bytes, sheet_digest
from rulebook.ruleset.hiring import PublicationRules
from rulebook.ruleset.profiles import COUNTY_EXAM, COUNTY_SELECTION
from rulebook.traceability import ListChain, omitted, violations

FATHER = RelativePost(unit="X", is_leader=True)


@pytest.mark.parametrize(
    ("post", "allowed"),
    [
        (WantedPost("X", "professional", duty="finance"), False),
        (WantedPost("X", "professional", duty="nursing"), True),
        (WantedPost("Y", "professional", duty="finance"), True),
        (WantedPost("X", "management", under_relative=True), False),
        (WantedPost("X", "management"), True),
        (WantedPost("X", "management", duty="leader_secretary"), False),
    ],
)
def test_r15_the_father_is_deputy_director_of_hospital_x(post: WantedPost, allowed: bool) -> None:
    assert bool(check_post_recusal(Relation.LINEAL_BLOOD, FATHER, post)) is allowed


def test_r15_a_relative_who_is_no_leader_bars_only_a_direct_line() -> None:
    colleague = RelativePost(unit="X", is_leader=False)
    assert check_post_recusal(Relation.SPOUSE, colleague, WantedPost("X", "professional", duty="audit"))
    assert not check_post_recusal(Relation.SPOUSE, colleague, WantedPost("X", "management", under_relative=True))


def test_r15_staff_and_examiners_step_aside_for_every_relation() -> None:
    assert {must_step_aside(relation) for relation in Relation} == {True}
    assert not must_step_aside(None)
    assert must_step_aside(None, other_interest=True)


def test_r15_every_relation_has_words() -> None:
    for relation in Relation:
        guard = check_post_recusal(relation, FATHER, WantedPost("X", "professional", duty="audit"))
        assert "{" not in guard.explanation.text("zh") + guard.explanation.text("en")


DECIDED = date(2026, 4, 18)


def test_r39_serious_misconduct_is_recorded_for_five_years() -> None:
    effect = effect_of(Severity.SERIOUS, DECIDED)
    assert (effect.void, effect.record_until) == ("all", date(2031, 4, 18))
    assert record_stands(effect.record, effect.record_until, date(2031, 4, 18))
    assert not record_stands(effect.record, effect.record_until, date(2031, 4, 19))


def test_r39_effects_by_article() -> None:
    found = {severity.value: effect_of(severity, DECIDED) for severity in Severity}
    assert {name: effect.article for name, effect in found.items()} == {
        "registration_fraud": 5,
        "general": 6,
        "serious": 7,
        "very_serious": 8,
        "venue_disorder": 9,
        "duplicate_papers": 10,
        "found_after_hire": 13,
    }
    assert {name for name, effect in found.items() if effect.application_cancelled} == {"registration_fraud"}
    assert {name: effect.void for name, effect in found.items() if effect.void != "none"} == {
        "general": "subject",
        "duplicate_papers": "subject",
        "serious": "all",
        "very_serious": "all",
    }
    assert {name for name, effect in found.items() if effect.removed} == {"venue_disorder"}
    assert {name for name, effect in found.items() if effect.contract_dissolved} == {"found_after_hire"}
    assert {name for name, effect in found.items() if effect.record != "none"} == {"serious", "very_serious"}
    assert record_stands(found["very_serious"].record, None, date(2099, 1, 1))


MARKS, ENDS, NOTHING = Consequence(voids_marks=True), Consequence(ends_application=True), Consequence()


@pytest.mark.parametrize(
    ("severity", "written", "interviewed"),
    [
        (Severity.REGISTRATION_FRAUD, ENDS, ENDS),
        (Severity.GENERAL, MARKS, ENDS),
        (Severity.DUPLICATE_PAPERS, MARKS, ENDS),
        (Severity.SERIOUS, MARKS, ENDS),
        (Severity.VERY_SERIOUS, MARKS, ENDS),
        (Severity.VENUE_DISORDER, NOTHING, NOTHING),
        (Severity.FOUND_AFTER_HIRE, NOTHING, NOTHING),
    ],
)
def test_r39_marks_are_void_before_interviews_and_the_application_ends_after_them(
    severity: Severity, written: Consequence, interviewed: Consequence
) -> None:
    effect = effect_of(severity, DECIDED)
    stages = ("written", "interviewed", "handed_over", "ended")
    assert [consequence_of(effect, stage) for stage in stages] == [written, interviewed, NOTHING, NOTHING]
    for stage in stages:
        for language in ("zh", "en"):
            assert "{" not in "".join(one.text(language) for one in sentences_of(effect, stage, ["职测"]))


def test_r39_the_effect_is_told_with_its_article_its_papers_and_the_last_day_of_the_record() -> None:
    told = sentences_of(effect_of(Severity.SERIOUS, DECIDED), "written", ["职测", "综应"])
    assert [one.code for one in told] == ["conduct.void_all", "conduct.marks_void", "conduct.record_five_years"]
    assert told[0].text("zh") == "第7条：各科成绩无效：职测、综应。"
    assert "2031年4月18日" in told[2].text("zh")
    codes = [one.code for one in sentences_of(effect_of(Severity.VENUE_DISORDER, DECIDED), "ended", [])]
    assert codes == ["conduct.removed", "conduct.record_none"]


@pytest.mark.parametrize(("on", "allowed"), [(date(2026, 4, 18), True), (date(2026, 4, 19), False)])
def test_a_statement_may_be_made_until_the_last_day_and_the_case_is_decided_after_it(on: date, allowed: bool) -> None:
    assert earliest_term(date(2026, 4, 15)) == DECIDED
    assert bool(may_state(on, DECIDED)) is allowed
    silent = may_decide(Severity.SERIOUS, on, DECIDED, has_stated=False, confirmed_by_experts=False)
    assert bool(silent) is not allowed
    assert may_decide(Severity.SERIOUS, on, DECIDED, has_stated=True, confirmed_by_experts=False)


def test_r38_identical_papers_need_the_experts() -> None:
    late, identical = date(2026, 5, 1), Severity.DUPLICATE_PAPERS
    guard = may_decide(identical, late, DECIDED, has_stated=True, confirmed_by_experts=False)
    assert (bool(guard), guard.explanation.code) == (False, "conduct.no_experts")
    assert may_decide(identical, late, DECIDED, has_stated=False, confirmed_by_experts=True)


def test_r40_a_local_ban_bars_within_its_scope_and_time_and_a_record_bars_nobody() -> None:
    ban = Ban("内江市", "neijiang", date(2026, 1, 1), date(2027, 12, 31))
    assert bans_in_force([ban], date(2027, 12, 31), "neijiang") == (ban,)
    assert bans_in_force([ban], date(2028, 1, 1), "neijiang") == ()
    assert bans_in_force([ban], date(2026, 6, 1), "elsewhere") == ()


def full_chain(**changes: set[str]) -> ListChain:
    lists: dict[str, set[str]] = {
        "shortlist": {"a", "b", "c"},
        "interview": {"a", "b", "r", "x"},
        "medical": {"a", "r"},
        "medical_passed": {"a", "r"},
        "inspection_passed": {"a", "r"},
        "notice": {"a", "r"},
        "exempt": {"x"},
        "replacements": {"r"},
    }
    return ListChain(**(lists | changes))


def test_r82_everyone_came_from_the_list_before() -> None:
    assert violations(full_chain()) == ()


@pytest.mark.parametrize(
    ("changes", "stage", "keys"),
    [
        ({"interview": {"a", "b", "r", "x", "z"}}, "interview", ("z",)),
        ({"replacements": set()}, "interview", ("r",)),
        ({"medical": {"a", "r", "c"}}, "medical", ("c",)),
        ({"medical_passed": {"a"}}, "notice", ("r",)),
        ({"inspection_passed": {"r"}}, "notice", ("a",)),
        ({"medical_passed": {"a", "r", "b"}}, "medical_passed", ("b",)),
        ({"inspection_passed": {"a", "r", "b"}}, "inspection_passed", ("b",)),
    ],
)
def test_r82_a_stranger_on_a_list_blocks_it(changes: dict[str, set[str]], stage: str, keys: tuple[str, ...]) -> None:
    [violation] = violations(full_chain(**changes))
    assert (violation.stage, violation.keys) == (stage, keys)
    assert "{" not in violation.explanation.text("zh") + violation.explanation.text("en")


def test_r69_absent_people_appear_on_the_list_of_totals() -> None:
    rules = PublicationRules()
    [breach] = omitted({"a", "b"}, {"a", "b", "absent"}, {"absent"}, rules)
    assert (breach.keys, breach.explanation.code) == (("absent",), "list.omitted")
    assert omitted({"a", "b"}, {"a"}, set(), rules) == ()


def test_r69_absent_people_are_left_out_where_the_rules_say_so_and_nobody_else() -> None:
    rules = PublicationRules(absent_shown=False)
    assert omitted({"a"}, {"a", "absent"}, {"absent"}, rules) == ()
    assert [breach.keys for breach in omitted({"a"}, {"a", "b", "absent"}, {"absent"}, rules)] == [("b",)]


@pytest.mark.parametrize("days", [1, 30])
@pytest.mark.parametrize("has_period", [True, False])
def test_r95_a_page_stays_so_many_days_after_its_period(days: int, has_period: bool) -> None:
    released = datetime(2026, 5, 1, 9, tzinfo=SHANGHAI)
    period_ends = datetime(2026, 5, 9, tzinfo=SHANGHAI) if has_period else None
    rules = PublicationRules(page_life_days=days)
    ends = (period_ends or released) + timedelta(days=days)
    assert page_ends(released, period_ends, rules) == ends
    second = timedelta(seconds=1)
    stays = [bool(page_stays(at, released, period_ends, rules)) for at in (released, ends - second, ends)]
    assert stays == [True, True, False]
    gone = page_stays(ends, released, period_ends, rules).explanation
    assert (gone.code, str(days) in gone.text("zh"), str(days) in gone.text("en")) == (
        "publication.taken_off", True, True,
    )  # fmt: skip


def test_r94_nothing_is_read_before_its_moment() -> None:
    release = datetime(2026, 5, 9, 9, tzinfo=SHANGHAI)
    assert not is_released(release - timedelta(seconds=1), release)
    assert is_released(release, release)
    assert not is_released(release, None)


ROWS: list[dict[str, str | int | Decimal | None]] = [
    {"ticket": "05115031207", "written": Decimal("62.03"), "rank": 1},
    {"ticket": "05115031208", "written": None, "rank": None},
]


def test_r96_the_same_inputs_and_rules_give_the_same_bytes() -> None:
    again = [{name: row[name] for name in reversed(row)} for row in reversed(ROWS)]
    assert sheet_bytes(ROWS, COUNTY_EXAM) == sheet_bytes(again, COUNTY_EXAM)
    assert sheet_bytes(ROWS, COUNTY_EXAM).splitlines()[1] == b'{"rank":1,"ticket":"05115031207","written":"62.03"}'


def test_r96_another_mark_or_another_rule_gives_another_digest() -> None:
    changed = [ROWS[0] | {"written": Decimal("62.04")}, ROWS[1]]
    digests = {
        sheet_digest(ROWS, COUNTY_EXAM),
        sheet_digest(changed, COUNTY_EXAM),
        sheet_digest(ROWS, COUNTY_SELECTION),
    }
    assert len(digests) == 3


@pytest.mark.parametrize(
    ("quota", "plan", "code"),
    [
        (True, True, "guard.publish"),
        (True, False, "guard.no_plan_approval"),
        (False, True, "guard.no_quota_review"),
        (False, False, "guard.no_quota_review"),
    ],
)
def test_nothing_is_published_without_both_approvals(quota: bool, plan: bool, code: str) -> None:
    guard = may_publish(quota_reviewed=quota, plan_approved=plan)
    assert (bool(guard), guard.explanation.code) == (quota and plan, code)


def test_r82_nobody_is_proposed_without_medical_and_inspection() -> None:
    assert may_propose(medical_passed=True, inspection_passed=True)
    assert not may_propose(medical_passed=False, inspection_passed=True)
    assert not may_propose(medical_passed=True, inspection_passed=False)


@pytest.mark.parametrize(
    ("change", "registration_open", "has_applications", "duties"),
    [
        ("neutral", True, True, ["guard.new_notice"]),
        ("widens", True, True, ["guard.new_notice", "guard.extend_window"]),
        ("widens", False, True, ["guard.new_notice"]),
        ("narrows", True, True, ["guard.new_notice", "guard.tell_affected"]),
        ("narrows", True, False, ["guard.new_notice"]),
    ],
)
def test_an_amendment_brings_duties(
    change: str, registration_open: bool, has_applications: bool, duties: list[str]
) -> None:
    found = duties_of_amendment(change, registration_open=registration_open, has_applications=has_applications)
    assert [duty.code for duty in found] == duties
