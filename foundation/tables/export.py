"""Tables out: CSV in pieces and XLSX in little memory, safe to open whatever a candidate typed into a field."""

import csv
import datetime
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

# What a spreadsheet takes for a formula or a command, full-width forms included; tabs and line breaks may hide one.
_DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")
_FLUSH_ROWS = 500
_SHEET_NAME_LIMIT = 31
_NOT_IN_SHEET_NAMES = str.maketrans("", "", "[]:*?/\\'")

ExportValue = str | int | float | Decimal | bool | datetime.date | datetime.datetime | None


def safe_text(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula, else unchanged."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def watermark(exported_by: str, at: datetime.datetime) -> str:
    """The line under an export that says who took it out and when, in local time."""
    return _("Exported by %(user)s at %(time)s") % {
        "user": exported_by,
        "time": timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S"),
    }


class _Pieces:
    """A file for csv.writer that hands back what was written."""

    def __init__(self) -> None:
        self.pieces: list[str] = []

    def write(self, piece: str) -> int:
        self.pieces.append(piece)
        return len(piece)

    def take(self) -> bytes:
        taken = "".join(self.pieces).encode()
        self.pieces.clear()
        return taken


def stream_csv(header: Sequence[str], rows: Iterable[Sequence[ExportValue]], *, mark: str = "") -> Iterator[bytes]:
    """UTF-8 with the mark that spreadsheets look for, in pieces for a streaming response; `mark` is the last row."""
    out = _Pieces()
    writer = csv.writer(out)
    out.write("\ufeff")
    writer.writerow([safe_text(str(name)) for name in header])
    for number, row in enumerate(rows, start=1):
        writer.writerow([_csv_value(value) for value in row])
        if number % _FLUSH_ROWS == 0:
            yield out.take()
    if mark:
        writer.writerow([safe_text(mark)])
    yield out.take()


def _csv_value(value: ExportValue) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return _local(value).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float | Decimal):
        return str(value)
    return safe_text(str(value))


def _local(moment: datetime.datetime) -> datetime.datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


class XlsxExport:
    """An .xlsx written row by row in constant memory; use as a context manager.

    Texts stay texts: no formula, no link, no number is ever made out of what someone typed.
    """

    def __init__(self, target: str | IO[bytes], *, mark: str = "") -> None:
        self._book = xlsxwriter.Workbook(
            target,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "remove_timezone": True,
            },
        )
        self._head = self._book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        # The spreadsheet's own mark for "this is text", which survives editing and saving as CSV.
        self._guarded = self._book.add_format({"quote_prefix": True})
        self._text = self._book.add_format({"num_format": "@"})
        self._date = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._mark = mark
        self._names: set[str] = set()

    def __enter__(self) -> "XlsxExport":
        return self

    def __exit__(self, *_error: object) -> None:
        self._book.close()

    def sheet(
        self,
        name: str,
        header: Sequence[str],
        rows: Iterable[Sequence[ExportValue]],
        *,
        widths: Sequence[int] = (),
    ) -> int:
        """Write one sheet with its header frozen; returns the number of rows. `widths` are in characters."""
        sheet = self._book.add_worksheet(self._sheet_name(name))
        sheet.freeze_panes(1, 0)
        for index, width in enumerate(widths):
            sheet.set_column(index, index, width)
        if self._mark:
            sheet.set_footer("&L" + self._mark.replace("&", "&&")[:250])
        for index, title in enumerate(header):
            sheet.write_string(0, index, str(title), self._head)
        number = 0
        for number, row in enumerate(rows, start=1):
            for index, value in enumerate(row):
                self._write(sheet, number, index, value)
        if self._mark:
            self._write(sheet, number + 1, 0, self._mark)
        return number

    def _write(self, sheet: Any, row: int, column: int, value: ExportValue) -> None:
        if value is None or value == "":
            return
        if isinstance(value, bool):
            sheet.write_string(row, column, _("yes") if value else _("no"))
        elif isinstance(value, int | float | Decimal):
            sheet.write_number(row, column, value)
        elif isinstance(value, datetime.datetime):
            sheet.write_datetime(row, column, _local(value), self._moment)
        elif isinstance(value, datetime.date):
            sheet.write_datetime(row, column, value, self._date)
        else:
            text = str(value)
            sheet.write_string(row, column, text, self._guarded if text.startswith(_DANGEROUS) else self._text)

    def _sheet_name(self, name: str) -> str:
        """A name spreadsheets accept, different from those already there."""
        clean = name.translate(_NOT_IN_SHEET_NAMES).strip()[:_SHEET_NAME_LIMIT] or _("table")
        chosen, number = clean, 2
        while chosen.casefold() in self._names:
            chosen = f"{clean[: _SHEET_NAME_LIMIT - 4]} {number}"
            number += 1
        self._names.add(chosen.casefold())
        return chosen
