"""The error sheet: the refused rows as they were, each with its reasons, ready to be mended and imported again."""

from collections.abc import Iterable, Iterator
from typing import IO

from django.utils.translation import gettext as _

from foundation.tables.export import ExportValue, XlsxExport
from foundation.tables.headers import Record
from foundation.tables.outcome import ImportOutcome, SheetOutcome


def write_error_sheet(target: str | IO[bytes], outcome: ImportOutcome, *, mark: str = "") -> int:
    """Write an .xlsx with a sheet for each sheet that has refused rows; returns how many rows it holds.

    Columns are those of the file, in order and under their printed headers, then the row's number in the file and the
    reasons. An importer reports these two as unknown columns and ignores them, so the mended sheet can be used as is.
    """
    count = 0
    with XlsxExport(target, mark=mark) as export:
        for sheet in outcome.sheets:
            if sheet.refused_records and sheet.table is not None:
                headers = [column.header for column in sheet.table.columns]
                export_headers = [*headers, _("row in the file"), _("reason")]
                widths = [16] * len(headers) + [10, 60]
                count += export.sheet(sheet.name, export_headers, _rows(sheet), widths=widths)
        if not count:
            export.sheet(_("reason"), [_("No row was refused.")], [])
    return count


def _rows(sheet: SheetOutcome) -> Iterator[list[ExportValue]]:
    reasons: dict[int, list[str]] = {}
    for refusal in sheet.refused:
        where = f"{refusal.column}: " if refusal.column else ""
        reasons.setdefault(refusal.row, []).append(where + refusal.message)
    for record in sheet.refused_records:
        yield [*_values(sheet, record), record.number, "\n".join(reasons.get(record.number, []))]


def _values(sheet: SheetOutcome, record: Record) -> Iterable[ExportValue]:
    columns = sheet.table.columns if sheet.table else ()
    for column in columns:
        yield record.values.get(column.field.name, "") if column.field else record.extra.get(column.header, "")
