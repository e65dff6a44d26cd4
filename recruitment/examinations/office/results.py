"""Written results, the explanation of one person's marks, and totals with their places."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from campaigns.planning.models import Campaign
from campaigns.planning.queries import rules_of
from foundation.ui.components import Fact
from foundation.ui.office import PAGE_SIZE
from recruitment.applications.enums import ApplicationState
from recruitment.applications.models import Application
from recruitment.examinations.domain.ranking import AFTER_SHORTLIST
from recruitment.examinations.mark_layout import INTERVIEW, paper_name
from recruitment.examinations.models import MarkKind, MarkStatus, TotalResult, WrittenResult
from recruitment.examinations.office.pages import ExamPage, user_of
from recruitment.examinations.policies import may_import_interviews
from recruitment.examinations.queries import (
    bonus_labels,
    in_language,
    newest_marks,
    shown,
    total_results,
    written_label,
    written_results,
)
from recruitment.publications.models import PublicationKind

WRITTEN_FILTERS = {
    "called": (gettext_lazy("Called to the interview"), Q(is_called=True)),
    "not-called": (gettext_lazy("Not called"), Q(is_called=False)),
    "no-mark": (gettext_lazy("Without a mark"), Q(value=None)),
}
WAITS = Q(needs_extra_test=True, application__state=ApplicationState.RANKED)
TOTAL_FILTERS = {
    "proposed": (gettext_lazy("Proposed for hire"), Q(is_proposed=True)),
    "extra-test": (gettext_lazy("Extra test required"), WAITS),
    "no-place": (gettext_lazy("Without a place"), Q(rank=None)),
}


class _People(ExamPage):
    """A list of results, found by ticket number and position, narrowed by `filters`."""

    filters: Mapping[str, tuple[Promise, Q]]

    def results(self) -> QuerySet[Any]:
        raise NotImplementedError

    def rows(self) -> QuerySet[Any]:
        asked, rows = self.request.GET, self.results()
        if words := asked.get("q", "").strip():
            rows = rows.filter(application__ticket_no__startswith=words)
        if code := asked.get("position", "").strip():
            rows = rows.filter(application__position__code__iexact=code)
        if asked.get("show") in self.filters:
            rows = rows.filter(self.filters[asked["show"]][1])
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET
        return super().get_context_data(
            page=Paginator(self.rows(), PAGE_SIZE).get_page(asked.get("page")),
            q=asked.get("q", ""),
            position=asked.get("position", ""),
            show=asked.get("show", ""),
            filters=[(key, label) for key, (label, _condition) in self.filters.items()],
            **kwargs,
        )


class Results(_People):
    """Written marks by position and rank; ticket numbers, no names."""

    template_name = "examinations/office/results.html"
    page_title = gettext_lazy("Written results")
    filters = WRITTEN_FILTERS

    def shown_lists(self) -> Sequence[str]:
        made = self.subject.applications.filter(state__in=AFTER_SHORTLIST).exists()
        return (PublicationKind.SCORES, PublicationKind.SHORTLIST) if made else (PublicationKind.SCORES,)

    def results(self) -> QuerySet[WrittenResult]:
        return written_results(self.subject)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        papers = [paper.name for paper in rules_of(self.subject).written.papers]
        rows = []
        for result in context["page"].object_list:
            marks = {mark.paper: shown(mark.value, mark.status) for mark in result.application.marks.all()}
            shown_bonus = shown(result.bonus) if result.bonus else "—"
            papers_of = [(name, marks.get(name, "—")) for name in papers]
            rows.append((result, papers_of, shown_bonus, shown(result.value, result.status)))
        bonus, mark = bonus_labels(self.results())
        return context | {"papers": papers, "rows": rows, "bonus_label": bonus, "mark_label": mark}


class ResultPage(ExamPage):
    """How one person's marks came about, line by line as stored when they were computed."""

    template_name = "examinations/office/result.html"
    person: Application

    def find(self, request: HttpRequest, **kwargs: Any) -> Campaign:
        exam = super().find(request, **kwargs)
        people = exam.applications.filter(ticket_no__isnull=False).select_related(
            "position__unit", "written_result__rule_set", "total_result__rule_set"
        )
        rows = people.prefetch_related("marks__batch__imported_by", "marks__batch__locked_by")
        self.person = get_object_or_404(rows.defer("draft", "snapshot", "clauses"), pk=kwargs["pk"])
        return exam

    def shown_lists(self) -> Sequence[str]:
        written = [PublicationKind.SCORES]
        has_total = any(mark.paper == INTERVIEW for mark in self.person.marks.all())
        return [*written, PublicationKind.TOTALS] if has_total or hasattr(self.person, "total_result") else written

    @property
    def page_title(self) -> str:  # type: ignore[override]
        return self.person.ticket_no or ""

    def crumbs(self) -> list[tuple[str | Promise, str]]:
        return [*super().crumbs(), (gettext_lazy("Written results"), reverse("exam-results", args=[self.subject.code]))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.person
        current = {mark.pk for mark in newest_marks(person)}
        marks = [
            (mark, paper_name(mark.paper), shown(mark.value, mark.status), mark.pk in current)
            for mark in person.marks.all()
        ]
        parts = []
        if written := getattr(person, "written_result", None):
            value = shown(written.value, written.status)
            steps = [*in_language(written.explanation), *in_language(written.call_explanation)]
            parts.append((written_label(written), value, steps, written))
        if total := getattr(person, "total_result", None):
            parts.append((gettext_lazy("Total mark"), shown(total.value), in_language(total.explanation), total))
        facts = [
            Fact(gettext_lazy("Ticket number"), person.ticket_no),
            Fact(gettext_lazy("Position"), f"{person.position.code} {person.position.name}"),
            Fact(gettext_lazy("Unit"), person.position.unit),
            Fact(gettext_lazy("State"), person.get_state_display()),
        ]
        return super().get_context_data(person=person, facts=facts, marks=marks, parts=parts, **kwargs)


class Totals(_People):
    """Totals by position and place, with the positions whose last place needs an extra test."""

    template_name = "examinations/office/totals.html"
    page_title = gettext_lazy("Totals")
    shows = (PublicationKind.TOTALS,)
    filters = TOTAL_FILTERS

    def results(self) -> QuerySet[TotalResult]:
        return total_results(self.subject)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        rows = []
        for result in context["page"].object_list:
            statuses = {mark.paper: mark.status for mark in result.application.marks.all()}
            interview = shown(result.interview, statuses.get(INTERVIEW, MarkStatus.NORMAL))
            written = result.application.written_result
            rows.append((result, shown(written.value, written.status), interview, shown(result.value)))
        waiting = TotalResult.objects.filter(WAITS, application__campaign=self.subject)
        codes = waiting.order_by().values_list("application__position__code", flat=True).distinct()
        upload = ""
        if may_import_interviews(user_of(self.request), self.subject):
            upload = reverse("exam-import", args=[self.subject.code, MarkKind.EXTRA_TEST])
        return context | {"rows": rows, "waiting": sorted(codes), "upload": upload}
