"""Changes to an event that people may have planned their day by: each tells everyone who holds a seat, once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.events import notices
from campaigns.events.domain.events import check_times, lock
from campaigns.events.enums import EventState
from campaigns.events.machine import EVENTS
from campaigns.events.models import RecruitingEvent
from campaigns.events.policies import may_approve_events, may_change_event
from campaigns.events.queries import seats_held
from foundation.errors import Refused

EDITABLE = (
    "name", "name_en", "place", "starts_at", "ends_at", "registration_opens_at", "registration_closes_at", "capacity",
    "budget", "description",
)  # fmt: skip
# What the university confirms, and what decides whether somebody finds the event.
PLACE_AND_TIME = ("place", "starts_at", "ends_at")
FELT = ("name", *PLACE_AND_TIME)
CHANGEABLE = (EventState.PLANNED, EventState.APPROVED, EventState.PUBLISHED, EventState.POSTPONED)


class Change(NamedTuple):
    """A field of an event, its value now and the new one."""

    field: str
    old: Any
    new: Any


def changes_of(event: RecruitingEvent, values: Mapping[str, Any]) -> list[Change]:
    """What setting `values` would change, in the order of the form."""
    if unknown := set(values) - set(EDITABLE):
        raise TypeError(f"not editable: {sorted(unknown)}")
    pairs = [Change(name, getattr(event, name), values[name]) for name in EDITABLE if name in values]
    return [pair for pair in pairs if pair.old != pair.new]


def is_felt(changes: list[Change]) -> bool:
    """Whether people who hold a seat must know."""
    return any(change.field in FELT for change in changes)


@transaction.atomic
def edit_event(*, actor: User, event: RecruitingEvent, reason: str = "", **values: Any) -> RecruitingEvent:
    """Set the given fields of EDITABLE; what stays the same changes nothing and tells nobody.

    Once the event is public a change needs a reason, which the public reads, and everyone who holds a seat is told of
    a new name, place or time. A new place or time must be confirmed by the university again. Raises Refused for seats
    fewer than are given away, times out of order or past, and a budget changed after its approval.
    """
    require(may_change_event, actor, event)
    lock(event)
    changes = changes_of(event, values)
    if not changes:
        return event
    _check_edit(event, changes, reason)
    for change in changes:
        setattr(event, change.field, change.new)
    check_times(
        starts_at=event.starts_at, ends_at=event.ends_at,
        opens_at=event.registration_opens_at, closes_at=event.registration_closes_at,
    )  # fmt: skip
    if any(change.field in PLACE_AND_TIME for change in changes):
        event.confirmed_at, event.confirmation = None, ""
    if event.published_at:
        event.notice = reason.strip()
        event.revision, event.changed_at = event.revision + 1, timezone.now()
    event.save()
    audit.record(
        actor=actor, action="events.edit_event", subject=event, reason=reason.strip(),
        before={change.field: _plain(change.old) for change in changes},
        after={change.field: _plain(change.new) for change in changes},
    )  # fmt: skip
    if event.published_at and is_felt(changes):
        notices.tell_of_change(event, [change for change in changes if change.field in FELT], reason.strip())
    return event


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, int) else str(value)


def _check_edit(event: RecruitingEvent, changes: list[Change], reason: str) -> None:
    new = {change.field: change.new for change in changes}
    if event.state not in CHANGEABLE:
        raise Refused(
            _("An event in the state “%(state)s” can't be changed. Nothing was saved.")
            % {"state": event.get_state_display()},
            code="wrong_state",
        )
    if "budget" in new and event.state != EventState.PLANNED:
        raise Refused(
            _("The budget of %(budget)s yuan is approved and can't be changed any more. Nothing was saved.")
            % {"budget": f"{event.budget:,.2f}"},
            code="budget",
        )
    if "capacity" in new:
        _check_seats(event, new["capacity"])
    if event.published_at and not reason.strip():
        raise Refused(
            _("The event is public: a change needs a reason, which people will read. Nothing was saved."),
            code="reason_required",
        )
    if event.published_at and new.get("starts_at", event.starts_at) != event.starts_at:
        _check_ahead(new["starts_at"])


def _check_ahead(starts_at: datetime) -> None:
    if starts_at <= timezone.now():
        raise Refused(_("The new date must lie ahead. Nothing was saved."), code="past")


def _check_seats(event: RecruitingEvent, capacity: int) -> None:
    if capacity < 1:
        raise Refused(_("An event has at least 1 seat, not %(n)s. Nothing was saved.") % {"n": capacity}, code="seats")
    held = seats_held(event)
    highest = held.aggregate(highest=Max("seat"))["highest"] or 0
    if capacity < highest:
        raise Refused(
            _(
                "%(registered)s people are registered and the highest seat given away is number %(highest)s, "
                "so %(n)s seats are too few. Nothing was saved."
            )
            % {"registered": held.count(), "highest": highest, "n": capacity},
            code="seats",
        )


@transaction.atomic
def postpone_event(
    *,
    actor: User,
    event: RecruitingEvent,
    reason: str,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> RecruitingEvent:
    """Move the event to another time, or to one that is not known yet; seats stay valid and their holders are told.

    Registration stops until the event is published again; its close keeps its distance to the start. The same
    postponement again changes nothing. Raises Refused for a date that is past, out of order, half given or the old one.
    """
    require(may_approve_events, actor, event)
    lock(event)
    new = {"starts_at": starts_at or event.starts_at, "ends_at": ends_at or event.ends_at}
    same = all(getattr(event, name) == value for name, value in new.items()) and event.notice == reason.strip()
    if event.state == EventState.POSTPONED and same:
        return event
    if (starts_at is None) != (ends_at is None):
        raise Refused(_("Give both start and end, or neither. Nothing was saved."), code="times")
    if starts_at:
        check_times(**new)
        _check_ahead(starts_at)
        if starts_at == event.starts_at:
            raise Refused(_("This is the date the event has already. Nothing was saved."), code="same_date")
    was = event.starts_at
    before = EVENTS.move(
        "postpone", event, reason=reason, notice=reason.strip(), postponed_from=was, confirmed_at=None, confirmation="",
        revision=event.revision + 1, changed_at=timezone.now(), **new, **_shifted(event, new["starts_at"] - was),
    )  # fmt: skip
    audit.record(
        actor=actor, action="events.postpone_event", subject=event, reason=reason.strip(),
        before={"state": before, "starts_at": was.isoformat()},
        after={"starts_at": event.starts_at.isoformat() if event.has_date else None},
    )  # fmt: skip
    notices.tell_of_postponement(event)
    return event


def _shifted(event: RecruitingEvent, by: Any) -> dict[str, Any]:
    """The close of registration, moved along with the start."""
    closes_at = event.registration_closes_at
    return {"registration_closes_at": closes_at + by if closes_at else None}


@transaction.atomic
def cancel_event(*, actor: User, event: RecruitingEvent, reason: str) -> RecruitingEvent:
    """Call the event off, with the reason the public and everyone with a seat reads; again, it changes nothing."""
    require(may_approve_events, actor, event)
    lock(event)
    if event.state == EventState.CANCELLED:
        return event
    before = EVENTS.move(
        "cancel", event, reason=reason, notice=reason.strip(), revision=event.revision + 1, changed_at=timezone.now()
    )
    audit.record(
        actor=actor, action="events.cancel_event", subject=event, before={"state": before}, reason=reason.strip()
    )
    notices.tell_of_cancellation(event)
    return event
