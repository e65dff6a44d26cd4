"""Catalogues of majors: what code a name has, old names included (R10).

`national()` is built in and knows categories, classes and disciplines; a province's own catalogue is read from the rows
of its published sheets by `catalogue_from_rows`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal

from rulebook.conditions.words import normal

StudyLevel = Literal["college", "bachelor", "graduate"]
STUDY_LEVELS: Mapping[str, StudyLevel] = {"A": "graduate", "B": "bachelor", "C": "college"}

_CATEGORY = re.compile(r"([ABC])(\d\d)([^\W\d_]+)")
_CLASS_CODE = re.compile(r"([ABC])(\d{4})")
_MAJOR_CODE = re.compile(r"([ABC])(\d{6,7}[A-Z]*)")
_MEMBER = re.compile(r"(.+?)\(([ABC])(\d{4,7}[A-Z]*)\)")
_GROUP_NUMBER = re.compile(r"\(\d+\)$")
_OLD_NAMES = re.compile(r"[、,;/]")
MAJOR_DIGITS = 6


@dataclass(frozen=True)
class CatalogueEntry:
    """A category, class or major at one level of study; `code` without the letter of the level."""

    level: StudyLevel
    code: str
    name: str
    old_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class MajorCatalogue:
    """A catalogue of one edition. `broad_groups` are a province's own wide groups: (level, code) of their members."""

    name: str
    edition: str
    entries: tuple[CatalogueEntry, ...]
    broad_groups: Mapping[str, tuple[tuple[StudyLevel, str], ...]]

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], tuple[str, ...]]:
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        for entry in self.entries:
            for name in (entry.name, *entry.old_names):
                key = (entry.level, normal(name))
                found[key] = tuple(dict.fromkeys((*found.get(key, ()), entry.code)))
        return found

    def codes(self, major: str, group: str) -> tuple[str, ...]:
        """Codes the name has at this level, () where it is not in the catalogue; a broad group gives its members."""
        name = normal(major)
        wide = tuple(code for level, code in self.broad_groups.get(name, ()) if level == group)
        return self._by_name.get((group, name), ()) or wide


@cache
def national() -> MajorCatalogue:
    """The national catalogues' categories, classes and disciplines: enough to match by class at once."""
    text = files(__package__).joinpath("national_majors.toml").read_text(encoding="utf-8")
    entries = tuple(
        CatalogueEntry("graduate" if section.startswith("graduate") else "bachelor", code, name)
        for section, names in tomllib.loads(text).items()
        for code, name in names.items()
    )
    return MajorCatalogue("national", "2022", entries, {})


def catalogue_from_rows(name: str, edition: str, sheets: Iterable[Iterable[Sequence[str]]]) -> MajorCatalogue:
    """A catalogue printed as six columns a level, levels side by side: category, class code and name, major code and
    name, old names; the broad groups on a sheet of their own, their members as 名称（A0813） in any cell.

    Rows that hold no code (titles, headers, notes) are passed over. Raises ValueError where no major is found.
    """
    reader = _Reader()
    groups: dict[str, list[tuple[StudyLevel, str]]] = {}
    for rows in sheets:
        current = ""
        for row in rows:
            texts = [normal(cell) for cell in row]
            reader.row(texts)
            members = [member for text in texts if (member := _MEMBER.fullmatch(text))]
            if members:
                if texts[0] and texts[0] != members[0].string:
                    current = _GROUP_NUMBER.sub("", texts[0])
                groups.setdefault(current, []).extend((STUDY_LEVELS[one[2]], one[3]) for one in members)
    if not any(len(code) >= MAJOR_DIGITS for _level, code in reader.names):
        raise ValueError("no major with a code such as A010101 is found in these sheets")
    entries = tuple(
        CatalogueEntry(level, code, printed, tuple(dict.fromkeys(reader.old_names.get((level, code), ()))))
        for (level, code), printed in reader.names.items()
    )
    return MajorCatalogue(name, edition, entries, {key: tuple(members) for key, members in groups.items()})


@dataclass
class _Reader:
    """Reads code, name and old names side by side; a name may stand below its merged code, old names on rows below."""

    names: dict[tuple[StudyLevel, str], str] = field(default_factory=dict)
    old_names: dict[tuple[StudyLevel, str], list[str]] = field(default_factory=dict)
    _above: dict[int, tuple[StudyLevel, str]] = field(default_factory=dict)

    def row(self, texts: list[str]) -> None:
        for index, text in enumerate(texts[:-1]):
            category = _CATEGORY.fullmatch(text)
            if category:
                self.names.setdefault((STUDY_LEVELS[category[1]], category[2]), category[3])
            match = _MAJOR_CODE.fullmatch(text) or _CLASS_CODE.fullmatch(text)
            if match:
                self._above[index] = (STUDY_LEVELS[match[1]], match[2])
            key = self._above.get(index)
            if key is None or (text and not match):
                continue
            if texts[index + 1]:
                self.names.setdefault(key, texts[index + 1])
            if len(key[1]) >= MAJOR_DIGITS and index + 2 < len(texts):
                old = (one.replace("(部分)", "") for one in _OLD_NAMES.split(texts[index + 2]))
                self.old_names.setdefault(key, []).extend(one for one in old if one)
