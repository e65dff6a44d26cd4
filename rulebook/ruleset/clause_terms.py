"""What the lines of all sections share: words of one language for the figures of a rule set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from rulebook.explanation import SHANGHAI, Explanation, Language, Value, plain_text, template
from rulebook.ruleset.base import MinimumLine, Rounding, Section
from rulebook.ruleset.model import RuleSet
from rulebook.ruleset.words import choice_word, value_words, word

Line: TypeAlias = tuple[str, Mapping[str, Value]]
Lines: TypeAlias = Callable[[RuleSet, "Terms"], Iterator[Line]]


@dataclass(frozen=True)
class Terms:
    """The vocabulary of one language."""

    language: Language

    def of(self, section: Section, knob: str) -> str:
        """The value of a knob in words."""
        return value_words(type(section), knob, getattr(section, knob), self.language)

    def name(self, value: str) -> str:
        """The word for a mark, item or document."""
        return choice_word(Section, "", value, self.language)

    def names(self, values: Iterable[str]) -> tuple[Value, ...]:
        return tuple(self.name(value) for value in values)

    def word(self, value: str) -> str:
        return word(value, self.language)

    def phrase(self, code: str, **values: Value) -> Explanation:
        """Part of a sentence, from the ``term`` texts."""
        return Explanation(f"term.{code}", values)

    def rounding(self, rules: Rounding) -> Explanation:
        return Explanation(f"rounding.{rules.mode}", {"scale": rules.scale})

    def line(self, rules: MinimumLine) -> Explanation:
        """The minimum line as a phrase."""
        population = self.of(rules, "population")
        if rules.kind == "fixed" and rules.value is not None:
            return self.phrase("line_fixed", value=plain_text(rules.value))
        if rules.kind == "mean_share" and rules.share is not None:
            code = "line_share_without_zero" if rules.exclude_zero else "line_share"
            return self.phrase(code, share=plain_text(rules.share.scaleb(2)), population=population)
        return self.phrase(f"line_{rules.kind}")

    def closing(self, moment: datetime) -> Value:
        """The end of a half-open window; midnight is printed as 24:00 of the day before (R18)."""
        local = moment.astimezone(SHANGHAI)
        if (local.hour, local.minute, local.second) != (0, 0, 0):
            return moment
        return self.phrase("midnight", day=local.date() - timedelta(days=1))

    def month_day(self, text: str) -> str:
        """A yearly day written ``07-31``."""
        month, day = (int(part) for part in text.split("-"))
        return template("term.month_day", self.language).format(month=month, day=day)
