"""What changed between two rule sets, in words (for the editor and for an amendment's notice)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rulebook.explanation import Language, template
from rulebook.ruleset.base import Section
from rulebook.ruleset.model import RuleSet
from rulebook.ruleset.words import choice_word, knob_label, section_words, value_words

NAMING_KNOBS = ("name", "stage", "kind", "paper", "degree")
BETWEEN = " › "


def describe(old: RuleSet, new: RuleSet, language: Language) -> list[str]:
    """One line per knob that differs, in the order of the steps; the version itself is not a difference."""
    return [line for line, knob in _lines(old, new, (), language) if knob != "version"]


def _lines(old: Section, new: Section, where: tuple[str, ...], language: Language) -> Iterator[tuple[str, str]]:
    kind = type(old)
    for knob in kind.model_fields:
        before, after = getattr(old, knob), getattr(new, knob)
        if before == after:
            continue
        here = (*where, knob_label(kind, knob, language))
        if isinstance(before, Section) and isinstance(after, Section):
            yield from _lines(before, after, here, language)
        elif _naming_knob(before, after):
            yield from ((line, knob) for line in _list_lines(before, after, here, language))
        else:
            words = (value_words(kind, knob, value, language) for value in (before, after))
            yield _line("changed", here, language, *words), knob


def _list_lines(
    old: Sequence[Section], new: Sequence[Section], where: tuple[str, ...], language: Language
) -> Iterator[str]:
    naming = _naming_knob(old, new)
    before = {getattr(part, naming): part for part in old}
    after = {getattr(part, naming): part for part in new}
    for name, part in before.items():
        if name not in after:
            yield _line("removed", where, language, section_words(part, language), "")
        else:
            here = (*where, choice_word(type(part), naming, name, language))
            yield from (line for line, _ in _lines(part, after[name], here, language))
    for name, part in after.items():
        if name not in before:
            yield _line("added", where, language, "", section_words(part, language))
    common = [[name for name in names if name in before and name in after] for names in (before, after)]
    if common[0] != common[1]:
        orders = (value_words(type(old[0]), naming, tuple(part), language) for part in (before, after))
        yield _line("changed", where, language, *orders)


def _naming_knob(*lists: object) -> str:
    """The knob that names the parts of two lists; empty when they are no lists of named parts."""
    parts = [part for listed in lists if isinstance(listed, tuple) for part in listed]
    if not parts or not all(isinstance(part, Section) for part in parts):
        return ""
    return next((knob for knob in NAMING_KNOBS if all(knob in type(part).model_fields for part in parts)), "")


def _line(code: str, where: Sequence[str], language: Language, old: str, new: str) -> str:
    return template(f"diff.{code}", language).format(where=BETWEEN.join(where), old=old, new=new)
