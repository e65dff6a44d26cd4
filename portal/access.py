"""Who may enter the portal, and what becomes of a form sent after the session had ended."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from accounts.enums import UserKind
from foundation.fields import decrypt, encrypt
from recruitment.candidates.domain import register_candidate
from recruitment.candidates.models import Candidate

KEPT = "form_kept_over_sign_in"
MOST_BYTES = 20_000
_NEVER_KEPT = ("csrfmiddlewaretoken", "id_number", "pledge")


class CandidateRequest(HttpRequest):
    """A request inside `candidate_page`."""

    candidate: Candidate


def candidate_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only for a signed-in candidate, who is `request.candidate`. Staff are sent to their own side.

    A form that arrives after the session has ended is kept, encrypted, in the new session, and shown filled in again
    after signing in.
    """

    @wraps(view)
    def wrapped(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            _keep(request)
            return redirect_to_login(request.get_full_path())
        if user.kind != UserKind.CANDIDATE:
            return redirect("wagtailadmin_home")
        request.candidate = getattr(user, "candidate", None) or register_candidate(user=user)
        return view(request, *args, **kwargs)

    return wrapped


def _keep(request: HttpRequest) -> None:
    if request.method != "POST" or len(request.body) > MOST_BYTES:
        return
    fields = request.POST.copy()
    for name in _NEVER_KEPT:
        fields.pop(name, None)
    text = json.dumps({"path": request.path, "fields": fields.urlencode()})
    request.session[KEPT] = encrypt(text, context=KEPT)


def kept_form(request: HttpRequest) -> QueryDict | None:
    """The fields of a form sent to this address before signing in, once."""
    if KEPT not in request.session:
        return None
    kept = json.loads(decrypt(request.session[KEPT], context=KEPT))
    if kept["path"] != request.path:
        return None
    del request.session[KEPT]
    return QueryDict(kept["fields"])
