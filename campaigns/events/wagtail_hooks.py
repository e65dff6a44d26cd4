from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts.models import User
from campaigns.events.policies import may_approve_events, may_read_events
from campaigns.events.queries import events_visible_to
from foundation.ui.office import RuledMenuItem, Todo, register_todo


@hooks.register("register_admin_urls")
def events_urls() -> list[URLResolver]:
    return [path("events/", include("campaigns.events.office.urls"))]


@hooks.register("register_admin_menu_item")
def events_menu() -> MenuItem:
    return RuledMenuItem(
        _("Recruiting events"),
        reverse("events-office"),
        rule=may_read_events,
        icon_name="group",
        order=260,
        name="events",
    )


@register_todo
def waiting(user: User) -> list[Todo]:
    """Events somebody else planned that wait for this person's approval."""
    if not may_approve_events(user):
        return []
    rows = events_visible_to(user).filter(state="planned").exclude(created_by=user)
    return [Todo(_("Events to approve"), rows.count(), reverse("events-office"))]
