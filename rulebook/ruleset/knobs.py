"""The knobs of a rule set by path (``shortlist.min_line.value``): their names, help, examples and printed values."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rulebook.explanation import Language, texts
from rulebook.ruleset.base import Section
from rulebook.ruleset.measures import measure_words
from rulebook.ruleset.model import RuleSet
from rulebook.ruleset.words import knob_label, value_words

FIXED = ("version", "track")  # of the rule set itself; no step of the recruitment

# What the announcement prints and people act by, while no room of the product does: each a knob, or all below it.
PRINTED_ONLY = (
    "registration.batch_group",
    "registration.photo",
    "fee",
    "written.papers.minutes",
    "shortlist.exempt_counts_in_ratio",
    "shortlist.exempt_mark",
    "shortlist.screening",
    "slots.pool_post",
    "slots.post_selection",
    "slots.pre_use_of_exits",
    "selection.rolling_review",
)


@dataclass(frozen=True)
class Knob:
    """One knob: where it stands, the section that has it, and its type without "or nothing"."""

    path: str
    owner: type[Section]
    name: str
    kind: Any
    optional: bool

    def label(self, language: Language) -> str:
        return knob_label(self.owner, self.name, language)

    def help(self, language: Language) -> str:
        """What it does."""
        return texts(language)[f"help.{self.owner.__name__}.{self.name}"]

    def example(self, language: Language) -> str:
        """One setting, and where it helps what follows from it."""
        return texts(language)[f"example.{self.owner.__name__}.{self.name}"]

    @property
    def is_printed_only(self) -> bool:
        """Whether nothing but the announcement follows from it."""
        path = ".".join(name for name in self.path.split(".") if not name.isdecimal())
        return any(path == one or path.startswith(f"{one}.") for one in PRINTED_ONLY)

    def effect(self, language: Language) -> str:
        """What an officer must know before relying on it; empty for a knob that acts."""
        return texts(language)["ruleset.printed_only"] if self.is_printed_only else ""

    def measure(self, language: Language) -> str:
        """Unit and range of a number; empty for anything else."""
        return measure_words(self.owner, self.name, language)

    def shown(self, rules: RuleSet, language: Language) -> str:
        """Its value in words."""
        return value_words(self.owner, self.name, value_at(rules, self.path), language)


def steps() -> tuple[str, ...]:
    """The steps of a recruitment, in their order: the sections of a rule set."""
    return tuple(name for name in RuleSet.model_fields if name not in FIXED)


def knobs_of(path: str) -> Iterator[Knob | tuple[Knob, list[Knob]]]:
    """The knobs of a step in order; a part of the step (its photo, its line) comes with the knobs inside it."""
    owner = _section_at(path)
    for name in owner.model_fields:
        knob = knob_of(owner, f"{path}.{name}")
        if isinstance(knob.kind, type) and issubclass(knob.kind, Section):
            inside = [knob_of(knob.kind, f"{knob.path}.{below}") for below in knob.kind.model_fields]
            yield knob, inside
        else:
            yield knob


def knob_of(owner: type[Section], path: str) -> Knob:
    """The knob that stands at ``path``, the last part of which is a field of ``owner``."""
    name = path.rpartition(".")[2]
    annotation = owner.model_fields[name].annotation
    kinds = [kind for kind in typing.get_args(annotation) if kind is not type(None)]
    optional = type(None) in typing.get_args(annotation)
    kind: Any = kinds[0] if optional else annotation
    kind = typing.get_args(kind)[0] if typing.get_origin(kind) is typing.Annotated else kind
    return Knob(path, owner, name, kind, optional)


def path_label(path: str, language: Language) -> str:
    """``Shortlist › Minimum line › Line`` for a path, as far as its parts are knobs."""
    labels: list[str] = []
    owner: Any = RuleSet
    for name in path.split("."):
        if not (isinstance(owner, type) and issubclass(owner, Section)) or name not in owner.model_fields:
            labels += [str(int(name) + 1)] if name.isdecimal() else []
            owner = _part_of(owner)
            continue
        labels.append(knob_label(owner, name, language))
        owner = owner.model_fields[name].annotation
    return " › ".join(labels) or path


def value_at(rules: Section, path: str) -> Any:
    """The value at a path; ``AttributeError`` for a path that no rule set has."""
    found: Any = rules
    for name in path.split("."):
        found = getattr(found, name)
    return found


def _section_at(path: str) -> type[Section]:
    owner: type[Section] = RuleSet
    for name in path.split("."):
        owner = knob_of(owner, name).kind
    return owner


def _part_of(annotation: Any) -> Any:
    """The kind of part that a list holds."""
    return next((kind for kind in typing.get_args(annotation) if kind is not Ellipsis), None)
