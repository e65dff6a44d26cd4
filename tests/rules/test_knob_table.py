"""The table of knobs with their two county defaults, row by row: every one exists, is measured, explained and set so.

Where the table lies beside this project, its rows are compared with those below, so that a new row can't be missed.
"""

from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from rulebook.explanation import LANGUAGES, Language
from rulebook.ruleset import RuleSet, Section
from rulebook.ruleset.knobs import knob_of
from rulebook.ruleset.measures import is_number, measure_words
from rulebook.ruleset.profiles import COUNTY_EXAM, COUNTY_SELECTION, OPEN_CHALLENGE
from rulebook.ruleset.registration import RegistrationRules

TABLE = Path(__file__).resolve().parents[3] / "shared" / "domain" / "ruleset-knobs.md"
D = Decimal
SAME = object()

# Row of the table → its knobs: path, default of the county exam, default of the county selection (SAME: as the exam's).
ROWS: dict[str, list[tuple[str, Any, Any]]] = {
    "batch_group, one_post": [
        ("registration.batch_group", "exam_date", "campaign"), ("registration.one_post", True, SAME),
    ],
    "reg_open/close, review_close, fee_close": [
        ("registration.opens_at", None, SAME), ("registration.closes_at", None, SAME),
        ("registration.review_closes_at", None, SAME), ("registration.fee_closes_at", None, SAME),
        ("registration.open_days", 7, SAME), ("registration.review_days_after_close", 1, SAME),
        ("registration.fee_days_after_close", 2, SAME), ("registration.rolling", False, True),
    ],
    "two_stage_confirm": [("registration.two_stage_confirm", False, SAME)],
    "age bounds (birth_from/to + relaxed)": [
        ("eligibility.age_reading", "through_birthday_year", SAME),
        ("eligibility.age_reference", "first_registration_day", SAME), ("eligibility.age_reference_date", None, SAME),
    ],
    "fresh_definition": [
        ("eligibility.fresh_definition", "unplaced", SAME), ("eligibility.fresh_window_years", 2, SAME),
    ],
    "cert_deadline diploma/degree": [
        ("eligibility.diploma_deadline", "07-31", SAME), ("eligibility.degree_deadline", "07-31", "12-31"),
    ],
    "major_catalogue, match_mode": [
        ("eligibility.major_catalogue", "national", SAME), ("eligibility.non_highest_major_allowed", False, SAME),
    ],
    "opening_ratio k, basis, on_fail, re-choose hours": [
        ("opening_ratio.k", 3, None), ("opening_ratio.basis", "paid", SAME), ("opening_ratio.on_fail", "cut", SAME),
        ("opening_ratio.cut_order", "cancel_then_reduce", SAME), ("opening_ratio.rechoose_hours", 24, SAME),
    ],
    "papers[] (name, full mark, minutes, category)": [
        ("written.papers.0.name", "职测", "–"), ("written.papers.0.full_mark", D(150), "–"),
        ("written.papers.1.name", "综应", "–"), ("written.papers.1.full_mark", D(150), "–"),
        ("written.papers.0.minutes", 90, "–"), ("shortlist.screening.enabled", False, True),
    ],
    "written_fold": [("written.folds.0.divisor", D(3), "–"), ("written.full_mark", D(100), SAME)],
    "bonus table, cap, stack, position, deadline": [
        ("written.bonus.items.0.per_year", D(2), "–"), ("written.bonus.cap", D(6), None),
        ("written.bonus.stack", "highest", SAME), ("written.bonus.position", "written", SAME),
        ("written.bonus.deadline", None, SAME), ("written.bonus.cap_at_full_mark", False, SAME),
    ],
    "absent_policy, zero_policy": [
        ("written.absent_policy", "invalid", SAME), ("written.zero_policy", "treated_as_absent", SAME),
    ],
    "min_line": [
        ("shortlist.min_line.kind", "authority", "none"), ("shortlist.min_line.value", None, SAME),
        ("shortlist.min_line.share", None, SAME), ("shortlist.min_line.population", "campaign", "position"),
        ("shortlist.min_line.exclude_zero", False, SAME), ("written.papers.0.min_mark", None, "–"),
    ],
    "shortlist_ratio, ties, rounding": [
        ("shortlist.ratio", D(3), SAME), ("shortlist.ties", "include", SAME), ("shortlist.plus_one_up_to", 0, SAME),
        ("shortlist.screening.ratio", D(3), SAME), ("shortlist.screening.threshold", 30, SAME),
    ],
    "exempt_counts_in_ratio": [
        ("shortlist.exempt_counts_in_ratio", False, SAME), ("shortlist.exempt_mark", "none", SAME),
    ],
    "recheck_docs, recheck_replacement, rounds, cutoff": [
        ("recheck.required", True, SAME),
        ("recheck.documents", ("identity_card", "diploma", "degree", "certificates"), SAME),
        ("replacement.stages.0.rounds", 1, SAME), ("recheck.replacement_until", "interview_notice_issued", SAME),
        ("recheck.replacement_days_before", 0, SAME),
    ],
    "panel_size, trim, element_trim, step": [
        ("interview.panel_size", 7, SAME), ("interview.trim_high", 1, SAME), ("interview.trim_low", 1, SAME),
        ("interview.trim_elements", False, SAME), ("interview.mark_step", D("0.01"), SAME),
    ],
    "room_coefficient": [
        ("interview.coefficient.method", "grand_mean", "none"), ("interview.coefficient.places", 4, SAME),
        ("interview.coefficient.score_places", 2, SAME), ("interview.coefficient.cap", None, SAME),
    ],
    "interview_pass_line": [("interview.pass_line", D(60), D(70))],
    "no_competition test + condition": [
        ("interview.no_competition.ratio", D(1), SAME), ("interview.no_competition.inclusive", True, SAME),
        ("interview.no_competition.line", D(70), SAME), ("interview.no_competition.two_thirds_vote", False, True),
        ("interview.no_competition.at_least_panel_mean", False, SAME),
    ],
    "weights": [("total.parts.0.weight", D("0.5"), D(1)), ("total.parts.1.weight", D("0.5"), "–")],
    "rounding": [
        ("total.rounding.scale", 2, SAME), ("total.rounding.mode", "half_up", SAME),
        ("total.rounding.stage", "each", SAME), ("written.rounding.mode", "half_up", SAME),
        ("interview.rounding.mode", "half_up", SAME),
    ],
    "rank_style, tie_chain": [
        ("ranking.style", "competition", SAME),
        ("ranking.tie_chain", ("written", "职测", "extra_test"), ("interview", "material", "extra_test")),
    ],
    "medical_ratio, hospital level, recheck days, deferral": [
        ("medical.ratio", D(1), SAME), ("medical.hospital_grade", "二级甲等", SAME),
        ("medical.recheck_days", 7, SAME), ("medical.recheck_times", 1, SAME), ("medical.deferral_allowed", True, SAME),
    ],
    "inspection members, days": [
        ("inspection.members", 2, SAME), ("inspection.days", 10, SAME), ("inspection.unit", "working_days", SAME),
        ("inspection.university_reference", False, True),
    ],
    "replacement per stage": [
        ("replacement.stages.0.allowed", True, SAME), ("replacement.stages.2.rounds", 2, SAME),
        ("replacement.stages.3.rounds", 1, SAME), ("replacement.stages.4.allowed", False, SAME),
        ("replacement.no_competition_reapplied", False, SAME),
    ],
    "notice_days, unit, restart_on_change": [
        ("notice.days", 7, SAME), ("notice.unit", "working_days", SAME), ("notice.restart_on_change", True, SAME),
    ],
    "file_within, overall_validity": [("notice.file_within_days", 30, SAME), ("notice.validity_months", 12, None)],
    "probation_months, contract_years, min_service": [
        ("service.probation_months", 12, SAME), ("service.contract_years", 3, SAME),
        ("service.min_service_years", 5, SAME), ("service.min_service_from", "start", SAME),
    ],
    "public_fields per list": [
        ("publication.lists.0.fields", ("ticket_number", "position_code", "papers", "written", "note"), SAME),
        ("publication.absent_shown", True, SAME),
    ],
    "mask policy, page life": [("publication.page_life_days", 30, SAME)],
    "counters refresh, hide_after": [
        ("registration.counters_refresh_minutes", 60, SAME), ("registration.counters_hidden_last_hours", 24, SAME),
    ],
    "fee, waiver kinds": [
        ("fee.per_subject", D(50), D(0)), ("fee.waivers", ("subsistence_allowance", "lifted_from_poverty", "disabled"),
                                           SAME), ("fee.waiver_mode", "before_payment", SAME),
    ],
    "photo spec": [
        ("registration.photo.format", "jpg", SAME), ("registration.photo.width", 295, SAME),
        ("registration.photo.height", 413, SAME), ("registration.photo.min_kb", 20, SAME),
        ("registration.photo.max_kb", 100, SAME),
    ],
    "slot_hold_point": [("slots.hold_point", "notice_published", "agreement_signed")],
    "pool_post, post_selection": [("slots.pool_post", False, True), ("slots.post_selection", False, True)],
    "challenge: window, threshold, min_bids, criteria, milestones, days": [
        ("challenge.window_days", 20, SAME), ("challenge.threshold", D(75), SAME), ("challenge.min_bids", 1, SAME),
        ("challenge.single_bid", "accept_with_two_thirds", SAME), ("challenge.criteria.0.weight", D("0.5"), SAME),
        ("challenge.criteria.1.weight", D("0.3"), SAME), ("challenge.criteria.2.weight", D("0.2"), SAME),
        ("challenge.milestones", (D("0.4"), D("0.4"), D("0.2")), SAME), ("challenge.days_shortfall", "scaled", SAME),
    ],
    "event: attribution days, touch": [
        ("event.attribution_days", 180, SAME), ("event.hired_days", 365, SAME), ("event.touch", "last", SAME),
    ],
}  # fmt: skip

# Decision 33: not in the table and to be there with their defaults; rounds of replacement are per position and stage.
ADDED: list[tuple[str, Any]] = [
    ("registration.grace_hours", 0), ("opening_ratio.cut_order", "cancel_then_reduce"),
    ("seating.seats_per_room", 30), ("seating.columns", 5), ("seating.rows", 6), ("seating.merge_last_below", 0),
    ("interview.coefficient.cap", None), ("written.bonus.cap_at_full_mark", False),
    ("written.score_check.window_days", 2), ("written.score_check.unit", "calendar_days"),
    ("shortlist.screening.threshold", 30), ("service.report_within_days", 15), ("grants.months", 36),
    ("grants.unit_share", D("0.5")), ("grants.clawback", "pro_rata"), ("replacement.stages.2.rounds", 2),
    ("registration.office_hours.0.start", time(9)),
]  # fmt: skip
PATHS = sorted({path for rows in ROWS.values() for path, *_ in rows} | {path for path, _ in ADDED})


def at(rules: Section, path: str) -> Any:
    found: Any = rules
    for name in path.split("."):
        found = found[int(name)] if name.isdecimal() else getattr(found, name)
    return found


def owner_of(path: str) -> type[Section]:
    """The section that the last part of a path is a knob of."""
    return type(at(COUNTY_EXAM, path.rpartition(".")[0]))


def test_the_rows_are_those_of_the_table() -> None:
    if not TABLE.exists():
        pytest.skip("the table of knobs is not beside this project")
    lines = [line.split("|")[1:-1] for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    assert [cells[0].strip() for cells in lines[2:]] == list(ROWS)


@pytest.mark.parametrize("row", ROWS)
def test_every_row_has_its_defaults_in_both_county_profiles(row: str) -> None:
    for path, exam, selection in ROWS[row]:
        assert at(COUNTY_EXAM, path) == exam, path
        if selection != "–":
            assert at(COUNTY_SELECTION, path) == (exam if selection is SAME else selection), path


def test_the_selection_has_no_papers_of_its_own() -> None:
    assert (COUNTY_SELECTION.written.papers, COUNTY_SELECTION.written.bonus.items) == ((), ())
    assert [part.name for part in COUNTY_SELECTION.total.parts] == ["interview"]


def test_what_decision_33_adds_is_there_with_its_default() -> None:
    assert {path: at(COUNTY_EXAM, path) for path, _ in ADDED} == dict(ADDED)
    assert (OPEN_CHALLENGE.challenge.extensions_allowed, OPEN_CHALLENGE.challenge.extension_months) == (1, 12)
    assert RegistrationRules(opens_at=datetime.fromisoformat("2026-03-19T09:00:00+08:00")).grace_hours == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_knob_of_the_table_has_name_help_example_and_if_a_number_unit_and_range(language: Language) -> None:
    for path in PATHS:
        section = owner_of(path)
        knob = knob_of(section, path)
        assert all((knob.label(language), knob.help(language), knob.example(language))), path
        assert bool(knob.measure(language)) is is_number(section, knob.name), path
        if is_number(section, knob.name):
            assert measure_words(section, knob.name, language) in knob.measure(language)


def test_every_example_of_a_number_says_what_follows_from_it_or_is_its_own_effect() -> None:
    """An example is a setting; where it computes, it shows the result. It never repeats the help."""
    for path in PATHS:
        knob = knob_of(owner_of(path), path)
        for language in LANGUAGES:
            assert knob.example(language) != knob.help(language)


def test_the_rule_set_accepts_exactly_its_knobs() -> None:
    with pytest.raises(ValueError, match="Extra inputs"):
        RuleSet.model_validate({**COUNTY_EXAM.model_dump(), "invented": 1})
