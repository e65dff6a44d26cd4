"""Who reaches an office page: staff with the role; for everybody else the page does not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse

from accounts.models import Unit
from accounts.policies import Predicate, is_staff_member
from foundation.errors import DomainError

View = Callable[..., HttpResponse]


def office_page(rule: Predicate, *, whole_county: bool = False) -> Callable[[View], View]:
    """Decorator: 404 unless `rule` allows the person somewhere; the view narrows rows to their units itself.

    `whole_county`: the rows belong to no unit, so the role must be held for the county.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not is_staff_member(request.user) or not rule(request.user):
                raise Http404
            if whole_county and not rule(request.user, Unit.objects.filter(parent=None).first()):
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
