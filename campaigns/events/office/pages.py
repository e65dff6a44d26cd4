"""The pages of one event: planning it, its home, its acts, its changes, its door."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from campaigns.events import domain
from campaigns.events.domain.changes import CHANGEABLE, PLACE_AND_TIME
from campaigns.events.enums import EventState, RegistrationState
from campaigns.events.models import RecruitingEvent
from campaigns.events.office.acts import BY_NAME, acts_of, leading_act, told
from campaigns.events.office.figures import figures_of
from campaigns.events.office.forms import CostForm, DoorForm, EditForm, EventForm
from campaigns.events.policies import (
    may_change_event,
    may_plan_events,
    may_read_events,
    may_read_registrations,
    may_record_costs,
    may_run_events,
)
from campaigns.events.queries import events_visible_to, with_costs
from foundation.dates import moment
from foundation.errors import DomainError
from foundation.ui.components import Figure
from foundation.ui.office import OfficePage

LAST_ARRIVALS = 10


def user_of(request: HttpRequest) -> User:
    """The signed-in member of staff."""
    assert isinstance(request.user, User)
    return request.user


def events_home() -> list[tuple[Any, str]]:
    return [(gettext_lazy("Recruiting events"), reverse("recruiting_events:index"))]


def attempt(form: forms.Form, verb: Callable[[], Any]) -> bool:
    """Run a verb; its refusal stands at the form, where what was entered is kept."""
    try:
        verb()
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


class NewEvent(OfficePage):
    """Plan an event at a university."""

    rule = may_plan_events
    page_title = gettext_lazy("Plan an event")
    template_name = "events/form.html"

    def crumbs(self) -> list[tuple[Any, str]]:
        return events_home()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"form": EventForm(user=user_of(self.request)), **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = user_of(request)
        form = EventForm(request.POST, user=user)
        if form.is_valid():
            values = {**form.cleaned_data, "campaigns": list(form.cleaned_data["campaigns"])}
            if attempt(form, lambda: domain.plan_event_at(actor=user, **values)):
                return redirect("events-event", values["code"])
        return self.render_to_response(self.get_context_data(form=form))


class AboutEvent(OfficePage):
    """A page about one event the person may see."""

    rule = may_read_events

    def find(self, request: HttpRequest, **kwargs: Any) -> RecruitingEvent:
        return get_object_or_404(with_costs(events_visible_to(user_of(request))), code=kwargs["code"])

    def home(self) -> str:
        return reverse("events-event", args=[self.subject.code])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*events_home(), (self.subject.name, self.home())]


class EventPage(AboutEvent):
    """One event: figures, what comes next, registrations, costs."""

    template_name = "events/event.html"

    def crumbs(self) -> list[tuple[Any, str]]:
        return events_home()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, event = user_of(self.request), self.subject
        acts, leading = acts_of(user, event), leading_act(event)
        context = {
            "figures": self._figures(user),
            "leading": leading,
            "may_lead": leading in acts,
            "denial": leading.rule(user, event).reason if leading and leading not in acts else "",
            "others": [act for act in acts if act is not leading],
            "may_change": bool(may_change_event(user, event)) and event.state in CHANGEABLE,
            "may_run": bool(may_run_events(user, event)),
            "may_cost": bool(may_record_costs(user, event)),
            "may_read_registrations": bool(may_read_registrations(user, event)),
            "takes_people": event.state == EventState.PUBLISHED and timezone.now() < event.ends_at,
            "campaigns": event.campaigns.order_by("code"),
            "spent": f"{event.spent:,.2f}",
            "budget": f"{event.budget:,.2f}",
            "costs": event.costs.order_by("spent_on", "pk"),
            "cost_form": CostForm(initial={"spent_on": timezone.localdate()}),
            "door_form": DoorForm(),
        }
        return super().get_context_data(**{**context, **kwargs})

    def _figures(self, user: User) -> list[Figure]:
        event = self.subject
        people = _("persons")
        seats = ngettext("of %(n)s seat", "of %(n)s seats", event.capacity) % {"n": f"{event.capacity:,}"}
        arrived = reverse("event_registrations:index") + f"?event={event.pk}&arrived=yes"
        may_read = bool(may_read_registrations(user, event))
        return [
            Figure(_("Registered"), event.taken, people, seats),
            Figure(_("People checked in"), event.checked_in, people, url=arrived if may_read else ""),
            *figures_of(user, event),
        ]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        forms_of = {"cost": (CostForm, "cost_form"), "register": (DoorForm, "door_form")}
        if request.POST.get("act") not in forms_of:
            messages.error(request, _("There is no such act. Nothing was saved."))
            return redirect(request.path)
        form_class, name = forms_of[request.POST["act"]]
        form = form_class(request.POST)
        verb = self._record_cost if form_class is CostForm else self._register
        if form.is_valid() and attempt(form, lambda: verb(**form.cleaned_data)):
            return redirect(request.path)
        return self.render_to_response(self.get_context_data(**{name: form}))

    def _record_cost(self, **values: Any) -> None:
        domain.record_cost(actor=user_of(self.request), event=self.subject, **values)
        messages.success(self.request, _("The cost is recorded."))

    def _register(self, **values: Any) -> None:
        row = domain.register_for_event(actor=user_of(self.request), event=self.subject, **values)
        said = {"name": row.name, "number": row.number, "seat": row.seat}
        messages.success(self.request, _("%(name)s has seat %(seat)s, number %(number)s.") % said)


class ActPage(AboutEvent):
    """What will change, then the act."""

    template_name = "events/act.html"

    def find(self, request: HttpRequest, **kwargs: Any) -> RecruitingEvent:
        event = super().find(request, **kwargs)
        if kwargs["name"] not in BY_NAME:
            raise Http404
        self.act = BY_NAME[kwargs["name"]]
        self.page_title = self.act.label
        decision = self.act.rule(user_of(request), event)
        if not decision:
            raise PermissionDenied(decision.reason)
        return event

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        event = self.subject
        context = {
            "form": self.act.form(), "fits": self.act.fits(event), "effects": self.act.effect(event),
            "label": self.act.label, "back": self.home(),
        }  # fmt: skip
        return super().get_context_data(**{**context, **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.act.form(request.POST)
        if form.is_valid() and attempt(
            form, lambda: self.act.verb(actor=user_of(request), event=self.subject, **form.cleaned_data)
        ):
            messages.success(request, str(self.act.done))
            return redirect(self.home())
        self.subject.refresh_from_db()
        return self.render_to_response(self.get_context_data(form=form))


def rehearse(verb: Callable[[], Any]) -> None:
    """Run a verb and undo it, so that what it refuses is known before it is confirmed."""
    with transaction.atomic():
        verb()
        transaction.set_rollback(True)


class EditEvent(AboutEvent):
    """Change an event: first the form, then what would change, then the change itself."""

    rule = may_change_event
    page_title = gettext_lazy("Change the event")
    template_name = "events/edit.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {"form": EditForm(event=self.subject), "effects": None, "back": self.home()}
        return super().get_context_data(**{**context, **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form, effects = EditForm(request.POST, event=self.subject), None
        if form.is_valid() and "change" not in request.POST:
            values = dict(form.cleaned_data)
            changes = domain.changes_of(self.subject, {key: values[key] for key in values if key != "reason"})

            def verb() -> None:
                domain.edit_event(actor=user_of(request), event=self.subject, **values)

            if not changes:
                form.add_error(None, _("Nothing was changed, so there is nothing to save."))
            elif "confirm" in request.POST:
                if attempt(form, verb):
                    messages.success(request, _("The event was changed."))
                    return redirect(self.home())
            elif attempt(form, lambda: rehearse(verb)):
                effects = self._effects(form, changes)
        self.subject.refresh_from_db()
        return self.render_to_response(self.get_context_data(form=form, effects=effects))

    def _effects(self, form: forms.Form, changes: list[domain.Change]) -> dict[str, Any]:
        self.subject.refresh_from_db()
        rows = [(form.fields[name].label, _shown(old), _shown(new)) for name, old, new in changes]
        lines = []
        if self.subject.published_at:
            lines = [told(self.subject) if domain.is_felt(changes) else _("Nobody with a seat needs to be told.")]
        if any(change.field in PLACE_AND_TIME for change in changes):
            lines.append(_("The university must confirm place and time again."))
        return {"rows": rows, "lines": lines}


def _shown(value: Any) -> str:
    if value in (None, ""):
        return "—"
    return moment(value) if hasattr(value, "tzinfo") else str(value)


class CheckIn(AboutEvent):
    """Check people in by number or by the link of their QR code, on a phone."""

    rule = may_run_events
    page_title = gettext_lazy("Check-in")
    template_name = "events/check_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.subject.registrations
        token = self.request.GET.get("t", "")[:40]
        shown = rows.filter(token=token, state=RegistrationState.REGISTERED).first() if token else None
        arrived = rows.exclude(checked_in_at=None).order_by("-checked_in_at")
        return super().get_context_data(
            shown=shown, is_unknown=bool(token) and shown is None, arrived=arrived[:LAST_ARRIVALS], **kwargs
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            registration, first = domain.check_in(
                actor=user_of(request), event=self.subject, number_or_token=request.POST.get("number", "")
            )
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            values = {"name": registration.name, "seat": registration.seat}
            if first:
                messages.success(request, _("%(name)s is checked in, seat %(seat)s.") % values)
            else:
                messages.warning(request, _("%(name)s, seat %(seat)s, was checked in before.") % values)
        return redirect(request.path)
