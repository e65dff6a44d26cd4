"""Panels in the staff menu, and what waits there."""

from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from accounts.models import User
from foundation.ui.office import RuledMenuItem, Todo, register_todo
from recruitment.panels.policies import may_judge, may_read_panels, may_set_up_panels
from recruitment.panels.progress import progress_of_all
from recruitment.panels.queries import panels_visible_to, sheets_left


@hooks.register("register_admin_urls")
def urls() -> list[URLResolver]:
    return [path("panels/", include("recruitment.panels.office.urls"))]


@hooks.register("register_admin_menu_item")
def menu_item() -> RuledMenuItem:
    rule = may_read_panels | may_judge
    return RuledMenuItem(_("Panels"), reverse("panels-mine"), rule=rule, icon_name="group", order=330, name="panels")


@register_todo
def open_sheets(user: User) -> list[Todo]:
    """A judge's open sheets, and panels whose marks may be closed."""
    found = [Todo(_("Score sheets to hand in"), sheets_left(user), reverse("panels-mine"))]
    if may_set_up_panels(user):
        rows = panels_visible_to(user).filter(locked_at=None, subjects__isnull=False).distinct()
        progress = progress_of_all(rows.select_related("campaign")).values()
        ready = sum(not any(number.missing for number in numbers) for numbers in progress)
        short = sum(any(number.short for number in numbers) for numbers in progress)
        found.append(Todo(_("Panels whose marks can be closed"), ready, reverse("panels-mine")))
        found.append(Todo(_("Panels that need a substitute"), short, reverse("panels-mine")))
    return found
