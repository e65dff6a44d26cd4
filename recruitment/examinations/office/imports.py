"""Marks in: upload, preview, confirmation, as everywhere; by a screen for each kind of marks."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from campaigns.planning.models import Campaign
from campaigns.planning.queries import rules_of
from foundation.ui.imports import ImportConfirm, ImportFlow, ImportPage, ImportPreview, ImportUpload, TableForm
from recruitment.examinations.mark_layout import OWN_NAMES, full_marks
from recruitment.examinations.models import MarkKind
from recruitment.examinations.office.pages import ExamPage, user_of
from recruitment.examinations.policies import may_import
from recruitment.examinations.tasks import IMPORT, PREVIEW
from rulebook.ruleset.examination import InterviewRules

TITLES = {
    MarkKind.WRITTEN: gettext_lazy("Import written marks"),
    MarkKind.INTERVIEW: gettext_lazy("Import interview marks"),
    MarkKind.EXTRA_TEST: gettext_lazy("Import marks of the extra test"),
}


class MarksForm(TableForm):
    """A table of marks, and for corrections of locked marks the decision they rest on."""

    correction = forms.CharField(
        label=gettext_lazy("Number of the decision, only to correct locked marks"),
        max_length=100,
        required=False,
        help_text=gettext_lazy(
            "Leave it empty for a first import. With a number, marks that differ from locked ones are taken as "
            "corrections; the locked ones stay on record. Enter no names."
        ),
    )


class _Marks(ExamPage, ImportPage):
    flow = ImportFlow("exam-import", preview=PREVIEW, take=IMPORT)

    def find(self, request: HttpRequest, **kwargs: Any) -> Campaign:
        exam = super().find(request, **kwargs)
        if kwargs["kind"] not in MarkKind.values:
            raise Http404
        decision = may_import(kwargs["kind"])(user_of(request), exam)
        if not decision:
            raise PermissionDenied(decision.reason)
        return exam

    @property
    def page_title(self) -> str | Promise:  # type: ignore[override]
        return TITLES[MarkKind(self.kwargs["kind"])]

    def crumbs(self) -> list[tuple[str | Promise, str]]:
        return [*super().crumbs(), (gettext_lazy("Marks"), reverse("exam-marks", args=[self.subject.code]))]

    def arguments(self) -> dict[str, Any]:
        return {"campaign": self.subject.pk, "kind": self.kwargs["kind"]}


class Upload(_Marks, ImportUpload):
    template_name = "examinations/office/import.html"
    form_class = MarksForm

    def extras(self, form: TableForm) -> dict[str, Any]:
        return {"correction": form.cleaned_data["correction"].strip()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rules = rules_of(self.subject)
        most = full_marks(self.kwargs["kind"], rules)
        papers = [(OWN_NAMES[name][0] if name in OWN_NAMES else name, full) for name, full in most.items()]
        sitting = _sitting_columns(rules.interview) if self.kwargs["kind"] == MarkKind.INTERVIEW else []
        return super().get_context_data(papers=papers, sitting=sitting, **kwargs)


def _sitting_columns(rules: InterviewRules) -> list[tuple[str, str | Promise]]:
    """The further columns: for a position without competition (R62) and for the sign-off (R63), with what for."""
    extra, found = rules.no_competition, []
    if extra.at_least_panel_mean:
        found.append(("考官组、场次", gettext_lazy("for the mean of the same panel in the same session")))
    if extra.two_thirds_vote:
        found.append(("同意票数、考官人数", gettext_lazy("for the vote of the panel on people without competition")))
    if rules.signed_on_the_spot:
        found.append(
            ("考生签字、拒签记录人", gettext_lazy("for everyone interviewed: signed (是), or who noted the refusal"))
        )
    return found


class Preview(_Marks, ImportPreview):
    template_name = "examinations/office/import_preview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        correction = self.preview().arguments.get("correction", "")
        return super().get_context_data(correction=correction, **kwargs)


class Confirm(_Marks, ImportConfirm):
    """No page of its own."""
