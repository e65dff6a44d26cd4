"""Who reaches a page of planning: staff with one of its roles; for everybody else the page does not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse

from accounts.policies import Predicate, is_staff_member
from foundation.errors import DomainError

View = Callable[..., HttpResponse]


def office_page(rule: Predicate) -> Callable[[View], View]:
    """Decorator: 404 unless `rule` allows the person somewhere; the view narrows rows to their units itself."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not is_staff_member(request.user) or not rule(request.user):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return wrap


def attempt(request: HttpRequest, verb: Callable[..., Any], done: str, **arguments: Any) -> Any:
    """Call a verb for the person of `request`; its refusal becomes a message and None."""
    try:
        result = verb(actor=request.user, **arguments)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return None
    messages.success(request, done)
    return result if result is not None else True
