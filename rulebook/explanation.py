"""How a computed value came about, in numbers first and in words only when shown."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Context, Decimal
from functools import cache
from importlib.resources import files
from typing import Literal, TypeAlias, Union
from zoneinfo import ZoneInfo

Language = Literal["zh", "en"]
SHANGHAI = ZoneInfo("Asia/Shanghai")
LANGUAGES: tuple[Language, ...] = ("zh", "en")
TEXT_FILES = ("texts", "eligibility", "knobs", "help", "clauses", "what_if")

Value: TypeAlias = Union[str, int, Decimal, date, "Explanation", tuple["Value", ...]]

SHOWN_PLACES = 4
_ANY_LENGTH = Context(prec=60)
_LIST_SEPARATOR: Mapping[str, str] = {"zh": "、", "en": ", "}


@dataclass(frozen=True)
class Explanation:
    """A sentence with numbers: a code of ``texts/<language>.toml`` and the values that fill it.

    ``values`` may hold numbers, dates, plain words of the field (paper names, registration numbers), other
    explanations and tuples of these. ``steps`` are the sentences that lead up to this one, in order.
    """

    code: str
    values: Mapping[str, Value] = field(default_factory=dict)
    steps: tuple[Explanation, ...] = ()

    def text(self, language: Language) -> str:
        """The sentence in one language, without its steps."""
        rendered = {name: render_value(value, language) for name, value in self.values.items()}
        return template(self.code, language).format(**rendered)

    def lines(self, language: Language) -> list[str]:
        """All steps and then the sentence itself, one string per line."""
        lines = [line for step in self.steps for line in step.lines(language)]
        return [*lines, self.text(language)]


@dataclass(frozen=True)
class Guard:
    """Whether a step may be taken, and why or why not; true when it may."""

    allowed: bool
    explanation: Explanation

    def __bool__(self) -> bool:
        return self.allowed


class RuleError(ValueError):
    """An input that the rule cannot be applied to; ``code`` names the sentence, ``values`` fill it."""

    def __init__(self, code: str, /, **values: Value) -> None:
        self.explanation = Explanation(code, values)
        super().__init__(code)

    @property
    def code(self) -> str:
        return self.explanation.code

    @property
    def values(self) -> Mapping[str, Value]:
        return self.explanation.values

    def text(self, language: Language) -> str:
        """What is wrong and what would be right, for the person who can act."""
        return self.explanation.text(language)

    def __str__(self) -> str:
        return self.text("en")


@cache
def texts(language: Language) -> Mapping[str, str]:
    """All sentences of one language by dotted code."""
    found: dict[str, str] = {}
    for name in TEXT_FILES:
        source = files(__package__).joinpath("texts", f"{name}.{language}.toml")
        if source.is_file():
            _flatten("", tomllib.loads(source.read_text(encoding="utf-8")), found)
    return found


def template(code: str, language: Language) -> str:
    """The sentence with its place holders; ``KeyError`` names a code without a text."""
    return texts(language)[code]


Vocabulary = Literal["value", "word"]


def word_for(name: str, vocabulary: Vocabulary = "value") -> Explanation | str:
    """The word for a mark of the tie chain (``value``) or for an item, criterion or ground (``word``).

    A name that the announcement made up itself stands as it is.
    """
    code = f"{vocabulary}.{name}"
    return Explanation(code) if code in texts("en") else name


def words_for(names: Iterable[str], vocabulary: Vocabulary = "value") -> tuple[Value, ...]:
    """The words for several, in order."""
    return tuple(word_for(name, vocabulary) for name in names)


def number_text(value: Decimal, *, least_places: int = 2) -> str:
    """A number as printed: at least two decimals, at most four with an ellipsis for what follows."""
    exponent = value.normalize(_ANY_LENGTH).as_tuple().exponent
    places = max(least_places, -exponent) if isinstance(exponent, int) else least_places
    if places <= SHOWN_PLACES:
        return f"{value:.{places}f}"
    shown = f"{value:.{places}f}"
    return shown[: SHOWN_PLACES - places] + "…"


def plain_text(value: Decimal) -> str:
    """A count, divisor or limit without trailing zeros: 3, 0.5, 100."""
    return f"{value.normalize(_ANY_LENGTH):f}"


def percent_text(share: Decimal) -> str:
    """A share of one as per cent: 0.35 is 35 %."""
    return f"{plain_text(share.scaleb(2, _ANY_LENGTH))}%"


def render_value(value: Value, language: Language) -> str:
    """One value in the language of the reader; a moment, which must be aware, in Shanghai time."""
    if isinstance(value, Explanation):
        return value.text(language)
    if isinstance(value, tuple):
        return _LIST_SEPARATOR[language].join(render_value(item, language) for item in value)
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, datetime):
        local = value.astimezone(SHANGHAI)
        return f"{render_value(local.date(), language)} {local:%H:%M}"
    if isinstance(value, date):
        if language == "zh":
            return f"{value.year}年{value.month}月{value.day}日"
        return value.isoformat()
    return str(value)


def _flatten(prefix: str, branch: Mapping[str, object], found: dict[str, str]) -> None:
    for name, value in branch.items():
        code = f"{prefix}{name}"
        if isinstance(value, dict):
            _flatten(f"{code}.", value, found)
        else:
            found[code] = str(value)
