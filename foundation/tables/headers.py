"""Finding the table on a sheet: the header below title and notes, its one to three rows, and what each column means.

    for table in read_tables(open_workbook(path), layout):
        for record in table.records():
            record.number, record.values["code"], record.extra, record.problems

Columns the layout does not know are kept and reported (`table.unknown`, `record.extra`), rows that are no rows of the
table too (`table.skipped`). Where a header could mean two things the table is refused.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise

from django.utils.translation import gettext as _

from foundation.tables.cells import CellValue, LostDigits, cell_text
from foundation.tables.errors import TableError, column_letter, sentences
from foundation.tables.layout import Field, TableLayout, path_key
from foundation.tables.workbook import Row, Sheet, Workbook

HEADER_WITHIN = 40  # rows with content among which the header is looked for
HEADER_ROWS = 3
LEAST_MATCHES = 2
NO_HEADER = "no_header"

_NOTE = re.compile(r"[（(\[【][^（）()\[\]【】]*[)）\]】]")


@dataclass(frozen=True)
class Column:
    """A column of the table: `index` from 0, the header as printed ("专业要求/本科" over two rows), what it means."""

    index: int
    header: str
    field: Field | None

    @property
    def letter(self) -> str:
        return column_letter(self.index)


@dataclass(frozen=True)
class Problem:
    """Something wrong with one cell; the rest of the table is not affected."""

    column: str
    message: str


@dataclass(frozen=True)
class Record:
    """One row of the table: texts by field name, unknown columns by header, and cells that can't be trusted."""

    number: int
    values: dict[str, str]
    extra: dict[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Skipped:
    """A row with content that is not a row of the table: a repeated header, a section heading, a closing note."""

    number: int
    text: str


@dataclass
class Table:
    """A table found on a sheet. `header_row` and `first_row` count from 1; `skipped` fills as records are read."""

    sheet: Sheet
    header_row: int
    header_rows: int
    columns: tuple[Column, ...]
    skipped: list[Skipped] = field(default_factory=list)

    @property
    def unknown(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.field is None)

    def column_of(self, name: str) -> Column | None:
        """The column of a field, or None where the table has none."""
        return next((column for column in self.columns if column.field and column.field.name == name), None)

    def records(self) -> Iterator[Record]:
        """Rows below the header, top down, merged and forward-filled cells completed."""
        self.skipped.clear()
        last_header = self.header_row + self.header_rows - 1
        merges = _VerticalMerges(self.sheet, last_header, {column.index for column in self.columns})
        heads = {column.index: path_key([column.header.rpartition("/")[2]]) for column in self.columns}
        headings = self._headings()
        above: dict[str, str] = {}
        for row in self.sheet.rows():
            merges.note(row)
            if row.number <= last_header:
                continue
            if _is_no_row(row, heads, headings):
                self.skipped.append(Skipped(row.number, " ".join(filter(None, map(_safe_text, row.values)))))
                continue
            yield self._record(row, merges, above)

    def _headings(self) -> set[tuple[int, int]]:
        """Cells merged over half the table's columns or more, (row from 1, column from 0): headings or notes."""
        wide = len(self.columns) // 2
        return {(top + 1, left) for (top, left), (_bottom, right) in self.sheet.merged if right - left >= wide}

    def _record(self, row: Row, merges: "_VerticalMerges", above: dict[str, str]) -> Record:
        values: dict[str, str] = {}
        extra: dict[str, str] = {}
        problems: list[Problem] = []
        for column in self.columns:
            try:
                text = cell_text(merges.value(row, column.index))
            except LostDigits as error:
                problems.append(Problem(column.letter, str(error)))
                text = ""
            if column.field is None:
                extra[column.header] = text
                continue
            if column.field.forward_fill and not merges.known(column.index):
                text = above[column.field.name] = text or above.get(column.field.name, "")
            values[column.field.name] = text
        return Record(row.number, values, extra, tuple(problems))


def _is_no_row(row: Row, heads: dict[int, str], headings: set[tuple[int, int]]) -> bool:
    filled = [index for index, value in enumerate(row.values) if value not in ("", None)]
    if len(filled) == 1:
        return (row.number, filled[0]) in headings
    return all(path_key([_safe_text(row.values[index])]) == heads.get(index) for index in filled)


class _VerticalMerges:
    """Completes cells merged downwards: every row of the range has the value of its first cell."""

    def __init__(self, sheet: Sheet, last_header: int, columns: set[int]) -> None:
        self._ranges: dict[int, list[tuple[int, int]]] = {}
        for (top, left), (bottom, _right) in sorted(sheet.merged):
            if bottom > top and top >= last_header and left in columns:
                self._ranges.setdefault(left, []).append((top + 1, bottom + 1))
        self._next = dict.fromkeys(self._ranges, 0)
        self._value: dict[int, CellValue] = {}

    def known(self, index: int) -> bool:
        """Whether the column has merged cells of its own, so that an empty cell outside them is really empty."""
        return index in self._ranges

    def note(self, row: Row) -> None:
        for index, ranges in self._ranges.items():
            while self._next[index] < len(ranges) and ranges[self._next[index]][1] < row.number:
                self._next[index] += 1
            if self._next[index] < len(ranges) and ranges[self._next[index]][0] == row.number:
                self._value[index] = row.values[index] if index < len(row.values) else ""

    def value(self, row: Row, index: int) -> CellValue:
        ranges = self._ranges.get(index)
        if ranges and self._next[index] < len(ranges):
            first, last = ranges[self._next[index]]
            if first < row.number <= last:
                return self._value.get(index, "")
        return row.values[index] if index < len(row.values) else ""


class Tables(list[Table]):
    """The tables of a file; `left_out` names the sheets that hold none: hidden ones, and pages of explanation."""

    left_out: tuple[str, ...] = ()


def read_tables(workbook: Workbook, layout: TableLayout, sheet_name: str | None = None) -> Tables:
    """The tables of all visible sheets with content, or of the one named.

    A sheet without any header of the layout is left out and named in `left_out`, as long as another has a table.
    Raises TableError as `find_table` does.
    """
    if sheet_name is not None:
        return Tables([find_table(workbook.sheet(sheet_name), layout)])
    tables, left_out = Tables(), []
    headless: TableError | None = None
    for sheet in workbook.sheets:
        if not _has_content(sheet):
            continue
        if not sheet.visible:
            left_out.append(sheet.name)
            continue
        try:
            tables.append(find_table(sheet, layout))
        except TableError as error:
            if error.code != NO_HEADER:
                raise
            left_out.append(sheet.name)
            headless = headless or error
    if not tables:
        nothing = _("The file has no visible sheet with content.")
        raise headless or TableError(nothing, _("Choose the file that holds the table."))
    tables.left_out = tuple(left_out)
    return tables


def _has_content(sheet: Sheet) -> bool:
    return bool(sheet.formulas) or next(sheet.rows(), None) is not None


def find_table(sheet: Sheet, layout: TableLayout) -> Table:
    """The table of this layout on the sheet.

    Raises TableError: no header found, a required column missing, one field under two columns, a header merged over
    several columns, a formula.
    """
    top = list(islice(sheet.rows(), HEADER_WITHIN))
    upper = replace(sheet, merged=tuple(one for one in sheet.merged if top and one[0][0] < top[-1].number))
    candidates = [
        header
        for start in range(len(top))
        for height in range(1, HEADER_ROWS + 1)
        if (header := _Header.read(upper, layout, top[start : start + height])) is not None
    ]
    best = max(candidates, key=_Header.rank, default=None)
    if best is None:
        raise TableError(
            _("No header row is found among the first %(count)d rows.") % {"count": HEADER_WITHIN},
            _("The header must name at least: %(names)s.") % {"names": _names(layout.required or layout.fields[:3])},
            place=sheet.place(),
            code=NO_HEADER,
        )
    best.refuse_merged()
    best.refuse_doubled()
    best.refuse_missing(layout)
    return Table(sheet, best.rows[0].number, best.height, best.columns)


def _names(fields: Sequence[Field]) -> str:
    return _(", ").join(str(spec.label) for spec in fields)


@dataclass
class _Header:
    sheet: Sheet
    rows: list[Row]
    height: int
    columns: tuple[Column, ...]

    @classmethod
    def read(cls, sheet: Sheet, layout: TableLayout, rows: list[Row]) -> "_Header | None":
        """The rows read as one header; None where they can't be: too few names known, or a row of values among them."""
        height = rows[-1].number - rows[0].number + 1
        if height > HEADER_ROWS or any(_ends_after(sheet, row, rows[-1].number) for row in rows):
            return None
        grid = _filled(sheet, rows)
        columns = []
        for index in range(max(len(line) for line in grid)):
            path = [line[index] for line in grid if index < len(line) and line[index]]
            path = [text for at, text in enumerate(path) if at == 0 or text != path[at - 1]]
            if not path:
                continue
            match = _match(layout, path)
            if match is None and len(path) > 1 and _match(layout, path[:-1]) is not None:
                return None
            columns.append(Column(index, "/".join(text.replace("\n", "") for text in path), match))
        known = sum(column.field is not None for column in columns)
        return cls(sheet, rows, height, tuple(columns)) if known >= LEAST_MATCHES else None

    def rank(self) -> tuple[int, int, int, int]:
        """More required fields first, then more fields, then fewer rows, then the higher place on the sheet."""
        fields = {column.field.name: column.field for column in self.columns if column.field}
        return sum(spec.required for spec in fields.values()), len(fields), -len(self.rows), -self.rows[0].number

    def refuse_merged(self) -> None:
        bottom = self.rows[-1].number - 1
        for (first, left), (last, right) in self.sheet.merged:
            if right > left and first >= self.rows[0].number - 1 and first <= bottom <= last:
                header = next((column.header for column in self.columns if column.index == left), "")
                raise TableError(
                    _("The header “%(header)s” is merged over columns %(first)s to %(last)s.")
                    % {"header": header, "first": column_letter(left), "last": column_letter(right)},
                    _("Give each column a header of its own."),
                    place=self.sheet.place(first + 1, left),
                    code="merged_header",
                )

    def refuse_doubled(self) -> None:
        seen: dict[str, Column] = {}
        for column in self.columns:
            key = column.field.name if column.field else path_key([column.header])
            if key in seen:
                first = seen[key]
                raise TableError(
                    _("“%(second)s” means the same as “%(first)s” in column %(column)s.")
                    % {"second": column.header, "first": first.header, "column": first.letter},
                    _("Keep one of the two columns, or name the other for what it holds."),
                    place=self.sheet.place(self.rows[0].number, column.index),
                    code="duplicate_header",
                )
            seen[key] = column

    def refuse_missing(self, layout: TableLayout) -> None:
        present = {column.field.name for column in self.columns if column.field}
        missing = [spec for spec in layout.required if spec.name not in present]
        if missing:
            accepted = _("; ").join(" / ".join(spec.synonyms[:5]) for spec in missing)
            unknown = _(", ").join(f"{c.letter} “{c.header}”" for c in self.columns if c.field is None)
            remedy = _("Add a column under one of these names: %(names)s.") % {"names": accepted}
            if unknown:
                remedy = sentences(remedy, _("Columns not recognised: %(columns)s.") % {"columns": unknown})
            raise TableError(
                _("The header has no column for: %(names)s.") % {"names": _names(missing)},
                remedy,
                place=self.sheet.place(self.rows[0].number),
                code="missing_column",
            )


def _ends_after(sheet: Sheet, row: Row, last: int) -> bool:
    """Whether a cell of this row is merged down past the supposed end of the header."""
    return any(first[0] == row.number - 1 and end[0] + 1 > last for first, end in sheet.merged)


def _filled(sheet: Sheet, rows: list[Row]) -> list[list[str]]:
    """The header's texts with merged cells repeated; without merges, an upper heading reaches over empty neighbours
    that have a text of their own below it."""
    grid = [[_safe_text(value) for value in row.values] for row in rows]
    at = {row.number - 1: line for row, line in zip(rows, grid, strict=True)}
    for (top, left), (bottom, right) in sheet.merged:
        if top not in at or left >= len(at[top]):
            continue
        text = at[top][left]
        for number in range(top, bottom + 1):
            line = at.get(number)
            if line is not None:
                line[left : right + 1] = [text] * len(line[left : right + 1])
    if not sheet.merged:
        for upper, lower in pairwise(grid):
            for index in range(1, min(len(upper), len(lower))):
                if not upper[index] and lower[index] and lower[index - 1]:
                    upper[index] = upper[index - 1]
    return grid


def _match(layout: TableLayout, path: list[str]) -> Field | None:
    """The field a header means: by its whole path, its path without bracketed notes, or its last part alone."""
    bare = [_NOTE.sub("", text) for text in path]
    for parts in (path, bare, path[-1:], bare[-1:]):
        spec = layout.by_key.get(path_key(parts))
        if spec is not None:
            return spec
    return None


def _safe_text(value: CellValue) -> str:
    try:
        return cell_text(value)
    except LostDigits:
        return str(value)
