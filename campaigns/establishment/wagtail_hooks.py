from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from campaigns.establishment.office.viewsets import MovementViewSet, movements
from campaigns.establishment.policies import may_read_posts
from foundation.ui.office import RuledMenuItem


@hooks.register("register_admin_urls")
def posts_urls() -> list[URLResolver]:
    return [path("posts/", include("campaigns.establishment.office.urls"))]


@hooks.register("register_admin_viewset")
def movement_viewset() -> MovementViewSet:
    return movements


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
