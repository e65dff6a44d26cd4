from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLResolver, include, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts.policies import Predicate
from campaigns.planning.policies import may_keep_calendar, may_read_campaigns, may_read_programmes


class DutyMenuItem(MenuItem):
    """A menu item for those whom `rule` allows."""

    def __init__(self, label: Any, url_name: str, rule: Predicate, **kwargs: Any) -> None:
        super().__init__(label, reverse(url_name), name=url_name, **kwargs)
        self.rule = rule

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(self.rule(request.user))  # type: ignore[arg-type]


@hooks.register("register_admin_urls")
def _urls() -> list[URLResolver]:
    return [path("planning/", include("campaigns.planning.office.urls"))]


@hooks.register("insert_global_admin_css")
def _style() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("planning/office.css"))


@hooks.register("register_admin_menu_item")
def _campaigns() -> MenuItem:
    return DutyMenuItem(_("Campaigns"), "planning-campaigns", may_read_campaigns, icon_name="list-ul", order=200)


@hooks.register("register_admin_menu_item")
def _programmes() -> MenuItem:
    return DutyMenuItem(
        _("Programmes"), "planning-programmes", may_read_programmes, icon_name="folder-open-inverse", order=210
    )


@hooks.register("register_admin_menu_item")
def _calendar() -> MenuItem:
    return DutyMenuItem(_("Working-day calendar"), "planning-calendar", may_keep_calendar, icon_name="date", order=840)
