"""Exports of Wagtail's lists, which by themselves run formulas, tell UTC and lack the mark for Chinese texts."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import IO, Any, cast

from django.db.models import Model, QuerySet
from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone

from foundation.tables.export import ExportValue, XlsxExport, stream_csv, watermark

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLAIN = (str, int, float, Decimal, date)
CHUNK = 1000  # rows fetched at once

Sheet = tuple[str, Sequence[str], Iterable[Sequence[ExportValue]]]


def xlsx_response(name: str, sheets: Iterable[Sheet], *, mark: str) -> FileResponse:
    """A download of (name, header, rows) sheets, written row by row and signed with `mark`."""
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    with XlsxExport(file, mark=mark) as book:
        for title, header, rows in sheets:
            book.sheet(title, header, rows)
    file.seek(0)
    return FileResponse(file, as_attachment=True, content_type=XLSX, filename=name)


class SafeExport:
    """Mixin for Wagtail's index views: both formats through `foundation.tables.export`, signed with person and time."""

    request: Any
    list_export: list[str]

    def as_spreadsheet(self, queryset: Iterable[Model], spreadsheet_format: str) -> Any:
        view = cast(Any, self)
        header = [view.get_heading(queryset, name) for name in self.list_export]
        mark = watermark(str(self.request.user), timezone.now())
        name = f"{view.get_filename()}.{spreadsheet_format}"
        if spreadsheet_format == "csv":
            pieces = stream_csv(header, self._rows(queryset), mark=mark)
            disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
            return StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8", headers=disposition)
        return xlsx_response(name, [(view.get_filename(), header, self._rows(queryset))], mark=mark)

    def _rows(self, queryset: Iterable[Model]) -> Iterator[list[ExportValue]]:
        rows = queryset.iterator(chunk_size=CHUNK) if isinstance(queryset, QuerySet) else queryset
        for row in rows:
            yield [_value(row, name) for name in self.list_export]


def _value(row: Any, path: str) -> ExportValue:
    """What a path like "parent.code" leads to; nothing where a step is missing."""
    value = row
    for name in path.split("."):
        value = getattr(value, name, None)
        value = value() if callable(value) else value
    return value if value is None or isinstance(value, PLAIN) else str(value)
