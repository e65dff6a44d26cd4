"""Who would be called to the interview, position by position, then the call itself and its export."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
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
from foundation.ui.office import PAGE_SIZE, act
from recruitment.examinations.domain import make_shortlist, shortlists
from recruitment.examinations.domain.ranking import AFTER_SHORTLIST, shortlist_rules
from recruitment.examinations.models import MarkKind
from recruitment.examinations.office.pages import ExamPage, user_of
from recruitment.examinations.policies import may_rank
from recruitment.examinations.queries import bonus_labels, written_results
from recruitment.publications.models import PublicationKind
from rulebook.shortlist import Shortlist


class LineForm(forms.Form):
    """The lowest mark the authority fixed, if it fixed one."""

    line = forms.DecimalField(
        label=gettext_lazy("Lowest mark fixed by the authority"),
        min_value=Decimal(0),
        max_digits=6,
        decimal_places=2,
        required=False,
        help_text=gettext_lazy("Leave it empty where the rules alone decide."),
    )


@dataclass(frozen=True)
class Row:
    """One position: whom its shortlist would call; `ties` are called beyond the places because of an equal mark."""

    position: Position
    ratio: Decimal | None
    result: Shortlist

    @property
    def ties(self) -> int:
        return max(0, len(self.result.called) - self.result.places)


def rows_of(exam: Campaign, line: Decimal | None) -> list[Row]:
    """Every position's preview; raises Refused where the rules need a line that was not given."""
    rules = rules_of(exam)
    found = shortlists(exam, line)
    return [Row(position, shortlist_rules(position, rules).ratio, one) for position, one in found.items()]


class ShortlistPage(ExamPage):
    """The preview by `?line=`, and the call itself."""

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
            "may_make": bool(may_rank(user_of(self.request), exam)),
        }
        if context["is_ranked"] and not context["is_over"]:
            context |= self._preview()
        return super().get_context_data(**context, **kwargs)

    def _preview(self) -> dict[str, Any]:
        form = LineForm(self.request.GET if "line" in self.request.GET else None)
        line = form.cleaned_data["line"] if form.is_valid() else None
        if form.errors:
            return {"form": form}
        try:
            rows = rows_of(self.subject, line)
        except DomainError as refusal:
            return {"form": form, "refusal": refusal.message}
        figures = [
            Figure(gettext_lazy("Would be called"), sum(len(row.result.called) for row in rows)),
            Figure(gettext_lazy("Positions"), len(rows)),
            Figure(gettext_lazy("Positions with a tie at the last place"), sum(row.ties > 0 for row in rows)),
            Figure(gettext_lazy("Positions that would call nobody"), sum(not row.result.called for row in rows)),
        ]
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return {"form": form, "line": line, "figures": figures, "page": page}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form, exam = LineForm(request.POST), self.subject
        back = reverse("exam-shortlist", args=[exam.code])

        def call() -> None:
            if not form.is_valid():
                raise DomainError(_("The lowest mark is no number with at most 2 decimals. Nothing was saved."))
            make_shortlist(actor=user_of(request), campaign=exam, line=form.cleaned_data["line"])

        return act(request, call, done=_("The shortlist is made."), back=back)


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
        _bonus, mark_label = bonus_labels(rows)
        header = [_("Position code"), _("Position"), _("Unit"), _("Headcount"), _("Ticket number"), mark_label,
                  _("Rank")]  # fmt: skip
        title = _("Shortlist")
        mark = watermark(str(user), timezone.now())
        return xlsx_response(f"{exam.code}-{title}.xlsx", [(title, header, _cells(rows))], mark=mark)


def _cells(rows: Any) -> Iterator[list[ExportValue]]:
    for row in rows.iterator(chunk_size=2000):
        position = row.application.position
        place = [position.code, position.name, position.unit.name, position.headcount_effective]
        yield [*place, row.application.ticket_no, row.value, row.rank]
