"""The office of recruiting events: list, one event with its acts, planning, check-in."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.phone import masked_phone
from campaigns.events import domain
from campaigns.events.machine import EVENTS
from campaigns.events.models import RecruitingEvent
from campaigns.events.policies import (
    may_approve_events,
    may_plan_events,
    may_read_events,
    may_read_registrations,
    may_record_costs,
    may_run_events,
)
from campaigns.events.queries import events_visible_to, registrations_of
from campaigns.planning.models import Campaign
from campaigns.planning.queries import campaigns_visible_to
from foundation.errors import DomainError
from foundation.ui.office import OfficeList, OfficePage, act

HOME: list[tuple[Any, str]] = [(gettext_lazy("Recruiting events"), "/admin/events/")]


def user_of(request: HttpRequest) -> User:
    """The signed-in member of staff."""
    assert isinstance(request.user, User)
    return request.user


class EventForm(forms.Form):
    """A planned event; the verb judges it."""

    code = forms.SlugField(label=gettext_lazy("Code"), max_length=40)
    name = forms.CharField(label=gettext_lazy("Name of the event"), max_length=200)
    city = forms.CharField(label=gettext_lazy("City"), max_length=40)
    university = forms.CharField(label=gettext_lazy("University"), max_length=120)
    place = forms.CharField(label=gettext_lazy("Place"), max_length=200)
    starts_at = forms.DateTimeField(
        label=gettext_lazy("Starts at"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    ends_at = forms.DateTimeField(
        label=gettext_lazy("Ends at"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    capacity = forms.IntegerField(label=gettext_lazy("Seats"), min_value=1, max_value=100_000)
    budget = forms.DecimalField(label=gettext_lazy("Budget, yuan"), min_value=0, max_digits=12, decimal_places=2)
    campaigns = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Campaigns"),
        queryset=Campaign.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    description = forms.CharField(label=gettext_lazy("Description"), required=False, widget=forms.Textarea)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campaigns"].queryset = campaigns_visible_to(user)  # type: ignore[attr-defined]


class EventList(OfficeList):
    """All events a person may see, with seats taken and people checked in."""

    rule = may_read_events
    page_title = gettext_lazy("Recruiting events")
    template_name = "events/list.html"
    search_in = ("name", "university__name", "university__city", "code")

    def rows(self) -> QuerySet[RecruitingEvent]:
        return events_visible_to(user_of(self.request)).order_by("-starts_at")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_plan=bool(may_plan_events(user_of(self.request))), **kwargs)


class NewEvent(OfficePage):
    """Plan an event at a university."""

    rule = may_plan_events
    page_title = gettext_lazy("Plan an event")
    template_name = "events/form.html"

    def crumbs(self) -> list[tuple[Any, str]]:
        return HOME

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"form": EventForm(user=user_of(self.request)), **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = user_of(request)
        form = EventForm(request.POST, user=user)
        if form.is_valid():
            try:
                values = {**form.cleaned_data, "campaigns": list(form.cleaned_data["campaigns"])}
                event = domain.plan_event_at(actor=user, **values)
            except DomainError as refusal:
                form.add_error(None, refusal.message)
            else:
                return redirect("events-event", event.code)
        return self.render_to_response(self.get_context_data(form=form))


class EventPage(OfficePage):
    """One event: figures, acts, registrations, costs."""

    rule = may_read_events
    template_name = "events/event.html"

    def find(self, request: HttpRequest, **kwargs: Any) -> RecruitingEvent:
        return get_object_or_404(events_visible_to(user_of(request)), code=kwargs["code"])

    def crumbs(self) -> list[tuple[Any, str]]:
        return HOME

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, event = user_of(self.request), self.subject
        may_approve, may_run = bool(may_approve_events(user, event)), bool(may_run_events(user, event))
        names = {"approve": may_approve, "publish": may_approve, "hold": may_run, "close": may_run}
        acts = {name: allowed and EVENTS.can(name, event.state) for name, allowed in names.items()}
        rows = registrations_of(event) if may_read_registrations(user, event) else []
        return super().get_context_data(
            acts=acts,
            may_cancel=may_approve and EVENTS.can("cancel", event.state),
            may_run=may_run,
            may_cost=bool(may_record_costs(user, event)),
            registrations=[(row, masked_phone(row.phone)) for row in rows[:200]],
            costs=event.costs.order_by("spent_on"),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user, event, told = user_of(request), self.subject, request.POST
        verbs = {
            "approve": lambda: domain.approve_event(actor=user, event=event),
            "publish": lambda: domain.publish_event(actor=user, event=event),
            "hold": lambda: domain.record_held(actor=user, event=event),
            "close": lambda: domain.close_event(actor=user, event=event),
            "cancel": lambda: domain.cancel_event(actor=user, event=event, reason=told.get("reason", "")),
            "cost": lambda: self._cost(user),
            "register": lambda: domain.register_for_event(
                actor=user, event=event, name=told.get("name", ""), phone=told.get("phone", "")
            ),
        }
        verb = verbs.get(told.get("act", ""))
        if verb is None:
            messages.error(request, _("There is no such act. Nothing was saved."))
            return redirect(request.path)
        return act(request, verb, done=_("Done."), back=request.path)

    def _cost(self, user: User) -> None:
        form = CostForm(self.request.POST)
        if not form.is_valid():
            raise DomainError(_("Give what was paid for, an amount and a date. Nothing was saved."))
        domain.record_cost(actor=user, event=self.subject, **form.cleaned_data)


class CostForm(forms.Form):
    """Money spent."""

    kind = forms.CharField(max_length=60)
    amount = forms.DecimalField(max_digits=12, decimal_places=2, min_value=Decimal(0))
    spent_on = forms.DateField()


class CheckIn(OfficePage):
    """Check people in by number or by the link of their QR code."""

    rule = may_run_events
    template_name = "events/check_in.html"

    def find(self, request: HttpRequest, **kwargs: Any) -> RecruitingEvent:
        return get_object_or_404(events_visible_to(user_of(request)), code=kwargs["code"])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*HOME, (self.subject.name, f"/admin/events/{self.subject.code}/")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.page_title = _("Check-in")
        return super().get_context_data(number=self.request.GET.get("t", "")[:40], **kwargs)

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
