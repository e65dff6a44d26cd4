from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from foundation.jobs.office import Jobs
from foundation.ui.office import todos_of


@hooks.register("insert_global_admin_css")
def house_styles() -> SafeString:
    sheets = ((static(f"ui/{name}.css"),) for name in ("tokens", "components", "office"))
    return format_html_join("", '<link rel="stylesheet" href="{}">', sheets)


@hooks.register("register_admin_viewset")
def jobs() -> Jobs:
    return Jobs()


@hooks.register("construct_main_menu")
def without_wagtails_own(request: HttpRequest, items: list[MenuItem]) -> None:
    """Help leads to pages about Wagtail, reports and settings to pages that nobody's work needs."""
    items[:] = [item for item in items if item.name not in ("help", "reports", "settings")]


class TodoPanel(Component):
    """The staff home page: what waits for this person."""

    name = "todo"
    order = 10
    template_name = "ui/office/todo.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"todos": todos_of(parent_context["request"].user)}


@hooks.register("construct_homepage_panels")
def todo_first(request: HttpRequest, panels: list[Component]) -> None:
    """The to-do list replaces Wagtail's panels about pages, which only editors need."""
    panels[:] = [TodoPanel(), *(panel for panel in panels if request.user.has_perm("wagtailcore.change_page"))]
