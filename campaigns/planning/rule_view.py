"""A rule set as a person reads it: sections in the order of the recruitment, each rule with its name and value."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from foundation.language import rule_language
from rulebook.ruleset import profiles

Document = Mapping[str, Any]


@cache
def _labels() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((Path(__file__).parent / "rule_labels.toml").read_text(encoding="utf-8"))


def label(group: str, key: str) -> str:
    """The name of a section, knob, part or value in the reader's language; the key itself where it has none."""
    names = _labels()[group].get(key)
    return names[0 if rule_language() == "en" else 1] if names else key


@dataclass(frozen=True)
class Knob:
    """One rule: its path, name and value; `usual` is the profile's value where this one differs from it, else ""."""

    path: str
    name: str
    value: str
    usual: str = ""


@dataclass(frozen=True)
class RuleSection:
    """A step of the recruitment with its rules."""

    key: str
    name: str
    knobs: tuple[Knob, ...]

    @property
    def differs(self) -> bool:
        return any(knob.usual for knob in self.knobs)


def sections_of(document: Document, profile: str = "") -> list[RuleSection]:
    """All sections of a stored rule set; compared with the built-in `profile` where one is named."""
    usual = profiles.get(profile).model_dump(mode="json") if profile in profiles.PROFILES else None
    return [
        RuleSection(key, label("sections", key), tuple(_knobs(key, _at(document, key), usual)))
        for key in _labels()["sections"]
        if isinstance(_at(document, key), Mapping)
    ]


def summary_of(document: Document, keys: tuple[str, ...]) -> list[Knob]:
    """The named rules only, in the order of `keys`."""
    return [Knob(key, _full_name(key), shown(_at(document, key))) for key in keys]


def differences(document: Document, other: Document) -> list[Knob]:
    """Rules of `document` that say something else than in `other`, with the other's value as `usual`."""
    return [
        knob
        for key in _labels()["sections"]
        if isinstance(_at(document, key), Mapping)
        for knob in _knobs(key, _at(document, key), other)
        if knob.usual
    ]


def _knobs(section: str, values: Document, usual: Document | None) -> Iterator[Knob]:
    for name, value in values.items():
        path = f"{section}.{name}"
        if isinstance(value, Mapping):
            continue
        other = _at(usual, path) if usual is not None else value
        yield Knob(path, label("knobs", path), shown(value), shown(other) if other != value else "")


def _full_name(path: str) -> str:
    section = path.rpartition(".")[0]
    return f"{label('sections', section)} · {label('knobs', path)}"


def path_name(path: str) -> str:
    """How the place "section.knob" of a mistake is shown."""
    return _full_name(path) if path in _labels()["knobs"] else label("sections", path)


def _at(document: Document, path: str) -> Any:
    found: Any = document
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def shown(value: Any) -> str:
    """A value as text: yes and no, names of choices, lists with their parts."""
    if value is None or value == "" or value == []:
        return "—"
    if isinstance(value, bool):
        return label("values", str(value).lower())
    if isinstance(value, list):
        separator = "; " if any(isinstance(item, Mapping) for item in value) else ", "
        return separator.join(shown(item) for item in value)
    if isinstance(value, Mapping):
        given = {key: item for key, item in value.items() if item not in (None, "", [])}
        return " ".join(
            shown(item) if key == "name" else f"{label('parts', key)} {shown(item)}" for key, item in given.items()
        )
    return label("values", str(value))


def knob_paths() -> list[str]:
    """Every path that a rule set has, for the test that holds the names complete."""
    return list(_paths(profiles.get("county_exam").model_dump(mode="json")))


def _paths(document: Document, above: str = "") -> Iterator[str]:
    for name, value in document.items():
        path = f"{above}.{name}" if above else name
        if isinstance(value, Mapping):
            yield from _paths(value, path)
        elif above:
            yield path
