"""Reads over events and registrations."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.db.models import Count, DecimalField, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from accounts.policies import in_scope
from campaigns.events.enums import Admission, EventState, RegistrationState
from campaigns.events.models import EventCost, EventRegistration, RecruitingEvent, University
from campaigns.events.policies import READERS, REGISTRATION_READERS, may_keep_universities

PUBLIC_STATES = (EventState.PUBLISHED, EventState.HELD, EventState.CLOSED, EventState.POSTPONED, EventState.CANCELLED)
TAKEN = Count("registrations", filter=Q(registrations__state=RegistrationState.REGISTERED), distinct=True)
CHECKED_IN = Count("registrations", filter=Q(registrations__checked_in_at__isnull=False), distinct=True)


def public_events() -> QuerySet[RecruitingEvent]:
    """Events that were published at some time, with `taken` seats; a cancelled one stays to say so."""
    events = RecruitingEvent.objects.filter(published_at__isnull=False, state__in=PUBLIC_STATES)
    return events.annotate(taken=TAKEN).order_by("starts_at")


def coming_events(now: datetime) -> QuerySet[RecruitingEvent]:
    """Published events not yet over, the next one first."""
    return public_events().filter(state=EventState.PUBLISHED, ends_at__gt=now).select_related("university")


def events_visible_to(user: User) -> QuerySet[RecruitingEvent]:
    """Events of the units a staff member covers, with seats taken and people checked in."""
    events = RecruitingEvent.objects.filter(in_scope(user, *READERS))
    return events.select_related("university", "unit").annotate(taken=TAKEN, checked_in=CHECKED_IN)


def registrations_visible_to(user: User) -> QuerySet[EventRegistration]:
    """Registrations for events of the units whose registrations a staff member may read."""
    rows = EventRegistration.objects.filter(in_scope(user, *REGISTRATION_READERS, field="event__unit"))
    return rows.select_related("event__unit")


def universities_visible_to(user: User) -> QuerySet[University]:
    """Where the events a person may see take place; all of them for whoever plans for the whole county.

    With `visits`, the number of these events, and `last_visit`.
    """
    own = Q(events__in=RecruitingEvent.objects.filter(in_scope(user, *READERS)))
    rows = University.objects.annotate(
        visits=Count("events", filter=own, distinct=True), last_visit=Max("events__starts_at", filter=own)
    )
    return rows if may_keep_universities(user) else rows.filter(visits__gt=0)


def seats_held(event: RecruitingEvent) -> QuerySet[EventRegistration]:
    """The registrations that hold a seat: whom a change of the event concerns."""
    return event.registrations.filter(state=RegistrationState.REGISTERED)


def free_seats(event: RecruitingEvent) -> int:
    """Seats nobody holds."""
    return max(0, event.capacity - seats_held(event).count())


def admission_to(event: RecruitingEvent, now: datetime, taken: int) -> Admission:
    """Whether a candidate can get a seat at `now` with `taken` seats given away; every end is excluded."""
    if event.state == EventState.CANCELLED:
        return Admission.CANCELLED
    if event.state == EventState.POSTPONED:
        return Admission.POSTPONED
    if event.state != EventState.PUBLISHED or now >= event.ends_at:
        return Admission.OVER
    if event.registration_opens_at and now < event.registration_opens_at:
        return Admission.NOT_YET
    if event.registration_closes_at and now >= event.registration_closes_at:
        return Admission.ENDED
    return Admission.FULL if taken >= event.capacity else Admission.OPEN


def with_costs(events: QuerySet[RecruitingEvent]) -> QuerySet[RecruitingEvent]:
    """The same events with `spent` yuan."""
    costs = EventCost.objects.filter(event=OuterRef("pk")).order_by().values("event").annotate(sum=Sum("amount"))
    return events.annotate(spent=Coalesce(Subquery(costs.values("sum")), 0, output_field=DecimalField()))


def _unconfirmed(user: User, now: datetime) -> Q:
    states = (EventState.APPROVED, EventState.PUBLISHED, EventState.POSTPONED)
    return Q(state__in=states, confirmed_at=None) & ~Q(ends_at__lte=now, state=EventState.PUBLISHED)


def _today(user: User, now: datetime) -> Q:
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(now), time.min))
    return Q(state=EventState.PUBLISHED, starts_at__lt=midnight + timedelta(days=1), ends_at__gt=midnight)


# What may wait at an event → which events; `taken` must be annotated.
WAITING: dict[str, Callable[[User, datetime], Q]] = {
    "approval": lambda user, now: Q(state=EventState.PLANNED) & ~Q(created_by=user),
    "confirmation": _unconfirmed,
    "publication": lambda user, now: Q(
        state__in=(EventState.APPROVED, EventState.POSTPONED), confirmed_at__isnull=False, ends_at__gt=now
    ),
    "today": _today,
    "full": lambda user, now: Q(state=EventState.PUBLISHED, ends_at__gt=now, taken__gte=F("capacity")),
    "record": lambda user, now: Q(state=EventState.PUBLISHED, ends_at__lte=now),
    "books": lambda user, now: Q(state=EventState.HELD),
}


def waiting_counts(user: User, now: datetime) -> dict[str, int]:
    """How many of the events a person sees wait for each thing, in one query."""
    counts = {name: Count("pk", filter=found(user, now)) for name, found in WAITING.items()}
    return events_visible_to(user).order_by().aggregate(**counts)
