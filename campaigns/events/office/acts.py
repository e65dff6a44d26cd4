"""Acts on an event: each shows first what will change and how many people will be told."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.policies import Predicate
from campaigns.events import domain
from campaigns.events.domain.events import CONFIRMABLE
from campaigns.events.machine import EVENTS
from campaigns.events.models import RecruitingEvent
from campaigns.events.office.forms import DocumentForm, PostponeForm, PublicReasonForm
from campaigns.events.policies import may_approve_events, may_plan_events, may_run_events
from campaigns.events.queries import seats_held
from foundation.dates import moment


@dataclass(frozen=True)
class Act:
    """A verb on an event: `effect` says in words what will change, `leads` marks the act that goes on."""

    name: str
    label: Promise
    done: Promise
    effect: Callable[[RecruitingEvent], list[str]]
    rule: Predicate
    verb: Callable[..., Any]
    form: type[forms.Form] = forms.Form
    leads: bool = False

    def fits(self, event: RecruitingEvent) -> bool:
        """Whether state and time of the event allow it."""
        if self.name == "confirm":
            return event.state in CONFIRMABLE and event.confirmed_at is None and event.has_date
        if self.name == "publish":
            return EVENTS.can("publish", event.state) and event.confirmed_at is not None and event.has_date
        if self.name == "hold":
            return EVENTS.can("hold", event.state) and event.starts_at <= timezone.now()
        return EVENTS.can(self.name, event.state)


def told(event: RecruitingEvent) -> str:
    """How many people a message goes to."""
    people = seats_held(event).count()
    if not people:
        return _("Nobody holds a seat, so nobody is told.")
    return ngettext(
        "%(n)s person who holds a seat is told by text message.",
        "%(n)s people who hold a seat are told by text message.",
        people,
    ) % {"n": f"{people:,}"}


def _approve(event: RecruitingEvent) -> list[str]:
    budget = _("The plan and its budget of %(budget)s yuan are approved; the budget can't be changed afterwards.")
    return [budget % {"budget": f"{event.budget:,.2f}"}, _("Next, the university confirms place and time.")]


def _confirm(event: RecruitingEvent) -> list[str]:
    values = {"when": moment(event.starts_at), "place": f"{event.university}，{event.place}"}
    return [
        _("%(when)s at %(place)s counts as confirmed.") % values,
        _("A change of place or time asks for a new confirmation."),
    ]


def _publish(event: RecruitingEvent) -> list[str]:
    seats = ngettext("%(n)s seat can be taken.", "%(n)s seats can be taken.", event.capacity)
    lines = [_("The event is on the public site, registration is open to everyone."), seats % {"n": event.capacity}]
    if event.registration_opens_at:
        lines[0] = _("The event is on the public site; registration opens on %(when)s.") % {
            "when": moment(event.registration_opens_at)
        }
    return [*lines, _("From then on a change needs a reason, and people who hold a seat are told.")]


def _hold(event: RecruitingEvent) -> list[str]:
    arrived = event.registrations.exclude(checked_in_at=None).count()
    lines = [_("The event counts as held, with %(n)s people checked in.") % {"n": f"{arrived:,}"}]
    return [*lines, _("Nobody can register any more; people who were there can still be checked in until the close.")]


def _close(event: RecruitingEvent) -> list[str]:
    return [_("Check-ins stay as they are from now on.")]


def _postpone(event: RecruitingEvent) -> list[str]:
    if event.published_at is None:
        return [_("The event is not public yet, so nobody is told.")]
    return [
        told(event),
        _("Their seats stay valid. The public page shows the old date, the new one and the reason."),
        _("Registration stops until place and time are confirmed again and the event is published again."),
    ]


def _cancel(event: RecruitingEvent) -> list[str]:
    if event.published_at is None:
        return [_("The event is not public yet, so nobody is told."), _("This can't be undone.")]
    return [
        told(event),
        _("The public page stays and gives the reason; calendars take the event out when they read it again."),
        _("This can't be undone."),
    ]


ACTS = (
    Act("approve", gettext_lazy("Approve"), gettext_lazy("The event is approved."), _approve, may_approve_events,
        domain.approve_event, leads=True),
    Act("confirm", gettext_lazy("Confirm place and time"), gettext_lazy("Place and time are confirmed."), _confirm,
        may_plan_events, domain.confirm_event, DocumentForm, leads=True),
    Act("publish", gettext_lazy("Publish"), gettext_lazy("The event is public."), _publish, may_approve_events,
        domain.publish_event, leads=True),
    Act("hold", gettext_lazy("Record as held"), gettext_lazy("The event is recorded as held."), _hold, may_run_events,
        domain.record_held, leads=True),
    Act("close", gettext_lazy("Close the books"), gettext_lazy("The books of the event are closed."), _close,
        may_run_events, domain.close_event, leads=True),
    Act("postpone", gettext_lazy("Postpone"), gettext_lazy("The event is postponed."), _postpone, may_approve_events,
        domain.postpone_event, PostponeForm),
    Act("cancel", gettext_lazy("Cancel the event"), gettext_lazy("The event is cancelled."), _cancel,
        may_approve_events, domain.cancel_event, PublicReasonForm),
)  # fmt: skip
BY_NAME = {act.name: act for act in ACTS}


def acts_of(user: User, event: RecruitingEvent) -> list[Act]:
    """The acts the state allows and the person may do."""
    return [act for act in ACTS if act.fits(event) and act.rule(user, event)]


def leading_act(event: RecruitingEvent) -> Act | None:
    """The act that brings the event on from its state, whoever may do it."""
    return next((act for act in ACTS if act.leads and act.fits(event)), None)
