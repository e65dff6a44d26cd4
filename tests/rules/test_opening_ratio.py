"""R26–R31: the opening ratio."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from rulebook.explanation import SHANGHAI, Explanation, RuleError
from rulebook.opening_ratio import (
    OpeningResult,
    PostCounts,
    check_conservation,
    effective_headcount,
    extended_until,
    line_of_kept,
    open_posts,
    posts_to_cancel,
    valid_applicants,
)
from rulebook.ruleset import MinimumLine, OpeningRatioRules

RULES = OpeningRatioRules()


@pytest.mark.parametrize(("planned", "valid", "effective"), [(2, 5, 1), (2, 2, 0), (5, 14, 4), (5, 20, 5)])
def test_r26_headcount_is_cut_to_what_the_ratio_carries(planned: int, valid: int, effective: int) -> None:
    result = effective_headcount(planned, valid, RULES)
    assert (result.effective, result.outcome == "cancelled") == (effective, effective == 0)


def test_r26_what_is_lost_is_reduced_or_cancelled_and_never_both() -> None:
    reduced, cancelled = effective_headcount(2, 5, RULES), effective_headcount(2, 2, RULES)
    assert (reduced.outcome, reduced.reduced, reduced.cancelled) == ("reduced", 1, 0)
    assert (cancelled.outcome, cancelled.reduced, cancelled.cancelled) == ("cancelled", 0, 2)


@pytest.mark.parametrize(("basis", "effective"), [("registered", 15), ("passed", 13), ("paid", 12)])
def test_r27_the_counting_basis_is_a_knob(basis: str, effective: int) -> None:
    rules = OpeningRatioRules(basis=basis)
    valid = valid_applicants(PostCounts(planned=15, registered=53, passed=41, paid=36), rules)
    assert effective_headcount(15, valid, rules).effective == effective


def test_r28_the_ratio_may_be_another_one_for_a_post() -> None:
    assert effective_headcount(2, 4, RULES, k=2).effective == 2
    assert effective_headcount(2, 9, RULES, k=5).effective == 1
    assert effective_headcount(2, 1, RULES, k=0).outcome == "kept"
    assert effective_headcount(2, 1, OpeningRatioRules(k=None)).outcome == "kept"


@pytest.mark.parametrize(
    ("rules", "valid", "outcome", "effective"),
    [
        (
            OpeningRatioRules(on_fail="keep_with_line", kept_line=MinimumLine(kind="fixed", value=Decimal(60))),
            2,
            "kept_with_line",
            2,
        ),
        (
            OpeningRatioRules(on_fail="keep_with_line", kept_line=MinimumLine(kind="fixed", value=Decimal(60))),
            0,
            "cancelled",
            0,
        ),
        (OpeningRatioRules(on_fail="merge"), 2, "merge", 2),
        (OpeningRatioRules(on_fail="extend_registration", extend_hours=48), 2, "extend_registration", 2),
    ],
)
def test_r29_a_post_short_of_applicants_may_be_kept_in_other_ways(
    rules: OpeningRatioRules, valid: int, outcome: str, effective: int
) -> None:
    result = effective_headcount(2, valid, rules)
    assert (result.outcome, result.effective) == (outcome, effective)


def test_r29_after_the_extension_the_ratio_cuts() -> None:
    rules = OpeningRatioRules(on_fail="extend_registration", extend_hours=48)
    assert effective_headcount(2, 5, rules, extended=True).outcome == "reduced"


def test_r30_cancelling_first_saves_a_place_that_reducing_first_would_lose() -> None:
    before = {"P": (2, 5), "Q": (1, 2)}
    assert posts_to_cancel(before, RULES) == ("Q",)
    results = open_posts(before, {"P": 6}, RULES)
    assert {code: result.effective for code, result in results.items()} == {"P": 2, "Q": 0}
    at_once = open_posts(before, {"P": 6}, OpeningRatioRules(cut_order="reduce_at_once"))
    assert {code: result.effective for code, result in at_once.items()} == {"P": 1, "Q": 0}


def test_r31_planned_is_effective_reduced_and_cancelled_together() -> None:
    """Xiamen 2015: 555 planned, 513 left: 20 posts without applicants, 16 below the ratio, 4 reduced; 42 hires lost."""
    without, short = [(1, 0)] * 20, [(1, 2)] * 16
    reduced = [(3, 3), (3, 3), (2, 5), (2, 5)]
    results = [effective_headcount(*post, RULES) for post in (*without, *short, *reduced, (509, 53_706))]
    check_conservation(results)
    assert (sum(result.planned for result in results), sum(result.effective for result in results)) == (555, 513)
    assert sum(result.reduced + result.cancelled for result in results) == 42
    assert [result.outcome for result in results].count("cancelled") == 20 + 16
    assert [result.outcome for result in results].count("reduced") == 4
    broken = OpeningResult(3, 1, 1, 0, "reduced", Explanation("opening.reduced"))
    with pytest.raises(RuleError) as error:
        check_conservation([broken])
    assert error.value.code == "opening.not_conserved"


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(RuleError):
        effective_headcount(-1, 3, RULES)


def test_the_reason_names_the_numbers() -> None:
    text = effective_headcount(2, 5, RULES).explanation.text("zh")
    assert text == "有效报名5人，应有6人，未达到3:1，招聘人数由2人核减为1人"


def test_nothing_planned_or_nobody_registered_is_a_result_and_no_error() -> None:
    assert (effective_headcount(0, 5, RULES).effective, effective_headcount(0, 5, RULES).outcome) == (0, "kept")
    assert effective_headcount(1, 0, RULES).outcome == "cancelled"


def test_r29_a_post_with_enough_applicants_is_simply_kept_whatever_the_remedy() -> None:
    line = MinimumLine(kind="fixed", value=Decimal(60))
    for rules in (OpeningRatioRules(on_fail="keep_with_line", kept_line=line), OpeningRatioRules(on_fail="merge")):
        assert effective_headcount(2, 6, rules).outcome == "kept"


@pytest.mark.parametrize(
    ("general", "kept", "line"),
    [(None, Decimal(60), Decimal(60)), (Decimal(65), Decimal(60), Decimal(65)), (Decimal(50), None, Decimal(50)),
     (None, None, None)],
)  # fmt: skip
def test_r29_a_post_kept_below_the_ratio_has_at_least_the_line_of_kept_posts(general, kept, line) -> None:
    assert line_of_kept(general, kept) == line


def test_r29_registration_is_extended_from_its_end_or_from_the_decision_if_that_is_later() -> None:
    closes = datetime(2026, 3, 26, tzinfo=SHANGHAI)
    rules = OpeningRatioRules(on_fail="extend_registration", extend_hours=48)
    days = [extended_until(closes + timedelta(days=days), closes, rules) - closes for days in (-1, 0, 3)]
    assert days == [timedelta(days=2), timedelta(days=2), timedelta(days=5)]
