"""One row of a sheet of marks, read and judged against the rules; nothing here touches the database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from recruitment.examinations.mark_layout import PAPER, paper_name
from recruitment.examinations.models import MarkStatus

STATUS_WORDS = {
    "缺考": MarkStatus.ABSENT,
    "absent": MarkStatus.ABSENT,
    "零分": MarkStatus.ZERO,
    "zero": MarkStatus.ZERO,
    "违纪": MarkStatus.MISCONDUCT,
    "作弊": MarkStatus.MISCONDUCT,
    "misconduct": MarkStatus.MISCONDUCT,
    "雷同": MarkStatus.DUPLICATE,
    "duplicate": MarkStatus.DUPLICATE,
}
NORMAL_WORDS = ("", "正常", "normal")
BLANKS = ("", "/", "-", "—", "无")
_NUMBER = re.compile(r"\d{1,4}(\.\d{1,2})?")


class BadMark(ValueError):
    """A cell that is no mark; the message says what would be right."""


@dataclass(frozen=True)
class ReadMark:
    """A mark as read: a value with status normal, or a status without a value."""

    paper: str
    value: Decimal | None
    status: MarkStatus


def read_marks(values: Mapping[str, str], most: Mapping[str, Decimal]) -> list[ReadMark]:
    """The marks of one row in either form. Raises BadMark for a wrong cell, or if the row has no mark at all."""
    if values.get("subject"):
        marks = [_read_long(values, most)]
    else:
        cells = {paper: values.get(PAPER + paper, "") for paper in most}
        marks = [read_mark(paper, text, most[paper]) for paper, text in cells.items() if text not in BLANKS]
    if not marks:
        raise BadMark(_("The row has no mark for any paper of this exam."))
    return marks


def _read_long(values: Mapping[str, str], most: Mapping[str, Decimal]) -> ReadMark:
    paper = values["subject"]
    if paper not in most:
        raise BadMark(
            _("“%(paper)s” is no paper of this exam; the papers are %(known)s.")
            % {"paper": paper, "known": ", ".join(map(paper_name, most))}
        )
    status = values.get("status", "")
    text = values.get("score", "") if status in NORMAL_WORDS else status
    return read_mark(paper, text, most[paper])


def read_mark(paper: str, text: str, most: Decimal) -> ReadMark:
    """One cell: a number from 0 to `most` with at most 2 places, or one of the words for a status."""
    word = STATUS_WORDS.get(text.strip().lower())
    if word:
        return ReadMark(paper, None, word)
    try:
        if not _NUMBER.fullmatch(text):
            raise InvalidOperation
        value = Decimal(text)
    except InvalidOperation:
        raise BadMark(
            _("%(paper)s: “%(text)s” is no mark; give 0 to %(most)s with at most 2 decimals, or a status.")
            % {"paper": paper_name(paper), "text": text[:20], "most": most}
        ) from None
    if value > most:
        raise BadMark(
            _("%(paper)s: %(value)s is more than the full mark of %(most)s.")
            % {"paper": paper_name(paper), "value": value, "most": most}
        )
    return ReadMark(paper, None, MarkStatus.ZERO) if value == 0 else ReadMark(paper, value, MarkStatus.NORMAL)
