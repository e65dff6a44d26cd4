"""Released lists for everyone: all of them, one of them, and one as a sheet."""

from io import BytesIO

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from cms import queries
from foundation.language import rule_language
from foundation.tables.export import XlsxExport
from recruitment.publications.models import Publication
from recruitment.publications.queries import on_the_page, page_of, released

MOST_ROWS_SHOWN = 2000


def notice_list(request: HttpRequest) -> HttpResponse:
    return render(request, "cms/notice_list.html", {"page": queries.paginate(on_the_page(), request)})


def _taken_off(request: HttpRequest, publication: Publication) -> HttpResponse | None:
    """What stands in place of a list that has come down, None while it is up."""
    page = page_of(publication, timezone.now())
    if page is None or page:
        return None
    context = {"publication": publication, "why": page.explanation.text(rule_language())}
    return render(request, "cms/notice_gone.html", context, status=410)


def notice_page(request: HttpRequest, pk: int) -> HttpResponse:
    publication = get_object_or_404(released(), pk=pk)
    if gone := _taken_off(request, publication):
        return gone
    rows = [list(zip(row, publication.columns, strict=True)) for row in publication.rows[:MOST_ROWS_SHOWN]]
    context = {"publication": publication, "rows": rows, "left_out": len(publication.rows) - len(rows)}
    return render(request, "cms/notice.html", context)


def notice_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The same list as an Excel file; cells that look like formulas are made harmless."""
    publication = get_object_or_404(released(), pk=pk)
    if gone := _taken_off(request, publication):
        return gone
    stream = BytesIO()
    with XlsxExport(stream) as export:
        export.sheet(publication.title, [str(column["label"]) for column in publication.columns], publication.rows)
    response = HttpResponse(
        stream.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = f'attachment; filename="list-{publication.sequence}.xlsx"'
    return response
