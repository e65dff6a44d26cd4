"""Checks of marks that people asked for: the list, and the answer to one."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.planning.models import Campaign
from foundation.ui.office import PAGE_SIZE, act
from recruitment.examinations.domain import answer_score_check
from recruitment.examinations.mark_layout import paper_name
from recruitment.examinations.models import CheckOutcome, MarkKind, ScoreCheck
from recruitment.examinations.office.pages import ExamPage, user_of
from recruitment.examinations.policies import may_answer_checks
from recruitment.examinations.queries import shown
from recruitment.examinations.score_checks import checks_of
from recruitment.publications.models import PublicationKind


class CheckList(ExamPage):
    """Every check of the exam, those that wait first; ticket numbers, no names."""

    template_name = "examinations/office/checks.html"
    page_title = gettext_lazy("Score checks")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(checks_of(self.subject), PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(page=page, **kwargs)


class AnswerForm(forms.Form):
    """What the check found."""

    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), choices=CheckOutcome.choices, widget=forms.RadioSelect)
    answer = forms.CharField(
        label=gettext_lazy("Answer to the person"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The person reads it on their own page."),
    )


class CheckPage(ExamPage):
    """One check: what was asked, the marks as they came in, and the answer."""

    template_name = "examinations/office/check.html"
    check: ScoreCheck

    def find(self, request: HttpRequest, **kwargs: Any) -> Campaign:
        exam = super().find(request, **kwargs)
        rows = checks_of(exam).prefetch_related("application__marks__batch")
        self.check = get_object_or_404(rows, pk=kwargs["pk"])
        return exam

    def shown_lists(self) -> Sequence[str]:
        return (PublicationKind.SCORES,)

    @property
    def page_title(self) -> str:  # type: ignore[override]
        return f"{self.check.application.ticket_no} {self.check.paper}"

    def crumbs(self) -> list[tuple[str | Promise, str]]:
        return [*super().crumbs(), (gettext_lazy("Score checks"), reverse("exam-checks", args=[self.subject.code]))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        decision = may_answer_checks(user_of(self.request), self.subject)
        marks = [
            (mark, paper_name(mark.paper), shown(mark.value, mark.status))
            for mark in self.check.application.marks.all()
            if mark.paper == self.check.paper
        ]
        upload = reverse("exam-import", args=[self.subject.code, MarkKind.WRITTEN]) if decision else ""
        context = {"check": self.check, "marks": marks, "upload": upload, "denial": decision.reason}
        return super().get_context_data(**{"form": AnswerForm(), **context, **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        return act(
            request,
            lambda: answer_score_check(actor=user_of(request), check=self.check, **form.cleaned_data),
            done=_("The check is answered; the person has been told."),
            back=reverse("exam-check", args=[self.subject.code, self.check.pk]),
        )
