"""Reads over events and registrations."""

from datetime import datetime

from django.db.models import Count, DecimalField, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.policies import in_scope
from campaigns.events.enums import EventState, RegistrationState
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
    taken = event.registrations.filter(state=RegistrationState.REGISTERED).count()
    return max(0, event.capacity - taken)


def is_open_for_registration(event: RecruitingEvent, now: datetime) -> bool:
    """Published and not over at `now`; the end is excluded."""
    return event.state == EventState.PUBLISHED and now < event.ends_at


def with_costs(events: QuerySet[RecruitingEvent]) -> QuerySet[RecruitingEvent]:
    """The same events with `spent` yuan. Used alone, since joins would multiply sums."""
    zero = Coalesce(Sum("costs__amount"), 0, output_field=DecimalField())
    return events.annotate(spent=zero)
