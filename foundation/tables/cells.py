"""One cell as clean text: what a person reads in the sheet, without the traces a spreadsheet leaves."""

import datetime
import re
import unicodedata
from decimal import Decimal

from django.utils.translation import gettext as _

CellValue = str | int | float | bool | datetime.date | datetime.datetime | datetime.time | datetime.timedelta | None

# Excel keeps 15 significant digits: a longer number typed as a number has already lost its last ones.
EXACT_DIGITS = 10**15

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f]")
_BLANKS = re.compile(r"[ \t\u00a0\u3000]+")


class LostDigits(ValueError):
    """A number too long to be exact; the message says what would be right."""


def clean_text(text: str) -> str:
    """Trim, drop invisible characters, make every kind of blank one space; line breaks inside a cell stay."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def cell_text(value: CellValue) -> str:
    """A cell's value as text; "" where empty.

    A whole number comes without ".0", so that a position code kept as a number reads as printed; a date as YYYY-MM-DD.
    Raises LostDigits for a number of more than 15 digits (an ID or card number kept as a number).
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number_text(value)
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, datetime.timedelta):
        return str(value)
    return value.isoformat()


def _number_text(value: float) -> str:
    if abs(value) >= EXACT_DIGITS:
        raise LostDigits(
            _("The number has lost digits: the column must be formatted as text and the number typed again.")
        )
    if value == int(value):
        return str(int(value))
    return format(Decimal(repr(value)), "f")


def header_key(text: str) -> str:
    """A header or synonym in comparable form: width, case, blanks, line breaks and punctuation do not matter."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if char.isalnum())
