"""A position as a person reads it: what was printed, and the conditions read from it, side by side."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils import timezone

from campaigns.planning.models import Position
from campaigns.planning.position_layout import POSITION_LAYOUT
from campaigns.planning.queries import rules_of
from foundation.language import rule_language
from foundation.tables.layout import path_key
from rulebook.conditions import PositionConditions
from rulebook.eligibility import clause_text


@dataclass(frozen=True)
class PrintedCell:
    """A printed column with its conditions in words; `asks` holds what only a person can judge."""

    header: str
    text: str
    clauses: tuple[str, ...]
    asks: tuple[str, ...]


def condition_rows(position: Position) -> list[str]:
    """Every structured condition in words, in the reader's language."""
    return [text for texts in _clauses(position).values() for text in texts]


def _clauses(position: Position) -> dict[str, list[str]]:
    """Column of the layout → its conditions in words."""
    if not position.conditions:
        return {}
    read = PositionConditions.from_json(position.conditions)
    campaign = position.campaign
    opens = campaign.registration_opens_at
    day = timezone.localtime(opens).date() if opens else timezone.localdate()
    eligibility = rules_of(campaign).eligibility
    words: dict[str, list[str]] = defaultdict(list)
    for condition in read.conditions:
        words[condition.source.column].append(clause_text(condition, day, eligibility).text(rule_language()))
    return words


def printed_rows(position: Position) -> list[PrintedCell]:
    """The printed columns in the order of the layout, unknown ones last; empty cells are left out."""
    words = _clauses(position)
    asks: dict[str, list[str]] = defaultdict(list)
    for source in position.conditions.get("not_understood", ()):
        asks[source["column"]].append(source["text"])
    order = {field.name: number for number, field in enumerate(POSITION_LAYOUT.fields)}
    cells = []
    for header, text in position.printed.items():
        field = POSITION_LAYOUT.by_key.get(path_key([header]))
        name = field.name if field else ""
        cell = PrintedCell(header, text, tuple(words.get(name, ())), tuple(asks.get(name, ())))
        cells.append((order.get(name, len(order)), header, cell))
    return [cell for _number, _header, cell in sorted(cells, key=lambda item: item[:2]) if cell.text]
