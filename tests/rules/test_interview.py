"""R55–R63: the interview."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from rulebook.draw import draw, is_withdrawn, may_close_interview
from rulebook.explanation import SHANGHAI, RuleError
from rulebook.interview import (
    apply_coefficient,
    check_mark,
    check_panel,
    coefficient,
    has_no_competition,
    no_competition_verdict,
    panel_mark,
    passes_line,
    room_coefficients,
    trimmed_mean,
    votes_needed,
)
from rulebook.ruleset import CoefficientRules, InterviewElement, InterviewRules, NoCompetitionRules

D = Decimal
RULES = InterviewRules()
SEALED = datetime(2026, 5, 23, 8, 30, tzinfo=SHANGHAI)


def marks(text: str) -> list[Decimal]:
    return [D(mark) for mark in text.split()]


def test_r55_the_draw_gives_everyone_one_place_and_can_be_recomputed() -> None:
    keys = [f"p{i}" for i in range(20)]
    drawn = draw(keys, 3, "seed")
    assert set(drawn) == set(keys)
    assert len({(number.room, number.order) for number in drawn.values()}) == 20
    assert sorted(number.room for number in drawn.values()).count(1) == 7
    assert draw(keys[::-1], 3, "seed") == drawn


def test_r55_late_after_sealing_is_withdrawal() -> None:
    assert not is_withdrawn(SEALED - timedelta(seconds=1), SEALED)
    assert is_withdrawn(SEALED, SEALED)
    assert is_withdrawn(None, SEALED)


def test_r56_a_panel_is_odd_large_enough_and_partly_from_outside() -> None:
    rules = InterviewRules(external_share=D("0.5"))
    assert check_panel(7, 4, rules) == ()
    assert [problem.code for problem in check_panel(6, 2, rules)] == [
        "interview.panel_small",
        "interview.panel_even",
        "interview.panel_external",
    ]


def test_r57_seven_judges_without_the_highest_and_the_lowest() -> None:
    result = trimmed_mean(marks("84 86.5 82 91 85 79.5 87"), RULES)
    assert result.value == D("84.90")
    assert result.explanation.lines("en") == [
        "highest and lowest dropped: 79.50, 91.00",
        "84.90 = (84.00 + 86.50 + 82.00 + 85.00 + 87.00) ÷ 5, half-up to 2 places",
    ]


def test_r57_without_trimming_the_mean_is_another_one() -> None:
    assert trimmed_mean(marks("84 86.5 82 91 85 79.5 87"), InterviewRules(trim_high=0, trim_low=0)).value == D("85.00")


def test_r57_five_judges() -> None:
    assert trimmed_mean(marks("84 86.5 82 91 79.5"), InterviewRules(panel_size=5)).value == D("84.17")


def test_r57_of_tied_extremes_only_one_is_dropped() -> None:
    assert trimmed_mean(marks("90 90 80 80 80 70 70"), RULES).value == D("80.00")
    assert trimmed_mean(marks("90 90 80 70 70"), InterviewRules(panel_size=5)).value == D("80.00")


def test_r57_too_few_marks_are_refused() -> None:
    with pytest.raises(RuleError):
        trimmed_mean(marks("84 86"), RULES)


ELEMENTS = (InterviewElement(name="分析", full_mark=D(60)), InterviewElement(name="表达", full_mark=D(40)))


def test_r57_trimming_may_be_done_for_each_element() -> None:
    sheets = [{"分析": D(a), "表达": D(b)} for a, b in ((50, 30), (60, 20), (40, 40))]
    whole = InterviewRules(elements=ELEMENTS, panel_size=3)
    assert panel_mark(sheets, whole).value == D("80.00")
    each = InterviewRules(elements=ELEMENTS, panel_size=3, trim_elements=True)
    assert panel_mark(
        [{"分析": D(55), "表达": D(20)}, {"分析": D(50), "表达": D(40)}, {"分析": D(10), "表达": D(30)}], each
    ).value == D("80.00")


def test_r58_marks_outside_range_or_step_are_refused() -> None:
    rules = InterviewRules(mark_step=D("0.5"))
    check_mark(D("84.5"), rules)
    for mark, code in (
        ("84.3", "interview.step"),
        ("100.5", "interview.out_of_range"),
        ("-1", "interview.out_of_range"),
    ):
        with pytest.raises(RuleError) as error:
            check_mark(D(mark), rules)
        assert error.value.code == code


def test_r58_every_element_must_be_marked_within_its_maximum() -> None:
    rules = InterviewRules(elements=ELEMENTS, panel_size=3)
    good = {"分析": D(50), "表达": D(30)}
    for bad, code in (
        ({"分析": D(50)}, "interview.elements"),
        ({"分析": D(61), "表达": D(1)}, "interview.element_range"),
    ):
        with pytest.raises(RuleError) as error:
            panel_mark([good, good, bad], rules)
        assert error.value.code == code


def test_r58_elements_must_add_up_to_the_highest_mark() -> None:
    with pytest.raises(ValueError, match="must add up to the highest mark"):
        InterviewRules(elements=ELEMENTS[:1])


def test_r59_three_rooms_of_xuancheng() -> None:
    rules = CoefficientRules(method="grand_mean", places=3, mean_places=2)
    rooms = {name: [D(mean)] * 20 for name, mean in (("1", "68.52"), ("2", "72.15"), ("3", "78.26"))}
    found = room_coefficients(rooms, rules)
    assert found == {"1": D("1.065"), "2": D("1.012"), "3": D("0.933")}
    evened = [apply_coefficient(D(80), found[room], rules).value for room in ("1", "2", "3")]
    assert evened == [D("85.20"), D("80.96"), D("74.64")]


def test_r59_an_unrounded_grand_mean_gives_another_third_place() -> None:
    rules = CoefficientRules(method="grand_mean", places=3)
    rooms = {name: [D(mean)] * 20 for name, mean in (("1", "68.52"), ("2", "72.15"), ("3", "78.26"))}
    assert room_coefficients(rooms, rules)["2"] == D("1.011")


UNEQUAL = {"A": [D(80)] * 20, "B": [D(90)] * 10}


@pytest.mark.parametrize(
    ("rules", "factor", "evened"),
    [
        (CoefficientRules(method="grand_mean"), "1.0417", "88.54"),
        (CoefficientRules(method="grand_mean", mean_places=2), "1.0416", "88.54"),
        (CoefficientRules(method="mean_of_means"), "1.0625", "90.31"),
        (CoefficientRules(method="none"), "1", "85.00"),
    ],
)
def test_r60_unequal_rooms_by_method(rules: CoefficientRules, factor: str, evened: str) -> None:
    found = room_coefficients(UNEQUAL, rules)
    assert found["A"] == D(factor)
    assert apply_coefficient(D(85), found["A"], rules).value == D(evened)


def test_r60_the_extremes_of_each_room_may_be_left_out() -> None:
    rules = CoefficientRules(method="trimmed")
    assert coefficient(D("73.1596"), D("73.6664"), rules) == D("0.9931")
    assert coefficient(D("73.1596"), D("72.6445"), rules) == D("1.0071")
    rooms = {"A": marks("99 98 80 80 2 1"), "B": marks("99 98 90 90 2 1")}
    assert room_coefficients(rooms, rules) == {"A": D("1.0625"), "B": D("0.9444")}
    with pytest.raises(RuleError):
        room_coefficients({"A": marks("99 98 2 1")}, rules)


def test_r60_two_places_for_the_coefficient_and_four_for_the_mark() -> None:
    rules = CoefficientRules(method="grand_mean", places=2, score_places=4)
    factor = coefficient(D("79.40"), D("76.12"), rules)
    assert factor == D("1.04")
    assert str(apply_coefficient(D("81.25"), factor, rules).value) == "84.5000"


def test_r60_the_cap_at_a_hundred_is_a_knob() -> None:
    assert apply_coefficient(D(98), D("1.05"), CoefficientRules()).value == D("102.90")
    capped = apply_coefficient(D(98), D("1.05"), CoefficientRules(cap=D(100)))
    assert (capped.value, capped.explanation.code) == (D(100), "interview.evened_capped")


@pytest.mark.parametrize(
    ("line", "mark", "passes"),
    [("60", "60.00", True), ("60", "59.99", False), ("70", "69.99", False), (None, "1", True)],
)
def test_r61_the_pass_line(line: str | None, mark: str, passes: bool) -> None:
    assert passes_line(D(mark), InterviewRules(pass_line=None if line is None else D(line))) is passes


def test_r62_no_competition_is_judged_by_people_who_were_interviewed() -> None:
    rules = NoCompetitionRules(line=D(70))
    assert [has_no_competition(n, 2, rules) for n in (1, 2, 3)] == [True, True, False]
    luzhou = NoCompetitionRules(line=D(80), ratio=D(2), inclusive=False)
    assert [has_no_competition(n, 2, luzhou) for n in (3, 4)] == [True, False]
    zhejiang = NoCompetitionRules(line=D(60), ratio=D(2))
    assert [has_no_competition(n, 2, zhejiang) for n in (4, 5)] == [True, False]
    assert not has_no_competition(1, 2, NoCompetitionRules())


@pytest.mark.parametrize(("line", "met"), [("60", True), ("70", True), ("80", False)])
def test_r62_the_extra_line(line: str, met: bool) -> None:
    assert no_competition_verdict(D("79.99"), NoCompetitionRules(line=D(line))).met is met


def test_r62_the_mean_of_that_panel_that_session() -> None:
    rules = NoCompetitionRules(at_least_panel_mean=True)
    session = marks("78.2 81.4 75.6 84.0 79.8")
    verdicts = {mark: no_competition_verdict(mark, rules, session_marks=session).met for mark in session}
    assert verdicts == {D("78.2"): False, D("81.4"): True, D("75.6"): False, D("84.0"): True, D("79.8"): True}
    with pytest.raises(RuleError):
        no_competition_verdict(D(80), rules)


def test_r62_two_thirds_of_the_panel() -> None:
    assert [votes_needed(panel) for panel in (7, 9, 5)] == [5, 6, 4]
    rules = NoCompetitionRules(line=D(70), two_thirds_vote=True)
    assert no_competition_verdict(D(71), rules, votes=5, panel=7).met
    failed = no_competition_verdict(D(69), rules, votes=4, panel=7)
    assert failed.failed == ("line", "vote")
    assert failed.explanation.lines("zh")[-1] == "未形成竞争，附加条件未满足，不进入下一环节"
    with pytest.raises(RuleError):
        no_competition_verdict(D(71), rules)


def test_r63_the_mark_is_signed_or_the_refusal_noted() -> None:
    assert may_close_interview(True, None)
    assert may_close_interview(False, "supervisor")
    assert not may_close_interview(False, None)


def test_r59_a_room_without_any_mark_above_zero_has_no_coefficient() -> None:
    with pytest.raises(RuleError) as error:
        coefficient(D(70), D(0), CoefficientRules(method="grand_mean"))
    assert error.value.code == "interview.zero_mean"


def test_r62_the_mean_of_the_panel_is_taken_to_two_places() -> None:
    rules = NoCompetitionRules(at_least_panel_mean=True)
    assert no_competition_verdict(D("80.00"), rules, session_marks=marks("80 80 80.01")).met
    assert not no_competition_verdict(D("80.00"), rules, session_marks=marks("80 80 80.02")).met


@pytest.mark.parametrize(
    ("interviewees", "mark", "stays"), [(4, "50", True), (4, "49.99", False), (2, "50", False), (2, "60", True)]
)
def test_r61_jiangsu_asks_half_with_competition_and_sixty_per_cent_without(
    interviewees: int, mark: str, stays: bool
) -> None:
    rules = InterviewRules(pass_line=D(50), no_competition=NoCompetitionRules(line=D(60)))
    extra = has_no_competition(interviewees, 2, rules.no_competition)
    held = passes_line(D(mark), rules) and (not extra or no_competition_verdict(D(mark), rules.no_competition).met)
    assert held is stays


@pytest.mark.parametrize(("interviewees", "applies"), [(3, True), (4, False)])
def test_r62_luzhou_asks_eighty_below_two_to_one(interviewees: int, applies: bool) -> None:
    luzhou = NoCompetitionRules(line=D(80), ratio=D(2), inclusive=False)
    assert has_no_competition(interviewees, 2, luzhou) is applies
    assert not no_competition_verdict(D("79.99"), luzhou).met


def test_r60_the_grand_mean_of_unequal_rooms_is_83_33_or_85_by_the_method() -> None:
    persons = room_coefficients(UNEQUAL, CoefficientRules(method="grand_mean", places=6))
    rooms = room_coefficients(UNEQUAL, CoefficientRules(method="mean_of_means", places=6))
    assert (persons["A"] * 80).quantize(D("0.01")) == D("83.33")
    assert rooms["A"] * 80 == 85
