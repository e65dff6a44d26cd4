"""Tickets: the draw of seats with its preview, and everyone by ticket number."""

import secrets
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.core.validators import RegexValidator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.errors import DomainError
from foundation.ui.office import PAGE_SIZE, act
from foundation.ui.work import hand_over
from recruitment.applications.models import Application
from recruitment.examinations.domain import draw_seats
from recruitment.examinations.office.pages import ExamPage, user_of
from recruitment.examinations.policies import may_import_marks
from recruitment.examinations.tasks import ASSIGN_TICKETS


class DrawForm(forms.Form):
    """What a draw of seats needs so that anyone can repeat it."""

    area = forms.CharField(
        label=gettext_lazy("Area code"),
        min_length=4,
        max_length=4,
        validators=[RegexValidator(r"^[0-9]{4}$", gettext_lazy("Four digits, say 5115."))],
        help_text=gettext_lazy("The four digits of the exam area; they stand at the front of every ticket number."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    seed = forms.CharField(
        label=gettext_lazy("Seed of the draw"),
        max_length=64,
        help_text=gettext_lazy("The same seed always gives the same seats. It is kept in the audit trail."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class TicketList(ExamPage):
    """Everyone with a ticket number; found by number, registration number or position code."""

    template_name = "examinations/office/tickets.html"
    page_title = gettext_lazy("Tickets")

    def rows(self) -> QuerySet[Application]:
        rows = self.subject.applications.filter(ticket_no__isnull=False).select_related("position__unit", "candidate")
        if words := self.request.GET.get("q", "").strip():
            rows = rows.filter(
                Q(ticket_no__startswith=words) | Q(registration_no=words) | Q(position__code__iexact=words)
            )
        return rows.order_by("ticket_no").defer("draft", "snapshot", "clauses")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(self.rows(), PAGE_SIZE).get_page(self.request.GET.get("page"))
        may_draw = bool(may_import_marks(user_of(self.request), self.subject))
        return super().get_context_data(page=page, q=self.request.GET.get("q", ""), may_draw=may_draw, **kwargs)


class DrawSeats(ExamPage):
    """Area code and seed, then a preview of rooms and tickets, then the draw itself."""

    rule = may_import_marks
    template_name = "examinations/office/draw.html"
    page_title = gettext_lazy("Draw seats and number tickets")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET if "area" in self.request.GET else None
        form = DrawForm(asked, initial={"seed": secrets.token_hex(8)})
        context: dict[str, Any] = {"form": form}
        if form.is_valid():
            try:
                draw = draw_seats(self.subject, **form.cleaned_data)
            except DomainError as refusal:
                context["refusal"] = refusal.message
            else:
                numbers = sorted(draw.numbers.values())
                context |= {"draw": draw, "first": numbers[0], "last": numbers[-1], "count": len(numbers)}
        return super().get_context_data(**context, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form, exam = DrawForm(request.POST), self.subject
        if not form.is_valid():
            return act(request, lambda: _refuse_form(form), done="", back=request.path)
        back = f"{request.path}?{urlencode(form.cleaned_data)}"
        return hand_over(request, ASSIGN_TICKETS, exam, what=self.page_title, back=back, told=form.cleaned_data)


def _refuse_form(form: forms.Form) -> None:
    """The first mistake as a refusal: the preview has shown the form before."""
    name, errors = next(iter(form.errors.items()))
    raise DomainError(
        _("%(field)s: %(error)s Nothing was saved.") % {"field": form.fields[name].label, "error": errors[0]}
    )
