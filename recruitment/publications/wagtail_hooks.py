"""The press in the staff menu, and the lists that wait for a second person or for their release."""

from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from accounts.models import User
from foundation.ui.office import RuledMenuItem, Todo, register_todo
from recruitment.publications.policies import may_read_before_release, may_release
from recruitment.publications.queries import earliest_due, to_release, to_review


@hooks.register("register_admin_urls")
def urls() -> list[URLResolver]:
    return [path("press/", include("recruitment.publications.office.urls"))]


@hooks.register("register_admin_menu_item")
def menu_item() -> RuledMenuItem:
    return RuledMenuItem(
        _("Lists"),
        reverse("press-publications"),
        rule=may_read_before_release,
        icon_name="doc-full-inverse",
        order=500,
        name="press",
    )


@register_todo
def waiting(user: User) -> list[Todo]:
    """Lists to review, never one's own, and reviewed ones without an hour, with the day their step is planned for."""
    if not may_release(user):
        return []
    url = reverse("press-publications")
    drafts, reviewed = to_review(user), to_release(user)
    return [
        Todo(_("Lists to review"), drafts.count(), f"{url}?state=draft", earliest_due(drafts)),
        Todo(_("Lists to release"), reviewed.count(), f"{url}?state=reviewed", earliest_due(reviewed)),
    ]
