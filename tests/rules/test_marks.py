"""R36–R46: paper marks, folding, bonus, lines."""

from datetime import date
from decimal import Decimal

import pytest

from rulebook.bonus import BonusClaim, bonus_list_out, bonus_points
from rulebook.explanation import RuleError
from rulebook.marks import MarkStatus, PaperMark, exempt_mark, fold_written, minimum_line
from rulebook.rounding import half_up, rounded, truncate
from rulebook.ruleset import (
    BonusItem,
    BonusRules,
    Fold,
    FoldPart,
    MinimumLine,
    Paper,
    Rounding,
    TotalPart,
    TotalRules,
    WrittenRules,
)
from rulebook.ruleset.profiles import CIVIL_SERVICE_EXAM, COUNTY_EXAM
from rulebook.total import total

D = Decimal
JOINT = COUNTY_EXAM.written


def two_papers(first: str, second: str, full: str = "100", divisor: str = "1", **rules: object) -> WrittenRules:
    parts = (FoldPart(paper="甲", factor=D(first)), FoldPart(paper="乙", factor=D(second)))
    papers = (Paper(name="甲", full_mark=D(full)), Paper(name="乙", full_mark=D(full)))
    return WrittenRules(papers=papers, folds=(Fold(parts=parts, divisor=D(divisor)),), **rules)


def joint(first: str, second: str) -> list[PaperMark]:
    return [PaperMark("职测", D(first)), PaperMark("综应", D(second))]


def pair(first: str, second: str) -> list[PaperMark]:
    return [PaperMark("甲", D(first)), PaperMark("乙", D(second))]


def test_r36_an_absent_paper_leaves_no_written_mark() -> None:
    marks = [PaperMark("职测", D(112)), PaperMark("综应", None, MarkStatus.ABSENT)]
    result = fold_written(marks, JOINT)
    assert (result.value, result.status) == (None, MarkStatus.ABSENT)
    assert fold_written(marks[:1], JOINT).status is MarkStatus.ABSENT
    lenient = JOINT.model_copy(update={"absent_policy": "counts_as_zero", "zero_policy": "counts"})
    assert fold_written(marks, lenient).value == D("37.33")


def test_r37_zero_is_withdrawal_where_the_rules_say_so_and_is_not_absence() -> None:
    marks = joint("0", "88.5")
    assert fold_written(marks, JOINT).status is MarkStatus.ZERO
    counts = JOINT.model_copy(update={"zero_policy": "counts"})
    assert fold_written(marks, counts).value == D("29.50")


def test_r38_a_duplicate_paper_is_void() -> None:
    marks = [PaperMark("职测", D(120), MarkStatus.DUPLICATE), PaperMark("综应", D(100))]
    assert fold_written(marks, JOINT).status is MarkStatus.DUPLICATE


def test_r39_misconduct_outweighs_absence_in_another_paper() -> None:
    marks = [PaperMark("职测", None, MarkStatus.ABSENT), PaperMark("综应", None, MarkStatus.MISCONDUCT)]
    assert fold_written(marks, JOINT).status is MarkStatus.MISCONDUCT


@pytest.mark.parametrize(
    ("rules", "marks", "value"),
    [
        (JOINT, joint("97.6", "88.5"), "62.03"),
        (two_papers("0.5", "0.5"), pair("72.4", "68.3"), "70.35"),
        (two_papers("0.4", "0.6"), pair("72.4", "68.3"), "69.94"),
        (two_papers("1", "1", divisor="2"), pair("70.5", "61"), "65.75"),
        (two_papers("1", "1", full="200", divisor="4"), pair("131.5", "0.5"), "33.00"),
    ],
)
def test_r41_two_papers_fold_by_the_rule_printed(rules: WrittenRules, marks: list[PaperMark], value: str) -> None:
    assert fold_written(marks, rules).value == D(value)


def test_r41_forty_sixty_of_the_worked_example() -> None:
    assert fold_written(pair("72.4", "68.3"), two_papers("0.4", "0.6")).value == D("69.94")


def test_r41_a_paper_in_two_parts_of_seventy_and_thirty() -> None:
    papers = (Paper(name="客观", full_mark=D(70)), Paper(name="主观", full_mark=D(30)))
    rules = WrittenRules(papers=papers, folds=(Fold(parts=(FoldPart(paper="客观"), FoldPart(paper="主观"))),))
    assert fold_written([PaperMark("客观", D("51.5")), PaperMark("主观", D(22))], rules).value == D("73.50")


def test_r41_a_single_paper_is_its_own_mark() -> None:
    rules = WrittenRules(papers=(Paper(name="综合知识"),), folds=(Fold(parts=(FoldPart(paper="综合知识"),)),))
    assert fold_written([PaperMark("综合知识", D("66.5"))], rules).value == D("66.50")


def test_r41_a_scale_that_does_not_lead_to_the_full_mark_is_refused() -> None:
    with pytest.raises(ValueError, match="fold to 150, but the written full mark is 100"):
        two_papers("1", "1", full="150", divisor="2")


def test_decision_23_the_fold_follows_the_papers_a_person_sits() -> None:
    rules = CIVIL_SERVICE_EXAM.written
    two = [PaperMark("行测", D("67.80")), PaperMark("申论", D("78.00"))]
    three = [*two, PaperMark("公安专业", D("70.00"))]
    assert fold_written(two, rules).value == D("72.90")
    assert fold_written(three, rules).value == D("71.52")


def test_a_paper_mark_beyond_its_full_mark_is_refused() -> None:
    for marks, code in [
        (joint("150.01", "80"), "marks.out_of_range"),
        (joint("-1", "80"), "marks.out_of_range"),
        ([PaperMark("职测", None), PaperMark("综应", D(80))], "marks.missing_value"),
        ([PaperMark("职测", D(1)), PaperMark("职测", D(2))], "marks.paper_twice"),
        ([PaperMark("美术", D(1))], "marks.no_fold"),
        ([], "marks.no_fold"),
    ]:
        with pytest.raises(RuleError) as error:
            fold_written(marks, JOINT)
        assert error.value.code == code


@pytest.mark.parametrize(
    ("months", "points"),
    [([35], 4), ([36], 6), ([48], 6), ([24, 12], 4), ([11], 0), ([], 0)],
)
def test_r42_two_points_per_full_year_the_highest_counts_up_to_the_cap(months: list[int], points: int) -> None:
    claims = [BonusClaim("grassroots_service", months=count) for count in months]
    assert bonus_points(claims, JOINT.bonus).points == points


def test_r42_a_bonus_used_once_is_lost_and_sums_where_the_rules_add() -> None:
    rules = BonusRules(items=(BonusItem(kind="a", fixed=D(1)), BonusItem(kind="b", fixed=D("1.5"))), stack="sum")
    assert bonus_points([BonusClaim("a"), BonusClaim("b")], rules).points == D("2.5")
    assert bonus_points([BonusClaim("a", used_before=True), BonusClaim("b")], rules).points == D("1.5")
    with pytest.raises(RuleError):
        bonus_points([BonusClaim("c")], rules)


def test_r43_the_bonus_enters_where_the_rules_put_it() -> None:
    written = fold_written(joint("100", "95"), JOINT, D(4))
    assert written.value == D("69.00")
    raw_sum = JOINT.model_copy(update={"bonus": BonusRules(position="raw_sum")})
    assert fold_written(joint("100", "95"), raw_sum, D(4)).value == D("66.33")


def test_r43_before_or_after_weighting_at_sixty_per_cent() -> None:
    single = Fold(parts=(FoldPart(paper="笔试"),))
    parts = (TotalPart(name="written", weight=D("0.6")), TotalPart(name="interview", weight=D("0.4")))
    rules = TotalRules(parts=parts)
    before = WrittenRules(papers=(Paper(name="笔试"),), folds=(single,), bonus=BonusRules(position="written"))
    after = WrittenRules(papers=(Paper(name="笔试"),), folds=(single,), bonus=BonusRules(position="weighted"))
    first = fold_written([PaperMark("笔试", D("71.5"))], before, D(4))
    second = fold_written([PaperMark("笔试", D("71.5"))], after, D(4))
    assert total({"written": first.value, "interview": D(0)}, rules, first.carried_bonus).value == D("45.30")
    assert total({"written": second.value, "interview": D(0)}, rules, second.carried_bonus).value == D("46.90")


def test_r44_a_bonus_shown_late_is_waived() -> None:
    rules = BonusRules(items=(BonusItem(kind="a", fixed=D(2)),), deadline=date(2026, 4, 10))
    assert bonus_points([BonusClaim("a", proved_on=date(2026, 4, 10))], rules).points == 2
    assert bonus_points([BonusClaim("a", proved_on=date(2026, 4, 11))], rules).points == 0
    assert bonus_points([BonusClaim("a")], rules).points == 0


@pytest.mark.parametrize(
    ("granted", "listed", "code"),
    [
        ({}, {}, "bonus.no_list"),
        ({"01": D(4)}, {"01": D("4.00"), "02": D(0)}, "bonus.list_out"),
        ({"01": D(4)}, {}, "bonus.list_missing"),
        ({"01": D(4)}, {"01": D(2)}, "bonus.list_differs"),
        ({}, {"01": D(2)}, "bonus.list_differs"),
    ],
)
def test_r44_the_published_list_says_exactly_what_was_granted(
    granted: dict[str, Decimal], listed: dict[str, Decimal], code: str
) -> None:
    guard = bonus_list_out(granted, listed)
    assert (bool(guard), guard.explanation.code) == (code in ("bonus.no_list", "bonus.list_out"), code)
    assert not guard or guard.explanation.text("zh")


def test_r44_the_cap_at_the_full_mark_is_a_knob_that_is_off_by_default() -> None:
    marks = joint("150", "141")
    capped = JOINT.model_copy(update={"bonus": BonusRules(cap_at_full_mark=True)})
    assert fold_written(marks, JOINT, D(6)).value == D("103.00")
    assert fold_written(marks, capped, D(6)).value == D("100.00")


def test_r45_half_up_never_to_even_and_never_binary() -> None:
    assert half_up(D("2.675"), 2) == D("2.68")
    assert half_up(D("80.125"), 2) == D("80.13")
    assert truncate(D("69.996"), 2) == D("69.99")


@pytest.mark.parametrize(
    ("mode", "totals"), [("half_up", ("70.00", "70.00")), ("truncate", ("70.00", "69.99")), ("none", ("70", "69.996"))]
)
def test_r45_two_people_under_three_rounding_modes(mode: str, totals: tuple[str, str]) -> None:
    rounding = Rounding(mode=mode, stage="final")
    written = JOINT.model_copy(update={"rounding": rounding})
    parts = (TotalPart(name="written", weight=D("0.6")), TotalPart(name="interview", weight=D("0.4")))
    rules = TotalRules(parts=parts, rounding=rounding)
    people = ((joint("95", "95"), "80.00"), (joint("95.1", "95"), "79.94"))
    found = [total({"written": fold_written(m, written).value, "interview": D(i)}, rules).value for m, i in people]
    assert found == [D(totals[0]), D(totals[1])]


def test_r45_a_third_that_comes_back_to_a_rounding_border_rounds_up() -> None:
    rounding = Rounding(stage="final")
    written = JOINT.model_copy(update={"rounding": rounding})
    parts = (TotalPart(name="written", weight=D("0.6")), TotalPart(name="interview", weight=D("0.4")))
    mark = fold_written(joint("50.025", "50"), written).value
    assert total({"written": mark, "interview": D(0)}, TotalRules(parts=parts, rounding=rounding)).value == D("20.01")


def test_r45_no_result_depends_on_the_decimal_context_of_the_caller() -> None:
    import decimal

    with decimal.localcontext(decimal.Context(prec=3, rounding=decimal.ROUND_DOWN)):
        assert str(fold_written(joint("97.6", "88.5"), JOINT).value) == "62.03"
        assert str(rounded(D("80.125"), Rounding())) == "80.13"


NINE = [D(mark) for mark in (72, 68, 65, 61, 58, 55, 49, 44, 40)]


@pytest.mark.parametrize(("share", "line", "passing"), [("0.8", "45.51", 7), ("0.7", "39.82", 9)])
def test_r46_a_line_relative_to_the_mean(share: str, line: str, passing: int) -> None:
    found = minimum_line(NINE, MinimumLine(kind="mean_share", share=D(share)))
    assert found is not None
    assert half_up(found, 2) == D(line)
    assert sum(mark >= found for mark in NINE) == passing


def test_r46_absent_people_and_where_asked_zeros_are_outside_the_population() -> None:
    relative = MinimumLine(kind="mean_share", share=D("0.8"))
    assert minimum_line([*NINE, None], relative) == minimum_line(NINE, relative)
    without_zero = MinimumLine(kind="mean_share", share=D("0.8"), exclude_zero=True)
    assert minimum_line([*NINE, D(0)], without_zero) == minimum_line(NINE, relative)
    assert minimum_line([*NINE, D(0)], relative) != minimum_line(NINE, relative)
    with pytest.raises(RuleError):
        minimum_line([None], relative)


def test_r46_a_fixed_line_is_itself_and_one_set_by_the_authority_is_not_computed() -> None:
    assert minimum_line(NINE, MinimumLine(kind="fixed", value=D(60))) == 60
    assert minimum_line(NINE, MinimumLine(kind="authority")) is None


def test_r46_a_paper_below_its_own_line_is_named() -> None:
    papers = (Paper(name="甲", min_mark=D(60)), Paper(name="乙", min_mark=D(60)))
    fold = Fold(parts=(FoldPart(paper="甲", factor=D("0.5")), FoldPart(paper="乙", factor=D("0.5"))))
    rules = WrittenRules(papers=papers, folds=(fold,))
    assert fold_written(pair("59.99", "60"), rules).below_line == ("甲",)


def test_r52_an_exempt_person_takes_the_mean_of_the_same_major() -> None:
    assert exempt_mark([D("75.50"), D("74.10"), D("79.25")], JOINT) == D("76.28")


def test_the_explanation_of_a_folded_mark_reads_as_the_issue_asks() -> None:
    result = fold_written(joint("97.6", "88.5"), JOINT)
    assert result.explanation.text("en") == "62.03 = (97.60 + 88.50) ÷ 3, half-up to 2 places"
    assert result.explanation.text("zh") == "62.03 = (97.60 + 88.50) ÷ 3，四舍五入保留2位小数"


def test_the_explanation_shows_the_bonus_where_it_entered() -> None:
    raw_sum = JOINT.model_copy(update={"bonus": BonusRules(position="raw_sum")})
    assert (
        fold_written(joint("100", "95"), JOINT, D(4))
        .explanation.text("en")
        .startswith("69.00 = (100.00 + 95.00) ÷ 3 + 4.00,")
    )
    assert (
        fold_written(joint("100", "95"), raw_sum, D(4))
        .explanation.text("en")
        .startswith("66.33 = (100.00 + 95.00 + 4.00) ÷ 3,")
    )


def test_r42_the_reason_names_years_points_and_cap() -> None:
    result = bonus_points([BonusClaim("grassroots_service", months=50)], JOINT.bonus)
    assert result.explanation.lines("en") == [
        "grassroots service programmes: 4 full years, worth 8.00 points",
        "8.00 points in all, capped at 6.00",
    ]
    assert result.explanation.lines("zh")[0] == "服务基层项目：满4年，可加8.00分"


def test_r42_several_grounds_say_that_they_do_not_add_up_and_then_the_cap() -> None:
    claims = [BonusClaim("grassroots_service", months=50), BonusClaim("grassroots_service", months=24)]
    result = bonus_points(claims, JOINT.bonus)
    assert result.points == D(6)
    assert result.explanation.lines("zh") == [
        "服务基层项目：满4年，可加8.00分",
        "服务基层项目：满2年，可加4.00分",
        "多项不累加，取最高一项：8.00分",
        "可加8.00分，按上限加6.00分",
    ]


def test_r44_a_ground_that_gives_nothing_says_why() -> None:
    rules = BonusRules(items=(BonusItem(kind="a", fixed=D(2)),), deadline=date(2026, 4, 10))
    late = bonus_points([BonusClaim("a", proved_on=date(2026, 4, 11))], rules)
    used = bonus_points([BonusClaim("a", proved_on=date(2026, 4, 1), used_before=True)], rules)
    good = bonus_points([BonusClaim("a", proved_on=date(2026, 4, 1))], rules)
    assert (late.points, used.points, good.points) == (0, 0, 2)
    assert late.explanation.lines("en") == ["a: no proof by 2026-04-10, so it gives nothing"]
    assert used.explanation.lines("zh") == ["a：已享受加分被聘用，不再加分"]
    assert good.explanation.lines("zh") == ["a：可加2.00分"]
    assert bonus_points([], rules).explanation.lines("en") == ["no bonus"]


def test_r44_the_cap_at_the_full_mark_is_told_with_what_was_reached() -> None:
    capped = JOINT.model_copy(update={"bonus": BonusRules(cap_at_full_mark=True)})
    assert (
        fold_written(joint("150", "141"), capped, D(6))
        .explanation.text("en")
        .startswith("(150.00 + 141.00) ÷ 3 + 6.00 = 103.00, above the full mark, so the full mark counts: 100.00,")
    )
    assert fold_written(joint("150", "132"), capped, D(6)).explanation.code == "written.folded"


def test_r43_a_bonus_for_the_total_is_told_with_the_written_mark_it_is_not_in() -> None:
    rules = JOINT.model_copy(update={"bonus": BonusRules(position="weighted")})
    result = fold_written(joint("100", "95"), rules, D(4))
    assert (result.value, result.carried_bonus) == (D("65.00"), D(4))
    assert result.explanation.lines("zh")[0] == "加分4.00分不计入笔试成绩，加权后计入总成绩"
    assert len(fold_written(joint("100", "95"), rules).explanation.lines("zh")) == 1


def test_r41_the_joint_exam_before_and_after_rounding() -> None:
    late = JOINT.model_copy(update={"rounding": Rounding(stage="final")})
    exact = fold_written(joint("97.6", "88.5"), late).value
    assert exact is not None
    assert str(exact).startswith("62.0333")
    assert fold_written(joint("97.6", "88.5"), JOINT).value == half_up(exact, 2) == D("62.03")


def test_r43_points_after_folding_in_beichuan_and_guang_an() -> None:
    single = Fold(parts=(FoldPart(paper="笔试"),))
    for points in ("1", "1.5"):
        rules = WrittenRules(papers=(Paper(name="笔试"),), folds=(single,), bonus=BonusRules(position="weighted"))
        written = fold_written([PaperMark("笔试", D("70"))], rules, D(points))
        weights = TotalRules(
            parts=(TotalPart(name="written", weight=D("0.6")), TotalPart(name="interview", weight=D("0.4")))
        )
        parts = {"written": written.value, "interview": D("80")}
        assert written.value == D("70.00")
        assert total(parts, weights, written.carried_bonus).value == D("74.00") + D(points)


@pytest.mark.parametrize(
    ("mode", "totals"), [("half_up", ("70.00", "70.00")), ("truncate", ("69.99", "69.99")), ("none", ("70", "69.996"))]
)
def test_r45_rounded_at_each_stage_cutting_off_makes_a_tie_that_the_printed_example_has_not(
    mode: str, totals: tuple[str, str]
) -> None:
    rounding = Rounding(mode=mode, stage="each")
    written = JOINT.model_copy(update={"rounding": rounding})
    parts = (TotalPart(name="written", weight=D("0.6")), TotalPart(name="interview", weight=D("0.4")))
    rules = TotalRules(parts=parts, rounding=rounding)
    people = ((joint("95", "95"), "80.00"), (joint("95.1", "95"), "79.94"))
    found = [total({"written": fold_written(m, written).value, "interview": D(i)}, rules).value for m, i in people]
    assert found == [D(totals[0]), D(totals[1])]


def test_r46_the_mean_of_the_worked_example() -> None:
    found = minimum_line(NINE, MinimumLine(kind="mean_share", share=D(1)))
    assert found is not None
    assert half_up(found, 2) == D("56.89")


@pytest.mark.parametrize("share", ["0.6", "0.7", "0.8"])
def test_r46_every_share_seen_is_taken_of_the_same_mean(share: str) -> None:
    mean = D(512) / 9
    found = minimum_line(NINE, MinimumLine(kind="mean_share", share=D(share)))
    assert found is not None
    assert half_up(found, 6) == half_up(mean * D(share), 6)
