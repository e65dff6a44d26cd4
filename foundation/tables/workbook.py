"""Opening a table file, judged by its content and never by its name.

    workbook = open_workbook(content, filename="positions.xls")
    for sheet in workbook.sheets:
        for row in sheet.rows():
            row.number, row.values

Accepted: .xlsx (and .xlsm), old binary .xls, delimited text in UTF-8, UTF-16 with a mark, or GB18030. Whatever else
arrives is refused with a TableError that says what the file really is and what would be right.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO

import python_calamine as calamine
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.tables.cells import CellValue
from foundation.tables.compound import SIGNATURE, BrokenCompound, CompoundFile, scan_biff
from foundation.tables.delimited import NotText, decode_text, read_delimited, sniff_delimiter
from foundation.tables.errors import Place, TableError, column_letter
from foundation.tables.xlsx_scan import BrokenWorkbook, NotASheetArchive, SheetScan, ZipBomb, scan_xlsx

MAX_BYTES = 60 * 1024 * 1024
MAX_GRID = 12_000_000  # cells of the rectangle that holds all values of one sheet
FORMULAS_NAMED = 5

_MARKUP = re.compile(rb"^\s*<(?:!doctype|html|head|meta|table|style|div|\?xml|!--)", re.IGNORECASE)
_OTHER_FORMATS = {b"%PDF": "PDF", b"{\\rtf": "RTF", b"\xff\xd8\xff": "JPEG", b"\x89PNG": "PNG", b"GIF8": "GIF",
                  b"Rar!": "RAR", b"7z\xbc\xaf": "7z", b"\x1f\x8b": "gzip"}  # fmt: skip

MergedRange = tuple[tuple[int, int], tuple[int, int]]
# The formula cells, (row, column) from 0, of a sheet by its place in the file and its name.
FormulaCells = Callable[[int, str], Sequence[tuple[int, int]]]


@dataclass(frozen=True)
class Row:
    """One row with any content: its number as the spreadsheet shows it (from 1) and its values from column A."""

    number: int
    values: tuple[CellValue, ...]


@dataclass(frozen=True)
class Sheet:
    """One sheet. `merged` holds ((first row, first column), (last row, last column)), counted from 0."""

    name: str
    visible: bool = True
    merged: tuple[MergedRange, ...] = ()
    formulas: tuple[tuple[int, int], ...] = ()
    _read: Callable[[], Iterable[tuple[int, list[CellValue]]]] = field(default=lambda: (), repr=False)

    def rows(self) -> Iterator[Row]:
        """Rows that have any content, top down. Raises TableError where a cell of the sheet is a formula."""
        self._refuse_formulas()
        for number, values in self._read():
            if any(value not in ("", None) for value in values):
                yield Row(number, tuple(values))

    def place(self, row: int | None = None, column: int | None = None) -> Place:
        """Where, for an error: `row` from 1 as shown, `column` from 0."""
        return Place(self.name, row, "" if column is None else column_letter(column))

    def _refuse_formulas(self) -> None:
        if self.formulas:
            row, column = self.formulas[0]
            raise _formula(self.place(row + 1, column), self.formulas)


def _formula(place: Place, cells: Sequence[tuple[int, int]]) -> TableError:
    """The refusal of formula cells, (row, column) from 0; `place` is the first."""
    named = ", ".join(f"{column_letter(column)}{row + 1}" for row, column in cells[:FORMULAS_NAMED])
    return TableError(
        ngettext("The cell is a formula: %(cells)s.", "These cells are formulas: %(cells)s.", len(cells))
        % {"cells": named + (" …" if len(cells) > FORMULAS_NAMED else "")},
        _("Copy these cells and paste them in place as values, so that what is imported is what is printed."),
        place=place,
        code="formula",
    )


@dataclass(frozen=True)
class Workbook:
    """An opened file: `kind` is xlsx, xls or text; `encoding` only for text. Sheets in the order of the file."""

    filename: str
    kind: str
    sheets: tuple[Sheet, ...]
    encoding: str = ""

    def sheet(self, name: str) -> Sheet:
        """The sheet of this name. Raises TableError naming the sheets there are."""
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        raise TableError(
            _("There is no sheet “%(name)s” in the file.") % {"name": name},
            _("Its sheets are: %(names)s.") % {"names": _(", ").join(sheet.name for sheet in self.sheets)},
            code="no_sheet",
        )


def open_workbook(source: str | Path | bytes | IO[bytes], filename: str = "") -> Workbook:
    """Open a table file given as a path, its bytes, or an open binary file. Raises TableError; reads no rows yet."""
    content, filename = _content(source, filename)
    if not content.strip(b"\x00\r\n\t ,;"):
        raise TableError(_("The file is empty."), _("Choose the file that holds the table."), code="empty")
    if content.startswith(b"PK\x03\x04"):
        return _open_xlsx(content, filename)
    if content.startswith(SIGNATURE):
        return _open_compound(content, filename)
    for signature, name in _OTHER_FORMATS.items():
        if content.startswith(signature):
            raise _not_a_table(_("The file is of type %(type)s, not a table.") % {"type": name})
    return _open_text(content, filename)


def _content(source: str | Path | bytes | IO[bytes], filename: str) -> tuple[bytes, str]:
    if isinstance(source, bytes):
        content = source
    elif isinstance(source, str | Path):
        path = Path(source)
        filename = filename or path.name
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    else:
        content = source.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise TableError(
            _("The file is larger than %(limit)d MB.") % {"limit": MAX_BYTES // 1024 // 1024},
            _("Split the table, or remove pictures from it."),
            code="too_large",
        )
    return content, filename


def _not_a_table(problem: str, code: str = "not_a_table") -> TableError:
    return TableError(problem, _("Save the table as .xlsx or as CSV and choose that file."), code=code)


def _open_xlsx(content: bytes, filename: str) -> Workbook:
    try:
        scans = scan_xlsx(content)
    except ZipBomb as error:
        raise TableError(
            _("The file would expand to far more than a table needs."),
            _("Copy the rows into a new workbook and save it as .xlsx."),
            code="zip_bomb",
        ) from error
    except BrokenWorkbook as error:
        raise _damaged() from error
    except NotASheetArchive as error:
        names = {
            "document": _("a Word document"),
            "presentation": _("a presentation"),
            "opendocument": _("an OpenDocument file"),
            "binary": _("a binary workbook (.xlsb)"),
            "archive": _("a zip archive without a workbook"),
        }
        raise _not_a_table(_("The file is %(type)s.") % {"type": names[error.kind]}) from error
    for name, scan in scans.items():
        _refuse_vast(name, scan)
    return _from_calamine(content, filename, "xlsx", lambda _index, name: scans[name].formulas if name in scans else ())


def _refuse_vast(name: str, scan: SheetScan) -> None:
    if scan.last_row * scan.last_column > MAX_GRID:
        place = Place(name, scan.last_row, column_letter(scan.last_column - 1))
        raise TableError(
            _("The values reach to here, %(cells)d cells in all, so the sheet is too large to be read as a table.")
            % {"cells": scan.cells},
            _("Delete the stray values far below or to the right of the table, or split the table."),
            place=place,
            code="too_large",
        )


def _open_compound(content: bytes, filename: str) -> Workbook:
    try:
        compound = CompoundFile(content)
        names = compound.names
        if "EncryptedPackage" in names:
            raise _password()
        stream = next((name for name in ("Workbook", "Book") if name in names), "")
        if not stream:
            kind = _("a Word document") if "WordDocument" in names else _("an Office file without a workbook")
            raise _not_a_table(_("The file is %(type)s.") % {"type": kind})
        scan = scan_biff(compound.stream(stream))
    except BrokenCompound as error:
        raise _damaged() from error
    if scan.encrypted:
        raise _password()
    return _from_calamine(content, filename, "xls", lambda index, _name: scan.formulas.get(index, ()))


def _password() -> TableError:
    return TableError(
        _("The file is protected by a password."),
        _("Open it, remove the password under “Save as”, and choose the file again."),
        code="password",
    )


def _damaged() -> TableError:
    return TableError(
        _("The file is damaged or cut off."),
        _("Open it in the spreadsheet program, save it again as .xlsx, and choose that file."),
        code="damaged",
    )


def _from_calamine(content: bytes, filename: str, kind: str, formulas: FormulaCells) -> Workbook:
    try:
        book = calamine.CalamineWorkbook.from_filelike(BytesIO(content))
    except calamine.PasswordError as error:
        raise _password() from error
    except calamine.CalamineError as error:
        raise _damaged() from error
    sheets = []
    for index, meta in enumerate(book.sheets_metadata):
        if meta.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        sheets.append(_sheet(book, meta, tuple(formulas(index, meta.name))))
    return Workbook(filename, kind, tuple(sheets))


def _sheet(
    book: calamine.CalamineWorkbook, meta: calamine.SheetMetadata, formulas: tuple[tuple[int, int], ...]
) -> Sheet:
    try:
        data = book.get_sheet_by_name(meta.name)
    except calamine.CalamineError as error:
        raise _damaged() from error

    def read() -> Iterator[tuple[int, list[CellValue]]]:
        margin: list[CellValue] = [""] * (data.start[1] if data.start else 0)
        for number, values in enumerate(data.iter_rows(), start=1):
            yield number, [*margin, *values]

    visible = meta.visible == calamine.SheetVisibleEnum.Visible
    return Sheet(meta.name, visible, tuple(data.merged_cell_ranges or ()), formulas, read)


def _open_text(content: bytes, filename: str) -> Workbook:
    if _MARKUP.match(content.removeprefix(b"\xef\xbb\xbf")):
        raise _not_a_table(_("The file is a web page or XML under the name of a table, not a workbook."), code="markup")
    try:
        text, encoding = decode_text(content)
    except NotText as error:
        raise TableError(
            _("The file is neither a workbook nor text that can be read."),
            _("Save the table as .xlsx, or as CSV in UTF-8."),
            place=Place(row=error.line),
            code="not_a_table",
        ) from error
    delimiter = sniff_delimiter(text)
    name = Path(filename).stem or _("table")

    def read() -> Iterator[tuple[int, list[CellValue]]]:
        number = 0
        try:
            for number, values in read_delimited(text, delimiter):
                yield number, [_text_value(name, number, index, value) for index, value in enumerate(values)]
        except csv.Error as error:
            raise TableError(
                _("The text can't be cut into columns after this row: a quotation mark is not closed."),
                _("Close the quotation, or save the table as .xlsx."),
                place=Place(name, number),
                code="not_a_table",
            ) from error

    return Workbook(filename, "text", (Sheet(name, _read=read),), encoding)


def _text_value(sheet: str, row: int, column: int, value: str) -> CellValue:
    """A text cell; the spreadsheet's own guard ="0123" is taken off, any other formula refused."""
    if not value.startswith("="):
        return value
    if len(value) > 3 and value.startswith('="') and value.endswith('"') and '"' not in value[2:-1]:
        return value[2:-1]
    raise _formula(Place(sheet, row, column_letter(column)), [(row - 1, column)])


__all__ = ["CellValue", "MergedRange", "Row", "Sheet", "TableError", "Workbook", "open_workbook"]
