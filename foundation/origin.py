"""Where the current work came from: the number of the request and its network, on audit entries and log lines."""

import ipaddress
from contextvars import ContextVar

from django.http import HttpRequest

origin: ContextVar[str] = ContextVar("origin", default="")


def is_from_this_machine(request: HttpRequest) -> bool:
    """A direct connection from a loopback address; a proxy on this machine makes everyone look like one."""
    if any(name in request.META for name in ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
