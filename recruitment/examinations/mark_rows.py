"""One row of a sheet of marks, read and judged against the rules; nothing here touches the database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
MOST_LETTERS = 40
SITTING_NAMES = ("panel", "session", "votes", "judges", "signed", "refusal")
SIGNED_WORDS = ("是", "已签", "已签字", "签字", "√", "yes", "signed")
UNSIGNED_WORDS = ("", "否", "未签", "未签字", "拒签", "no", "refused")
_COUNT = re.compile(r"\d{1,2}")
_NUMBER = re.compile(r"\d{1,4}(\.\d{1,2})?")


class BadMark(ValueError):
    """A cell that is no mark; the message says what would be right."""


@dataclass(frozen=True)
class Sitting:
    """Where an interview mark was given, how its judges voted and who signed; what the sheet leaves out is empty."""

    panel: str = ""
    session: str = ""
    votes: int | None = None
    judges: int | None = None
    is_signed: bool = False
    refusal_noted_by: str = ""

    def filled_from(self, before: "Sitting") -> "Sitting":
        """What this sheet leaves out stays as an earlier one said."""
        votes = before if self.votes is None else self
        signing = self if self.is_signed or self.refusal_noted_by else before
        return Sitting(
            self.panel or before.panel, self.session or before.session, votes.votes, votes.judges,
            signing.is_signed, signing.refusal_noted_by,
        )  # fmt: skip


@dataclass(frozen=True)
class ReadMark:
    """A mark as read: a value with status normal, or a status without a value."""

    paper: str
    value: Decimal | None
    status: MarkStatus
    sitting: Sitting = Sitting()


def read_marks(values: Mapping[str, str], most: Mapping[str, Decimal]) -> list[ReadMark]:
    """The marks of one row in either form. Raises BadMark for a wrong cell, or if the row has no mark at all."""
    if values.get("subject"):
        marks = [_read_long(values, most)]
    else:
        cells = {paper: values.get(PAPER + paper, "") for paper in most}
        marks = [read_mark(paper, text, most[paper]) for paper, text in cells.items() if text not in BLANKS]
    if not marks:
        raise BadMark(_("The row has no mark for any paper of this exam."))
    sitting = _read_sitting(values)
    return [replace(mark, sitting=sitting) for mark in marks]


def _read_sitting(values: Mapping[str, str]) -> Sitting:
    """Panel, session, vote and sign-off of the row. Raises BadMark for a vote that is not one of so many judges."""
    panel, session, votes, judges, signed, refusal = (
        "" if text in BLANKS else text for text in (values.get(name, "").strip() for name in SITTING_NAMES)
    )
    texts = ((_("interview panel"), panel), (_("session"), session), (_("refusal to sign noted by"), refusal))
    for name, text in texts:
        if len(text) > MOST_LETTERS:
            raise BadMark(_("%(column)s: at most %(most)s characters.") % {"column": name, "most": MOST_LETTERS})
    sitting = Sitting(panel, session, is_signed=_is_signed(signed, refusal), refusal_noted_by=refusal)
    if not votes and not judges:
        return sitting
    if not (_COUNT.fullmatch(votes) and _COUNT.fullmatch(judges) and 0 < int(judges) >= int(votes)):
        raise BadMark(
            _("%(votes)s of %(judges)s votes is no vote: give how many judges there are and how many of them agree.")
            % {"votes": votes[:20] or "—", "judges": judges[:20] or "—"}
        )
    return replace(sitting, votes=int(votes), judges=int(judges))


def _is_signed(text: str, refusal: str) -> bool:
    """Whether the cell says that the candidate signed. Raises BadMark for other words, and beside a noted refusal."""
    word = text.lower()
    if word not in SIGNED_WORDS and word not in UNSIGNED_WORDS:
        raise BadMark(_("“%(text)s” does not say whether the candidate signed; write 是 or 否.") % {"text": text[:20]})
    if word in SIGNED_WORDS and refusal:
        raise BadMark(
            _("The row says both that the candidate signed and who noted the refusal; leave one of them out.")
        )
    return word in SIGNED_WORDS


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
