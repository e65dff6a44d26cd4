"""Where an act came from, and what staff must do before they may work."""

import ipaddress
import time
import uuid
from collections.abc import Callable

from allauth.core.ratelimit import RateLimited, respond_429
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import UserKind
from accounts.policies import roles_of
from foundation.origin import origin

Answer = Callable[[HttpRequest], HttpResponse]


def masked_address(address: str) -> str:
    """10.1.2.0/24 or the /48 of an IPv6 address: tells offices apart; the web log has the full one."""
    try:
        prefix = 24 if ipaddress.ip_address(address).version == 4 else 48
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{address}/{prefix}", strict=False))


class AuditMiddleware:
    """Gives each request a number, which audit entries and the answer carry."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = uuid.uuid4().hex[:16]
        token = origin.set(f"{number} {masked_address(request.META.get('REMOTE_ADDR', ''))}".strip())
        try:
            response = self.get_response(request)
        finally:
            origin.reset(token)
        response["X-Request-ID"] = number
        return response


class TooManyTriesMiddleware:
    """A limit that allauth meets outside a form becomes its page, not an error."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return respond_429(request) if isinstance(exception, RateLimited) else None


class StaffGateMiddleware:
    """Between signing in and working: idle sessions end, one-time passwords and missing second factors come first.

    Candidates find nothing under /admin/, and neither do staff without a current role.
    """

    seen_every = 60

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.office = reverse("wagtailadmin_home")
        self.free = (
            reverse("account_logout"),
            reverse("account_reauthenticate"),
            reverse("account_change_password"),
            reverse("set_language"),
            settings.STATIC_URL,
        )
        self.set_up = reverse("mfa_index")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.detour(request) or self.get_response(request)

    def detour(self, request: HttpRequest) -> HttpResponse | None:
        """The page that comes before the one asked for, or None."""
        user = request.user
        if not user.is_authenticated:
            return None
        in_office = request.path.startswith(self.office)
        if user.kind != UserKind.STAFF:
            if in_office or request.path.startswith(self.set_up):
                raise Http404
            return None
        if self.is_idle(request):
            logout(request)
            messages.info(request, _("You were signed out because nothing happened for a while."))
            return redirect("account_login")
        if request.path.startswith(self.free):
            return None
        return self.unfinished(request) or (self.no_role(request) if in_office else None)

    def is_idle(self, request: HttpRequest) -> bool:
        now, seen = int(time.time()), request.session.get("staff_seen_at")
        if seen is not None and now - seen > settings.STAFF_IDLE_MINUTES * 60:
            return True
        if seen is None or now - seen > self.seen_every:
            request.session["staff_seen_at"] = now
        return False

    def unfinished(self, request: HttpRequest) -> HttpResponse | None:
        user = request.user
        if user.must_change_password:
            return redirect("account_change_password")
        if not settings.SECOND_FACTOR_REQUIRED or request.path.startswith(self.set_up) or is_mfa_enabled(user):
            return None
        return redirect("mfa_index")

    def no_role(self, request: HttpRequest) -> None:
        if not roles_of(request.user):
            raise PermissionDenied(_("Your account has no current role. Ask the system administrator for one."))
