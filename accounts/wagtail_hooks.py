from collections.abc import Sequence

from django.urls import URLResolver, include, path
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet

from accounts.office.account import change_password, second_factor
from accounts.office.registers import REGISTERS

hooks.register("register_account_menu_item", change_password)
hooks.register("register_account_menu_item", second_factor)


@hooks.register("register_admin_urls")
def _urls() -> list[URLResolver]:
    return [path("accounts/", include("accounts.office.urls"))]


@hooks.register("register_admin_viewset")
def _registers() -> Sequence[ViewSet]:
    return REGISTERS
