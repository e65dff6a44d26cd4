"""Every knob has a name, a help and an example in both languages, and what is printed of it is read back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebook.explanation import LANGUAGES, Language, RuleError, texts
from rulebook.ruleset import BonusItem, Fold, FoldPart, RankingRules, RuleSet, TotalPart
from rulebook.ruleset.knobs import Knob, knobs_of, path_label, steps, value_at
from rulebook.ruleset.profiles import COUNTY_EXAM
from rulebook.ruleset.words import fold_formula, parse_fold, sections_of, split_words, value_words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["knob", "help", "example"])
def test_every_knob_has_a_name_a_help_and_an_example_and_nothing_else_has(language: Language, kind: str) -> None:
    wanted = {f"{kind}.{section.__name__}.{knob}" for section in sections_of(RuleSet) for knob in section.model_fields}
    # A step is explained by its knobs.
    wanted -= set() if kind == "knob" else {f"{kind}.RuleSet.{step}" for step in steps()}
    assert {code for code in texts(language) if code.startswith(f"{kind}.")} == wanted


def test_the_steps_with_their_knobs_reach_every_value_once() -> None:
    paths = [
        knob.path
        for step in steps()
        for entry in knobs_of(step)
        for knob in ([entry] if isinstance(entry, Knob) else entry[1])
    ]
    assert len(paths) == len(set(paths))
    document = COUNTY_EXAM.model_dump()
    leaves: set[str] = set()
    for step in steps():
        for name, value in document[step].items():
            inside = [f"{step}.{name}.{below}" for below in value] if isinstance(value, dict) else [f"{step}.{name}"]
            leaves.update(inside)
    assert set(paths) == leaves
    assert value_at(COUNTY_EXAM, "shortlist.min_line.kind") == "authority"


def test_a_place_is_named_down_to_the_row() -> None:
    assert path_label("written.papers.0.full_mark", "zh") == "笔试 › 科目 › 1 › 满分"
    assert path_label("interview", "en") == "Interview"
    assert path_label("nothing", "en") == "nothing"


FACTORS = st.sampled_from([Decimal(1), Decimal("0.4"), Decimal("0.35"), Decimal(2), Decimal("1.5")])


@given(
    st.lists(st.tuples(st.sampled_from(["职测", "综应", "行测", "申论", "公基"]), FACTORS), min_size=1, max_size=4,
             unique_by=lambda part: part[0]),
    st.sampled_from([Decimal(1), Decimal(2), Decimal(3), Decimal("4.5")]),
)  # fmt: skip
def test_a_printed_formula_is_read_back_as_the_same_fold(parts: list[tuple[str, Decimal]], divisor: Decimal) -> None:
    fold = Fold(parts=tuple(FoldPart(paper=paper, factor=factor) for paper, factor in parts), divisor=divisor)
    assert Fold.model_validate(parse_fold(fold_formula(fold))) == fold


@pytest.mark.parametrize("text", ["", "÷ 3", "职测 ÷", "职测 + ÷ 2", "(职测 + 综应) ÷ x", "职测 × 40% +"])
def test_what_is_no_formula_is_refused_with_an_example_of_one(text: str) -> None:
    with pytest.raises(RuleError) as refusal:
        parse_fold(text)
    assert "÷ 3" in refusal.value.text("zh")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("section", "knob", "values"),
    [
        (RankingRules, "tie_chain", ("written", "职测", "extra_test")),
        (TotalPart, "name", ("professional_test", "interview")),
        (BonusItem, "kind", ("grassroots_service",)),
    ],
)
def test_printed_words_are_read_back(section: type, knob: str, values: tuple[str, ...], language: Language) -> None:
    assert split_words(value_words(section, knob, values, language), section, knob, language) == list(values)
