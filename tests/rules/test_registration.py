"""R16–R25: registration."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from rulebook.counting import percentage
from rulebook.explanation import SHANGHAI, RuleError
from rulebook.registration import (
    EffectiveFacts,
    PhotoFacts,
    Windows,
    consent_needed,
    correction_closes,
    counters_shown,
    fee_due,
    is_open,
    local_moment,
    may_apply,
    may_change_post,
    may_correct,
    may_submit_another,
    missing_for_effect,
    photo_problems,
    refund_due,
    review_due,
    review_ends,
    windows,
)
from rulebook.ruleset import FeeRules, PhotoRules, RegistrationRules
from rulebook.working_days import WorkingCalendar

RULES = RegistrationRules()
OPENS = datetime(2026, 3, 19, 9, tzinfo=SHANGHAI)
CLOSES = datetime(2026, 3, 25, 17, tzinfo=SHANGHAI)
CALENDAR = WorkingCalendar(frozenset({2026}))


def test_r16_a_second_submission_in_the_same_batch_is_refused() -> None:
    refused = may_submit_another("0102", {"0101": "260000000018"}, RULES)
    assert (bool(refused), refused.explanation.code) == (False, "registration.one_post")
    assert "260000000018" in refused.explanation.text("en")
    assert may_submit_another("0102", {}, RULES)


def test_r16_where_several_posts_are_allowed_nobody_applies_twice_for_one() -> None:
    rules = RegistrationRules(one_post=False)
    assert may_submit_another("0102", {"0101": "260000000018"}, rules)
    again = may_submit_another("0101", {"0101": "260000000018", "0103": "260000000026"}, rules)
    assert (bool(again), again.explanation.code) == (False, "registration.same_post")


def test_r17_established_staff_bring_consent_at_the_recheck_unless_the_rules_want_it_at_once() -> None:
    assert not consent_needed("registration", True, RULES)
    assert consent_needed("recheck", True, RULES)
    assert not consent_needed("recheck", False, RULES)
    assert consent_needed("registration", True, RegistrationRules(in_service_consent_at="registration"))


def test_r18_twenty_four_hours_is_the_next_midnight_in_shanghai() -> None:
    assert local_moment("2026-03-25 24:00") == datetime(2026, 3, 26, tzinfo=SHANGHAI)
    assert local_moment("2026-03-25 24:00") == datetime(2026, 3, 25, 16, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-03-25 24:01", "2026-02-30 10:00", "2026-03-25 17:60", "25 March"])
def test_r18_a_moment_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(RuleError, match="cannot be read"):
        local_moment(text)


def test_r18_the_window_is_half_open() -> None:
    assert is_open(CLOSES - timedelta(milliseconds=100), OPENS, CLOSES)
    assert not is_open(CLOSES, OPENS, CLOSES)
    assert is_open(OPENS, OPENS, CLOSES)
    assert not is_open(OPENS - timedelta(seconds=1), OPENS, CLOSES)


def test_r19_the_post_is_locked_once_passed_and_free_again_once_rejected() -> None:
    at = OPENS + timedelta(hours=1)
    allowed = {
        review: bool(may_change_post(review, at, OPENS, CLOSES, RULES))
        for review in ("none", "pending", "passed", "rejected")
    }
    assert allowed == {"none": True, "pending": True, "passed": False, "rejected": True}
    assert not may_change_post("rejected", CLOSES, OPENS, CLOSES, RULES)
    assert not may_change_post("rejected", at, OPENS, CLOSES, RegistrationRules(rechoose_after_rejection=False))


def test_r20_the_review_answers_within_its_hours() -> None:
    assert review_due(OPENS, RULES) == OPENS + timedelta(hours=48)


def test_r20_working_hours_skip_nights_and_weekends() -> None:
    rules = RegistrationRules(review_sla_hours=12, review_sla_unit="working_hours")
    friday = datetime(2026, 3, 20, 16, tzinfo=SHANGHAI)
    assert review_due(friday, rules, CALENDAR) == datetime(2026, 3, 24, 12, tzinfo=SHANGHAI)


def test_r20_the_review_deadline_of_the_announcement_comes_first() -> None:
    rules = RegistrationRules(review_closes_at=CLOSES)
    assert review_due(CLOSES - timedelta(hours=1), rules) == CLOSES


def test_r21_after_closing_only_a_returned_form_within_the_grace_may_be_edited() -> None:
    late = CLOSES + timedelta(hours=1)
    grace = RegistrationRules(grace_hours=24)
    assert not may_correct("rejected", late, CLOSES, CLOSES, grace)
    assert not may_correct("returned", late, CLOSES, CLOSES, RULES)
    assert may_correct("returned", late, CLOSES, CLOSES, grace)
    assert not may_correct("returned", CLOSES + timedelta(hours=24), CLOSES, CLOSES, grace)
    assert may_correct("rejected", CLOSES - timedelta(seconds=1), CLOSES, OPENS, RULES)


@pytest.mark.parametrize(
    ("changed", "missing"),
    [
        ({}, set()),
        ({"paid": False, "waived": True}, set()),
        ({"photo_ok": False}, {"registration.lacks_photo"}),
        ({"eligibility": "pending"}, {"registration.lacks_eligibility"}),
        ({"paid": False}, {"registration.lacks_payment"}),
        ({"confirmed": False}, {"registration.lacks_confirmation"}),
    ],
)
def test_r22_photo_eligibility_payment_and_confirmation_are_all_needed(changed: dict, missing: set[str]) -> None:
    facts = EffectiveFacts(
        **({"photo_ok": True, "eligibility": "passed", "paid": True, "waived": False, "confirmed": True} | changed)
    )
    found = missing_for_effect(facts, RegistrationRules(two_stage_confirm=True))
    assert {explanation.code for explanation in found} == missing


def test_r22_without_a_second_stage_nobody_needs_to_confirm() -> None:
    assert missing_for_effect(EffectiveFacts(True, "passed", True, False, False), RULES) == ()


def test_r23_two_papers_cost_a_hundred_and_the_interview_eighty() -> None:
    rules = FeeRules(per_subject=Decimal(50), interview=Decimal(80))
    assert fee_due(2, rules) == 100
    assert fee_due(2, rules, interview=True) == 180
    assert fee_due(2, FeeRules(per_subject=Decimal(45))) == 90
    assert fee_due(2, rules, waived=True) == 0
    assert fee_due(2, FeeRules(waiver_mode="refund_after_payment"), waived=True) == 100


def test_r23_a_cancelled_post_is_refunded_and_an_own_withdrawal_is_not() -> None:
    assert refund_due(Decimal(100), "post_cancelled") == 100
    assert refund_due(Decimal(100), "waiver_proved") == 100
    assert refund_due(Decimal(100), "withdrawn") == 0


@pytest.mark.parametrize(
    ("rules", "photo", "problems"),
    [
        (PhotoRules(width=102, height=126, min_kb=20, max_kb=160), PhotoFacts("jpeg", 102, 126, 20 * 1024), set()),
        (
            PhotoRules(width=300, height=400, min_kb=0, max_kb=45),
            PhotoFacts("jpg", 300, 400, 45 * 1024 + 1),
            {"photo.bytes"},
        ),
        (
            PhotoRules(min_kb=10, max_kb=30),
            PhotoFacts("png", 295, 412, 9 * 1024),
            {"photo.format", "photo.pixels", "photo.bytes"},
        ),
    ],
)
def test_r24_all_faults_of_a_photo_are_named_at_once(rules: PhotoRules, photo: PhotoFacts, problems: set[str]) -> None:
    assert {problem.code for problem in photo_problems(photo, rules)} == problems


def test_r25_counters_hide_in_the_last_hours() -> None:
    assert counters_shown(CLOSES - timedelta(hours=24, seconds=1), CLOSES, RULES)
    assert not counters_shown(CLOSES - timedelta(hours=24), CLOSES, RULES)
    assert not counters_shown(CLOSES - timedelta(seconds=1), CLOSES, RULES)
    assert counters_shown(CLOSES, CLOSES, RULES)
    assert counters_shown(CLOSES - timedelta(hours=24), CLOSES, RegistrationRules(counters_hidden_last_hours=23))
    hidden = counters_shown(CLOSES - timedelta(hours=1), CLOSES, RULES)
    assert hidden is not None
    assert "24" in hidden.explanation.text("en")


def test_r25_without_an_end_of_registration_nothing_is_said_of_numbers() -> None:
    assert counters_shown(CLOSES, None, RULES) is None
    assert counters_shown(CLOSES, CLOSES, RegistrationRules(rolling=True)) is None


def test_r25_the_funnel_of_xiamen_2015() -> None:
    assert percentage(31_742, 53_706) == Decimal("59.10")
    assert percentage(26_663, 31_742) == Decimal("84.00")
    assert percentage(26_663, 513 * 100) == Decimal("51.97")


def test_registration_dates_need_no_calendar_unless_hours_are_office_hours() -> None:
    with pytest.raises(RuleError) as error:
        review_due(OPENS, RegistrationRules(review_sla_unit="working_hours"))
    assert error.value.code == "calendar.needed"
    assert date(2026, 3, 21).weekday() == 5


def test_r19_passed_at_ten_and_refused_at_five_past() -> None:
    passed = datetime(2026, 3, 20, 10, tzinfo=SHANGHAI)
    refused = may_change_post("passed", passed + timedelta(minutes=5), OPENS, CLOSES, RULES)
    assert refused.explanation.code == "registration.locked"


def test_r21_what_is_returned_may_come_back_until_closing_or_the_end_of_the_grace() -> None:
    grace = RegistrationRules(grace_hours=24)
    late, early = CLOSES - timedelta(hours=1), CLOSES - timedelta(hours=30)
    assert correction_closes(CLOSES, late, grace) == late + timedelta(hours=24)
    assert correction_closes(CLOSES, early, grace) == CLOSES


def test_r24_the_photo_of_yibin_university_and_of_sichuan() -> None:
    yibin = PhotoRules(min_kb=0, max_kb=20)
    assert photo_problems(PhotoFacts("jpg", 295, 413, 20 * 1024), yibin) == ()
    assert photo_problems(PhotoFacts("jpg", 295, 413, 20 * 1024 + 1), yibin) != ()
    sichuan = PhotoRules(min_kb=10, max_kb=30)
    assert photo_problems(PhotoFacts("jpg", 295, 413, 10 * 1024), sichuan) == ()


@pytest.mark.parametrize(
    ("knobs", "closes", "review", "fee"),
    [
        ({}, (2026, 3, 26), (2026, 3, 27), (2026, 3, 28)),
        ({"open_days": 5}, (2026, 3, 24), (2026, 3, 25), (2026, 3, 26)),
        ({"review_days_after_close": 3, "fee_days_after_close": 0}, (2026, 3, 26), (2026, 3, 29), (2026, 3, 26)),
        ({"rolling": True}, None, None, None),
    ],
)
def test_r18_the_windows_follow_from_the_opening_and_the_days_of_the_rules(knobs, closes, review, fee) -> None:
    found = windows(OPENS, RegistrationRules(**knobs))
    wanted = [datetime(*day, tzinfo=SHANGHAI) if day else None for day in (closes, review, fee)]
    assert [found.closes, found.review_closes, found.fee_closes] == wanted


def test_r18_times_named_in_the_rules_win() -> None:
    named = [OPENS + timedelta(days=number) for number in range(4)]
    names = ("opens_at", "closes_at", "review_closes_at", "fee_closes_at")
    rules = RegistrationRules(**dict(zip(names, named, strict=True)))
    assert windows(OPENS - timedelta(days=9), rules) == Windows(*named)
    assert windows(None, RegistrationRules()) == Windows(None, None, None, None)


@pytest.mark.parametrize(("days", "capped"), [(0, True), (9, False)])
def test_r20_a_review_ends_with_the_days_after_closing_for_what_came_before_them(days: int, capped: bool) -> None:
    rules, late = RegistrationRules(review_days_after_close=days), CLOSES - timedelta(hours=1)
    ends = review_ends(CLOSES, rules)
    assert ends is not None
    assert review_due(late, rules, closes=CLOSES) == (ends if capped else late + timedelta(hours=48))
    assert review_due(ends, rules, closes=CLOSES) == ends + timedelta(hours=48)


def test_r18_why_registration_takes_nobody_is_said() -> None:
    second = timedelta(seconds=1)
    found = [may_apply(at, OPENS, CLOSES) for at in (OPENS - second, OPENS, CLOSES - second, CLOSES)]
    assert [one.explanation.code.rpartition(".")[2] for one in found] == [
        "not_open_yet", "may_submit", "may_submit", "closed",
    ]  # fmt: skip
    assert [bool(one) for one in found] == [False, True, True, False]
    assert may_apply(CLOSES, OPENS, None)
    assert may_apply(CLOSES, None, None).explanation.code == "registration.no_date"
