"""Planning an event, bringing it on step by step, its costs, and the universities."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Unit, User
from accounts.policies import require
from accounts.queries import units_in_scope
from campaigns.events.enums import EventState
from campaigns.events.machine import EVENTS
from campaigns.events.models import EventCost, RecruitingEvent, University
from campaigns.events.policies import (
    PLANNERS,
    may_approve_events,
    may_keep_universities,
    may_plan_events,
    may_record_costs,
    may_run_events,
)
from campaigns.events.signals import event_published
from campaigns.planning.models import Campaign
from foundation.errors import NotAllowed, Refused

CONFIRMABLE = (EventState.APPROVED, EventState.PUBLISHED, EventState.POSTPONED)


def lock(event: RecruitingEvent) -> None:
    """Lock the event's row, which comes before any of its registrations, and bring the object up to date."""
    RecruitingEvent.objects.select_for_update().get(pk=event.pk)
    event.refresh_from_db()


def check_times(
    *, starts_at: datetime, ends_at: datetime, opens_at: datetime | None = None, closes_at: datetime | None = None
) -> None:
    """Raises Refused unless the event ends after it starts, and registration opens, then closes, by its end."""
    if ends_at <= starts_at:
        raise Refused(_("The event must end after it starts. Nothing was saved."), code="times")
    if closes_at and closes_at > ends_at:
        raise Refused(_("Registration must close before the event ends. Nothing was saved."), code="times")
    if opens_at and opens_at >= (closes_at or ends_at):
        raise Refused(_("Registration must open before it closes. Nothing was saved."), code="times")


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
def edit_university(
    *, actor: User, university: University, name: str, city: str, name_en: str = "", city_en: str = ""
) -> University:
    """Correct name and city, on all its events. Raises Refused if the name is another university's."""
    require(may_keep_universities, actor)
    university = University.objects.select_for_update().get(pk=university.pk)
    values = {"name": name, "city": city, "name_en": name_en, "city_en": city_en}
    before = {key: getattr(university, key) for key, value in values.items() if getattr(university, key) != value}
    if not before:
        return university
    if University.objects.filter(name=name).exclude(pk=university.pk).exists():
        raise Refused(_("%(name)s was entered before. Nothing was saved.") % {"name": name}, code="duplicate")
    for key, value in values.items():
        setattr(university, key, value)
    university.save()
    after = {key: values[key] for key in before}
    audit.record(actor=actor, action="events.edit_university", subject=university, before=before, after=after)
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
    registration_opens_at: datetime | None = None,
    registration_closes_at: datetime | None = None,
) -> RecruitingEvent:
    """A planned event with its seats and money (yuan), for one or more campaigns.

    Raises Refused if the times are out of order, there is no seat, or the code is taken.
    """
    require(may_plan_events, actor, unit)
    check_times(starts_at=starts_at, ends_at=ends_at, opens_at=registration_opens_at, closes_at=registration_closes_at)
    if capacity < 1:
        raise Refused(_("An event has at least 1 seat, not %(n)s. Nothing was saved.") % {"n": capacity}, code="seats")
    if RecruitingEvent.objects.filter(code=code).exists():
        raise Refused(_("There is already an event %(code)s. Nothing was saved.") % {"code": code}, code="duplicate")
    event = RecruitingEvent.objects.create(
        code=code, name=name, name_en=name_en, university=university, unit=unit, place=place, starts_at=starts_at,
        ends_at=ends_at, capacity=capacity, budget=budget, description=description, created_by=actor,
        registration_opens_at=registration_opens_at, registration_closes_at=registration_closes_at,
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
def confirm_event(*, actor: User, event: RecruitingEvent, document: str) -> RecruitingEvent:
    """Record that the university has confirmed place and time, and by which `document`.

    Raises Refused without a document, and for an event whose new date is not set or that is not about to be held.
    """
    require(may_plan_events, actor, event)
    lock(event)
    document = document.strip()
    if event.confirmed_at and event.confirmation == document:
        return event
    if not document:
        raise Refused(_("Say by which letter or message the university confirmed. Nothing was saved."), code="document")
    if event.state not in CONFIRMABLE:
        raise Refused(
            _("An event in the state “%(state)s” needs no confirmation. Nothing was saved.")
            % {"state": event.get_state_display()},
            code="wrong_state",
        )
    if not event.has_date:
        raise Refused(_("The event has no new date yet; set one first. Nothing was saved."), code="no_date")
    event.confirmed_at, event.confirmation = timezone.now(), document
    event.save(update_fields=["confirmed_at", "confirmation"])
    audit.record(actor=actor, action="events.confirm_event", subject=event, after={"document": document})
    return event


@transaction.atomic
def publish_event(*, actor: User, event: RecruitingEvent) -> RecruitingEvent:
    """Put the event on the public site and open its registration, also after a postponement.

    Raises Refused for an event that is over, has no date, or whose place and time the university has not confirmed.
    """
    require(may_approve_events, actor, event)
    lock(event)
    now = timezone.now()
    if event.ends_at <= now:
        raise Refused(_("The event is already over; set a new date first. Nothing was saved."), code="over")
    if not event.has_date:
        raise Refused(_("The event has no new date yet; set one first. Nothing was saved."), code="no_date")
    if event.confirmed_at is None:
        raise Refused(
            _("The university has not confirmed place and time; record its confirmation first. Nothing was saved."),
            code="not_confirmed",
        )
    # The first publication is the first version that calendars take; a later one is a change to it.
    revision = event.revision + 1 if event.published_at else 0
    before = EVENTS.move(
        "publish", event, published_at=event.published_at or now, postponed_from=None, revision=revision, changed_at=now
    )
    audit.record(actor=actor, action="events.publish_event", subject=event, before={"state": before})
    event_published.send(sender=RecruitingEvent, event=event)
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
