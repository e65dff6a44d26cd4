"""The back office inside the Wagtail admin: plain pages, acts, menu, to-do list. Lists: `foundation.ui.registers`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem

from foundation.errors import DomainError, Refused

Text = str | Promise
Rule = Callable[..., Any]
PAGE_SIZE = 30
MOST_CHOSEN = 500


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


def chosen_keys(request: HttpRequest, name: str) -> list[str]:
    """The ids ticked under `name` on a list. Raises Refused for more than one act takes: none is left out silently."""
    keys = [key for key in request.POST.getlist(name) if key.isdecimal()]
    if len(keys) > MOST_CHOSEN:
        raise Refused(
            _("%(n)s rows were chosen; at most %(most)s can be done at once. Choose fewer. Nothing was saved.")
            % {"n": f"{len(keys):,}", "most": MOST_CHOSEN},
            code="too_many",
        )
    return keys


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
