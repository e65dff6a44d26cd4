"""What waits too long: permits about to end, posts reserved or held for too long, each with owner and deadline."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.establishment.models import EstablishedPost
from campaigns.establishment.office.common import POSTS_HOME, sheet_response, user_of
from campaigns.establishment.policies import may_read_posts
from campaigns.establishment.queries import described, permits_ending, renewers_of, stuck_posts
from campaigns.establishment.queries.attention import PATIENCE, PERMIT_WARNING_DAYS
from foundation.ui.office import OfficeList


class Stuck(OfficeList):
    """Two lists: permits that end or have ended with posts under way, and posts that wait too long."""

    rule = may_read_posts
    page_title = gettext_lazy("Waiting too long")
    template_name = "establishment/stuck.html"
    search_in = ("code", "unit__name", "purpose")

    def crumbs(self) -> list[tuple[Any, str]]:
        return POSTS_HOME

    def rows(self) -> QuerySet[EstablishedPost]:
        return stuck_posts(user_of(self.request))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("export") != "xlsx":
            return super().get(request, *args, **kwargs)
        heads = [
            _("Post"), _("Unit"), _("State"), _("Reserved for"), _("Since"), _("Days"), _("Waits for"), _("Owner"),
            _("Permit"), _("Next deadline"),
        ]  # fmt: skip
        rows = (
            [
                row.post.code, str(row.post.unit), row.post.get_state_display(), row.post.purpose, row.post.state_since,
                row.days, str(row.waits_for), row.owner, str(row.post.permit or ""), row.deadline,
            ]
            for row in described(self.found())
        )  # fmt: skip
        return sheet_response(request, str(self.page_title), heads, rows, subject=None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        permits = list(permits_ending(user_of(self.request))[:100])
        context.update(
            lines=described(context["page"].object_list),
            permits=list(zip(permits, renewers_of(permits), strict=True)),
            today=timezone.localdate(),
            patience={state.label: days for state, days in PATIENCE.items()},
            warning=PERMIT_WARNING_DAYS,
        )
        return context
