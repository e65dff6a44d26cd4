"""The sentences of an announcement, made from its rule set, so that print and code cannot differ."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from rulebook.explanation import Language, render_value, template, texts
from rulebook.ruleset.clause_lines import EXAMINATION_LINES
from rulebook.ruleset.clause_lines_hiring import HIRING_LINES
from rulebook.ruleset.clause_terms import Line, Lines, Terms
from rulebook.ruleset.model import RuleSet, Track
from rulebook.ruleset.words import knob_label

LINES: Mapping[str, Lines] = {**EXAMINATION_LINES, **HIRING_LINES}

_HIRING = ("medical", "inspection", "replacement", "notice", "service")
SECTIONS: Mapping[Track, tuple[str, ...]] = {
    "public_exam": (
        "registration", "eligibility", "fee", "opening_ratio", "written", "shortlist", "recheck", "interview", "total",
        "ranking", *_HIRING, "slots", "publication",
    ),
    "competitive_selection": (
        "registration", "eligibility", "fee", "opening_ratio", "selection", "shortlist", "recheck", "interview",
        "total", "ranking", *_HIRING, "slots", "grants", "publication",
    ),
    "open_challenge": ("challenge", "notice"),
}  # fmt: skip

FIGURES = frozenset(
    (
        *("amount", "bids", "cap", "count", "days", "full", "high", "hours", "k", "least", "low", "mark", "max"),
        *("members", "min", "minutes", "monthly", "months", "most", "once", "others", "places", "points", "ratio"),
        *("score_places", "size", "step", "threshold", "times", "trim", "width", "height", "years"),
    )
)
_HOLDER = re.compile(r"\\{(\w+)\\}")


@dataclass(frozen=True)
class Clause:
    """One numbered sentence, ``3`` for a heading and ``3.2`` below it; ``values`` are its figures as printed."""

    number: str
    text: str
    code: str
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_heading(self) -> bool:
        return "." not in self.number


def render(ruleset: RuleSet, language: Language) -> list[Clause]:
    """All clauses of an announcement with this rule set, numbered by section, headings included."""
    clauses: list[Clause] = []
    terms = Terms(language)
    for section in SECTIONS[ruleset.track]:
        lines = list(LINES[section](ruleset, terms))
        if not lines:
            continue
        chapter = sum(clause.is_heading for clause in clauses) + 1
        heading = knob_label(RuleSet, section, language)
        clauses.append(Clause(str(chapter), heading, f"knob.RuleSet.{section}"))
        clauses.extend(
            _clause(f"{chapter}.{index}", section, line, language) for index, line in enumerate(lines, start=1)
        )
    return clauses


def parse(text: str, language: Language) -> Clause:
    """The clause that a printed sentence is, without its number; the reverse of ``render``.

    Where several clauses could be read into it, the one that leaves least to its figures is meant. Raises
    ``ValueError`` naming the sentence when no clause reads like it, or two equally well.
    """
    found = [
        Clause("", text, code, match.groupdict())
        for code, pattern in _patterns(language)
        if (match := pattern.fullmatch(text))
    ]
    found.sort(key=_captured)
    if not found or (len(found) > 1 and _captured(found[0]) == _captured(found[1])):
        raise ValueError(f"{len(found)} clauses read like: {text}")
    return found[0]


def _captured(clause: Clause) -> int:
    return sum(len(value) for value in clause.values.values())


def _clause(number: str, section: str, line: Line, language: Language) -> Clause:
    name, values = line
    code = f"clause.{section}.{name}"
    printed = {holder: render_value(value, language) for holder, value in values.items()}
    return Clause(number, template(code, language).format(**printed), code, printed)


@cache
def _patterns(language: Language) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((code, _pattern(sentence)) for code, sentence in texts(language).items() if code.startswith("clause."))


def _pattern(sentence: str) -> re.Pattern[str]:
    """A sentence whose place holders became groups; one used twice must read the same twice."""
    seen: set[str] = set()

    def group(holder: re.Match[str]) -> str:
        name = holder[1]
        if name in seen:
            return f"(?P={name})"
        seen.add(name)
        return f"(?P<{name}>{r'[0-9.]+' if name in FIGURES else '.+?'})"

    return re.compile(_HOLDER.sub(group, re.escape(sentence)))
