"""Reads over events and registrations."""

from datetime import datetime

from django.db.models import Count, DecimalField, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.policies import in_scope
from campaigns.events.enums import Admission, EventState, RegistrationState
from campaigns.events.models import EventRegistration, RecruitingEvent
from campaigns.events.policies import READERS

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


def registrations_of(event: RecruitingEvent) -> QuerySet[EventRegistration]:
    """Everyone who holds or held a seat, by number."""
    return event.registrations.order_by("number")


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


def seats_held(event: RecruitingEvent) -> QuerySet[EventRegistration]:
    """The registrations that hold a seat: whom a change of the event concerns."""
    return event.registrations.filter(state=RegistrationState.REGISTERED)


def with_costs(events: QuerySet[RecruitingEvent]) -> QuerySet[RecruitingEvent]:
    """The same events with `spent` yuan. Used alone, since joins would multiply sums."""
    zero = Coalesce(Sum("costs__amount"), 0, output_field=DecimalField())
    return events.annotate(spent=zero)
