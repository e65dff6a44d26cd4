"""The registers of this room: events, their registrations, universities."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from accounts import audit
from accounts.models import Unit, User
from accounts.phone import normal_phone, phone_index
from campaigns.events.enums import EventState, RegistrationState
from campaigns.events.models import EventRegistration, RecruitingEvent, University
from campaigns.events.policies import (
    may_keep_universities,
    may_plan_events,
    may_read_events,
    may_read_registrations,
)
from campaigns.events.queries import (
    WAITING,
    events_visible_to,
    registrations_visible_to,
    universities_visible_to,
)
from foundation.dates import moment
from foundation.errors import Refused
from foundation.ui.registers import Cell, Link, ScopedModelViewSet, Title

EVENTS_HOME = (_("Recruiting events"), "recruiting_events:index")


class _Exported(ScopedModelViewSet):
    """A register whose taking out is an entry of the trail."""

    export_action = "events.export"

    def exporting(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        assert isinstance(request.user, User)
        subject = Unit.objects.filter(parent=None).first() or request.user
        after = {"sheet": self.export_filename, "rows": rows.count(), "filters": request.GET.urlencode()}
        audit.record(actor=request.user, action=self.export_action, subject=subject, after=after)
        return rows


def _universities(request: HttpRequest | None) -> QuerySet[University]:
    user = getattr(request, "user", None)
    return universities_visible_to(user) if isinstance(user, User) else University.objects.none()


def _events(request: HttpRequest | None) -> QuerySet[RecruitingEvent]:
    user = getattr(request, "user", None)
    return events_visible_to(user).order_by("-starts_at") if isinstance(user, User) else RecruitingEvent.objects.none()


def _cities() -> list[tuple[str, str]]:
    cities = University.objects.order_by("city").values_list("city", flat=True).distinct()
    return [(city, city) for city in cities]


class EventFilter(WagtailFilterSet):
    waiting = django_filters.ChoiceFilter(
        choices=[
            ("approval", _("your approval")), ("confirmation", _("the university to confirm")),
            ("publication", _("being published")), ("today", _("today's check-in")), ("full", _("nothing: it is full")),
            ("record", _("the record that it was held")), ("books", _("the close of its books")),
        ],
        method="that_wait", label=_("Waits for"),
    )  # fmt: skip
    state = django_filters.MultipleChoiceFilter(choices=EventState.choices, label=_("State"))
    city = django_filters.MultipleChoiceFilter(field_name="university__city", choices=_cities, label=_("City"))
    university = django_filters.ModelChoiceFilter(queryset=_universities, label=_("University"))
    day = django_filters.DateFromToRangeFilter(
        field_name="starts_at", label=_("Day of the event"), widget=DateRangePickerWidget
    )

    class Meta:
        model = RecruitingEvent
        fields: list[str] = []

    def that_wait(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(WAITING[value](self.request.user, timezone.now()))


def _place(event: RecruitingEvent) -> str:
    return f"{event.university}，{event.place}"


def _seats(event: Any) -> str:
    return f"{event.taken:,} / {event.capacity:,}"


def _state(event: RecruitingEvent) -> str:
    waits = event.state in (EventState.APPROVED, EventState.POSTPONED) and event.confirmed_at is None
    return f"{event.get_state_display()}{_('，not confirmed') if waits else ''}"


class Events(_Exported):
    """The events of the units a person covers, the latest first."""

    model = RecruitingEvent
    name = "recruiting_events"
    url_prefix = "events"
    icon = "group"
    page_title = _("Recruiting events")
    view_rule = may_read_events
    inspect_view_enabled = False
    links = (
        Link(_("Plan an event"), "events-new", "plus", may_plan_events),
        Link(_("Registrations"), "event_registrations:index", "list-ul", may_read_registrations),
        Link(_("Universities"), "universities:index", "site"),
    )
    search_fields = ["name", "name_en", "code", "place", "university__name", "university__city"]
    filterset_class = EventFilter
    ordering = ("-starts_at", "code")
    export_filename = "events"
    list_display = [
        Title("name", label=_("Event"), get_url=lambda row: reverse("events-event", args=[row.code])),
        Cell("university.city", label=_("City"), classname="brief"),
        Cell("place", label=_("Place"), accessor=_place),
        Cell("starts_at", label=_("Starts at"), accessor=lambda row: moment(row.starts_at)),
        Cell("state", label=_("State"), accessor=_state, classname="brief"),
        Cell("taken", label=_("Seats taken"), accessor=_seats, classname="num"),
        Cell("checked_in", label=_("People checked in"), classname="num"),
    ]
    list_export = [
        "code", "name", "university.city", "university.name", "place", "starts_at", "ends_at", "get_state_display",
        "confirmation", "capacity", "taken", "checked_in", "budget", "unit",
    ]  # fmt: skip
    export_headings = {
        "university.city": _("City"), "university.name": _("University"), "get_state_display": _("State"),
        "taken": _("Seats taken"), "checked_in": _("People checked in"),
    }  # fmt: skip

    def scope_of(self, user: Any) -> QuerySet[RecruitingEvent]:
        return events_visible_to(user)


class RegistrationFilter(WagtailFilterSet):
    event = django_filters.ModelChoiceFilter(queryset=_events, label=_("Event"))
    arrived = django_filters.ChoiceFilter(
        choices=[("yes", _("checked in")), ("no", _("not checked in"))], method="by_arrival", label=_("Check-in")
    )
    state = django_filters.ChoiceFilter(choices=RegistrationState.choices, label=_("State"))

    class Meta:
        model = EventRegistration
        fields: list[str] = []

    def by_arrival(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(checked_in_at__isnull=value == "no")


class Registrations(_Exported):
    """Everyone who holds or held a seat; telephone numbers are masked on the page and in the file."""

    model = EventRegistration
    name = "event_registrations"
    url_prefix = "events/registrations"
    icon = "list-ul"
    page_title = _("Registrations")
    above = (EVENTS_HOME,)
    view_rule = may_read_registrations
    inspect_view_enabled = False
    list_per_page = 50
    search_fields = ["name", "number", "school"]
    filterset_class = RegistrationFilter
    ordering = ("-event__starts_at", "event", "seat", "number")
    export_filename = "registrations"
    export_action = "events.export_registrations"
    list_display = [
        Title(
            "number", label=_("Number"), classname="mono",
            get_url=lambda row: reverse("events-registration", args=[row.number]),
        ),
        Cell("name", label=_("Full name")),
        Cell("masked", label=_("Mobile phone"), classname="nowrap"),
        Cell("school", label=_("School")),
        Cell("event", label=_("Event"), get_url=lambda row: reverse("events-event", args=[row.event.code])),
        Cell("seat", label=_("Seat"), classname="num"),
        Cell("get_state_display", label=_("State"), classname="brief"),
        Cell("checked_in_at", label=_("Checked in at"), accessor=lambda row: moment(row.checked_in_at)),
    ]  # fmt: skip
    list_export = [
        "event.code", "event.name", "number", "seat", "name", "masked", "school", "major", "education_level",
        "get_state_display", "registered_at", "checked_in_at",
    ]  # fmt: skip
    export_headings = {
        "event.code": _("Code"), "event.name": _("Event"), "masked": _("Mobile phone"),
        "get_state_display": _("State"),
    }  # fmt: skip

    def scope_of(self, user: Any) -> QuerySet[EventRegistration]:
        return registrations_visible_to(user)

    def matching(self, word: str) -> Q:
        try:
            return super().matching(word) | Q(phone_index=phone_index(normal_phone(word)))
        except Refused:
            return super().matching(word)


class UniversityFilter(WagtailFilterSet):
    city = django_filters.MultipleChoiceFilter(choices=_cities, label=_("City"))

    class Meta:
        model = University
        fields: list[str] = []


class Universities(_Exported):
    """Where the county recruits, with how often it was there."""

    model = University
    name = "universities"
    url_prefix = "events/universities"
    icon = "site"
    page_title = _("Universities")
    above = (EVENTS_HOME,)
    view_rule = may_read_events
    inspect_view_enabled = False
    links = (Link(_("Add a university"), "events-university-new", "plus", may_keep_universities),)
    search_fields = ["name", "name_en", "city"]
    filterset_class = UniversityFilter
    ordering = ("city", "name")
    export_filename = "universities"
    list_display = [
        Title("name", label=_("University"), url_name="events-university"),
        Cell("city", label=_("City"), classname="brief"),
        Cell("visits", label=_("Events"), classname="num"),
        Cell("last_visit", label=_("Latest event"), accessor=lambda row: moment(row.last_visit)),
    ]
    list_export = ["name", "name_en", "city", "city_en", "visits", "last_visit"]
    export_headings = {"visits": _("Events"), "last_visit": _("Latest event")}

    def scope_of(self, user: Any) -> QuerySet[University]:
        return universities_visible_to(user)


REGISTERS = (Events(), Registrations(), Universities())
