"""R46, R48–R53: who is called to the interview."""

from decimal import Decimal

import pytest

from rulebook.explanation import RuleError
from rulebook.ranking import Entry
from rulebook.ruleset import MinimumLine, ScreeningRules, ShortlistRules
from rulebook.ruleset.profiles import COUNTY_EXAM
from rulebook.shortlist import places_for, screening_needed, shortlist, why

D = Decimal
RULES = ShortlistRules()


def entries(*marks: str | None) -> list[Entry]:
    return [Entry(chr(ord("a") + index), None if mark is None else D(mark)) for index, mark in enumerate(marks)]


@pytest.mark.parametrize(("ratio", "places"), [("2", 4), ("3", 6), ("4", 8), ("5", 10)])
def test_r48_places_are_headcount_times_ratio(ratio: str, places: int) -> None:
    assert places_for(2, ShortlistRules(ratio=D(ratio))) == places


def test_r48_fewer_people_than_places_all_come() -> None:
    result = shortlist(entries("70", "60"), 2, RULES)
    assert (result.called, result.places, result.cutoff) == (("a", "b"), 6, D(60))


def test_r48_without_a_ratio_everyone_is_called() -> None:
    assert shortlist(entries("70", "60", "50"), 1, ShortlistRules(ratio=None)).called == ("a", "b", "c")


@pytest.mark.parametrize(
    ("ratio", "headcount", "places"),
    [("1.2", 1, 2), ("1.2", 2, 3), ("1.2", 5, 6), ("1.2", 8, 10), ("1.5", 1, 2), ("1.5", 3, 5), ("1.5", 8, 12)],
)
def test_r49_a_fraction_of_a_place_is_a_place(ratio: str, headcount: int, places: int) -> None:
    assert places_for(headcount, ShortlistRules(ratio=D(ratio))) == places


def test_r49_plus_one_for_small_plans_equals_one_point_two_up_to_four() -> None:
    plus_one = ShortlistRules(ratio=D("1.2"), plus_one_up_to=4)
    assert [places_for(n, plus_one) for n in range(7)] == [
        places_for(n, ShortlistRules(ratio=D("1.2"))) for n in range(7)
    ]


EIGHT = ("78.5", "77", "76", "75.5", "74", "74", "74", "70")


def test_r50_all_who_tie_at_the_last_place_come_in() -> None:
    result = shortlist(entries(*EIGHT), 2, RULES)
    assert (result.called, result.cutoff) == (tuple("abcdefg"), D(74))
    assert result.explanation.text("zh") == "招聘2人，入围名额6人，末位并列一并入围，实际入围7人，入围最低分74.00"


def test_r50_ties_at_the_last_place_may_be_broken_by_a_chain() -> None:
    rules = ShortlistRules(ties="tiebreak", tie_chain=("职测",))
    people = entries(*EIGHT)
    people[4:7] = [Entry(key, D(74), {"职测": D(mark)}) for key, mark in (("e", 98), ("f", 101), ("g", 99))]
    assert shortlist(people, 2, rules).called == tuple("abcdfg")


def test_r50_a_tie_that_the_chain_leaves_open_waits_for_an_extra_test() -> None:
    rules = ShortlistRules(ties="tiebreak", tie_chain=("职测",))
    result = shortlist(entries(*EIGHT), 2, rules)
    assert (result.called, result.extra_test) == (tuple("abcd"), tuple("efg"))


def test_r51_the_line_comes_before_the_count() -> None:
    rules = ShortlistRules(min_line=MinimumLine(kind="fixed", value=D(75)))
    result = shortlist(entries(*EIGHT), 2, rules)
    assert (result.called, result.cutoff, result.line) == (tuple("abcd"), D("75.5"), D(75))


def test_r51_a_mark_on_the_line_is_in() -> None:
    rules = ShortlistRules(min_line=MinimumLine(kind="fixed", value=D(60)))
    assert shortlist(entries("60.00", "59.99"), 1, rules).called == ("a",)


def test_r46_a_line_relative_to_the_position_is_computed_on_it() -> None:
    rules = ShortlistRules(min_line=MinimumLine(kind="mean_share", share=D("0.8")))
    nine = entries("72", "68", "65", "61", "58", "55", "49", "44", "40", None)
    assert shortlist(nine, 3, rules).called == tuple("abcdefg")
    assert shortlist([], 3, rules).called == ()


def test_r46_a_line_on_a_wider_population_must_be_given() -> None:
    rules = ShortlistRules(min_line=MinimumLine(kind="mean_share", share=D("0.8"), population="group"))
    with pytest.raises(RuleError) as error:
        shortlist(entries("72"), 1, rules)
    assert error.value.code == "shortlist.line_missing"
    assert shortlist(entries("72", "60"), 1, rules, line=D(61)).called == ("a",)


def test_r46_a_line_that_the_authority_has_not_set_keeps_nobody_out() -> None:
    people = entries("50", "40")
    assert shortlist(people, 1, COUNTY_EXAM.shortlist).called == ("a", "b")
    assert shortlist(people, 1, COUNTY_EXAM.shortlist, line=D(45)).called == ("a",)


def test_r52_exempt_people_use_no_place_unless_the_rules_count_them() -> None:
    people = [*entries("80", "79", "78", "77"), Entry("x", None)]
    free = shortlist(people, 1, RULES, exempt={"x"})
    assert (free.called, free.exempt) == (("a", "b", "c", "x"), ("x",))
    counted = shortlist(people, 1, ShortlistRules(exempt_counts_in_ratio=True), exempt={"x"})
    assert counted.called == ("a", "b", "x")


@pytest.mark.parametrize(
    ("rules", "passed", "headcount", "needed"),
    [
        (ScreeningRules(enabled=True), 30, 1, True),
        (ScreeningRules(enabled=True), 29, 1, False),
        (ScreeningRules(enabled=True, basis="passed_per_post", threshold=5), 10, 2, True),
        (ScreeningRules(enabled=True, basis="passed_per_post", threshold=5), 9, 2, False),
        (ScreeningRules(), 100, 1, False),
    ],
)
def test_r53_many_applicants_for_an_exam_free_post_are_screened(
    rules: ScreeningRules, passed: int, headcount: int, needed: bool
) -> None:
    assert screening_needed(passed, headcount, rules) is needed


def test_people_without_a_mark_are_never_called() -> None:
    assert shortlist(entries("70", None, "60"), 3, RULES).called == ("a", "c")


def test_a_post_without_headcount_calls_nobody() -> None:
    assert shortlist(entries("70"), 0, RULES).called == ()
    with pytest.raises(RuleError):
        shortlist(entries("70"), -1, RULES)


def test_a_person_twice_is_refused() -> None:
    with pytest.raises(RuleError):
        shortlist([Entry("a", D(1)), Entry("a", D(2))], 1, RULES)


def test_a_cancelled_post_calls_nobody_not_even_exempt_people() -> None:
    people = [*entries("80"), Entry("x", None)]
    assert shortlist(people, 0, RULES, exempt={"x"}).called == ()
    assert shortlist(people, 0, ShortlistRules(ratio=None), exempt={"x"}).called == ()


def test_a_single_place_goes_to_the_best() -> None:
    assert shortlist(entries("60", "70"), 1, ShortlistRules(ratio=D(1))).called == ("b",)


def test_r49_a_plan_of_four_takes_five_by_both_ways() -> None:
    assert places_for(4, ShortlistRules(ratio=D("1.2"))) == places_for(4, ShortlistRules(plus_one_up_to=4)) == 5


def test_r53_after_the_screening_test_three_to_one_with_ties() -> None:
    screening = ScreeningRules(enabled=True)
    people = entries("90", "88", "85", "85", "70")
    called = shortlist(people, 1, ShortlistRules(ratio=screening.ratio)).called
    assert called == ("a", "b", "c", "d")
    assert not screening.counts_in_total


@pytest.mark.parametrize(
    ("key", "code"),
    [("a", "in"), ("g", "in"), ("h", "out"), ("low", "below_line"), ("none", "no_mark"), ("x", "is_exempt")],
)
def test_r50_every_person_is_told_why_they_are_called_or_not(key: str, code: str) -> None:
    people = [*entries(*EIGHT), Entry("low", D(59)), Entry("none", None), Entry("x", None)]
    rules = ShortlistRules(min_line=MinimumLine(kind="fixed", value=D(60)))
    result = shortlist(people, 2, rules, exempt={"x"})
    told = why(next(person for person in people if person.key == key), result)
    assert told.code == f"shortlist.{code}"
    assert told.lines("zh")[:2] == result.explanation.lines("zh")
    assert "{" not in "".join(told.lines("zh") + told.lines("en"))


def test_r50_a_tie_that_waits_and_a_post_that_calls_nobody_are_told_so() -> None:
    rules = ShortlistRules(ties="tiebreak", tie_chain=("职测",))
    assert why(Entry("e", D(74)), shortlist(entries(*EIGHT), 2, rules)).code == "shortlist.waiting"
    assert why(Entry("a", D(80)), shortlist(entries("80"), 0, RULES)).code == "shortlist.nobody_in"
