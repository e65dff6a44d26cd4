"""Where an act came from, and what staff must do before they may work."""

import ipaddress
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from accounts.audit import origin

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
