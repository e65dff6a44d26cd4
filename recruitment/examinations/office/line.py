"""The lowest written mark of the authority: where it stands, its effect, setting it, and the second person's word."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.duties import another_person
from campaigns.planning.models import Campaign
from campaigns.planning.queries import rules_of
from foundation.errors import DomainError
from foundation.files.domain import store_file
from foundation.ui.office import act
from recruitment.examinations.domain import LineEffect, confirm_line, line_effect, set_line
from recruitment.examinations.domain.ranking import AFTER_SHORTLIST
from recruitment.examinations.lines import categories_of, category_name, is_set_by_authority
from recruitment.examinations.models import WrittenLine
from recruitment.examinations.office.pages import ExamPage, user_of
from recruitment.examinations.policies import LINE_DOCUMENT, is_not_recused_from_exam, may_set_line
from recruitment.examinations.queries import lines_of
from recruitment.publications.models import PublicationKind

KINDS = ("pdf", "jpeg", "png")


class TryForm(forms.Form):
    """A mark to try: what it would do, before anything is set."""

    value = forms.DecimalField(
        label=gettext_lazy("Lowest mark to try"), min_value=Decimal(0), max_digits=6, decimal_places=2
    )
    category = forms.ChoiceField(label=gettext_lazy("For"), required=False)

    def __init__(self, *args: Any, categories: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [(name, category_name(name)) for name in categories]  # type: ignore[attr-defined]
        if len(categories) == 1:
            self.fields["category"].widget = forms.HiddenInput()
            self.initial.setdefault("category", categories[0])


class SetForm(TryForm):
    """The line with the document it rests on."""

    document = forms.CharField(label=gettext_lazy("Document number"), max_length=100)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For the record; it is not published. Enter no names."),
    )
    attachment = forms.FileField(
        label=gettext_lazy("The document, scanned"),
        required=False,
        help_text=gettext_lazy("PDF, JPG or PNG; opened only by those who see marks before their release."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].label = _("Lowest mark")


class LinePage(ExamPage):
    """Every line of the exam with its state; trying a mark by `?try-value=`, and setting one."""

    template_name = "examinations/office/line.html"
    page_title = gettext_lazy("Lowest written mark")
    shows = (PublicationKind.SCORES,)

    def find(self, request: HttpRequest, **kwargs: Any) -> Campaign:
        exam = super().find(request, **kwargs)
        if not is_set_by_authority(rules_of(exam)):
            raise Http404
        return exam

    def crumbs(self) -> list[tuple[str | Promise, str]]:
        return [*super().crumbs(), (gettext_lazy("Shortlist"), reverse("exam-shortlist", args=[self.subject.code]))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        exam, user = self.subject, user_of(self.request)
        categories = categories_of(exam, rules_of(exam))
        is_ranked = exam.applications.filter(written_result__isnull=False).exists()
        is_made = exam.applications.filter(state__in=AFTER_SHORTLIST).exists()
        decision = may_set_line(user, exam) and is_not_recused_from_exam(user, exam)
        context: dict[str, Any] = {
            "lines": [(line, category_name(line.exam_category)) for line in lines_of(exam)],
            "is_ranked": is_ranked,
            "is_made": is_made,
            "denial": decision.reason,
            "is_open": is_ranked and not is_made,
        }
        if is_ranked and not is_made:
            context |= self._trial(categories)
            context["form"] = kwargs.pop("form", None) or SetForm(categories=categories, initial=context["tried"])
        return super().get_context_data(**context, **kwargs)

    def _trial(self, categories: list[str]) -> dict[str, Any]:
        asked = self.request.GET
        form = TryForm(asked if "try-value" in asked else None, prefix="try", categories=categories)
        tried = form.cleaned_data if form.is_valid() else {}
        chosen = [tried["category"]] if tried else categories
        effects = [line_effect(self.subject, category, tried.get("value")) for category in chosen]
        return {"trial": form, "tried": tried, "effects": effects}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        exam = self.subject
        form = SetForm(request.POST, request.FILES, categories=categories_of(exam, rules_of(exam)))
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        told = dict(form.cleaned_data)
        upload, category = told.pop("attachment"), told.pop("category")
        try:
            with transaction.atomic():
                file = upload and store_file(
                    content=upload, name=upload.name, purpose=LINE_DOCUMENT, owner=user_of(request), kinds=KINDS
                )
                set_line(actor=user_of(request), campaign=exam, exam_category=category, attachment=file or None, **told)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            return self.render_to_response(self.get_context_data(form=form))
        return HttpResponseRedirect(reverse("exam-line", args=[exam.code]))


class ConfirmLine(ExamPage):
    """The line with its document and effect, then its confirmation; whoever set it reads why they cannot."""

    template_name = "examinations/office/line_confirm.html"
    page_title = gettext_lazy("Confirm the lowest written mark")
    shows = (PublicationKind.SCORES,)
    line: WrittenLine

    def find(self, request: HttpRequest, **kwargs: Any) -> Campaign:
        exam = super().find(request, **kwargs)
        self.line = get_object_or_404(lines_of(exam), pk=kwargs["pk"])
        self.line.campaign = exam
        return exam

    def crumbs(self) -> list[tuple[str | Promise, str]]:
        return [
            *super().crumbs(),
            (gettext_lazy("Lowest written mark"), reverse("exam-line", args=[self.subject.code])),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        line, user, exam = self.line, user_of(self.request), self.subject
        decision = (may_set_line & another_person(line.set_by_id) & is_not_recused_from_exam)(user, exam)
        is_open = line.confirmed_at is None and line.superseded_at is None
        effect: LineEffect | None = line_effect(exam, line.exam_category, line.value) if is_open else None
        return super().get_context_data(
            line=line, category=category_name(line.exam_category), effect=effect, denial=decision.reason,
            is_open=is_open, **kwargs,
        )  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return act(
            request,
            lambda: confirm_line(actor=user_of(request), line=self.line),
            done=_("The lowest mark is confirmed; the shortlist can be made."),
            back=reverse("exam-line", args=[self.subject.code]),
        )
