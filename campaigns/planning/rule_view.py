"""A rule set as a person reads it: its steps, each rule with name and value, and two versions beside each other.

All names and words are the rule book's own (`rulebook/texts`), in the reader's language.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from foundation.language import rule_language
from rulebook.ruleset import RuleSet, profiles
from rulebook.ruleset.advice import advice
from rulebook.ruleset.clauses import SECTIONS, Clause, render
from rulebook.ruleset.knobs import Knob, knobs_of, path_label, steps
from rulebook.ruleset.words import knob_label

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """One rule: its path, name and value; `usual` is the profile's value where this one differs from it, else ""."""

    path: str
    name: str
    value: str
    usual: str = ""


@dataclass(frozen=True)
class Step:
    """A step of the recruitment with its rules and the clauses they print."""

    key: str
    name: str
    rows: tuple[Row, ...]
    clauses: tuple[Clause, ...]

    @property
    def differs(self) -> bool:
        return any(row.usual for row in self.rows)


def step_name(key: str) -> str:
    return knob_label(RuleSet, key, rule_language())


def steps_of(document: Document, profile: str = "") -> list[Step]:
    """All steps of a stored rule set, those of its track first, beside the built-in `profile` if one is named."""
    rules = RuleSet.model_validate(document)
    usual = profiles.get(profile) if profile in profiles.PROFILES else rules
    printed = clauses_by_step(rules)
    order = sorted(steps(), key=lambda key: key not in SECTIONS[rules.track])
    return [
        Step(key, step_name(key), tuple(_rows(key, rules, usual)), tuple(printed.get(key, ())))
        for key in order
    ]  # fmt: skip


def _rows(key: str, rules: RuleSet, usual: RuleSet) -> Iterator[Row]:
    language = rule_language()
    for entry in knobs_of(key):
        above, inside = ("", [entry]) if isinstance(entry, Knob) else (f"{entry[0].label(language)} › ", entry[1])
        for knob in inside:
            value, other = knob.shown(rules, language), knob.shown(usual, language)
            yield Row(knob.path, above + knob.label(language), value, other if other != value else "")


def summary_of(document: Document, keys: tuple[str, ...]) -> list[Row]:
    """The named rules only, in the order of `keys`."""
    rules, language = RuleSet.model_validate(document), rule_language()
    by_path = {row.path: row for key in dict.fromkeys(key.partition(".")[0] for key in keys)
               for row in _rows(key, rules, rules)}  # fmt: skip
    return [Row(key, path_label(key, language), by_path[key].value) for key in keys]


def advice_of(document: Document) -> list[str]:
    """What these rules may do and are still advised against (R64)."""
    return [line.text(rule_language()) for line in advice(RuleSet.model_validate(document))]


def path_name(path: str) -> str:
    """How the place "section.knob" of a mistake is shown."""
    return path_label(path, rule_language())


def clauses_by_step(rules: RuleSet) -> dict[str, list[Clause]]:
    """The printed clauses of a rule set by step, without the headings."""
    found: dict[str, list[Clause]] = {}
    for clause in render(rules, rule_language()):
        if not clause.is_heading:
            found.setdefault(clause.code.split(".")[1], []).append(clause)
    return found


@dataclass(frozen=True)
class ClauseChange:
    """What one step prints before and after a change; one of the two may say nothing."""

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def clause_changes(old: RuleSet, new: RuleSet) -> list[ClauseChange]:
    """The clauses that read otherwise, by step."""
    before, after = clauses_by_step(old), clauses_by_step(new)
    found = []
    for key in steps():
        was = [clause.text for clause in before.get(key, ())]
        now = [clause.text for clause in after.get(key, ())]
        gone = tuple(text for text in was if text not in now)
        come = tuple(text for text in now if text not in was)
        if gone or come:
            found.append(ClauseChange(step_name(key), gone, come))
    return found


def printed_clauses(document: Document) -> list[Clause]:
    """All clauses of a stored rule set with their headings, numbered, in the reader's language."""
    return render(RuleSet.model_validate(document), rule_language())
