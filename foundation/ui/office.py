"""The back office inside the Wagtail admin: one scoped base for viewsets, plain pages, acts, menu and to-do list.

Wagtail's own viewsets filter only the list; every other view of them opens any row. `ScopedModelViewSet` closes that:
each view it builds asks `scope_of(user)` again, and what lies outside is not found (404). Its exports run no formulas.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Model, Q, QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.models import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies.base import BasePermissionPolicy

from foundation.errors import DomainError
from foundation.ui.exports import SafeExport

Text = str | Promise
Rule = Callable[..., Any]
PAGE_SIZE = 30


def with_reasons(view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator for views of the office: a denial becomes our own page with its reason.

    Wagtail would lead to its home page with a sentence of its own, and the reason would be lost.
    """

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return view(request, *args, **kwargs)
        except PermissionDenied as denial:
            context = {"page_title": _("You may not see this page"), "reason": str(denial)}
            return render(request, "ui/office/denied.html", context, status=403)

    return shown


def never(_user: Any, _subject: Any = None) -> bool:
    """The rule of an act nobody may do."""
    return False


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
    """Wagtail's list, filters, export, inspection and forms of a model, for rows inside a scope only.

    Subclasses give `scope_of` and a rule for each act; nothing may be done unless said.
    """

    model: type[Model]
    form_fields: list[str] = []
    add_to_admin_menu = False
    view_rule: Rule = never
    add_rule: Rule = never
    change_rule: Rule = never
    delete_rule: Rule = never
    list_related: tuple[str, ...] = ()
    inspect_view_enabled = True
    copy_view_enabled = False
    # Wagtail's reordering moves every row of the table, also those outside the scope.
    sort_order_field = None

    def scope_of(self, user: Any) -> QuerySet[Any]:
        """The rows this person may know of."""
        raise NotImplementedError

    def rules(self) -> Mapping[str, Rule]:
        """Wagtail's name of an act → the rule that allows it."""
        cls = type(self)
        return {"view": cls.view_rule, "add": cls.add_rule, "change": cls.change_rule, "delete": cls.delete_rule}

    @property
    def permission_policy(self) -> ScopedPermissionPolicy:
        return ScopedPermissionPolicy(self)

    def construct_view(self, view_class: type, **kwargs: Any) -> Any:
        return with_reasons(super().construct_view(_scoped(view_class, self), **kwargs))


def _scoped(view_class: Any, viewset: ScopedModelViewSet) -> Any:
    """A subclass of the view that does not exist for people who may not view, nor for rows outside their scope.

    Asked in `setup`, before Wagtail's own code: some of its views fetch the row there, some only when they answer.
    """

    def setup(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        if not viewset.permission_policy.user_has_permission(request.user, "view"):
            raise Http404
        if "pk" in kwargs and not viewset.scope_of(request.user).filter(pk=unquote(str(kwargs["pk"]))).exists():
            raise Http404
        super(scoped, self).setup(request, *args, **kwargs)

    def get_base_queryset(self: Any) -> QuerySet[Any]:
        user = self.request.user
        rows = super(scoped, self).get_base_queryset().filter(pk__in=viewset.scope_of(user).values("pk"))
        return rows.annotate(in_scope_of=Value(user.pk)).select_related(*viewset.list_related)  # type: ignore[no-any-return]

    # A history lists log entries, whose numbers are not those of the rows.
    lists_rows = issubclass(view_class, IndexView)
    methods = {"setup": setup, **({"get_base_queryset": get_base_queryset} if lists_rows else {})}
    bases = (SafeExport, view_class) if lists_rows else (view_class,)
    scoped: Any = type(f"Scoped{view_class.__name__}", bases, methods)
    return scoped


class OfficePage(TemplateView):
    """A plain page of the office. Whoever may not know of it gets 404, whoever may know but not act gets 403.

    `rule` is asked with the person (and `self.subject`, if `find` sets one); templates extend `ui/office/base.html`.
    """

    rule: Rule = never
    page_title: Text = ""
    subject: Any = None

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., Any]:
        return with_reasons(super().as_view(**initkwargs))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.subject = self.find(request, **kwargs)
        decision = type(self).rule(request.user, self.subject)
        if not decision:
            if self.subject is None:
                raise Http404
            raise PermissionDenied(getattr(decision, "reason", ""))
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def find(self, request: HttpRequest, **kwargs: Any) -> Any:
        """The object the page is about, from the rows the person may know; raises Http404 outside them."""
        return None

    def crumbs(self) -> list[tuple[Text, str]]:
        """(name, address) of the pages above this one."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context.update(
            page_title=self.page_title or str(self.subject or ""), crumbs=self.crumbs(), subject=self.subject
        )
        return context


class OfficeList(OfficePage):
    """A list page: `rows()` is filtered by the words of `?q=` in `search_in` and paginated; the template draws rows."""

    search_in: tuple[str, ...] = ()
    page_size = PAGE_SIZE
    template_name = "ui/office/list.html"

    def rows(self) -> QuerySet[Any]:
        raise NotImplementedError

    def found(self) -> QuerySet[Any]:
        rows = self.rows()
        for word in self.request.GET.get("q", "").split()[:6]:
            match = Q()
            for name in self.search_in:
                match |= Q(**{f"{name}__icontains": word})
            rows = rows.filter(match)
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page: Page[Any] = Paginator(self.found(), self.page_size).get_page(self.request.GET.get("page"))
        return super().get_context_data(page=page, q=self.request.GET.get("q", ""), **kwargs)


def act(request: HttpRequest, verb: Callable[[], Any], *, done: Text, back: str) -> HttpResponse:
    """Run a verb for a person: its success or its refusal becomes a message, then back to the page."""
    try:
        verb()
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, str(done))
    return HttpResponseRedirect(back)


class RuledMenuItem(MenuItem):
    """A menu item shown only to those whom its rule allows."""

    def __init__(self, label: Text, url: str, *, rule: Rule, icon_name: str, order: int, name: str) -> None:
        super().__init__(label, url, icon_name=icon_name, order=order, name=name)
        self.rule = rule

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(self.rule(request.user))


@dataclass(frozen=True)
class Todo:
    """One thing a person has to do: what, how many, where, and by when."""

    label: Text
    count: int
    url: str
    due: datetime | None = None


TODOS: list[Callable[[Any], Iterable[Todo]]] = []


def register_todo(find: Callable[[Any], Iterable[Todo]]) -> Callable[[Any], Iterable[Todo]]:
    """Decorator: `find(user)` gives the open tasks of that person in one room."""
    TODOS.append(find)
    return find


def todos_of(user: Any) -> list[Todo]:
    """All open tasks of a person, those with a deadline first."""
    found = [item for find in TODOS for item in find(user) if item.count]
    return sorted(found, key=lambda item: (item.due is None, item.due.timestamp() if item.due else 0))
