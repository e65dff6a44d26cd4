"""One row of a position table as the fields of a Position, or what is wrong with it."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from campaigns.planning.enums import PositionCategory
from campaigns.planning.position_layout import POSITION_LAYOUT
from foundation.tables.layout import path_key
from rulebook.conditions import parse_position

CATEGORIES = {
    "管理": PositionCategory.MANAGEMENT,
    "专业": PositionCategory.PROFESSIONAL,
    "专技": PositionCategory.PROFESSIONAL,
    "工勤": PositionCategory.WORKER,
    "技工": PositionCategory.WORKER,
}
LONGEST = {"code": 40, "name": 200, "grade": 60, "exam_category": 60}
MOST_PEOPLE = 9999
READER_VERSION = 2

_WHOLE = re.compile(r"(\d{1,9})(?:\.0+)?\s*[人名]?")
_RATIO = re.compile(r"(\d{1,3}(?:\.\d{1,2})?)\s*[:：∶比]\s*(\d{1,3}(?:\.\d{1,2})?)")


@dataclass(frozen=True)
class Refusal:
    """Why a row is refused: (field of the layout, sentence) pairs."""

    mistakes: tuple[tuple[str, str], ...]


def position_fields(values: Mapping[str, str]) -> dict[str, Any] | Refusal:
    """Fields of a Position from the texts of a row by field of the layout; a Refusal where it can't be one.

    Condition texts never refuse a row: what is not understood, or only declared, goes to a person (`needs_person`).
    """
    mistakes = [
        (name, _("The text is longer than %(most)s characters.") % {"most": most})
        for name, most in LONGEST.items()
        if len(values.get(name, "")) > most
    ]
    mistakes += [(name, _("The cell is empty.")) for name in ("code", "name") if not values.get(name, "").strip()]
    headcount = _headcount(values.get("headcount", ""), mistakes)
    if mistakes:
        return Refusal(tuple(mistakes))
    conditions = parse_position(values)
    return {
        "code": values["code"].strip(),
        "name": values["name"].strip(),
        "category": category_of(values.get("category", "")),
        "grade": values.get("grade", ""),
        "duty": values.get("duty", ""),
        "headcount_planned": headcount,
        "headcount_effective": headcount,
        "conditions": conditions.to_json(),
        "needs_person": conditions.needs_person,
        "exam_category": values.get("exam_category", ""),
        "opening_ratio": _opening_ratio(values.get("opening_ratio", "")),
        "shortlist_ratio": _ratio(values.get("shortlist_ratio", "")),
        "search_text": "\n".join(text for text in values.values() if text),
    }


def _headcount(text: str, mistakes: list[tuple[str, str]]) -> int:
    found = _WHOLE.fullmatch(text.strip())
    number = int(found[1]) if found else 0
    if not 1 <= number <= MOST_PEOPLE:
        mistakes.append(
            ("headcount", _("“%(text)s” is no number of people; a whole number from 1 is needed.") % {"text": text})
        )
    return number


def category_of(text: str) -> PositionCategory:
    """The category a printed text names, such as 专业技术岗位."""
    return next((found for word, found in CATEGORIES.items() if word in text), PositionCategory.OTHER)


def _ratio(text: str) -> Decimal | None:
    """People per post in "3:1" or "1：3"; None where the text is no ratio."""
    found = _RATIO.search(text)
    return max(Decimal(found[1]), Decimal(found[2])) if found else None


def _opening_ratio(text: str) -> int | None:
    """Whole applicants per post; the rule set holds where the table prints none or a fraction."""
    ratio = _ratio(text)
    return int(ratio) if ratio is not None and ratio == int(ratio) else None


def row_digest(printed: Mapping[str, str], unit_key: str) -> str:
    """What a row says, in one text: another digest means the position changes."""
    said = json.dumps([READER_VERSION, unit_key, sorted(printed.items())], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def texts_of(printed: Mapping[str, str]) -> dict[str, str]:
    """Printed columns by field of the position layout; columns the layout does not know are left out."""
    found = ((POSITION_LAYOUT.by_key.get(path_key([header])), text) for header, text in printed.items())
    return {known.name: text for known, text in found if known}


def printed_of(values: Mapping[str, str]) -> dict[str, str]:
    """Texts by field under the header each is usually printed with; empty ones are left out."""
    return {item.synonyms[0]: values[item.name] for item in POSITION_LAYOUT.fields if values.get(item.name)}
