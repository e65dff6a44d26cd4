"""The page of one registration: who, when checked in, and taking either back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.events import domain
from campaigns.events.enums import RegistrationState
from campaigns.events.models import EventRegistration
from campaigns.events.office.forms import ReasonForm
from campaigns.events.office.pages import attempt, events_home, user_of
from campaigns.events.policies import may_read_registrations, may_run_events
from campaigns.events.queries import registrations_visible_to
from foundation.dates import moment
from foundation.ui.components import Fact
from foundation.ui.office import OfficePage


class RegistrationPage(OfficePage):
    """One registration of an event."""

    rule = may_read_registrations
    template_name = "events/registration.html"

    def find(self, request: HttpRequest, **kwargs: Any) -> EventRegistration:
        rows = registrations_visible_to(user_of(request)).select_related("event__unit", "checked_in_by")
        return get_object_or_404(rows, number=kwargs["number"])

    def crumbs(self) -> list[tuple[Any, str]]:
        event = self.subject.event
        return [*events_home(), (event.name, reverse("events-event", args=[event.code]))]

    def home(self) -> str:
        return reverse("events-registration", args=[self.subject.number])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.subject
        facts = [
            Fact(_("Full name"), row.name),
            Fact(_("Mobile phone"), row.masked),
            Fact(_("School"), row.school or "—"),
            Fact(_("Major"), row.major or "—"),
            Fact(_("Education"), row.education_level or "—"),
            Fact(_("State"), row.get_state_display()),
            Fact(_("Seat"), row.seat or "—"),
            Fact(_("Registered at"), moment(row.registered_at)),
            Fact(_("Checked in at"), moment(row.checked_in_at) or "—"),
            Fact(_("Checked in by"), row.checked_in_by or "—"),
        ]
        may_run = bool(may_run_events(user_of(self.request), row))
        acts = [(name, act.label) for name, act in ACTS.items() if may_run and act.fits(row)]
        return super().get_context_data(**{"facts": facts, "acts": acts, **kwargs})


@dataclass(frozen=True)
class Act:
    """A verb on a registration."""

    label: Promise
    done: Promise
    verb: Callable[..., Any]
    form: type[forms.Form]
    fits: Callable[[EventRegistration], bool]
    effect: Callable[[EventRegistration], list[str]]


def _undo(row: EventRegistration) -> list[str]:
    values = {"name": row.name, "when": moment(row.checked_in_at)}
    return [
        _("%(name)s counts as not arrived; the check-in of %(when)s is taken back.") % values,
        _("The seat stays theirs, and they can be checked in again."),
    ]


def _give_back(row: EventRegistration) -> list[str]:
    return [_("%(name)s loses seat %(seat)s, and somebody else can take it.") % {"name": row.name, "seat": row.seat}]


ACTS = {
    "undo": Act(
        gettext_lazy("Undo the check-in"), gettext_lazy("The check-in was undone."), domain.undo_check_in, ReasonForm,
        lambda row: row.checked_in_at is not None, _undo,
    ),
    "give-back": Act(
        gettext_lazy("Give the seat back"), gettext_lazy("The seat was given back."), domain.cancel_registration,
        forms.Form, lambda row: row.state == RegistrationState.REGISTERED and row.checked_in_at is None, _give_back,
    ),
}  # fmt: skip


class RegistrationAct(RegistrationPage):
    """Take a check-in or a seat back, after its effect was shown."""

    template_name = "events/act.html"

    def find(self, request: HttpRequest, **kwargs: Any) -> EventRegistration:
        row = super().find(request, **kwargs)
        if kwargs["name"] not in ACTS:
            raise Http404
        self.act = ACTS[kwargs["name"]]
        self.page_title = self.act.label
        decision = may_run_events(user_of(request), row)
        if not decision:
            raise PermissionDenied(decision.reason)
        return row

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*super().crumbs(), (self.subject.number, self.home())]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.subject
        context = {
            "form": self.act.form(), "fits": self.act.fits(row), "effects": self.act.effect(row),
            "label": self.act.label, "back": self.home(),
        }  # fmt: skip
        return super().get_context_data(**{**context, **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.act.form(request.POST)
        if form.is_valid() and attempt(
            form, lambda: self.act.verb(actor=user_of(request), registration=self.subject, **form.cleaned_data)
        ):
            messages.success(request, str(self.act.done))
            return redirect(self.home())
        return self.render_to_response(self.get_context_data(form=form))
