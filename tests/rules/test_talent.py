"""R81, R85–R93: pooled posts, grants, open challenges, counting."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from rulebook.challenge import (
    agreement_years,
    award,
    bid_score,
    board_outcome,
    check_days,
    may_extend,
    may_pay,
    milestone_amounts,
    outcome_explanation,
    overlap_warning,
    overlaps,
    panel_score,
    single_bid_accepted,
)
from rulebook.counting import (
    STAGES_BY_TRACK,
    Attribution,
    CountedRecord,
    CountingStage,
    Progress,
    Touch,
    Way,
    attribute,
    count_people,
    growth,
    is_hired_from_event,
    official_count,
    people_at,
    percentage,
    stage_counts,
    tier_of,
)
from rulebook.explanation import SHANGHAI, RuleError
from rulebook.grants import clawback, entitlement, grant_total
from rulebook.pool_selection import Chooser, assign_units, choosing_order, open_units
from rulebook.ruleset import ChallengeRules, CountingRules, EventRules, GrantRules
from rulebook.ruleset.profiles import COUNTY_SELECTION
from rulebook.ruleset.talent import Grant

D = Decimal
RULES = ChallengeRules()
COUNTING = CountingRules()
UNITS = {"U1": 2, "U2": 1, "U3": 1}


def test_r81_people_choose_by_total_and_ties_by_written_mark() -> None:
    people = [Chooser("d", D(70)), Chooser("b", D(80), D(71)), Chooser("a", D(80), D(72)), Chooser("c", D(75))]
    assert choosing_order(people) == ("a", "b", "c", "d")
    with pytest.raises(RuleError) as error:
        choosing_order([Chooser("a", D(80), D(72)), Chooser("b", D(80), D(72))])
    assert error.value.values["people"] == ("a", "b")


def test_r81_the_third_may_not_pick_a_unit_that_is_full() -> None:
    assert open_units(UNITS, ["U1", "U1"]) == ("U2", "U3")
    with pytest.raises(RuleError) as error:
        assign_units("abcd", {"a": "U1", "b": "U1", "c": "U1", "d": "U2"}, UNITS)
    assert (error.value.code, error.value.values["person"]) == ("pool.full", "c")


def test_r81_a_refusal_is_withdrawal_and_frees_the_choice_of_the_next() -> None:
    result = assign_units("abcd", {"a": "U2", "b": None, "c": "U1", "d": "U1"}, UNITS)
    assert (result.assigned, result.withdrawn) == ({"a": "U2", "c": "U1", "d": "U1"}, ("b",))
    assert result.left == {"U1": 0, "U2": 0, "U3": 1}


@pytest.mark.parametrize(("choices", "code"), [({}, "pool.no_choice"), ({"a": "U9"}, "pool.unknown_unit")])
def test_r81_an_impossible_choice_is_refused(choices: dict[str, str], code: str) -> None:
    with pytest.raises(RuleError) as error:
        assign_units("a", choices, UNITS)
    assert error.value.code == code


GRANTS = COUNTY_SELECTION.grants


def test_r85_the_entitlement_is_told_line_by_line() -> None:
    assert entitlement("doctor", GRANTS).lines("en") == [
        "50000 yuan are granted once.",
        "3000 yuan are granted for each month on post, for at most 36 months: 108000 yuan.",
        "Of the monthly part the unit bears 54000 yuan and public finance 54000 yuan.",
        "The grants come to at most 158000 yuan.",
    ]
    once = GrantRules(grants=(Grant(degree="master", once=Decimal(30000), monthly=Decimal(0)),))
    assert entitlement("master", once).lines("zh") == ["一次性补助30000元。", "补助总额最高30000元。"]
    with pytest.raises(RuleError):
        entitlement("bachelor", once)


def test_r85_the_grants_of_xian_an() -> None:
    doctor, master = grant_total("doctor", GRANTS), grant_total("master", GRANTS)
    assert (doctor.total, doctor.unit_share) == (158_000, 54_000)
    assert master.total == 84_000


def test_r85_only_while_on_post_and_part_is_paid_back_on_leaving_early() -> None:
    assert grant_total("doctor", GRANTS, months_on_post=10).total == 80_000
    assert grant_total("doctor", GRANTS, months_on_post=99).total == 158_000
    assert clawback("doctor", 24, 60, GRANTS) == 30_000
    assert clawback("doctor", 60, 60, GRANTS) == 0
    assert clawback("doctor", 24, 60, GrantRules(grants=GRANTS.grants, clawback="none")) == 0
    with pytest.raises(RuleError):
        grant_total("bachelor", GRANTS)


def test_r86_a_bid_is_scored_by_weighted_criteria() -> None:
    score = bid_score({"technical": D(88), "team": D(80), "terms": D(75)}, RULES)
    assert score.value == D("83.00")
    assert score.explanation.text("en") == "83.00 = 88.00 × 50% + 80.00 × 30% + 75.00 × 20%, half-up to 2 places"
    with pytest.raises(RuleError):
        bid_score({"technical": D(88)}, RULES)


def test_r86_from_seven_experts_on_the_extremes_are_dropped() -> None:
    assert panel_score([D(mark) for mark in (10, 80, 80, 80, 80, 80, 100)], RULES).value == D("80.00")
    assert panel_score([D(mark) for mark in (60, 80, 80, 80, 100)], RULES).value == D("80.00")
    assert panel_score([D(mark) for mark in (50, 80, 80, 80, 80, 80)], RULES).value == D("75.00")
    with pytest.raises(RuleError):
        panel_score([D(80)] * 4, RULES)


@pytest.mark.parametrize(
    ("scores", "winner"),
    [({"a": "83.00", "b": "82.99"}, "a"), ({"a": "75.00"}, "a"), ({"a": "74.99"}, None), ({}, None)],
)
def test_r86_the_first_wins_if_it_reaches_the_threshold(scores: dict[str, str], winner: str | None) -> None:
    assert award({key: D(score) for key, score in scores.items()}, RULES).winner == winner


def test_r87_equal_first_scores_are_decided_by_people() -> None:
    result = award({"b": D(80), "a": D(80), "c": D(70)}, RULES)
    assert (result.winner, result.tied, result.explanation.code) == (None, ("a", "b"), "challenge.tie_chair_vote")
    again = award({"b": D(80), "a": D(80)}, ChallengeRules(tie="second_defence"))
    assert again.explanation.text("en") == "2 bids share the highest score 80.00: a second defence decides."


def test_r87_no_bid_fails_and_a_single_bid_follows_its_rule() -> None:
    assert [board_outcome(bids, RULES) for bids in (0, 1, 2)] == ["failed_board", "accept_with_two_thirds", "review"]
    assert board_outcome(1, ChallengeRules(single_bid="extend")) == "extend"
    assert board_outcome(1, ChallengeRules(single_bid="fail")) == "failed_board"
    assert board_outcome(2, ChallengeRules(min_bids=3, single_bid="extend")) == "extend"


@pytest.mark.parametrize(("score", "votes", "accepted"), [("75", 4, True), ("74.99", 5, False), ("90", 3, False)])
def test_r87_a_single_bid_needs_the_threshold_and_two_thirds(score: str, votes: int, accepted: bool) -> None:
    assert bool(single_bid_accepted(D(score), votes, 5, RULES)) is accepted


def test_r88_payment_by_milestone_adds_up_to_the_cent() -> None:
    assert milestone_amounts(D(300_000), RULES) == (120_000, 120_000, 60_000)
    thirds = ChallengeRules(milestones=(D("0.3333"), D("0.3333"), D("0.3334")))
    amounts = milestone_amounts(D("100.01"), thirds)
    assert (amounts, sum(amounts)) == ((D("33.33"), D("33.33"), D("33.35")), D("100.01"))


def test_r88_a_failed_stage_blocks_the_payments_after_it() -> None:
    assert may_pay(0, [True])
    assert not may_pay(1, [True, False])
    assert not may_pay(2, [True, False, True])
    assert not may_pay(1, [True])


def test_r88_one_extension_of_at_most_a_year() -> None:
    assert may_extend(0, 12, RULES)
    assert not may_extend(0, 13, RULES)
    assert not may_extend(1, 1, RULES)


@pytest.mark.parametrize(
    ("logged", "evidenced", "rule", "due"),
    [
        (60, True, "scaled", "30000"),
        (45, True, "scaled", "22500.00"),
        (45, True, "refused", "0"),
        (60, False, "scaled", "0.00"),
    ],
)
def test_r89_days_short_of_the_agreement_scale_or_refuse_the_subsidy(
    logged: int, evidenced: bool, rule: str, due: str
) -> None:
    check = check_days(logged, 60, evidenced, D(30_000), ChallengeRules(days_shortfall=rule))
    assert (check.subsidy, check.met) == (D(due), due == "30000")


def test_r89_overlapping_engagements_are_noticed() -> None:
    first = (date(2026, 1, 1), date(2026, 6, 30))
    assert overlaps(first, (date(2026, 6, 30), date(2026, 12, 31)))
    assert not overlaps(first, (date(2026, 7, 1), date(2026, 12, 31)))
    assert not overlaps((date(2026, 7, 1), date(2026, 12, 31)), first)
    within = (date(2026, 3, 1), date(2026, 4, 30))
    assert overlaps(first, within)
    assert overlaps(within, first)


def test_r89_the_warning_names_the_days_that_overlap() -> None:
    first = (date(2026, 1, 1), date(2026, 6, 30))
    warning = overlap_warning(first, (date(2026, 6, 1), date(2026, 12, 31)), "柔2")
    assert warning is not None
    assert warning.text("en") == (
        "Agreement 柔2 of the same person runs at the same time, from 2026-06-01 to 2026-06-30."
    )
    assert overlap_warning(first, (date(2026, 7, 1), date(2026, 12, 31)), "柔2") is None


def test_r89_the_years_of_an_agreement_run_from_its_start() -> None:
    assert agreement_years(date(2026, 3, 1), date(2028, 2, 29)) == (
        (date(2026, 3, 1), date(2027, 2, 28)), (date(2027, 3, 1), date(2028, 2, 29)))  # fmt: skip
    assert agreement_years(date(2024, 2, 29), date(2025, 2, 28)) == (
        (date(2024, 2, 29), date(2025, 2, 27)), (date(2025, 2, 28), date(2025, 2, 28)))  # fmt: skip
    assert agreement_years(date(2026, 3, 1), date(2026, 3, 1)) == ((date(2026, 3, 1), date(2026, 3, 1)),)


@pytest.mark.parametrize(
    ("bids", "knobs", "sentence"),
    [
        (0, {}, "0 valid bid(s), fewer than 2: the board fails."),
        (2, {}, "2 valid bids, at least 2: the experts review them."),
        (2, {"min_bids": 3, "single_bid": "extend"}, "2 valid bid(s), fewer than 3: the window is extended."),
        (2, {"min_bids": 3, "single_bid": "fail"}, "2 valid bid(s), fewer than 3: the board fails."),
    ],
)
def test_r87_what_so_few_bids_mean_is_said(bids: int, knobs: dict[str, Any], sentence: str) -> None:
    assert outcome_explanation(bids, ChallengeRules(**knobs)).text("en") == sentence


def test_r90_a_person_with_intent_and_exam_pass_counts_once() -> None:
    records = [
        CountedRecord("p", 2026, date(2026, 11, 1), tier=4),
        CountedRecord("p", 2026, date(2026, 5, 1), tier=5),
        CountedRecord("q", 2026, date(2026, 5, 1)),
        CountedRecord("q", 2025, date(2025, 5, 1)),
    ]
    assert count_people(records, COUNTING) == (
        CountedRecord("q", 2025, date(2025, 5, 1)),
        CountedRecord("p", 2026, date(2026, 5, 1), tier=4),
        CountedRecord("q", 2026, date(2026, 5, 1)),
    )


def test_r90_of_a_team_only_the_lead_counts_unless_the_rules_say_all() -> None:
    team = [CountedRecord("lead", 2026, date(2026, 5, 1)), CountedRecord("member", 2026, date(2026, 5, 1), lead=False)]
    assert [record.id_hash for record in count_people(team, COUNTING)] == ["lead"]
    assert len(count_people(team, CountingRules(team_counts="all"))) == 2


def test_r91_stages_are_counted_downwards_and_the_official_one_is_approval() -> None:
    progress = [
        Progress("a", "competitive_selection", CountingStage.INTENT_SIGNED),
        Progress("b", "competitive_selection", CountingStage.ON_POST),
        Progress("b", "public_exam", CountingStage.PROPOSED),
        Progress("c", "public_exam", CountingStage.APPROVED),
    ]
    counts = stage_counts(progress)
    assert list(counts.values()) == [3, 2, 2, 1]
    assert official_count(counts, COUNTING) == 2
    assert official_count(counts, CountingRules(official_stage="on_post")) == 1


def way(person: str, stage: str, day: int, *, official: str = "approved", lead: bool = True, team: str = "lead") -> Way:
    """A way of this person up to a stage of a campaign with these rules, named for its day in May."""
    rules = CountingRules(official_stage=official, team_counts=team)
    return Way(CountedRecord(person, 2026, date(2026, 5, day), lead=lead, source=str(day)), CountingStage(stage), rules)


def test_r91_campaigns_with_different_official_stages_add_up_to_one_figure() -> None:
    ways = [
        way("a", "intent_signed", 1, official="intent_signed"), way("a", "on_post", 2),
        way("b", "intent_signed", 3), way("c", "approved", 4, official="on_post"),
        way("d", "proposed", 5, official="intent_signed", lead=False, team="all"), way("e", "on_post", 6, lead=False),
    ]  # fmt: skip
    assert [(row.id_hash, row.source) for row in people_at(ways)] == [("a", "1"), ("d", "5")]
    assert [len(people_at(ways, stage)) for stage in CountingStage] == [4, 3, 2, 1]


def test_r91_under_one_rule_the_people_at_a_stage_are_its_count() -> None:
    ways = [way("a", "approved", 1), way("a", "proposed", 2), way("b", "on_post", 3), way("c", "intent_signed", 4)]
    counts = stage_counts(Progress(row.record.id_hash, "competitive_selection", row.stage) for row in ways)
    assert counts == {stage: len(people_at(ways, stage)) for stage in CountingStage}
    assert official_count(counts, COUNTING) == len(people_at(ways))


@pytest.mark.parametrize(
    ("marks", "tier"), [({"doctor", "associate"}, 1), ({"master"}, 2), ({"bachelor"}, None), (set(), None)]
)
def test_r92_the_tier_is_the_highest_of_the_years_definition(marks: set[str], tier: int | None) -> None:
    assert tier_of(marks, [("doctor", "senior"), ("master", "associate")]) == tier


def test_decision_22_exam_hires_have_no_intent_stage() -> None:
    assert CountingStage.INTENT_SIGNED not in STAGES_BY_TRACK["public_exam"]


@pytest.mark.parametrize(
    ("before", "exceeded", "ratio"), [((31, 47), True, "2.05"), ((40, 40), False, "2.00"), ((0, 0), True, None)]
)
def test_r92_growth_is_strictly_more_than_twice_the_two_years_before(
    before: tuple[int, int], exceeded: bool, ratio: str | None
) -> None:
    result = growth(160, *before, COUNTING)
    assert (result.exceeded, result.ratio) == (exceeded, None if ratio is None else D(ratio))


APPLIED = datetime(2026, 11, 1, tzinfo=SHANGHAI)


def touch(event: str, days_before: int) -> Touch:
    return Touch(event, APPLIED - timedelta(days=days_before))


@pytest.mark.parametrize(
    ("touches", "reported", "expected"),
    [
        ([touch("成都", 180), touch("西安", 10)], None, Attribution("西安", "code", APPLIED - timedelta(days=10))),
        ([touch("成都", 180)], None, Attribution("成都", "code", APPLIED - timedelta(days=180))),
        ([touch("成都", 181)], None, Attribution(None, "none")),
        ([touch("成都", -1)], "武汉", Attribution("武汉", "self_reported")),
        ([], None, Attribution(None, "none")),
    ],
)
def test_r93_an_application_counts_for_one_event_within_the_window(
    touches: list[Touch], reported: str | None, expected: Attribution
) -> None:
    assert attribute(APPLIED, touches, EventRules(), reported) == expected


def test_r93_the_first_touch_may_count_instead() -> None:
    touches = [touch("西安", 10), touch("成都", 180)]
    assert attribute(APPLIED, touches, EventRules(touch="first")).event == "成都"


@pytest.mark.parametrize(
    ("days", "limit", "counts"), [(365, 365, True), (366, 365, False), (31, 30, False), (-1, 365, False)]
)
def test_r93_a_hire_counts_within_its_days_of_the_scan(days: int, limit: int, counts: bool) -> None:
    assert is_hired_from_event(APPLIED, APPLIED + timedelta(days=days), EventRules(hired_days=limit)) is counts


def test_r93_the_funnel_of_an_event() -> None:
    assert percentage(797, 2705) == D("29.46")
    assert percentage(2705, 3000) == D("90.17")
    assert percentage(1, 0) is None


def test_r88_phased_science_projects_pay_three_fifths_first() -> None:
    phased = ChallengeRules(milestones=(D("0.6"), D("0.2"), D("0.2")))
    assert milestone_amounts(D(300_000), phased) == (180_000, 60_000, 60_000)


def test_r85_a_master_and_the_shares_of_unit_and_finance() -> None:
    master = grant_total("master", GRANTS)
    assert (master.once, master.monthly, master.unit_share) == (30_000, 54_000, 27_000)
