"""Every sentence exists in Chinese and in English, with the same place holders, and nothing is left over."""

import re
import tomllib
from collections import Counter
from decimal import Decimal
from pathlib import Path
from string import Formatter

import pytest

import rulebook
from rulebook.explanation import LANGUAGES, TEXT_FILES, Explanation, Language, texts

SOURCE = Path(rulebook.__file__).parent
CODE = re.compile(
    r"(?:Explanation|RuleError|Guard)\(\s*(?:(?:True|False), Explanation\(\s*)?\"([a-z_]+\.[a-z_0-9.]+)\""
)


def _holders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_sentences() -> None:
    assert set(texts("zh")) == set(texts("en"))


def test_both_languages_use_the_same_place_holders() -> None:
    english = texts("en")
    differing = {code for code, text in texts("zh").items() if _holders(text) != _holders(english[code])}
    assert differing == set()


def test_no_sentence_is_empty() -> None:
    assert {code for language in ("zh", "en") for code, text in texts(language).items() if not text.strip()} == set()


def test_every_code_named_in_the_rule_book_has_a_sentence() -> None:
    named = {code for path in SOURCE.rglob("*.py") for code in CODE.findall(path.read_text(encoding="utf-8"))}
    assert named - set(texts("zh")) == set()


def test_a_number_is_shown_with_two_to_four_decimals() -> None:
    shown = Explanation("written.folded", {"value": Decimal("62.0333333"), "formula": "x", "rounding": "y"}).text("en")
    assert shown == "62.0333… = x, y"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_written_twice(language: Language) -> None:
    counts = Counter(
        code
        for name in TEXT_FILES
        for code in codes_of(tomllib.loads((SOURCE / "texts" / f"{name}.{language}.toml").read_text(encoding="utf-8")))
    )
    assert {code for code, count in counts.items() if count > 1} == set()
    assert set(counts) == set(texts(language))


def codes_of(branch: dict[str, object], prefix: str = "") -> list[str]:
    found: list[str] = []
    for name, value in branch.items():
        found += codes_of(value, f"{prefix}{name}.") if isinstance(value, dict) else [f"{prefix}{name}"]
    return found
