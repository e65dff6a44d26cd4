"""Differences between two rule sets, and the words of every knob and choice."""

from decimal import Decimal

import pytest

from rulebook.explanation import LANGUAGES, Language, texts
from rulebook.ruleset import (
    Fold,
    FoldPart,
    NoticeRules,
    Paper,
    ReplacementRules,
    RuleSet,
    StageReplacement,
    WrittenRules,
)
from rulebook.ruleset.diff import describe
from rulebook.ruleset.profiles import COUNTY_EXAM, PROFILES
from rulebook.ruleset.words import choices_of, sections_of

D = Decimal


def test_two_equal_rule_sets_have_no_difference_whatever_their_version() -> None:
    assert describe(COUNTY_EXAM, COUNTY_EXAM.replaced(version=2), "zh") == []


def test_a_difference_names_the_step_the_knob_and_both_values() -> None:
    changed = COUNTY_EXAM.amended(
        notice=NoticeRules(days=5),
        interview=COUNTY_EXAM.interview.model_copy(update={"pass_line": None}),
        opening_ratio=COUNTY_EXAM.opening_ratio.model_copy(update={"basis": "passed"}),
    )
    assert describe(COUNTY_EXAM, changed, "zh") == [
        "开考比例 › 计数口径：由“缴费”改为“资格初审合格”",
        "面试 › 面试合格线：由“60”改为“不设”",
        "公示与备案 › 公示天数：由“7”改为“5”",
    ]
    assert describe(COUNTY_EXAM, changed, "en") == [
        "Opening ratio › Counted: from “paid” to “passed the review”",
        "Interview › Pass line: from “60” to “none”",
        "Notice and filing › Days: from “7” to “5”",
    ]


def test_a_difference_inside_a_table_names_its_row() -> None:
    stages = tuple(
        StageReplacement(stage="medical", rounds=1) if row.stage == "medical" else row
        for row in COUNTY_EXAM.replacement.stages
    )
    changed = COUNTY_EXAM.amended(replacement=ReplacementRules(stages=stages))
    assert describe(COUNTY_EXAM, changed, "zh") == ["递补 › 各环节递补办法 › 体检 › 最多次数：由“2”改为“1”"]


def test_parts_that_come_and_go_are_named() -> None:
    papers = (COUNTY_EXAM.written.papers[0], Paper(name="专业", full_mark=D(150)))
    fold = Fold(parts=(FoldPart(paper="职测"), FoldPart(paper="专业")), divisor=D(3))
    changed = COUNTY_EXAM.amended(written=WrittenRules(papers=papers, folds=(fold,), bonus=COUNTY_EXAM.written.bonus))
    assert describe(COUNTY_EXAM, changed, "zh") == [
        "笔试 › 科目：取消“名称 综应，满分 150，时间（分钟） 120，单科合格线 不设”",
        "笔试 › 科目：增加“名称 专业，满分 150，时间（分钟） 120，单科合格线 不设”",
        "笔试 › 折算办法：由“(职测 + 综应) ÷ 3”改为“(职测 + 专业) ÷ 3”",
    ]


def test_another_order_of_the_same_rows_is_a_difference() -> None:
    rows = COUNTY_EXAM.replacement.stages
    changed = COUNTY_EXAM.amended(replacement=ReplacementRules(stages=(rows[1], rows[0], *rows[2:])))
    [line] = describe(COUNTY_EXAM, changed, "en")
    assert line.startswith("Replacement › By stage: from “recheck, interview, medical")


@pytest.mark.parametrize("language", LANGUAGES)
def test_any_two_profiles_can_be_compared(language: Language) -> None:
    for old in PROFILES.values():
        for new in PROFILES.values():
            lines = describe(old, new, language)
            assert bool(lines) == (old != new)
            assert not [line for line in lines if "_" in line]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_knob_has_a_name_and_every_choice_a_word(language: Language) -> None:
    wanted: set[str] = set()
    for section in sections_of(RuleSet):
        for knob, field in section.model_fields.items():
            wanted.add(f"knob.{section.__name__}.{knob}")
            wanted |= {f"choice.{section.__name__}.{knob}.{choice}" for choice in choices_of(field.annotation)}
    general = {"choice.yes", "choice.no", "choice.unset"}
    assert {code for code in texts(language) if code.startswith(("knob.", "choice."))} - general == wanted


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_knobs_of_a_step_have_the_same_name(language: Language) -> None:
    for section in sections_of(RuleSet):
        names = [texts(language)[f"knob.{section.__name__}.{knob}"] for knob in section.model_fields]
        assert len(set(names)) == len(names)
