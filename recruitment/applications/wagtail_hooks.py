"""The review desk in the staff menu."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from accounts.models import User
from campaigns.planning.queries import calendar, rules_of
from foundation.ui.office import RuledMenuItem, Todo, register_todo
from recruitment.applications.enums import ApplicationState
from recruitment.applications.office import opening, views
from recruitment.applications.policies import is_reviewer, may_check_opening, may_read
from recruitment.applications.queries import deadline_of, visible_to


@hooks.register("register_admin_menu_item")
def menu_item() -> RuledMenuItem:
    return RuledMenuItem(
        _("Review"), reverse("review-queue"), rule=may_read, icon_name="tasks", order=300, name="review"
    )


@register_todo
def waiting(user: User) -> list[Todo]:
    """Applications that wait for this reviewer, with the moment the oldest must be answered by."""
    if not is_reviewer(user):
        return []
    rows = visible_to(user).filter(state=ApplicationState.SUBMITTED)
    oldest = rows.select_related("campaign").order_by("submitted_at").first()
    due = deadline_of(oldest, rules_of(oldest.campaign), calendar()) if oldest else None
    return [Todo(_("Applications to review"), rows.count(), reverse("review-queue"), due)]


@register_todo
def ratios_to_check(user: User) -> list[Todo]:
    """Exams whose registration is over and whose opening ratio is still to be checked."""
    if not may_check_opening(user):
        return []
    rows = opening.due(user)
    first = rows.first()
    url = reverse("opening-ratio", args=[first.code]) if first else ""
    return [Todo(_("Opening ratios to check"), rows.count(), url)]


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern]:
    return [
        path("review/", views.queue, name="review-queue"),
        path("review/pass/", views.pass_several, name="review-pass"),
        path("opening-ratio/<str:code>/", opening.OpeningRatio.as_view(), name="opening-ratio"),
        path("review/<slug:registration_no>/", views.case, name="review-case"),
        path("review/<slug:registration_no>/decide/", views.decide, name="review-decide"),
        path("review/<slug:registration_no>/consent/", views.consent, name="review-consent"),
        path("review/<slug:registration_no>/recuse/", views.recuse, name="review-recuse"),
        path("review/<slug:registration_no>/reveal/", views.reveal, name="review-reveal"),
    ]
