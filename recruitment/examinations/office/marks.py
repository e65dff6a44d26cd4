"""Batches of marks: the list, one batch with its marks, and the lock by a second person."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.duties import another_person
from campaigns.planning.models import Campaign
from foundation.ui.office import PAGE_SIZE, act
from recruitment.examinations.domain import lock_marks
from recruitment.examinations.domain.marking import unsigned_of
from recruitment.examinations.mark_layout import paper_name
from recruitment.examinations.models import Mark, MarkBatch, MarkKind
from recruitment.examinations.office.pages import ExamPage, list_of, user_of
from recruitment.examinations.policies import may_import, may_lock
from recruitment.examinations.queries import shown


class BatchList(ExamPage):
    """Every import of marks: who brought it in, who locked it, what waits."""

    template_name = "examinations/office/marks.html"
    page_title = gettext_lazy("Marks")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = user_of(self.request)
        rows = self.subject.mark_batches.select_related("imported_by", "locked_by").annotate(count=Count("marks"))
        rows = rows.order_by("-imported_at", "-pk")
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        kinds = [
            (MarkKind(kind).label, reverse("exam-import", args=[self.subject.code, kind]))
            for kind in MarkKind.values
            if may_import(kind)(user, self.subject)
        ]
        return super().get_context_data(page=page, kinds=kinds, **kwargs)


class _OneBatch(ExamPage):
    batch: MarkBatch

    def find(self, request: HttpRequest, **kwargs: Any) -> Campaign:
        exam = super().find(request, **kwargs)
        rows = exam.mark_batches.select_related("imported_by", "locked_by", "campaign__unit")
        self.batch = get_object_or_404(rows, pk=kwargs["pk"])
        return exam

    def crumbs(self) -> list[tuple[str | Promise, str]]:
        return [*super().crumbs(), (gettext_lazy("Marks"), reverse("exam-marks", args=[self.subject.code]))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        decision = (may_lock(self.batch.kind) & another_person(self.batch.imported_by_id))(
            user_of(self.request), self.batch
        )
        may = bool(decision) and not self.batch.locked_at
        return super().get_context_data(batch=self.batch, may_lock=may, denial=decision.reason, **kwargs)


class BatchPage(_OneBatch):
    """One import with its marks, by ticket number."""

    template_name = "examinations/office/batch.html"

    @property
    def page_title(self) -> str:  # type: ignore[override]
        return self.batch.file_name

    def shown_lists(self) -> Sequence[str]:
        return [list_of(self.batch.kind)]

    def rows(self) -> QuerySet[Mark]:
        rows = self.batch.marks.select_related("application__position")
        if words := self.request.GET.get("q", "").strip():
            rows = rows.filter(application__ticket_no__startswith=words)
        return rows.order_by("application__ticket_no", "pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(self.rows(), PAGE_SIZE).get_page(self.request.GET.get("page"))
        marks = [(mark, paper_name(mark.paper), shown(mark.value, mark.status)) for mark in page.object_list]
        return super().get_context_data(page=page, marks=marks, q=self.request.GET.get("q", ""), **kwargs)


class LockForm(forms.Form):
    """The second person says what they did."""

    compared = forms.BooleanField(
        label=gettext_lazy("I have compared these marks with the paper record."),
        error_messages={"required": gettext_lazy("Compare the marks first, then tick this. Nothing was saved.")},
    )


class LockBatch(_OneBatch):
    """What locking means, then the lock by a second person; whoever imported reads why they cannot."""

    template_name = "examinations/office/lock.html"
    page_title = gettext_lazy("Lock marks")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = self.batch.marks.aggregate(marks=Count("pk"), people=Count("application", distinct=True))
        return super().get_context_data(**{"form": LockForm(), "unsigned": unsigned_of(self.batch), **counts, **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = LockForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        return act(
            request,
            lambda: lock_marks(actor=user_of(request), batch=self.batch),
            done=_("The marks are locked."),
            back=reverse("exam-batch", args=[self.subject.code, self.batch.pk]),
        )
