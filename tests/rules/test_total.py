"""R64, R65, R83, R84: totals and their weights."""

from decimal import Decimal

import pytest

from rulebook.explanation import RuleError
from rulebook.ruleset import MaterialItem, Rounding, SelectionRules, TotalPart, TotalRules
from rulebook.ruleset.advice import advice
from rulebook.ruleset.profiles import COUNTY_EXAM, COUNTY_SELECTION, PROFILES
from rulebook.selection import MaterialClaim, material_score, reviewers_mean
from rulebook.total import total

D = Decimal


def rules(**weights: str) -> TotalRules:
    return TotalRules(parts=tuple(TotalPart(name=name, weight=D(weight)) for name, weight in weights.items()))


def value(weights: TotalRules, **marks: str) -> Decimal | None:
    return total({name: D(mark) for name, mark in marks.items()}, weights).value


@pytest.mark.parametrize(
    ("written", "interview", "expected"), [("0.5", "0.5", "78.95"), ("0.6", "0.4", "78.26"), ("0.4", "0.6", "79.64")]
)
def test_r64_written_and_interview_by_weight(written: str, interview: str, expected: str) -> None:
    assert value(rules(written=written, interview=interview), written="75.50", interview="82.40") == D(expected)


def test_r64_hangzhou_takes_a_quarter_of_two_hundred_and_half_of_the_interview() -> None:
    parts = (
        TotalPart(name="written", weight=D("0.25"), full_mark=D(200)),
        TotalPart(name="interview", weight=D("0.5")),
    )
    assert value(TotalRules(parts=parts), written="131.5", interview="82.40") == D("74.08")


def test_r64_zhejiang_in_three_parts() -> None:
    three = rules(written="0.3", professional_test="0.35", interview="0.35")
    assert value(three, written="65.75", professional_test="78", interview="82.40") == D("75.87")


def test_r64_guiyang_b_in_three_parts() -> None:
    three = rules(written="0.3", professional_test="0.4", interview="0.3")
    assert value(three, written="62", professional_test="78", interview="82.40") == D("74.52")


def test_r64_an_interview_alone_is_the_total() -> None:
    result = total({"interview": D("82.40")}, rules(interview="1"))
    assert (result.value, result.explanation.text("en")) == (D("82.40"), "82.40 = 82.40, half-up to 2 places")


def test_r65_weights_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match=r"must add up to 1 after scaling to 100, not to 0.9"):
        rules(written="0.5", interview="0.4")


def test_a_missing_part_leaves_no_total_and_is_named() -> None:
    result = total({"written": D(70), "interview": None}, rules(written="0.5", interview="0.5"))
    assert (result.value, result.missing, result.explanation.text("zh")) == (
        None,
        ("interview",),
        "缺少面试成绩，不计总成绩",
    )


def test_an_unknown_or_negative_part_is_refused() -> None:
    for parts, code in [({"oral": D(1)}, "total.unknown_part"), ({"interview": D(-1)}, "total.negative")]:
        with pytest.raises(RuleError) as error:
            total(parts, rules(interview="1"))
        assert error.value.code == code


def test_r83_material_points_are_capped_per_item() -> None:
    marks = (("education", "36"), ("school", "24"), ("awards", "15"), ("papers", "8"))
    claims = [MaterialClaim(item, D(points)) for item, points in marks]
    assert material_score(claims, COUNTY_SELECTION.selection).value == 83
    full = material_score([MaterialClaim("papers", D(10))], COUNTY_SELECTION.selection)
    assert (full.value, full.explanation.steps) == (10, ())
    more = [*claims, MaterialClaim("awards", D(9))]
    score = material_score(more, COUNTY_SELECTION.selection)
    assert (score.value, score.by_item["awards"]) == (88, 20)
    assert score.explanation.lines("en") == [
        "awards: 24.00 points, capped at 20.00",
        "88.00 = 36.00 + 24.00 + 20.00 + 8.00",
    ]


def test_r83_points_without_evidence_do_not_count() -> None:
    claims = [MaterialClaim("awards", D(9), evidence=False), MaterialClaim("papers", D(8))]
    assert material_score(claims, COUNTY_SELECTION.selection).value == 8


def test_r83_total_of_material_and_interview() -> None:
    assert value(rules(material="0.3", interview="0.7"), material="83", interview="86.4") == D("85.38")


def test_r83_an_unknown_item_is_refused() -> None:
    with pytest.raises(RuleError):
        material_score([MaterialClaim("height", D(5))], COUNTY_SELECTION.selection)
    with pytest.raises(RuleError):
        material_score([MaterialClaim("papers", D(-5))], COUNTY_SELECTION.selection)


def test_r83_two_reviewers_are_averaged_and_one_is_not_enough() -> None:
    assert reviewers_mean([D(83), D("84.5")], COUNTY_SELECTION.selection, Rounding()).value == D("83.75")
    with pytest.raises(RuleError):
        reviewers_mean([D(83)], COUNTY_SELECTION.selection, Rounding())


def test_r83_small_points_for_degree_tenure_and_review() -> None:
    items = (
        MaterialItem(name="degree", cap=D(1)),
        MaterialItem(name="tenure", cap=D(2)),
        MaterialItem(name="annual_review", cap=D(2)),
    )
    claims = [MaterialClaim("degree", D(1)), MaterialClaim("tenure", D(3)), MaterialClaim("annual_review", D(2))]
    assert material_score(claims, SelectionRules(material_items=items)).value == 5


def test_r84_interview_and_assessment_by_place() -> None:
    assert value(rules(interview="0.6", assessment="0.4"), interview="84.2", assessment="90") == D("86.52")
    assert value(rules(professional_test="0.5", interview="0.5"), professional_test="78.5", interview="86.4") == D(
        "82.45"
    )


def test_r61_below_the_pass_line_there_is_no_total() -> None:
    weights = rules(written="0.5", interview="0.5")
    result = total({"written": D(90), "interview": D("59.99")}, weights, below_line=["interview"])
    assert (result.value, result.missing, result.explanation.text("zh")) == (None, (), "面试成绩低于合格线，不计总成绩")


def test_r83_material_worth_nothing_is_a_score_and_no_mistake() -> None:
    assert material_score([MaterialClaim("papers", D(0))], COUNTY_SELECTION.selection).value == 0


def test_r83_items_are_named_in_the_language_of_the_reader() -> None:
    score = material_score([MaterialClaim("awards", D(24))], COUNTY_SELECTION.selection)
    assert score.explanation.lines("zh")[0] == "获奖得24.00分，按上限计20.00分"
    with pytest.raises(RuleError) as error:
        material_score([MaterialClaim("身高", D(5))], COUNTY_SELECTION.selection)
    assert error.value.text("zh") == "材料评分没有“身高”这一项，公告规定的项目为：学历学位、毕业院校、获奖、论文著作。"


@pytest.mark.parametrize(
    ("weights", "full", "marks", "exact", "shown"),
    [
        ({"written": "0.25", "interview": "0.5"}, {"written": "200"}, {"written": "131.5", "interview": "82.40"},
         "74.075", "74.08"),
        ({"written": "0.3", "professional_test": "0.35", "interview": "0.35"}, {},
         {"written": "65.75", "professional_test": "78", "interview": "82.40"}, "75.865", "75.87"),
    ],
)  # fmt: skip
def test_r64_the_exact_total_before_it_is_rounded(
    weights: dict[str, str], full: dict[str, str], marks: dict[str, str], exact: str, shown: str
) -> None:
    parts = tuple(
        TotalPart(name=name, weight=D(weight), full_mark=D(full.get(name, "100"))) for name, weight in weights.items()
    )
    given = {name: D(mark) for name, mark in marks.items()}
    assert total(given, TotalRules(parts=parts, rounding=Rounding(mode="none"))).value == D(exact)
    assert total(given, TotalRules(parts=parts)).value == D(shown)


@pytest.mark.parametrize(("written", "told"), [("0.29", ["advice.written_share"]), ("0.3", []), ("0.6", [])])
def test_r64_a_written_exam_counts_for_three_tenths_in_principle(written: str, told: list[str]) -> None:
    weights = rules(written=written, interview=str(1 - D(written)))
    ruleset = COUNTY_EXAM.replaced(total=weights)
    assert [line.code for line in advice(ruleset)] == told


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_r64_no_profile_is_advised_against(profile: str) -> None:
    assert advice(PROFILES[profile]) == ()


def test_r64_the_advice_names_both_shares() -> None:
    [line] = advice(COUNTY_EXAM.replaced(total=rules(written="0.2", interview="0.8")))
    assert line.text("zh") == "本次招聘组织笔试，笔试成绩占总成绩的20%；原则上不低于30%。"


def test_r83_the_two_terms_of_the_total_of_material_and_interview() -> None:
    weights = rules(material="0.3", interview="0.7")
    told = total({"material": D("83"), "interview": D("86.4")}, weights).explanation.text("en")
    assert told == "85.38 = 83.00 × 30% + 86.40 × 70%, half-up to 2 places"
    assert D("83") * D("0.3") == D("24.90")
    assert D("86.4") * D("0.7") == D("60.48")
