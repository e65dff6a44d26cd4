from django.templatetags.static import static
from django.urls import URLResolver, include, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet

from accounts.models import User
from campaigns.planning.enums import AnnouncementState, CampaignState
from campaigns.planning.models import Announcement
from campaigns.planning.office.registers import REGISTERS
from campaigns.planning.policies import (
    may_approve_plan,
    may_confirm_posts,
    may_keep_calendar,
    may_keep_catalogues,
    may_publish,
    may_read_campaigns,
    may_read_programmes,
)
from campaigns.planning.queries import campaigns_visible_to
from foundation.ui.office import RuledMenuItem, Todo, register_todo


@hooks.register("register_admin_urls")
def urls() -> list[URLResolver]:
    return [path("planning/", include("campaigns.planning.office.urls"))]


@hooks.register("register_admin_viewset")
def registers() -> tuple[ViewSet, ...]:
    return REGISTERS


@hooks.register("insert_global_admin_css")
def style() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("planning/office.css"))


@hooks.register("register_admin_menu_item")
def campaigns_item() -> RuledMenuItem:
    url = reverse("planning-campaigns")
    return RuledMenuItem(
        _("Campaigns"), url, rule=may_read_campaigns, icon_name="list-ul", order=200, name="planning-campaigns"
    )


@hooks.register("register_admin_menu_item")
def programmes_item() -> RuledMenuItem:
    return RuledMenuItem(
        _("Programmes"),
        reverse("planning-programmes"),
        rule=may_read_programmes,
        icon_name="folder-open-inverse",
        order=210,
        name="planning-programmes",
    )


@hooks.register("register_admin_menu_item")
def catalogues_item() -> RuledMenuItem:
    url = reverse("planning-catalogues")
    return RuledMenuItem(
        _("Catalogues of majors"), url, rule=may_keep_catalogues, icon_name="list-ul", order=842,
        name="planning-catalogues",
    )  # fmt: skip


@hooks.register("register_admin_menu_item")
def calendar_item() -> RuledMenuItem:
    url = reverse("planning-calendar")
    return RuledMenuItem(
        _("Working-day calendar"), url, rule=may_keep_calendar, icon_name="date", order=840, name="planning-calendar"
    )


@register_todo
def plans_that_wait(user: User) -> list[Todo]:
    """Plans to confirm or approve, announcements to approve, approved campaigns to publish: each for whom may do it."""
    url = reverse("planning-campaigns")
    campaigns = campaigns_visible_to(user)
    found = []
    if may_confirm_posts(user):
        rows = campaigns.filter(state=CampaignState.QUOTA_REVIEW)
        found.append(Todo(_("Plans whose posts wait for confirmation"), rows.count(), f"{url}?state=quota_review"))
    if may_approve_plan(user):
        rows = campaigns.filter(state=CampaignState.PLAN_APPROVAL).exclude(plan_submitted_by=user)
        found.append(Todo(_("Plans to approve"), rows.count(), f"{url}?state=plan_approval"))
    if may_publish(user):
        drafts = Announcement.objects.filter(campaign__in=campaigns, state=AnnouncementState.DRAFT)
        found.append(Todo(_("Announcements to approve"), drafts.exclude(drafted_by=user).count(), url))
    return found
