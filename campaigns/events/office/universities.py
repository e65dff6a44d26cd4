"""Universities: adding one, its page with its events, correcting its name."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.events import domain
from campaigns.events.models import University
from campaigns.events.office.forms import UniversityForm
from campaigns.events.office.pages import attempt, events_home, user_of
from campaigns.events.policies import may_keep_universities, may_read_events
from campaigns.events.queries import events_visible_to, universities_visible_to
from foundation.ui.office import OfficeList, OfficePage

FIELDS = ("name", "name_en", "city", "city_en")


def universities_home() -> list[tuple[Any, str]]:
    return [*events_home(), (gettext_lazy("Universities"), reverse("universities:index"))]


class UniversityPage(OfficeList):
    """One university with the events there that the person may see."""

    rule = may_read_events
    template_name = "events/university.html"

    def find(self, request: HttpRequest, **kwargs: Any) -> University:
        return get_object_or_404(universities_visible_to(user_of(request)), pk=kwargs["pk"])

    def crumbs(self) -> list[tuple[Any, str]]:
        return universities_home()

    def rows(self) -> Any:
        return events_visible_to(user_of(self.request)).filter(university=self.subject).order_by("-starts_at")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_keep=bool(may_keep_universities(user_of(self.request))), **kwargs)


class NewUniversity(OfficePage):
    """Add a university."""

    rule = may_keep_universities
    page_title = gettext_lazy("Add a university")
    template_name = "events/form.html"

    def crumbs(self) -> list[tuple[Any, str]]:
        return universities_home()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"form": UniversityForm(), **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form, made = UniversityForm(request.POST), []
        if form.is_valid() and attempt(
            form, lambda: made.append(domain.add_university(actor=user_of(request), **form.cleaned_data))
        ):
            messages.success(request, _("The university was added."))
            return redirect("events-university", made[0].pk)
        return self.render_to_response(self.get_context_data(form=form))


class EditUniversity(OfficePage):
    """Correct a university's name or city."""

    rule = may_keep_universities
    page_title = gettext_lazy("Correct name and city")
    template_name = "events/form.html"

    def find(self, request: HttpRequest, **kwargs: Any) -> University:
        return get_object_or_404(universities_visible_to(user_of(request)), pk=kwargs["pk"])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*universities_home(), (self.subject.name, reverse("events-university", args=[self.subject.pk]))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = UniversityForm(initial={name: getattr(self.subject, name) for name in FIELDS})
        return super().get_context_data(**{"form": form, **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = UniversityForm(request.POST)
        if form.is_valid() and attempt(
            form,
            lambda: domain.edit_university(actor=user_of(request), university=self.subject, **form.cleaned_data),
        ):
            messages.success(request, _("The university was changed on all its events."))
            return redirect("events-university", self.subject.pk)
        return self.render_to_response(self.get_context_data(form=form))
