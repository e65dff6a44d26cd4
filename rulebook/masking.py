"""What of a person's numbers may be shown, and the scan of a text before it is published (R95, decision 16)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Literal

from rulebook.identity import check_digit, is_valid_id_number, normalise_id_number

_ID_RUN = re.compile(r"[0-9](?:[ \-]?[0-9]){16}[ \-]?[0-9Xx]")
_MOBILE = re.compile(r"(?<![0-9])(?:(?:\+|00)?86[ \-]?)?(1[3-9][0-9](?:[ \-]?[0-9]){8})(?![0-9])")
_FILLER = re.compile(r"[ \-]")


@dataclass(frozen=True)
class FoundIdentity:
    """Something in a text that must not be published; ``start`` and ``end`` are positions in that text."""

    kind: Literal["id_number", "mobile"]
    text: str
    start: int
    end: int

    @property
    def masked(self) -> str:
        """How to name the find to the person who must remove it."""
        return mask_id_number(self.text) if self.kind == "id_number" else mask_mobile(self.text)


def mask_id_number(text: str) -> str:
    """First five and last three characters: 34052**********01X (R95). Anything else is masked whole."""
    number = normalise_id_number(text)
    if len(number) != 18:
        return "*" * len(number)
    return f"{number[:5]}**********{number[-3:]}"


def mask_mobile(text: str) -> str:
    """First three and last four digits: 138****5678. Anything else is masked whole."""
    number = _FILLER.sub("", text)
    return f"{number[:3]}****{number[-4:]}" if len(number) == 11 else "*" * len(number)


def find_identities(text: str, office_numbers: Set[str] = frozenset()) -> list[FoundIdentity]:
    """All ID numbers (18 characters that pass the check digit) and mainland mobile numbers, in order of place.

    ``office_numbers`` are the mobile numbers that the site publishes itself, as eleven digits. Full-width characters,
    spaces and hyphens inside a number hide nothing. Within a longer or an interrupted run of digits, such as two
    columns side by side, the digits must also hold a real birth date (R04), or one list in ten would be refused.
    """
    plain = "".join(_half_width(character) for character in text)
    found = list(_id_numbers(plain))
    taken = [(identity.start, identity.end) for identity in found]
    for match in _MOBILE.finditer(plain):
        digits = _FILLER.sub("", match[1])
        inside = any(start <= match.start(1) and match.end(1) <= end for start, end in taken)
        if digits not in office_numbers and not inside:
            found.append(FoundIdentity("mobile", digits, match.start(1), match.end(1)))
    return sorted(found, key=lambda identity: (identity.start, identity.end))


def _touches_digit(plain: str, match: re.Match[str]) -> bool:
    return plain[max(0, match.start() - 1) : match.start()].isdigit() or plain[match.end() : match.end() + 1].isdigit()


def _could_belong_to_a_person(number: str) -> bool:
    return number[0] != "0" and number[6:8] in ("19", "20") and is_valid_id_number(number)


def _half_width(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


def _id_numbers(plain: str) -> Iterator[FoundIdentity]:
    start = 0
    while match := _ID_RUN.search(plain, start):
        number = _FILLER.sub("", match[0]).upper()
        stands_alone = number == match[0].upper() and not _touches_digit(plain, match)
        if check_digit(number[:17]) == number[17] and (stands_alone or _could_belong_to_a_person(number)):
            yield FoundIdentity("id_number", number, match.start(), match.end())
            start = match.end()
        else:
            start = match.start() + 1
