from typing import Any

from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts.policies import Predicate, may_manage_staff, may_manage_units, may_read_audit, may_read_sign_ins


class DutyMenuItem(MenuItem):
    """A menu item for those whom `rule` allows."""

    def __init__(self, label: Any, url_name: str, rule: Predicate, **kwargs: Any) -> None:
        super().__init__(label, reverse(url_name), name=url_name, **kwargs)
        self.rule = rule

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(self.rule(request.user))


@hooks.register("register_admin_urls")
def _urls() -> list[URLResolver]:
    return [path("accounts/", include("accounts.office.urls"))]


@hooks.register("register_admin_menu_item")
def _units() -> MenuItem:
    return DutyMenuItem(_("Units"), "office-units", may_manage_units, icon_name="site", order=800)


@hooks.register("register_admin_menu_item")
def _staff() -> MenuItem:
    return DutyMenuItem(_("Staff and roles"), "office-staff", may_manage_staff, icon_name="user", order=810)


@hooks.register("register_admin_menu_item")
def _audit() -> MenuItem:
    return DutyMenuItem(_("Audit trail"), "office-audit", may_read_audit, icon_name="history", order=820)


@hooks.register("register_admin_menu_item")
def _sign_ins() -> MenuItem:
    return DutyMenuItem(_("Sign-in events"), "office-sign-ins", may_read_sign_ins, icon_name="key", order=830)
