"""Who would be called to the interview, position by position, then the call itself and its export."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit
from campaigns.planning.models import Campaign, Position
from campaigns.planning.queries import rules_of
from foundation.errors import DomainError
from foundation.tables.export import ExportValue, watermark
from foundation.ui.components import Figure
from foundation.ui.exports import xlsx_response
from foundation.ui.office import PAGE_SIZE
from foundation.ui.work import hand_over
from recruitment.examinations.domain import shortlists
from recruitment.examinations.domain.ranking import AFTER_SHORTLIST, shortlist_rules
from recruitment.examinations.lines import is_set_by_authority
from recruitment.examinations.models import MarkKind
from recruitment.examinations.office.pages import ExamPage, user_of
from recruitment.examinations.policies import may_rank
from recruitment.examinations.queries import bonus_labels, written_results
from recruitment.examinations.tasks import MAKE_SHORTLIST
from recruitment.publications.models import PublicationKind
from rulebook.explanation import number_text
from rulebook.shortlist import Shortlist


@dataclass(frozen=True)
class Row:
    """One position: whom its shortlist would call; `ties` are called beyond the places because of an equal mark."""

    position: Position
    ratio: Decimal | None
    result: Shortlist

    @property
    def ties(self) -> int:
        return max(0, len(self.result.called) - self.result.places)


def rows_of(exam: Campaign) -> list[Row]:
    """Every position's preview; raises Refused where the authority sets the line and none is confirmed."""
    rules = rules_of(exam)
    found = shortlists(exam)
    return [Row(position, shortlist_rules(position, rules).ratio, one) for position, one in found.items()]


class ShortlistPage(ExamPage):
    """The preview by the line in force, and the call itself."""

    template_name = "examinations/office/shortlist.html"
    page_title = gettext_lazy("Shortlist")
    shows = (PublicationKind.SCORES, PublicationKind.SHORTLIST)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        exam = self.subject
        context: dict[str, Any] = {
            "called": exam.applications.filter(written_result__is_called=True).count(),
            "is_made": exam.applications.filter(state__in=AFTER_SHORTLIST).exists(),
            "is_over": exam.mark_batches.filter(kind=MarkKind.INTERVIEW).exists(),
            "is_ranked": exam.applications.filter(written_result__isnull=False).exists(),
            "by_authority": is_set_by_authority(rules_of(exam)),
            "may_make": bool(may_rank(user_of(self.request), exam)),
        }
        if context["is_ranked"] and not context["is_over"]:
            context |= self._preview()
        return super().get_context_data(**context, **kwargs)

    def _preview(self) -> dict[str, Any]:
        try:
            rows = rows_of(self.subject)
        except DomainError as refusal:
            return {"refusal": refusal}
        figures = [
            Figure(gettext_lazy("Would be called"), sum(len(row.result.called) for row in rows)),
            Figure(gettext_lazy("Positions"), len(rows)),
            Figure(gettext_lazy("Positions with a tie at the last place"), sum(row.ties > 0 for row in rows)),
            Figure(gettext_lazy("Positions that would call nobody"), sum(not row.result.called for row in rows)),
        ]
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        lines = sorted({row.result.line for row in rows if row.result.line is not None})
        return {"lines": [number_text(line.normalize()) for line in lines[:5]], "figures": figures, "page": page}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return hand_over(request, MAKE_SHORTLIST, self.subject, what=self.page_title)


class ShortlistExport(ExamPage):
    """The people called, as an Excel table; always noted in the audit trail."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:  # type: ignore[override]
        exam, user = self.subject, user_of(request)
        rows = written_results(exam).filter(is_called=True).select_related("application__position__unit")
        count = rows.count()
        if not count:
            raise Http404
        with transaction.atomic():
            after = {"rows": count}
            audit.record(actor=user, action="examinations.export_shortlist", subject=exam, after=after)
        bonus, mark_label = bonus_labels(rows)
        header = [_("Position code"), _("Position"), _("Unit"), _("Headcount"), _("Ticket number"),
                  *([bonus] if bonus else []), mark_label, _("Rank")]  # fmt: skip
        title = _("Shortlist")
        mark = watermark(str(user), timezone.now())
        return xlsx_response(
            f"{exam.code}-{title}.xlsx", [(title, header, _cells(rows, with_bonus=bool(bonus)))], mark=mark
        )


def _cells(rows: Any, *, with_bonus: bool) -> Iterator[list[ExportValue]]:
    for row in rows.iterator(chunk_size=2000):
        position = row.application.position
        place = [position.code, position.name, position.unit.name, position.headcount_effective]
        bonus = [row.bonus] if with_bonus else []
        yield [*place, row.application.ticket_no, *bonus, row.value, row.rank]
