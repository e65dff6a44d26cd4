from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from foundation.ui.office import RuledMenuItem
from recruitment.reporting.policies import may_read_figures


@hooks.register("register_admin_urls")
def figures_urls() -> list[URLResolver]:
    return [path("figures/", include("recruitment.reporting.office.urls"))]


@hooks.register("register_admin_menu_item")
def figures_menu() -> MenuItem:
    return RuledMenuItem(
        _("Figures"), reverse("figures"), rule=may_read_figures, icon_name="view", order=110, name="figures"
    )
