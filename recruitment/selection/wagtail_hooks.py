"""Selections in the staff menu, and what waits there."""

from datetime import datetime, time, timedelta

from django.urls import URLResolver, include, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from accounts.models import User
from campaigns.planning.queries import rules_of
from foundation.ui.office import RuledMenuItem, Todo, register_todo
from recruitment.selection.parts import is_ready_to_rank
from recruitment.selection.policies import may_read_selection, may_record_agreements, may_run_selection
from recruitment.selection.queries import degrees_due, drawn_but_open, selections_visible_to, with_counts

AHEAD = timedelta(days=60)


@hooks.register("register_admin_urls")
def urls() -> list[URLResolver]:
    return [path("selection/", include("recruitment.selection.office.urls"))]


@hooks.register("register_admin_menu_item")
def menu_item() -> RuledMenuItem:
    return RuledMenuItem(
        _("Selections"),
        reverse("selection-list"),
        rule=may_read_selection,
        icon_name="check",
        order=320,
        name="selection",
    )


@register_todo
def waiting(user: User) -> list[Todo]:
    """Selections to rank, agreements to sign, degrees that fall due within sixty days."""
    url, found = reverse("selection-list"), []
    rows = with_counts(selections_visible_to(user)) if may_read_selection(user) else None
    if rows is not None and may_run_selection(user):
        open_rows = rows.filter(pk__in=drawn_but_open(rows)).prefetch_related("panels")
        ready = sum(is_ready_to_rank(rules_of(row), list(row.panels.all())) for row in open_rows)
        found.append(Todo(_("Selections to rank"), ready, url))
    if rows is not None and may_record_agreements(user):
        found.append(Todo(_("Agreements to sign"), sum(rows.values_list("proposed", flat=True)), url))
        due = degrees_due(user, timezone.localdate() + AHEAD)
        first = due.first()
        by = timezone.make_aware(datetime.combine(first.degree_due_on, time.max)) if first else None
        found.append(Todo(_("Degrees to be shown"), due.count(), url, by))
    return found
