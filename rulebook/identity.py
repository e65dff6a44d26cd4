"""The national ID number of GB 11643: normal form, check digit, and what it says (R01–R04)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

from rulebook.explanation import RuleError

Sex = Literal["male", "female"]

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_LEGACY = re.compile(r"[0-9]{15}")


@dataclass(frozen=True)
class IdNumber:
    """A valid 18-character number and the facts it carries; ``area`` is its first six digits."""

    number: str
    birth_date: date
    sex: Sex
    area: str


def check_digit(first_seventeen: str) -> str:
    """The 18th character for 17 digits: Σ digit × weight mod 11 (R01, ISO 7064 MOD 11-2)."""
    return CHECK_DIGITS[sum(int(digit) * weight for digit, weight in zip(first_seventeen, WEIGHTS, strict=True)) % 11]


def normalise_id_number(text: str) -> str:
    """Half-width characters, no surrounding space, upper-case X (R02). Says nothing about validity."""
    return unicodedata.normalize("NFKC", text).strip().upper()


def parse_id_number(text: str) -> IdNumber:
    """Read a number as people write it (R01–R04).

    Raises ``RuleError``: ``id_number.legacy`` for 15 digits, ``id_number.shape``, ``id_number.check_digit`` or
    ``id_number.birth_date``. None of them repeats the number.
    """
    number = normalise_id_number(text)
    if _LEGACY.fullmatch(number):
        raise RuleError("id_number.legacy")
    if not _SHAPE.fullmatch(number):
        raise RuleError("id_number.shape", length=len(number))
    if check_digit(number[:17]) != number[17]:
        raise RuleError("id_number.check_digit")
    try:
        birth_date = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise RuleError("id_number.birth_date") from None
    sex: Sex = "male" if int(number[16]) % 2 else "female"
    return IdNumber(number, birth_date, sex, number[:6])


def is_valid_id_number(text: str) -> bool:
    """Whether the text is a number that R01–R04 accept."""
    try:
        parse_id_number(text)
    except RuleError:
        return False
    return True


def convert_legacy_number(text: str) -> str:
    """The 18-character form of a 15-digit number, for finding the same person registered under the old one (R02)."""
    number = normalise_id_number(text)
    if not _LEGACY.fullmatch(number):
        raise RuleError("id_number.not_legacy", length=len(number))
    body = f"{number[:6]}19{number[6:]}"
    return body + check_digit(body)


def check_against_form(identity: IdNumber, *, birth_date: date, sex: Sex) -> tuple[str, ...]:
    """The form fields that contradict the number: a subset of ``("birth_date", "sex")`` (R03)."""
    return tuple(
        name
        for name, told, known in (
            ("birth_date", birth_date, identity.birth_date),
            ("sex", sex, identity.sex),
        )
        if told != known
    )
