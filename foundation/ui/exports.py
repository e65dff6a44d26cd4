"""Exports of Wagtail's lists, which by themselves run formulas, tell UTC and lack the mark for Chinese texts."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any, cast

from django.db.models import Model
from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone

from foundation.tables.export import ExportValue, XlsxExport, stream_csv, watermark

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
        for row in queryset:
            values = cast(Any, self).to_row_dict(row).values()
            yield [str(value) if isinstance(value, Model) else value for value in values]
