"""Every number among the knobs names its unit and its range, and the range is the one that is enforced."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from rulebook.explanation import LANGUAGES, Language
from rulebook.ruleset import InterviewRules, OpeningRatioRules, RuleSet, ShortlistRules, TotalPart
from rulebook.ruleset.base import Section
from rulebook.ruleset.knobs import knob_of
from rulebook.ruleset.measures import UNITS, is_number, measure_words, range_of, unit_of
from rulebook.ruleset.profiles import PROFILES
from rulebook.ruleset.words import sections_of

NUMBERS = [
    (section, knob)
    for section in sorted(sections_of(RuleSet), key=lambda section: section.__name__)
    for knob in section.model_fields
    if is_number(section, knob)
]


def test_every_number_has_a_unit_and_nothing_else_has() -> None:
    assert {f"{section.__name__}.{knob}" for section, knob in NUMBERS} == set(UNITS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_says_what_it_counts_and_from_where_to_where(language: Language) -> None:
    for section, knob in NUMBERS:
        assert unit_of(section, knob).text(language)
        assert range_of(section, knob).least is not None or range_of(section, knob).above is not None
        assert "{" not in measure_words(section, knob, language)


@pytest.mark.parametrize(
    ("section", "knob", "english", "chinese"),
    [
        (InterviewRules, "panel_size", "people, 1 or more", "人，不小于1"),
        (OpeningRatioRules, "k", "people per hire, 1 or more", "人（每招聘1人），不小于1"),
        (InterviewRules, "pass_line", "points, 0 to 1000", "分，0至1000"),
        (TotalPart, "weight", "share of 1, more than 0, at most 1", "占比（以1为全部），大于0，不大于1"),
        (ShortlistRules, "ties", "", ""),
    ],
)
def test_unit_and_range_in_words(section: type[Section], knob: str, english: str, chinese: str) -> None:
    assert (measure_words(section, knob, "en"), measure_words(section, knob, "zh")) == (english, chinese)
    assert knob_of(section, f"x.{knob}").measure("en") == english


def values_beyond(section: type[Section], knob: str) -> list[Decimal]:
    limits, step = range_of(section, knob), Decimal(1)
    below = [limits.least - step] if limits.least is not None else [limits.above] if limits.above is not None else []
    return [*below, *([limits.most + step] if limits.most is not None else [])]


def test_a_value_beyond_its_range_is_refused_at_that_knob() -> None:
    for section, knob in NUMBERS:
        is_list = str(section.model_fields[knob].annotation).startswith("tuple")
        for value in values_beyond(section, knob):
            assert not range_of(section, knob).holds(value)
            given = int(value) if knob_of(section, f"x.{knob}").kind is int else value
            with pytest.raises(ValidationError) as refusal:
                section.model_validate({knob: (given,) if is_list else given})
            assert knob in {str(mistake["loc"][0]) for mistake in refusal.value.errors() if mistake["loc"]}, knob


def test_the_default_of_every_number_lies_in_its_range() -> None:
    def check(section: Section) -> int:
        seen = 0
        for knob in type(section).model_fields:
            value = getattr(section, knob)
            for item in value if isinstance(value, tuple) else (value,):
                if isinstance(item, Section):
                    seen += check(item)
                elif is_number(type(section), knob) and item is not None:
                    assert range_of(type(section), knob).holds(Decimal(item)), knob
                    seen += 1
        return seen

    assert all(check(profile) > 60 for profile in PROFILES.values())
