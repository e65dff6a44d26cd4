"""Appointments in the staff menu, and who waits for whom."""

from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from accounts.models import User
from foundation.ui.office import RuledMenuItem, Todo, register_todo
from recruitment.appointments import policies
from recruitment.appointments.queries import appointments_visible_to, campaigns_to_take_over
from recruitment.appointments.queue import BY_KEY

WAITING = (
    ("medical", _("People waiting for the medical exam"), policies.may_record_medical),
    ("inspection", _("People waiting for the inspection"), policies.may_record_inspection),
    ("to-notice", _("People for the list of proposed hires"), policies.may_open),
    ("objection", _("Objections to decide"), policies.may_record_objections),
    ("approval", _("Appointments to approve"), policies.may_approve),
    ("entry", _("People to enter on their posts"), policies.may_enter_posts),
    ("report", _("People to report for duty"), policies.may_record_service),
    ("probation", _("Probations to confirm"), policies.may_record_service),
    ("place", _("Places to fill or to leave empty"), policies.may_replace),
)


@hooks.register("register_admin_urls")
def urls() -> list[URLResolver]:
    return [path("appointments/", include("recruitment.appointments.office.urls"))]


@hooks.register("register_admin_menu_item")
def menu_item() -> RuledMenuItem:
    return RuledMenuItem(
        _("Appointments"),
        reverse("appointments"),
        rule=policies.may_read,
        icon_name="user",
        order=510,
        name="appointments",
    )


@register_todo
def waiting(user: User) -> list[Todo]:
    """What waits for this person's own duty, and campaigns whose people can be taken over."""
    url, found = reverse("appointments"), []
    rows = appointments_visible_to(user).order_by()
    for key, label, rule in WAITING:
        if rule(user):
            found.append(Todo(label, BY_KEY[key].narrow(rows).count(), f"{url}?queue={key}"))
    if policies.may_open(user):
        found.append(Todo(_("Campaigns with people to take over"), campaigns_to_take_over(user).count(), url))
    return found
