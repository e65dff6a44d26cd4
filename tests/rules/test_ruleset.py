"""The rule set itself: checks across knobs, canonical text, digest, profiles."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pydantic import ValidationError

from rulebook.explanation import SHANGHAI
from rulebook.ruleset import (
    BonusRules,
    EligibilityRules,
    FeeRules,
    Fold,
    FoldPart,
    InterviewRules,
    MinimumLine,
    NoticeRules,
    OpeningRatioRules,
    Paper,
    PhotoRules,
    PublicationRules,
    PublicList,
    RankingRules,
    RegistrationRules,
    ReplacementRules,
    Rounding,
    RuleSet,
    SeatingRules,
    ServiceRules,
    ShortlistRules,
    SlotRules,
    StageReplacement,
    TotalPart,
    TotalRules,
    WrittenRules,
)
from rulebook.ruleset.profiles import COUNTY_EXAM, OPEN_CHALLENGE, PROFILES, get

D = Decimal
MARCH_19 = datetime(2026, 3, 19, 9, tzinfo=SHANGHAI)
MARCH_25 = datetime(2026, 3, 25, 17, tzinfo=SHANGHAI)


@pytest.mark.parametrize("name", sorted(PROFILES))
def test_a_profile_survives_its_canonical_text(name: str) -> None:
    profile = get(name)
    again = RuleSet.from_json(profile.canonical_json())
    assert again == profile
    assert again.digest() == profile.digest()


def test_an_unknown_profile_names_the_known_ones() -> None:
    with pytest.raises(KeyError, match="county_exam"):
        get("village_exam")


def test_every_profile_has_every_section() -> None:
    sections = {
        "registration", "opening_ratio", "written", "shortlist", "recheck", "interview", "total", "ranking", "medical",
        "inspection", "replacement", "notice", "service", "slots", "publication", "selection", "challenge", "event",
        "fee", "eligibility", "seating", "counting", "grants",
    }  # fmt: skip
    assert set(RuleSet.model_fields) - {"version", "track"} == sections


def test_the_digest_does_not_depend_on_how_a_number_is_written() -> None:
    sixty = COUNTY_EXAM.replaced(interview=COUNTY_EXAM.interview.model_copy(update={"pass_line": D("60.00")}))
    assert sixty.digest() == COUNTY_EXAM.digest()


def test_the_digest_does_not_depend_on_the_zone_a_moment_is_written_in() -> None:
    there = COUNTY_EXAM.replaced(registration=RegistrationRules(opens_at=MARCH_19))
    here = COUNTY_EXAM.replaced(registration=RegistrationRules(opens_at=MARCH_19.astimezone(UTC)))
    assert there.digest() == here.digest()
    assert RuleSet.from_json(here.canonical_json()).registration.opens_at == MARCH_19


def test_every_change_changes_the_digest() -> None:
    digests = {
        COUNTY_EXAM.digest(),
        COUNTY_EXAM.replaced(version=2).digest(),
        COUNTY_EXAM.replaced(notice=NoticeRules(days=5)).digest(),
        COUNTY_EXAM.replaced(fee=FeeRules(per_subject=D("50.01"))).digest(),
    }
    assert len(digests) == 4


def test_the_canonical_text_is_sorted_compact_and_without_binary_fractions() -> None:
    text = COUNTY_EXAM.canonical_json()
    assert json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":")) == text
    assert not any(isinstance(value, float) for value in _leaves(json.loads(text)))


def _leaves(value: object) -> list[object]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in _leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in _leaves(item)]
    return [value]


def test_a_rule_set_is_frozen_and_an_amendment_is_the_next_version() -> None:
    with pytest.raises(ValidationError):
        COUNTY_EXAM.version = 2
    amended = COUNTY_EXAM.amended(notice=NoticeRules(days=5))
    assert (amended.version, amended.notice.days, COUNTY_EXAM.version) == (2, 5, 1)


def test_a_clone_for_the_new_year_has_no_dates_of_the_old() -> None:
    dated = COUNTY_EXAM.replaced(version=3, registration=RegistrationRules(opens_at=MARCH_19, closes_at=MARCH_25))
    clone = dated.cloned_for_new_year()
    assert (clone.version, clone.registration.opens_at, clone.registration.closes_at) == (1, None, None)


def test_a_binary_fraction_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"Write 0\.5 as text"):
        TotalPart(name="written", weight=0.5)


def test_an_unknown_knob_is_refused() -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        NoticeRules(days=7, hours=3)


FOLD = Fold(parts=(FoldPart(paper="甲"),))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: RegistrationRules(opens_at=MARCH_25, closes_at=MARCH_19), "in this order"),
        (lambda: RegistrationRules(opens_at=datetime(2026, 3, 19)), "need a time zone"),  # noqa: DTZ001
        (lambda: PhotoRules(min_kb=50, max_kb=20), "is above the largest"),
        (lambda: EligibilityRules(age_reference="fixed"), "needs its date"),
        (lambda: OpeningRatioRules(on_fail="keep_with_line"), "needs a line"),
        (lambda: OpeningRatioRules(on_fail="extend_registration"), "above 0"),
        (lambda: SeatingRules(columns=4), "hold 24 seats"),
        (lambda: SeatingRules(merge_last_below=8), "fewer than the 37"),
        (lambda: MinimumLine(kind="fixed"), "needs its mark"),
        (lambda: MinimumLine(kind="mean_share"), "needs its share"),
        (lambda: WrittenRules(papers=(Paper(name="甲"),)), "need a fold"),
        (lambda: WrittenRules(papers=(Paper(name="甲"), Paper(name="甲")), folds=(FOLD,)), "same name"),
        (lambda: WrittenRules(papers=(Paper(name="乙"),), folds=(FOLD,)), "do not exist: 甲"),
        (lambda: WrittenRules(papers=(Paper(name="甲"),), folds=(FOLD, FOLD)), "same papers"),
        (lambda: WrittenRules(papers=(Paper(name="甲", full_mark=D(150)),), folds=(FOLD,)), "fold to 150"),
        (lambda: ShortlistRules(ties="tiebreak"), "needs a tie chain"),
        (lambda: InterviewRules(panel_size=6), "must be odd"),
        (lambda: InterviewRules(panel_size=3, trim_high=2), "leaves none"),
        (lambda: InterviewRules(pass_line=D(101)), "lies outside"),
        (lambda: InterviewRules(mark_min=D(100)), "below the highest"),
        (lambda: TotalRules(parts=(TotalPart(name="written", weight=D("0.5")),)), "add up to 1"),
        (lambda: RankingRules(tie_chain=("written", "written")), "twice"),
        (lambda: ReplacementRules(stages=(StageReplacement(stage="medical"),)), "each stage exactly once"),
        (lambda: ServiceRules(contract_years=1, probation_months=13), "longer than the contract"),
        (lambda: PublicationRules(lists=(PublicList(kind="scores", fields=("name",)),)), "exactly once"),
    ],
)
def test_knobs_that_contradict_each_other_are_refused(build, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        build()


WRITTEN_TWO_HUNDRED = WrittenRules(papers=(Paper(name="甲", full_mark=D(200)),), folds=(FOLD,), full_mark=D(200))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"written": WrittenRules()}, "no written paper"),
        ({"interview": InterviewRules(held=False)}, "no interview is held"),
        ({"written": WRITTEN_TWO_HUNDRED, "ranking": RankingRules()}, "has full mark 200, not 100"),
        ({"total": COUNTY_EXAM.total.model_copy(update={"rounding": Rounding(stage="final")})}, "must agree"),
        ({"ranking": RankingRules(tie_chain=("行测",))}, "neither a paper nor a known value"),
        (
            {"shortlist": ShortlistRules(min_line=MinimumLine(kind="fixed", value=D(101)))},
            "above the written full mark",
        ),
    ],
)
def test_sections_that_contradict_each_other_are_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        COUNTY_EXAM.replaced(**changes)


def test_a_contradiction_is_told_in_the_language_of_the_reader() -> None:
    with pytest.raises(ValidationError) as error:
        TotalRules(parts=(TotalPart(name="written", weight=D("0.5")),))
    [mistake] = error.value.errors()
    assert mistake["ctx"]["error"].text("zh") == "各项权重换算为百分制后之和应当为1，现为0.5。"


def test_an_open_challenge_may_not_claim_a_slot() -> None:
    with pytest.raises(ValidationError, match="uses no established post"):
        OPEN_CHALLENGE.replaced(slots=SlotRules())


def test_names_are_published_only_from_the_proposed_hire_notice_on() -> None:
    rows = [
        PublicList(kind=row.kind, fields=(*row.fields, "name")) if row.kind == "shortlist" else row
        for row in PublicationRules().lists
    ]
    with pytest.raises(ValidationError, match="not in: interview shortlist"):
        PublicationRules(lists=tuple(rows))


def test_the_county_profiles_follow_the_table_of_knobs() -> None:
    exam, selection = get("county_exam"), get("county_selection")
    assert (exam.opening_ratio.k, exam.opening_ratio.basis, exam.opening_ratio.rechoose_hours) == (3, "paid", 24)
    assert (exam.written.bonus.cap, exam.written.bonus.position) == (6, "written")
    assert (exam.shortlist.ratio, exam.shortlist.ties, exam.recheck.replacement_until) == (
        3,
        "include",
        "interview_notice_issued",
    )
    assert (exam.interview.panel_size, exam.interview.trim_high, exam.interview.trim_low) == (7, 1, 1)
    assert (exam.interview.coefficient.method, exam.interview.coefficient.places) == ("grand_mean", 4)
    assert (exam.interview.pass_line, exam.interview.no_competition.line) == (60, 70)
    assert exam.ranking.tie_chain == ("written", "职测", "extra_test")
    assert (exam.notice.days, exam.notice.unit, exam.notice.file_within_days) == (7, "working_days", 30)
    assert (exam.service.probation_months, exam.service.contract_years, exam.service.min_service_years) == (12, 3, 5)
    assert (selection.opening_ratio.k, selection.interview.pass_line, selection.fee.per_subject) == (None, 70, 0)
    assert (selection.interview.no_competition.line, selection.interview.no_competition.two_thirds_vote) == (70, True)
    assert (selection.slots.hold_point, exam.slots.hold_point) == ("agreement_signed", "notice_published")
    assert (selection.eligibility.diploma_deadline, selection.eligibility.degree_deadline) == ("07-31", "12-31")
    assert isinstance(selection.written.bonus, BonusRules)
