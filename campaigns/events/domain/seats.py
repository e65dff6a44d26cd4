"""Seats and check-in. The event's row is locked before a seat is given, so capacity can't be oversold."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.phone import normal_phone, phone_index
from accounts.policies import require
from campaigns.events.enums import Admission, EventState, RegistrationState
from campaigns.events.models import EventRegistration, RecruitingEvent
from campaigns.events.policies import may_run_events
from campaigns.events.queries import admission_to, seats_held
from foundation.errors import Refused

# Without the characters people confuse when a number is read aloud.
NUMBER_CHARACTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def _first_free_seat(event: RecruitingEvent) -> int | None:
    """The lowest seat nobody holds, None if the event is full; the event's row is locked by the caller."""
    taken = set(seats_held(event).values_list("seat", flat=True))
    return next((seat for seat in range(1, event.capacity + 1) if seat not in taken), None)


def _check_open(event: RecruitingEvent, now: datetime, *, at_the_door: bool) -> None:
    admission = admission_to(event, now, taken=0)
    if admission == Admission.OPEN or (at_the_door and admission in (Admission.NOT_YET, Admission.ENDED)):
        return
    raise Refused(
        _("This event takes no registration now: %(why)s. Nothing was saved.") % {"why": admission.label},
        code="not_open",
    )


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

    A candidate registers for themselves while registration is open, event staff for a person standing before them
    until the event ends. Raises Refused when the event is not open, full, or the phone number is none.
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
    _check_open(event, timezone.now(), at_the_door=actor.kind != "candidate")
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


def _check_running(event: RecruitingEvent) -> None:
    """Refuse an act at the door outside the time in which people can be there or be entered afterwards."""
    state = RecruitingEvent.objects.values_list("state", flat=True).get(pk=event.pk)
    if state not in (EventState.PUBLISHED, EventState.HELD):
        raise Refused(
            _("Nobody is checked in at an event in the state “%(state)s”. Nothing was saved.")
            % {"state": EventState(state).label},
            code="wrong_state",
        )
    day = timezone.localdate(event.starts_at)
    if timezone.localdate() < day:
        raise Refused(
            _("The event is on %(day)s; check-in begins that day. Nothing was saved.") % {"day": day.isoformat()},
            code="too_early",
        )


@transaction.atomic
def check_in(*, actor: User, event: RecruitingEvent, number_or_token: str) -> tuple[EventRegistration, bool]:
    """Check a person in by the number they read out or the token of their QR code.

    Returns the registration and whether this was the first time; a second scan changes nothing. Raises Refused if the
    number belongs to no valid registration of this event, before its day, and unless it is published or held.
    """
    require(may_run_events, actor, event)
    _check_running(event)
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
def undo_check_in(*, actor: User, registration: EventRegistration, reason: str) -> EventRegistration:
    """Take a wrong check-in back on the day it was made; the person keeps the seat and can be checked in again.

    Raises Refused without a reason, for a person who is not checked in, and from the next day on, when figures are
    built on it.
    """
    require(may_run_events, actor, registration)
    if not reason.strip():
        raise Refused(_("A reason is needed. Nothing was saved."), code="reason_required")
    _check_running(registration.event)
    row = EventRegistration.objects.select_for_update().get(pk=registration.pk)
    if row.checked_in_at is None:
        raise Refused(_("This person is not checked in. Nothing was saved."), code="not_checked_in")
    day = timezone.localdate(row.checked_in_at)
    if day != timezone.localdate():
        raise Refused(
            _("The check-in is of %(day)s and could be undone on that day only. Nothing was saved.")
            % {"day": day.isoformat()},
            code="too_late",
        )
    was = {"checked_in_at": row.checked_in_at.isoformat(), "checked_in_by": row.checked_in_by_id}
    EventRegistration.objects.filter(pk=row.pk).update(checked_in_at=None, checked_in_by=None)
    registration.refresh_from_db()
    audit.record(actor=actor, action="events.undo_check_in", subject=registration, before=was, reason=reason)
    return registration
