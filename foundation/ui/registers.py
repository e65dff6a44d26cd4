"""Registers: lists of rows with search, filters, export and a look at one row, built on Wagtail's viewsets.

Wagtail's own viewsets filter only the list; every other view of them opens any row. `ScopedModelViewSet` closes that:
each view it builds asks `scope_of(user)` again, and what lies outside is not found (404). Its exports run no formulas,
and `ScopedBulkAction` takes rows of the scope only.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple, cast

from django import forms
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, TitleColumn
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.generic.models import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permission_policies.base import BasePermissionPolicy

from foundation.dates import day, moment
from foundation.errors import DomainError
from foundation.ui.exports import SafeExport
from foundation.ui.office import Rule, Text, never, with_reasons

MOST_WORDS = 6
# Wagtail's pages of an act, which exist only where the viewset's rule says who may do it.
PAGES_OF_ACTS = {
    "add": "add", "copy": "add", "edit": "change", "history": "change", "history_results": "change", "usage": "change",
    "reorder": "change", "delete": "delete",
}  # fmt: skip


class Cell(Column):
    """A column whose cells carry their label, which stands before the value on a telephone.

    `get_url` takes the row and gives the address its cell leads to, or nothing.
    """

    cell_template_name = "ui/office/cell.html"

    def __init__(self, name: str, *, get_url: Callable[[Any], str] | None = None, **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.get_url = get_url

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return {**context, "url": self.get_url(instance) if self.get_url else ""}


class Title(TitleColumn):
    """The first column: it leads to the row's page and names the row for its checkbox."""

    cell_template_name = "ui/office/title_cell.html"

    def get_title_id(self, instance: Any, parent_context: Any) -> str:
        return f"item_{instance.pk}_title"


class Link(NamedTuple):
    """A page beside the list: in its header, for those whom `rule` allows (whoever sees the list, unless said)."""

    label: Text
    url_name: str
    icon: str
    rule: Rule = bool


class ScopedPermissionPolicy(BasePermissionPolicy):
    """Wagtail's questions, answered by the viewset's rules and scope."""

    def __init__(self, viewset: "ScopedModelViewSet") -> None:
        super().__init__(viewset.model)
        self.viewset = viewset

    def _rule(self, action: str) -> Rule:
        return self.viewset.rules().get(action, never)

    def user_has_permission(self, user: Any, action: str) -> bool:
        return bool(user.is_authenticated and self._rule(action)(user))

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def users_with_any_permission(self, actions: Iterable[str]) -> Any:
        return None

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Any]:
        allowed = self.user_has_any_permission(user, actions)
        return self.viewset.scope_of(user) if allowed else self.model._default_manager.none()

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Model) -> bool:
        # Rows of a scoped list carry whose scope they came from, so that a list asks no question for each row.
        listed = getattr(instance, "in_scope_of", None) == user.pk
        inside = listed or self.viewset.scope_of(user).filter(pk=instance.pk).exists()
        return inside and bool(self._rule(action)(user, instance))


class ScopedModelViewSet(ModelViewSet):
    """Wagtail's list, filters, export, inspection, forms and bulk actions of a model, for rows inside a scope only.

    Subclasses give `scope_of` (no row twice) and a rule for each act; nothing may be done unless said, and the pages of
    acts that nobody may do do not exist.
    """

    model: type[Model]
    form_fields: list[str] = []
    add_to_admin_menu = False
    # Wagtail would look for references at every save of such a row; no page of ours shows them.
    add_to_reference_index = False
    view_rule: Rule = never
    add_rule: Rule = never
    change_rule: Rule = never
    delete_rule: Rule = never
    page_title: Text = ""
    empty_hint: Text = ""  # how rows come into the list
    above: tuple[tuple[Text, str], ...] = ()  # (name, URL name) of the pages above the list
    links: tuple[Link, ...] = ()
    bulk_actions: tuple[type["ScopedBulkAction"], ...] = ()
    list_related: tuple[str, ...] = ()
    list_per_page = 30
    search_backend_name = None
    inspect_view_enabled = True
    copy_view_enabled = False
    # Wagtail's reordering moves every row of the table, also those outside the scope.
    sort_order_field = None
    index_template_name = "ui/office/register.html"
    index_results_template_name = "ui/office/register_rows.html"
    inspect_template_name = "ui/office/register_row.html"

    def scope_of(self, user: Any) -> QuerySet[Any]:
        """The rows this person may know of."""
        raise NotImplementedError

    def rows_of(self, user: Any) -> QuerySet[Any]:
        """The scope with the related rows that lists name."""
        rows = self.scope_of(user)
        return rows.select_related(*self.list_related) if self.list_related else rows

    def listed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """What the list shows of the rows beside their own fields: annotations and prefetched rows."""
        return rows

    def matching(self, word: str) -> Q:
        """The rows in which one word of the search is found."""
        match = Q(pk__in=[])
        for name in self.search_fields or ():
            match |= Q(**{f"{name}__icontains": word})
        return match

    def exporting(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Called before rows leave as a file; gives back those that do."""
        return rows

    def rules(self) -> Mapping[str, Rule]:
        """Wagtail's name of an act → the rule that allows it."""
        cls = type(self)
        return {"view": cls.view_rule, "add": cls.add_rule, "change": cls.change_rule, "delete": cls.delete_rule}

    @property
    def permission_policy(self) -> ScopedPermissionPolicy:
        return ScopedPermissionPolicy(self)

    def register_admin_url_finder(self) -> None:
        if self.rules()["change"] is not never:
            super().register_admin_url_finder()

    def construct_view(self, view_class: type, **kwargs: Any) -> Any:
        return with_reasons(super().construct_view(_scoped(view_class, self), **kwargs))

    def get_urlpatterns(self) -> list[URLPattern]:
        rules = self.rules()
        patterns = super().get_urlpatterns()
        kept = [each for each in patterns if rules.get(PAGES_OF_ACTS.get(each.name, "view")) is not never]
        return [*kept, *(self._bulk_pattern(action) for action in self.bulk_actions)]

    def bulk_actions_for(self, user: Any) -> list[tuple[type["ScopedBulkAction"], str]]:
        """(action, its address) of what this person may do to several rows."""
        own = [action for action in self.bulk_actions if action.rule(user)]
        return [(action, reverse(self.get_url_name(f"bulk_{action.action_type}"))) for action in own]

    def _bulk_pattern(self, action: type["ScopedBulkAction"]) -> URLPattern:
        @with_reasons
        def view(request: HttpRequest) -> Any:
            if not self.permission_policy.user_has_permission(request.user, "view") or not action.rule(request.user):
                raise Http404
            return action(request, self).dispatch(request)

        return path(f"bulk/{action.action_type}/", view, name=f"bulk_{action.action_type}")


class _Inside:
    """Mixin of every view: it does not exist for people who may not view, nor for rows outside their scope.

    Asked in `setup`, before Wagtail's own code: some of its views fetch the row there, some only when they answer.
    """

    viewset: ScopedModelViewSet

    @property
    def breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = [(reverse(url_name), name) for name, url_name in self.viewset.above]
        home = [(reverse("wagtailadmin_home"), _("Home")), *above]
        return [{"url": url, "label": name} for url, name in home]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        if not self.viewset.permission_policy.user_has_permission(request.user, "view"):
            raise Http404
        if "pk" in kwargs and not self.viewset.scope_of(request.user).filter(pk=unquote(str(kwargs["pk"]))).exists():
            raise Http404
        super().setup(request, *args, **kwargs)  # type: ignore[misc]


class _Rows(SafeExport, _Inside):
    """Mixin of the list: rows of the scope, links to pages beside it, bulk actions, exports."""

    table_classname = "table table--cards table--small"

    def get_page_title(self) -> Any:
        return self.viewset.page_title or super().get_page_title()  # type: ignore[misc]

    def get_base_queryset(self) -> QuerySet[Any]:
        user = self.request.user
        rows = self.viewset.listed(self.viewset.rows_of(user))
        return rows.annotate(in_scope_of=Value(user.pk))

    def search_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        for word in cast(Any, self).search_query.split()[:MOST_WORDS]:
            queryset = queryset.filter(self.viewset.matching(word))
        return queryset

    @cached_property
    def bulk_actions(self) -> list[tuple[type["ScopedBulkAction"], str]]:
        return self.viewset.bulk_actions_for(self.request.user)

    @cached_property
    def columns(self) -> list[Any]:
        columns = list(super().columns)  # type: ignore[misc]
        return [BulkActionsCheckboxColumn("choose", obj_type="item"), *columns] if self.bulk_actions else columns

    @cached_property
    def header_buttons(self) -> list[Any]:
        shown = [link for link in self.viewset.links if link.rule(self.request.user)]
        links = [HeaderButton(link.label, reverse(link.url_name), icon_name=link.icon) for link in shown]
        return [*super().header_buttons, *links]  # type: ignore[misc]

    def as_spreadsheet(self, queryset: Any, spreadsheet_format: str) -> Any:
        return super().as_spreadsheet(self.viewset.exporting(self.request, queryset), spreadsheet_format)


class _Row(_Inside):
    """Mixin of the page of one row: under the name of its register, with days and moments in words."""

    def get_page_title(self) -> Any:
        return self.viewset.page_title or capfirst(self.viewset.model._meta.verbose_name)

    def get_field_label(self, field_name: str, field: Any) -> Any:
        labels = {column.name: column.label for column in self.viewset.list_display if isinstance(column, Column)}
        return labels.get(field_name) or super().get_field_label(field_name, field)  # type: ignore[misc]

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        value = super().get_field_display_value(field_name, field)  # type: ignore[misc]
        if isinstance(value, datetime):
            return moment(value, "s")
        return day(value) if isinstance(value, date) else value


def _scoped(view_class: type, viewset: ScopedModelViewSet) -> Any:
    """A subclass of the view for this viewset; a history lists log entries, whose numbers are not those of the rows."""
    kinds: dict[type, type] = {IndexView: _Rows, InspectView: _Row}
    mixin = next((mixin for kind, mixin in kinds.items() if issubclass(view_class, kind)), _Inside)
    return type(f"Scoped{view_class.__name__}", (mixin, view_class), {"viewset": viewset})


class ScopedBulkAction(BulkAction):
    """An act upon the rows somebody ticked: first whom it takes and whom not and why, then all of these or none.

    `?id=` names the rows. One outside the scope, unknown or no key at all: nothing is found (404). `run` calls the
    verbs inside one transaction; a refusal of one of them undoes them all and stands at the form (422).
    """

    do_not_call_in_templates = True
    rule: Rule = never
    done: Callable[[int], str]
    template_name = "ui/office/bulk.html"
    form_class: type[forms.Form] = forms.Form

    def __init__(self, request: HttpRequest, viewset: ScopedModelViewSet) -> None:
        self.viewset, self.models = viewset, [viewset.model]
        super().__init__(request, viewset.model)
        if self.next_url == request.path:  # type: ignore[has-type]
            self.next_url = reverse(viewset.get_url_name("index"))

    def refusals(self, user: Any, rows: list[Any]) -> Mapping[Any, str]:
        """Primary key → why this row can't be taken; by default what the rule says of each."""
        decisions = {row.pk: type(self).rule(user, row) for row in rows}
        return {pk: str(getattr(decision, "reason", "")) for pk, decision in decisions.items() if not decision}

    @classmethod
    def run(cls, *, actor: Any, rows: list[Any], **values: Any) -> int:
        """Do it, by verbs that ask their own rules again; returns how many rows were taken."""
        raise NotImplementedError

    @cached_property
    def chosen(self) -> tuple[list[Any], list[tuple[Any, str]]]:
        """The rows it takes, and those it can't take with the reason; raises Http404 for keys outside the scope."""
        key, user = self.model._meta.pk, self.request.user
        assert key is not None
        try:
            keys = {key.clean(text, None) for text in self.request.GET.getlist("id")}
        except ValidationError as no_key:
            raise Http404 from no_key
        rows = list(self.viewset.rows_of(user).filter(pk__in=keys).order_by("pk"))
        if not keys or len(rows) != len(keys):
            raise Http404
        refused = self.refusals(user, rows)
        able = [row for row in rows if row.pk not in refused]
        return able, [(row, refused[row.pk]) for row in rows if row.pk in refused]

    def get_actionable_objects(self) -> tuple[list[Any], dict[str, Any]]:
        able, unable = self.chosen
        return able, {"items_with_no_access": unable}

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=self.form_class()))

    def form_valid(self, form: forms.Form) -> HttpResponse:
        able = {str(row.pk) for row in self.chosen[0]}
        try:
            if not able or able != set(self.request.POST.getlist("able")):
                raise DomainError(_("These rows are not those that were shown. Look again. Nothing was saved."))
            return super().form_valid(form)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            return self.form_invalid(form)

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_execution_context(self) -> dict[str, Any]:
        return {"actor": self.request.user, **self.cleaned_form.cleaned_data}

    @classmethod
    def execute_action(cls, objects: list[Any], **kwargs: Any) -> tuple[int, int]:
        return cls.run(rows=objects, **kwargs), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return type(self).done(num_parent_objects)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        above = (self.viewset.page_title or self.model._meta.verbose_name_plural, self.next_url)
        able, unable = self.chosen
        context = {"page_title": self.display_name, "crumbs": [above], "able": able, "unable": unable}
        return super().get_context_data(**{**context, **kwargs})
