from datetime import datetime

from django.urls import URLResolver, include, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from accounts.models import User
from campaigns.events.office.registers import REGISTERS
from campaigns.events.policies import may_approve_events, may_plan_events, may_read_events, may_run_events
from campaigns.events.queries import WAITING, events_visible_to, waiting_counts
from foundation.ui.office import RuledMenuItem, Todo, register_todo

# What waits → who does it, and its name on the desk.
DESK = (
    ("today", may_run_events, _("Events today")),
    ("approval", may_approve_events, _("Events to approve")),
    ("confirmation", may_plan_events, _("Events whose place and time the university must confirm")),
    ("publication", may_approve_events, _("Events to publish")),
    ("full", may_plan_events, _("Events with no seat left")),
    ("record", may_run_events, _("Events that are over and not recorded as held")),
)


@hooks.register("register_admin_urls")
def events_urls() -> list[URLResolver]:
    return [path("events/", include("campaigns.events.office.urls"))]


@hooks.register("register_admin_viewset")
def registers() -> tuple[ViewSet, ...]:
    return REGISTERS


@hooks.register("register_admin_menu_item")
def events_menu() -> MenuItem:
    return RuledMenuItem(
        _("Recruiting events"),
        reverse("recruiting_events:index"),
        rule=may_read_events,
        icon_name="group",
        order=260,
        name="events",
    )


@register_todo
def waiting(user: User) -> list[Todo]:
    """What the events a person sees wait for, as far as it is theirs to do."""
    mine = [row for row in DESK if row[1](user)]
    if not mine:
        return []
    now = timezone.now()
    counts = waiting_counts(user, now)
    home = reverse("recruiting_events:index")
    due = _first_start(user, now) if counts["today"] else None
    return [
        Todo(label, counts[name], f"{home}?waiting={name}", due if name == "today" else None)
        for name, _rule, label in mine
    ]


def _first_start(user: User, now: datetime) -> datetime | None:
    """When the first of today's events begins."""
    rows = events_visible_to(user).filter(WAITING["today"](user, now)).order_by("starts_at")
    return rows.values_list("starts_at", flat=True).first()
