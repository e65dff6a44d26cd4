"""The register of this room: the entries of the catalogues of majors."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from campaigns.planning.models import BroadGroup, Major, MajorCatalogue, StudyLevel
from campaigns.planning.policies import may_keep_catalogues
from foundation.ui.registers import Cell, ScopedModelViewSet, Title


class MajorFilter(WagtailFilterSet):
    catalogue = django_filters.ModelChoiceFilter(queryset=MajorCatalogue.objects.all(), label=_("Catalogue"))
    level = django_filters.ChoiceFilter(choices=StudyLevel.choices, label=_("Level"))

    class Meta:
        model = Major
        fields: list[str] = []


def _groups(major: Major) -> str:
    return "、".join(group.name for group in major.groups.all())


class Majors(ScopedModelViewSet):
    """Every entry of the imported catalogues, found by code, name, old name or broad group."""

    model = Major
    name = "planning_majors"
    url_prefix = "planning/majors/entries"
    icon = "list-ul"
    page_title = _("Entries of the catalogues")
    empty_hint = _("They come with a catalogue of majors that is imported.")
    above = ((_("Catalogues of majors"), "planning-catalogues"),)
    view_rule = may_keep_catalogues
    inspect_view_enabled = False
    list_related = ("catalogue",)
    list_per_page = 50
    search_fields = ["name", "old_names"]
    filterset_class = MajorFilter
    ordering = ("catalogue", "level", "code")
    export_filename = "majors"
    list_display = [
        Title("name", label=_("Name")),
        Cell("code", label=_("Code"), classname="mono brief"),
        Cell("get_level_display", label=_("Level"), classname="brief"),
        Cell("old_names", label=_("Old names")),
        Cell("groups", label=_("Broad groups"), accessor=_groups),
        Cell("catalogue", label=_("Catalogue"), accessor="catalogue.key"),
    ]
    list_export = ["catalogue.key", "get_level_display", "code", "name", "old_names"]
    export_headings = {"catalogue.key": _("Catalogue"), "get_level_display": _("Level")}

    def scope_of(self, user: Any) -> QuerySet[Major]:
        return Major.objects.all() if may_keep_catalogues(user) else Major.objects.none()

    def listed(self, rows: QuerySet[Major]) -> QuerySet[Major]:
        return rows.prefetch_related("groups")

    def matching(self, word: str) -> Q:
        groups = BroadGroup.objects.filter(name__icontains=word)
        match = super().matching(word) | Q(pk__in=groups.values("majors"))
        # Sheets write the code with the letter of its level, which is not part of it: A0301.
        code = word.lstrip("ABCabc")
        return match | Q(code__startswith=code) if code[:1].isdecimal() else match


REGISTERS = (Majors(),)
