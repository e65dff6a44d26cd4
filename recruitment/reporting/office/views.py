"""The leaders' screen and the lists behind its figures."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from accounts.policies import in_scope
from campaigns.establishment.enums import SlotState
from campaigns.establishment.models import EstablishedPost
from campaigns.planning.enums import Track
from campaigns.planning.models import Position, Programme
from foundation.dates import day
from foundation.errors import Refused
from foundation.tables.export import stream_csv, watermark
from foundation.ui.office import OfficePage
from recruitment.reporting.dashboard import dashboard, figure_of
from recruitment.reporting.metrics import Metric, Scope, metric
from recruitment.reporting.policies import (
    FIGURE_READERS,
    may_open_lists,
    may_read_figures,
    may_read_funnel,
    may_simulate,
)
from recruitment.reporting.row_texts import printed

PAGE = 50


def user_of(request: HttpRequest) -> User:
    """The signed-in member of staff."""
    assert isinstance(request.user, User)
    return request.user


def _in_words(cell: Any) -> Any:
    return day(cell) if isinstance(cell, date) else cell


def readable_programmes(user: User) -> QuerySet[Programme]:
    """Programmes whose unit the person covers, or that have positions or posts in the units they cover."""
    mine = in_scope(user, *FIGURE_READERS)
    positions = Position.objects.filter(mine, campaign__programme=OuterRef("pk"))
    posts = EstablishedPost.objects.filter(mine, envelope=OuterRef("envelope"))
    rows = Programme.objects.filter(mine | Q(Exists(positions)) | Q(Exists(posts)))
    return rows.select_related("unit", "envelope").order_by("-starts_on", "code")


class Figures(OfficePage):
    """Target, result, posts and where they are, events: one screen."""

    rule = may_read_figures
    page_title = _("Figures")
    template_name = "reporting/dashboard.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = user_of(self.request)
        programmes = list(readable_programmes(user))
        code = self.request.GET.get("programme")
        chosen = next((row for row in programmes if row.code == code), programmes[0] if programmes else None)
        return super().get_context_data(
            programmes=programmes,
            programme=chosen,
            board=dashboard(chosen, user) if chosen else None,
            now=timezone.now(),
            may_read_funnel=bool(chosen and may_read_funnel(user, chosen)),
            may_simulate=bool(chosen and chosen.envelope and may_simulate(user, chosen)),
            **kwargs,
        )


class FigureList(OfficePage):
    """The list behind one figure, which is as long as the figure says; as a sheet with `?export=csv`."""

    rule = may_open_lists
    template_name = "reporting/list.html"

    def find(self, request: HttpRequest, **kwargs: Any) -> Programme:
        if not isinstance(request.user, User) or not may_read_figures(request.user):
            raise Http404
        return get_object_or_404(readable_programmes(request.user), code=kwargs["code"])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Figures"), f"/admin/figures/?programme={self.subject.code}")]

    def _metric(self) -> Metric:
        try:
            return metric(self.kwargs["key"])
        except Refused as refusal:
            raise Http404 from refusal

    def _rows(self, shown: Metric) -> QuerySet[Any]:
        """The rows of the figure, or of the groups that the address names."""
        asked = {name: self.request.GET.getlist(name) for name in self.request.GET}
        return shown.narrowed(Scope(self.subject, user_of(self.request)), asked)

    def _sheet(self) -> str:
        query = self.request.GET.copy()
        query.pop("page", None)
        query["export"] = "csv"
        return query.urlencode()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("export") == "csv":
            return self._export()
        return super().get(request, *args, **kwargs)

    def _export(self) -> HttpResponse:
        user, shown = user_of(self.request), self._metric()
        headings, rows, cells = printed(shown.row_kind, self._rows(shown), user)
        after = {"figure": shown.key, "rows": rows.count()}
        audit.record(actor=user, action="reporting.export", subject=self.subject, after=after)

        def lines() -> Iterator[list[str]]:
            for row in rows.iterator(chunk_size=1000):
                yield [str(cell) for cell in cells(row)]

        mark = watermark(user.username, timezone.now())
        stream = stream_csv([str(heading) for heading in headings], lines(), mark=mark)
        response = StreamingHttpResponse(stream, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{shown.key}.csv"'
        return response  # type: ignore[return-value]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, shown = user_of(self.request), self._metric()
        self.page_title = str(shown.name)
        headings, rows, cells = printed(shown.row_kind, self._rows(shown), user)
        page = Paginator(rows, PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            figure=figure_of(shown, page.paginator.count, self.subject),
            headings=headings,
            page=page,
            sheet=self._sheet(),
            only=_said(shown, self.request.GET),
            lines=[list(zip(headings, map(_in_words, cells(row)), strict=True)) for row in page],
            **kwargs,
        )


def _said(shown: Metric, asked: QueryDict) -> str:
    """The groups that the list is narrowed to, in words; empty for the whole list."""
    words = {str(value): str(label) for value, label in (*Track.choices, *SlotState.choices)}
    chosen = [value for group in shown.groups for value in asked.getlist(group)]
    return str(_(", ")).join(words.get(value, value or str(_("none"))) for value in chosen)
