"""How a table is refused: what is wrong, where (sheet, row, column), what would be right, that nothing was saved."""

from dataclasses import dataclass
from functools import reduce

from django.utils.translation import gettext as _

from foundation.errors import Refused


def column_letter(index: int) -> str:
    """Zero-based column index as the letters a spreadsheet shows: 0 is A, 25 is Z, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def sentences(*parts: str) -> str:
    """Sentences one after the other, with the blank between them that the language uses."""
    return reduce(lambda first, second: _("%(first)s %(second)s") % {"first": first, "second": second}, parts)


@dataclass(frozen=True)
class Place:
    """Where in a table: the sheet's name, the row as the spreadsheet numbers it (from 1), the column's letters."""

    sheet: str = ""
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        parts = []
        if self.sheet:
            parts.append(_("sheet “%(sheet)s”") % {"sheet": self.sheet})
        if self.row is not None:
            parts.append(_("row %(row)d") % {"row": self.row})
        if self.column:
            parts.append(_("column %(column)s") % {"column": self.column})
        return _(", ").join(parts)


class TableError(Refused):
    """A file or a cell that can't be taken over as it is.

    `problem` says what is wrong and `remedy` what would be right, both translated sentences; `place` says where.
    `str(error)` is the whole text for the person, ending with the statement that nothing was saved.
    """

    def __init__(self, problem: str, remedy: str, *, place: Place | None = None, code: str = "table") -> None:
        self.problem = problem
        self.remedy = remedy
        self.place = place or Place()
        where = str(self.place)
        first = _("%(where)s: %(problem)s") % {"where": where, "problem": problem} if where else problem
        super().__init__(sentences(first, remedy, _("Nothing was saved.")), code=code)
