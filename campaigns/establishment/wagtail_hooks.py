from datetime import datetime, time

from django.templatetags.static import static
from django.urls import URLResolver, include, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from accounts.models import User
from campaigns.establishment.office.viewsets import REGISTERS
from campaigns.establishment.policies import may_manage_posts, may_read_posts
from campaigns.establishment.queries import (
    permits_ending,
    reconciliations_visible_to,
    stuck_posts,
    with_open_rows,
)
from foundation.ui.office import RuledMenuItem, Todo, register_todo


@hooks.register("register_admin_urls")
def posts_urls() -> list[URLResolver]:
    return [path("posts/", include("campaigns.establishment.office.urls"))]


@hooks.register("register_admin_viewset")
def registers() -> tuple[ViewSet, ...]:
    return REGISTERS


@hooks.register("insert_global_admin_css")
def style() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("establishment/office.css"))


@hooks.register("register_admin_menu_item")
def posts_menu() -> MenuItem:
    return RuledMenuItem(
        _("Ledger of posts"),
        reverse("posts-overview"),
        rule=may_read_posts,
        icon_name="table",
        order=220,
        name="posts",
    )


@register_todo
def posts_that_wait(user: User) -> list[Todo]:
    """For the establishment office: permits that end, posts that wait too long, comparisons with undecided rows."""
    if not may_manage_posts(user):
        return []
    ending = list(permits_ending(user).values_list("expires_on", flat=True))
    due = timezone.make_aware(datetime.combine(ending[0], time(23, 59))) if ending else None
    undecided = with_open_rows(reconciliations_visible_to(user).filter(closed_at=None)).filter(undecided__gt=0)
    return [
        Todo(_("Permits that end or have ended"), len(ending), reverse("posts-stuck"), due),
        Todo(_("Posts that wait too long"), stuck_posts(user).count(), reverse("posts-stuck")),
        Todo(_("Comparisons with undecided rows"), undecided.count(), reverse("posts-reconciliations")),
    ]
