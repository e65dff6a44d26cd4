"""Who reaches an office page: staff with the role; for everybody else the page does not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse

from accounts.models import User
from accounts.policies import Predicate, is_staff_member
from foundation.errors import DomainError
from foundation.ui.office import with_reasons

View = Callable[..., HttpResponse]


def office_page(rule: Predicate) -> Callable[[View], View]:
    """Decorator: 404 unless `rule` allows the person somewhere; the view narrows rows to their units itself.

    A denial raised in the view is shown with its reason (403). For rows that belong to no unit, the rule is a
    `has_county_role`.
    """

    def wrap(view: View) -> View:
        @with_reasons
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            user = request.user
            if not isinstance(user, User) or not is_staff_member(user) or not rule(user):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return wrap


def attempt(request: HttpRequest, verb: Callable[..., Any], done: str, **arguments: Any) -> Any:
    """Call a verb for the person of `request`; gives back what it returned, or True, or after a refusal None."""
    try:
        result = verb(actor=request.user, **arguments)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return None
    messages.success(request, done)
    return True if result is None else result
