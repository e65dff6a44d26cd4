"""The announcement's sentences: printed as agreed, read back, and touched by every knob that the public should know."""

import typing
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from rulebook.explanation import LANGUAGES, Language
from rulebook.ruleset import (
    BonusItem,
    BonusRules,
    CoefficientRules,
    FeeRules,
    InterviewElement,
    MinimumLine,
    NoCompetitionRules,
    OpeningRatioRules,
    Paper,
    PhotoRules,
    RecheckRules,
    RegistrationRules,
    Rounding,
    RuleSet,
    Section,
    ShortlistRules,
    StageReplacement,
)
from rulebook.ruleset.clauses import LINES, SECTIONS, parse, render
from rulebook.ruleset.profiles import COUNTY_EXAM, PROFILES
from rulebook.ruleset.words import choices_of
from tests.rules.write_golden import GOLDEN, printed

D = Decimal

RICH = COUNTY_EXAM.replaced(
    registration=RegistrationRules(
        opens_at=datetime(2026, 3, 19, 1, tzinfo=UTC),
        closes_at=datetime(2026, 3, 25, 9, tzinfo=UTC),
        grace_hours=24,
        two_stage_confirm=True,
        photo=PhotoRules(tool_required=True, background="white"),
    ),
    fee=FeeRules(interview=D(80), waiver_mode="refund_after_payment"),
    opening_ratio=OpeningRatioRules(
        on_fail="keep_with_line", kept_line=MinimumLine(kind="mean_share", share=D("0.8")), cut_order="reduce_at_once"
    ),
    written=COUNTY_EXAM.written.model_copy(
        update={
            "papers": (
                Paper(name="职测", full_mark=D(150), minutes=90, min_mark=D(60)),
                Paper(name="综应", full_mark=D(150), minutes=120),
            ),
            "bonus": BonusRules(
                items=(BonusItem(kind="grassroots_service", per_year=D(2)), BonusItem(kind="少数民族", fixed=D(1))),
                stack="sum",
                cap=D(6),
                cap_at_full_mark=True,
                deadline=date(2026, 4, 10),
            ),
        }
    ),
    shortlist=ShortlistRules(
        min_line=MinimumLine(kind="mean_share", share=D("0.8"), population="group", exclude_zero=True),
        plus_one_up_to=4,
        ties="tiebreak",
        tie_chain=("职测",),
        exempt_counts_in_ratio=True,
        exempt_mark="mean_of_interviewees",
    ),
    interview=COUNTY_EXAM.interview.model_copy(
        update={
            "external_share": D("0.5"),
            "elements": (
                InterviewElement(name="分析", full_mark=D(60)),
                InterviewElement(name="表达", full_mark=D(40)),
            ),
            "trim_elements": True,
            "coefficient": CoefficientRules(method="trimmed", mean_places=4, cap=D(100)),
            "no_competition": NoCompetitionRules(
                ratio=D(2), inclusive=False, line=D(80), at_least_panel_mean=True, two_thirds_vote=True
            ),
        }
    ),
    ranking=COUNTY_EXAM.ranking.model_copy(update={"surplus_ratio": D("1.2")}),
    medical=COUNTY_EXAM.medical.model_copy(update={"ratio": D("1.2"), "deferral_allowed": False}),
    inspection=COUNTY_EXAM.inspection.model_copy(update={"ratio": D("1.2"), "university_reference": True}),
    replacement=COUNTY_EXAM.replacement.model_copy(
        update={
            "stages": tuple(
                StageReplacement(stage=row.stage, rounds=None if row.stage == "after" else 1, min_mark=D(60))
                for row in COUNTY_EXAM.replacement.stages
            ),
            "no_competition_reapplied": True,
        }
    ),
    service=COUNTY_EXAM.service.model_copy(update={"late_ban_years": 1}),
)
FIXED_LINE = COUNTY_EXAM.replaced(shortlist=ShortlistRules(min_line=MinimumLine(kind="fixed", value=D(60))))
LATE_ROUNDING = COUNTY_EXAM.replaced(
    written=COUNTY_EXAM.written.model_copy(update={"rounding": Rounding(stage="final")}),
    interview=COUNTY_EXAM.interview.model_copy(update={"rounding": Rounding(stage="final")}),
    total=COUNTY_EXAM.total.model_copy(update={"rounding": Rounding(stage="final")}),
)
LONGER = COUNTY_EXAM.replaced(opening_ratio=OpeningRatioRules(on_fail="extend_registration", extend_hours=48))
DAYS_BEFORE = COUNTY_EXAM.replaced(
    recheck=RecheckRules(replacement_until="days_before_interview", replacement_days_before=3)
)
BASES = (*PROFILES.values(), RICH, FIXED_LINE, LATE_ROUNDING, LONGER, DAYS_BEFORE)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(PROFILES))
def test_a_profile_prints_as_agreed(name: str, language: Language) -> None:
    assert printed(PROFILES[name], language) == (GOLDEN / f"{name}.{language}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_reads_back_to_its_clause_and_figures(language: Language) -> None:
    for ruleset in BASES:
        for clause in render(ruleset, language):
            if not clause.is_heading:
                again = parse(clause.text, language)
                assert (again.code, dict(again.values)) == (clause.code, dict(clause.values))


@pytest.mark.parametrize("name", sorted(PROFILES))
def test_the_agreed_print_reads_back_line_by_line(name: str) -> None:
    lines = (GOLDEN / f"{name}.zh.txt").read_text(encoding="utf-8").splitlines()
    read = [parse(text, "zh").code for number, text in (line.split(" ", 1) for line in lines) if "." in number]
    assert read == [clause.code for clause in render(PROFILES[name], "zh") if not clause.is_heading]


def test_a_sentence_that_no_rule_makes_is_not_read() -> None:
    with pytest.raises(ValueError, match="0 clauses read like"):
        parse("本公告由某某负责解释。", "zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_place_holder_and_no_code_word_is_left_in_print(language: Language) -> None:
    for ruleset in BASES:
        text = printed(ruleset, language)
        assert "{" not in text
        assert "_" not in text
        if language == "zh":
            assert not [word for word in text.split() if word.isascii() and word.isalpha() and word != "JPG"]


def test_r18_the_window_is_printed_in_shanghai_time_and_midnight_as_twenty_four() -> None:
    opens, closes = datetime(2026, 3, 19, 1, tzinfo=UTC), datetime(2026, 3, 25, 16, tzinfo=UTC)
    ruleset = COUNTY_EXAM.replaced(registration=RegistrationRules(opens_at=opens, closes_at=closes))
    first = render(ruleset, "zh")[1].text
    assert first == "报名时间为2026年3月19日 09:00至2026年3月25日 24:00，以服务器时间为准，逾期不再受理。"
    earlier = COUNTY_EXAM.replaced(
        registration=RegistrationRules(opens_at=opens, closes_at=datetime(2026, 3, 25, 9, tzinfo=UTC))
    )
    assert "至2026年3月25日 17:00，" in render(earlier, "zh")[1].text


def test_numbers_run_without_a_gap() -> None:
    for ruleset in BASES:
        chapter, index = 0, 0
        for clause in render(ruleset, "zh"):
            chapter, index = (chapter + 1, 0) if clause.is_heading else (chapter, index + 1)
            assert clause.number == (str(chapter) if clause.is_heading else f"{chapter}.{index}")


def test_every_section_with_lines_is_part_of_some_announcement() -> None:
    assert {section for sections in SECTIONS.values() for section in sections} == set(LINES)


def knobs(section: Section, path: str = "") -> Iterator[tuple[str, Section, str]]:
    for name in type(section).model_fields:
        value = getattr(section, name)
        parts = value if isinstance(value, tuple) else (value,)
        inner = [part for part in parts if isinstance(part, Section)]
        if not inner:
            yield f"{path}{name}", section, name
        for part in inner:
            yield from knobs(part, f"{path}{name}.")


def other_values(section: Section, name: str) -> list[object]:
    value = getattr(section, name)
    choices = choices_of(type(section).model_fields[name].annotation)
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, tuple):
        return [value[1:], (*value, *value[:1])] if value else []
    if choices:
        return [choice for choice in choices if choice != value]
    if isinstance(value, int):
        return [value + 1]
    if isinstance(value, Decimal):
        return [value + D("0.01")]
    if isinstance(value, datetime):
        return [value.replace(year=2031)]
    if isinstance(value, date):
        return [value.replace(year=2031)]
    return (
        ["12-30"] if isinstance(value, str) and value[:2].isdigit() else [f"{value}x"] if isinstance(value, str) else []
    )


def changed(section: Section, target: Section, name: str, value: object) -> Section:
    """A copy in which the knob of exactly that part has another value, unchecked."""
    if section is target:
        return section.model_copy(update={name: value})
    update: dict[str, object] = {}
    for knob in type(section).model_fields:
        inner = getattr(section, knob)
        if isinstance(inner, Section):
            update[knob] = changed(inner, target, name, value)
        elif isinstance(inner, tuple):
            update[knob] = tuple(
                changed(part, target, name, value) if isinstance(part, Section) else part for part in inner
            )
    return section.model_copy(update=update)


NOT_PRINTED = {
    "slots.hold_point": "book-keeping of the establishment office",
    "slots.pool_post": "book-keeping of the establishment office",
    "slots.pre_use_of_exits": "book-keeping of the establishment office",
    "total.parts.full_mark": "the weight is what is applied; the scale of each mark is printed with the mark",
}


def is_complete(section: Section) -> bool:
    """Whether every line has the figure that its kind needs."""
    return not any(
        isinstance(part, MinimumLine) and {"fixed": part.value, "mean_share": part.share}.get(part.kind, True) is None
        for _, part, _ in knobs(section)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_knob_of_a_printed_section_changes_the_print(language: Language) -> None:
    silent: set[str] = set()
    heard: set[str] = set()
    for ruleset in BASES:
        sections = SECTIONS[ruleset.track]
        before = printed(ruleset, language)
        for path, section, name in knobs(ruleset):
            if path in heard or path.split(".")[0] not in sections:
                continue
            for value in other_values(section, name):
                after = typing.cast(RuleSet, changed(ruleset, section, name, value))
                if is_complete(after):
                    (heard if printed(after, language) != before else silent).add(path)
    assert "\n".join(sorted(silent - heard)) == "\n".join(sorted(NOT_PRINTED))


def drawn_value(data: st.DataObject, section: Section, name: str) -> object:
    """Another value of a knob, of the kind it has; numbers run over what people would print."""
    value, annotation = getattr(section, name), type(section).model_fields[name].annotation
    choices = choices_of(annotation)
    if isinstance(value, bool):
        return data.draw(st.booleans())
    if choices and not isinstance(value, tuple):
        return data.draw(st.sampled_from(choices))
    if isinstance(value, int):
        return data.draw(st.integers(1, 999))
    if isinstance(value, D):
        return data.draw(st.integers(1, 99_999).map(lambda hundredths: D(hundredths) / 100))
    if isinstance(value, datetime):
        return data.draw(st.datetimes(datetime(2026, 1, 1), datetime(2031, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
    if isinstance(value, date):
        return data.draw(st.dates(date(2026, 1, 1), date(2031, 12, 31)))
    if isinstance(value, tuple) and value and not isinstance(value[0], Section):
        return tuple(data.draw(st.permutations(value)))[: data.draw(st.integers(1, len(value)))]
    return value


def valid_or(before: RuleSet, after: Section) -> RuleSet:
    """The changed rule set, if the rule book accepts it; else the one before."""
    try:
        return RuleSet.from_json(typing.cast(RuleSet, after).canonical_json())
    except ValidationError:
        return before


@pytest.mark.parametrize("language", LANGUAGES)
@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_whatever_the_knobs_the_print_reads_back(language: Language, data: st.DataObject) -> None:
    """parse(render(x)) gives every clause with every figure that was printed, and nothing is printed alike twice."""
    ruleset = data.draw(st.sampled_from(BASES))
    for _ in range(data.draw(st.integers(1, 8))):
        _path, section, name = data.draw(st.sampled_from(list(knobs(ruleset))))
        ruleset = valid_or(ruleset, changed(ruleset, section, name, drawn_value(data, section, name)))
    for clause in render(ruleset, language):
        if not clause.is_heading:
            again = parse(clause.text, language)
            assert (again.code, dict(again.values), again.text) == (clause.code, dict(clause.values), clause.text)
