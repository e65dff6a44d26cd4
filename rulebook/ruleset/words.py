"""Knobs and their values in words: for the editor, the differences and the clauses."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from rulebook.explanation import Language, RuleError, percent_text, plain_text, render_value, texts
from rulebook.ruleset.base import Section
from rulebook.ruleset.examination import Fold


def knob_label(section: type[Section], knob: str, language: Language) -> str:
    """The name of a knob, for example ``Panel size``; ``KeyError`` for a knob without a name."""
    return texts(language)[f"knob.{section.__name__}.{knob}"]


def choice_word(section: type[Section], knob: str, value: str, language: Language) -> str:
    """The word for a value of a knob: of its fixed choices, else of the vocabulary, else the value itself."""
    found = texts(language)
    for code in (f"choice.{section.__name__}.{knob}.{value}", f"value.{value}", f"word.{value}"):
        if code in found:
            return found[code]
    return value


def word(value: str, language: Language) -> str:
    """The word of the vocabulary for a bonus kind, document, item or criterion; else the value as it stands."""
    return texts(language).get(f"word.{value}", value)


def value_words(section: type[Section], knob: str, value: object, language: Language) -> str:
    """Any value of a knob as a reader would write it."""
    found = texts(language)
    if value is None or value == ():
        return found["choice.unset"]
    if isinstance(value, bool):
        return found["choice.yes" if value else "choice.no"]
    if isinstance(value, tuple):
        return render_value(tuple(value_words(section, knob, item, language) for item in value), language)
    if isinstance(value, Section):
        return section_words(value, language)
    if isinstance(value, Decimal):
        return plain_text(value)
    if isinstance(value, date):
        return render_value(value, language)
    return choice_word(section, knob, str(value), language)


def fold_formula(fold: Fold) -> str:
    """A fold as printed: ``(职测 + 综应) ÷ 3`` or ``行测 × 40% + 申论 × 60%``."""
    terms = [part.paper if part.factor == 1 else f"{part.paper} × {_factor_text(part.factor)}" for part in fold.parts]
    formula = " + ".join(terms)
    if fold.divisor == 1:
        return formula
    return f"{f'({formula})' if len(terms) > 1 else formula} ÷ {plain_text(fold.divisor)}"


def section_words(value: Section, language: Language) -> str:
    """All knobs of a part in one line: ``Name 职测, Full mark 150``."""
    if isinstance(value, Fold):
        return fold_formula(value)
    kind = type(value)
    parts = (
        f"{knob_label(kind, knob, language)} {value_words(kind, knob, getattr(value, knob), language)}"
        for knob in kind.model_fields
    )
    return ("，" if language == "zh" else ", ").join(parts)


def sections_of(kind: type[Section]) -> Iterator[type[Section]]:
    """The kinds of parts that a section is made of, itself first, each once."""
    seen: list[type[Section]] = []
    queue = [kind]
    while queue:
        current = queue.pop()
        if current not in seen:
            seen.append(current)
            queue.extend(part for field in current.model_fields.values() for part in _sections_in(field.annotation))
    yield from seen


def choices_of(annotation: object) -> tuple[str, ...]:
    """The fixed choices of a knob's type, wherever they stand in it; empty when it has none."""
    if typing.get_origin(annotation) is typing.Literal:
        return tuple(str(choice) for choice in typing.get_args(annotation))
    return tuple(choice for part in typing.get_args(annotation) for choice in choices_of(part))


def _factor_text(factor: Decimal) -> str:
    return percent_text(factor) if factor < 1 else plain_text(factor)


def _sections_in(annotation: object) -> Iterator[type[Section]]:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        yield annotation
    for part in typing.get_args(annotation):
        yield from _sections_in(part)


_WORDS = ("value.", "word.")
_SEPARATORS = re.compile(r"[、,，;；\n]+")
_FORMULA = re.compile(r"\(?(?P<terms>[^()÷]+)\)?(?:÷(?P<divisor>[0-9.]+))?")
_TERM = re.compile(r"(?P<paper>.+?)(?:[×*](?P<factor>[0-9.]+)(?P<share>%?))?")


def word_keys(section: type[Section], knob: str, language: Language) -> dict[str, str]:
    """The word for each fixed choice and each word of the vocabulary → what the rule set calls it."""
    found = texts(language)
    own = f"choice.{section.__name__}.{knob}."
    keys = {text: code.split(".", 1)[1] for prefix in reversed(_WORDS) for code, text in found.items()
            if code.startswith(prefix)}  # fmt: skip
    return keys | {text: code.removeprefix(own) for code, text in found.items() if code.startswith(own)}


def split_words(text: str, section: type[Section], knob: str, language: Language) -> list[str]:
    """A line of words as ``value_words`` prints them → what the rule set calls them; an unknown word stays as it is."""
    keys = word_keys(section, knob, language)
    return [keys.get(word, word) for part in _SEPARATORS.split(text) if (word := part.strip())]


def parse_fold(formula: str) -> dict[str, object]:
    """A formula such as ``(职测 + 综应) ÷ 3`` or ``行测 × 40% + 申论 × 60%`` as the values of a `Fold`.

    Raises ``RuleError`` ``ruleset.formula`` where it does not read like one.
    """
    plain = formula.replace(" ", "").replace("（", "(").replace("）", ")").replace("/", "÷")
    whole = _FORMULA.fullmatch(plain)
    terms = [_TERM.fullmatch(term) for term in whole["terms"].split("+")] if whole else []
    if whole is None or not all(terms):
        raise RuleError("ruleset.formula", formula=formula)
    parts = [
        {"paper": term["paper"], "factor": _factor(term["factor"], term["share"])} for term in terms if term is not None
    ]
    return {"parts": parts, "divisor": whole["divisor"] or "1"}


def _factor(text: str | None, share: str) -> str:
    factor = Decimal(text or 1)
    return plain_text(factor / 100 if share else factor)
