"""Movements of posts as Wagtail shows a model: list, filter, search, export and one movement by itself; read only."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from accounts.models import User
from campaigns.establishment.models import SlotMovement
from campaigns.establishment.policies import may_read_posts
from campaigns.establishment.queries import posts_visible_to
from foundation.ui.registers import ScopedModelViewSet


class MovementViewSet(ScopedModelViewSet):
    """The log of movements, for the posts a person may see."""

    model = SlotMovement
    icon = "history"
    name = "post_movements"
    url_prefix = "posts/movements"
    view_rule = may_read_posts
    list_related = ("post__unit", "actor")
    list_per_page = 30
    ordering = "-pk"
    search_fields = ["post__code", "document", "reason"]
    search_backend_name = None
    list_filter = ["move", "from_state", "to_state"]
    list_display = [
        TitleColumn("post", label=_("Post"), url_name="post_movements:inspect"),
        Column("post.unit", label=_("Unit")),
        Column("get_from_state_display", label=_("From")),
        Column("get_to_state_display", label=_("To")),
        Column("document", label=_("Document")),
        Column("actor", label=_("By")),
        DateColumn("at", label=_("Time")),
    ]
    list_export = ["post", "move", "from_state", "to_state", "at", "document", "reason_code", "reason"]
    inspect_view_fields = [
        "post", "move", "from_state", "to_state", "at", "actor", "reason_code", "reason", "document",
    ]  # fmt: skip

    def scope_of(self, user: Any) -> QuerySet[SlotMovement]:
        if not isinstance(user, User):
            return SlotMovement.objects.none()
        return SlotMovement.objects.filter(post__in=posts_visible_to(user))


movements = MovementViewSet()
