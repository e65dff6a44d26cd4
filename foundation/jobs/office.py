"""The register of one's own work in the background."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from foundation.dates import moment
from foundation.jobs.models import Job, JobState
from foundation.jobs.queries import visible_to
from foundation.ui.registers import Cell, ScopedModelViewSet, Title


def is_staff_member(user: Any, job: Job | None = None) -> bool:
    """Whoever works in the office may look after their own work."""
    return bool(getattr(user, "is_staff_member", False))


class JobFilter(WagtailFilterSet):
    state = django_filters.ChoiceFilter(choices=JobState.choices, label=_("State"))

    class Meta:
        model = Job
        fields: list[str] = []


class Jobs(ScopedModelViewSet):
    """The work a person started, newest first; each job has a page of its own, also outside the office."""

    model = Job
    name = "jobs"
    url_prefix = "jobs"
    icon = "tasks"
    page_title = _("Work in the background")
    empty_hint = _("Every import you start stands here with its result and its error sheet.")
    view_rule = is_staff_member
    inspect_view_enabled = False
    list_related = ("owner",)
    search_fields = ["title"]
    filterset_class = JobFilter
    ordering = "-created_at"
    export_filename = "jobs"
    list_display = [
        Title("title", label=_("Title"), url_name="job"),
        Cell("get_state_display", label=_("State"), classname="brief"),
        Cell("owner", label=_("Started by"), classname="brief"),
        Cell("created_at", label=_("Started"), accessor=lambda job: moment(job.created_at), classname="brief"),
    ]
    list_export = ["title", "get_state_display", "owner", "created_at", "finished_at", "done", "total"]
    export_headings = {"get_state_display": _("State"), "owner": _("Started by"), "created_at": _("Started")}

    def scope_of(self, user: Any) -> QuerySet[Job]:
        return visible_to(user)
