"""Verbs of recruiting events. The event's row is locked before a seat is given, so capacity can't be oversold."""

import secrets
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Unit, User
from accounts.phone import normal_phone, phone_index
from accounts.policies import require
from accounts.queries import units_in_scope
from campaigns.events.enums import RegistrationState
from campaigns.events.machine import EVENTS
from campaigns.events.models import EventCost, EventRegistration, RecruitingEvent, University
from campaigns.events.policies import (
    PLANNERS,
    may_approve_events,
    may_plan_events,
    may_record_costs,
    may_run_events,
)
from campaigns.events.queries import is_open_for_registration
from campaigns.events.signals import event_published
from campaigns.planning.models import Campaign
from foundation.errors import NotAllowed, Refused

# Without the characters people confuse when a number is read aloud.
NUMBER_CHARACTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@transaction.atomic
def add_university(*, actor: User, name: str, city: str, name_en: str = "", city_en: str = "") -> University:
    """A university the county recruits at. Raises Refused if the name is taken."""
    require(may_plan_events, actor)
    if University.objects.filter(name=name).exists():
        raise Refused(_("%(name)s was entered before. Nothing was saved.") % {"name": name}, code="duplicate")
    university = University.objects.create(name=name, city=city, name_en=name_en, city_en=city_en)
    audit.record(actor=actor, action="events.add_university", subject=university, after={"city": city})
    return university


@transaction.atomic
def plan_event(
    *,
    actor: User,
    code: str,
    name: str,
    university: University,
    unit: Unit,
    place: str,
    starts_at: datetime,
    ends_at: datetime,
    capacity: int,
    campaigns: list[Campaign],
    budget: Decimal = Decimal(0),
    name_en: str = "",
    description: str = "",
) -> RecruitingEvent:
    """A planned event with its seats and money (yuan), for one or more campaigns.

    Raises Refused if the times are out of order, there is no seat, or the code is taken.
    """
    require(may_plan_events, actor, unit)
    if ends_at <= starts_at:
        raise Refused(_("The event must end after it starts. Nothing was saved."), code="times")
    if capacity < 1:
        raise Refused(_("An event has at least 1 seat, not %(n)s. Nothing was saved.") % {"n": capacity}, code="seats")
    if RecruitingEvent.objects.filter(code=code).exists():
        raise Refused(_("There is already an event %(code)s. Nothing was saved.") % {"code": code}, code="duplicate")
    event = RecruitingEvent.objects.create(
        code=code, name=name, name_en=name_en, university=university, unit=unit, place=place, starts_at=starts_at,
        ends_at=ends_at, capacity=capacity, budget=budget, description=description, created_by=actor,
    )  # fmt: skip
    event.campaigns.set(campaigns)
    audit.record(
        actor=actor, action="events.plan_event", subject=event, after={"seats": capacity, "budget": str(budget)}
    )
    return event


@transaction.atomic
def plan_event_at(*, actor: User, university: str, city: str, **values: Any) -> RecruitingEvent:
    """Plan an event at a university by its name, entered in `city` if it is new, for the actor's own topmost unit.

    `values` are those of `plan_event`; nothing is kept, the university neither, when that refuses. Raises NotAllowed
    for a person who covers no unit.
    """
    require(may_plan_events, actor)
    unit = units_in_scope(actor, *PLANNERS).order_by("path").first()
    if unit is None:
        raise NotAllowed(_("You have no unit to plan an event for. Nothing was saved."), code="no_unit")
    known = University.objects.filter(name=university).first()
    place = known or add_university(actor=actor, name=university, city=city)
    return plan_event(actor=actor, university=place, unit=unit, **values)


@transaction.atomic
def approve_event(*, actor: User, event: RecruitingEvent) -> RecruitingEvent:
    """A second person approves budget and plan. Raises NotAllowed for the person who planned it."""
    require(may_approve_events, actor, event)
    if actor.pk == event.created_by_id:
        raise NotAllowed(_("The person who planned an event can't approve it; ask a colleague."), code="two_persons")
    before = EVENTS.move("approve", event, approved_by=actor)
    audit.record(actor=actor, action="events.approve_event", subject=event, before={"state": before})
    return event


@transaction.atomic
def publish_event(*, actor: User, event: RecruitingEvent) -> RecruitingEvent:
    """Put the event on the public site and open its registration."""
    require(may_approve_events, actor, event)
    if event.ends_at <= timezone.now():
        raise Refused(_("The event is already over; set a new date first. Nothing was saved."), code="over")
    before = EVENTS.move("publish", event, published_at=event.published_at or timezone.now())
    audit.record(actor=actor, action="events.publish_event", subject=event, before={"state": before})
    event_published.send(sender=RecruitingEvent, event=event)
    return event


@transaction.atomic
def postpone_event(
    *, actor: User, event: RecruitingEvent, starts_at: datetime, ends_at: datetime, reason: str
) -> RecruitingEvent:
    """Move the event to another time, with a notice the public reads; registrations stay valid."""
    require(may_approve_events, actor, event)
    if ends_at <= starts_at:
        raise Refused(_("The event must end after it starts. Nothing was saved."), code="times")
    was = {"starts_at": event.starts_at.isoformat(), "ends_at": event.ends_at.isoformat()}
    EVENTS.move("postpone", event, reason=reason, starts_at=starts_at, ends_at=ends_at, notice=reason)
    audit.record(actor=actor, action="events.postpone_event", subject=event, before=was, reason=reason)
    return event


@transaction.atomic
def cancel_event(*, actor: User, event: RecruitingEvent, reason: str) -> RecruitingEvent:
    """Call the event off, with the reason the public reads."""
    require(may_approve_events, actor, event)
    before = EVENTS.move("cancel", event, reason=reason, notice=reason)
    audit.record(actor=actor, action="events.cancel_event", subject=event, before={"state": before}, reason=reason)
    return event


@transaction.atomic
def record_held(*, actor: User, event: RecruitingEvent) -> RecruitingEvent:
    """Record that the event took place. Raises Refused before it has started."""
    require(may_run_events, actor, event)
    now = timezone.now()
    if now < event.starts_at:
        raise Refused(_("The event has not started yet. Nothing was saved."), code="not_started")
    before = EVENTS.move("hold", event, held_at=now)
    audit.record(actor=actor, action="events.record_held", subject=event, before={"state": before})
    return event


def _first_free_seat(event: RecruitingEvent) -> int | None:
    """The lowest seat nobody holds, None if the event is full; the event's row is locked by the caller."""
    taken = set(event.registrations.filter(state=RegistrationState.REGISTERED).values_list("seat", flat=True))
    return next((seat for seat in range(1, event.capacity + 1) if seat not in taken), None)


def _new_number() -> str:
    return "".join(secrets.choice(NUMBER_CHARACTERS) for _position in range(8))


@transaction.atomic
def register_for_event(
    *,
    actor: User,
    event: RecruitingEvent,
    name: str,
    phone: str,
    school: str = "",
    education_level: str = "",
    major: str = "",
) -> EventRegistration:
    """Give a person a seat. A person who registered before gets the same registration back.

    A candidate registers for themselves, event staff for a person standing before them. Raises Refused when the event
    is not open, full, or the phone number is none.
    """
    if actor.kind != "candidate":
        require(may_run_events, actor, event)
    event = RecruitingEvent.objects.select_for_update().get(pk=event.pk)
    phone = normal_phone(phone)
    index = phone_index(phone)
    known = event.registrations.filter(phone_index=index, state=RegistrationState.REGISTERED).first()
    if known and actor.kind == "candidate" and known.user_id != actor.pk:
        raise Refused(
            _("This phone number is registered for the event already. Nothing was saved."), code="phone_registered"
        )
    if known:
        return known
    if not is_open_for_registration(event, timezone.now()):
        raise Refused(_("This event is not open for registration."), code="not_open")
    seat = _first_free_seat(event)
    if seat is None:
        raise Refused(_("All %(n)s seats are taken.") % {"n": event.capacity}, code="full")
    registration = EventRegistration.objects.create(
        event=event, user=actor if actor.kind == "candidate" else None, seat=seat, number=_new_number(), name=name,
        phone=phone, phone_index=index, school=school, education_level=education_level, major=major,
    )  # fmt: skip
    audit.record(actor=actor, action="events.register", subject=registration, after={"event": event.code, "seat": seat})
    return registration


@transaction.atomic
def cancel_registration(*, actor: User, registration: EventRegistration) -> EventRegistration:
    """Give the seat back, by the person themselves or event staff. Raises Refused after check-in."""
    if registration.user_id is None or registration.user_id != actor.pk:
        require(may_run_events, actor, registration)
    RecruitingEvent.objects.select_for_update().get(pk=registration.event_id)
    changed = EventRegistration.objects.filter(
        pk=registration.pk, state=RegistrationState.REGISTERED, checked_in_at=None
    ).update(state=RegistrationState.CANCELLED, seat=None)
    if not changed:
        raise Refused(_("This registration was cancelled or checked in before. Nothing was saved."), code="wrong_state")
    registration.refresh_from_db()
    audit.record(actor=actor, action="events.cancel_registration", subject=registration)
    return registration


@transaction.atomic
def check_in(*, actor: User, event: RecruitingEvent, number_or_token: str) -> tuple[EventRegistration, bool]:
    """Check a person in by the number they read out or the token of their QR code.

    Returns the registration and whether this was the first time; a second scan changes nothing. Raises Refused if the
    number belongs to no valid registration of this event.
    """
    require(may_run_events, actor, event)
    text = number_or_token.strip()
    rows = EventRegistration.objects.filter(event=event, state=RegistrationState.REGISTERED)
    registration = rows.filter(token=text).first() or rows.filter(number=text.upper().replace(" ", "")).first()
    if registration is None:
        raise Refused(
            _("No valid registration of this event has the number “%(text)s”.") % {"text": text[:20]}, code="unknown"
        )
    now = timezone.now()
    first = rows.filter(pk=registration.pk, checked_in_at=None).update(checked_in_at=now, checked_in_by=actor) == 1
    registration.refresh_from_db()
    if first:
        audit.record(actor=actor, action="events.check_in", subject=registration, after={"event": event.code})
    return registration, first


@transaction.atomic
def record_cost(*, actor: User, event: RecruitingEvent, kind: str, amount: Decimal, spent_on: date) -> EventCost:
    """Money spent on an event, in yuan. Raises Refused unless it is more than 0."""
    require(may_record_costs, actor, event)
    if amount <= 0:
        raise Refused(_("The amount must be more than 0 yuan. Nothing was saved."), code="amount")
    cost = EventCost.objects.create(event=event, kind=kind, amount=amount, spent_on=spent_on, recorded_by=actor)
    audit.record(actor=actor, action="events.record_cost", subject=cost, after={"amount": str(amount), "kind": kind})
    return cost


def close_event(*, actor: User, event: RecruitingEvent) -> RecruitingEvent:
    """Close the books of a held event."""
    require(may_run_events, actor, event)
    with transaction.atomic():
        before = EVENTS.move("close", event)
        audit.record(actor=actor, action="events.close_event", subject=event, before={"state": before})
    return event
