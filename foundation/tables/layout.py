"""What columns a kind of table may have, under which names they are printed, and which it must have."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from foundation.tables.cells import header_key


@dataclass(frozen=True)
class Field:
    """One thing a table tells: `label` is shown to people, `synonyms` are the headers it goes by in real tables.

    A header of two or three rows is given as a path, "专业要求/本科". `forward_fill`: an empty cell means "as above",
    as in tables whose merged cells were lost on the way.
    """

    name: str
    label: str
    synonyms: tuple[str, ...] = ()
    required: bool = False
    forward_fill: bool = False


@dataclass(frozen=True)
class TableLayout:
    """The fields of a kind of table. Raises ValueError where two fields claim the same header."""

    name: str
    fields: tuple[Field, ...]

    def __post_init__(self) -> None:
        owners: dict[str, str] = {}
        for spec in self.fields:
            for key in header_keys(spec):
                if owners.setdefault(key, spec.name) != spec.name:
                    raise ValueError(f"{self.name}: both {owners[key]} and {spec.name} claim the header {key!r}")

    @cached_property
    def by_key(self) -> dict[str, Field]:
        """Fields by the comparable form of each of their headers."""
        return {key: spec for spec in self.fields for key in header_keys(spec)}

    @property
    def required(self) -> tuple[Field, ...]:
        return tuple(spec for spec in self.fields if spec.required)

    def field(self, name: str) -> Field:
        """Raises KeyError where the layout has no such field."""
        return next(spec for spec in self.fields if spec.name == name)


def path_key(parts: Iterable[str]) -> str:
    """A header path in comparable form, the same for ("专业 要求", "本科") and "专业要求/本科"."""
    return "/".join(key for part in parts for piece in part.split("/") if (key := header_key(piece)))


def header_keys(spec: Field) -> tuple[str, ...]:
    """The comparable forms of all headers a field goes by. Its label is for people and changes with the language."""
    return tuple(dict.fromkeys(path_key([text]) for text in spec.synonyms))
