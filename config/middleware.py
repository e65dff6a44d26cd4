"""What a browser may do with our pages."""

from collections.abc import Callable

from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponse

# Wagtail's date choosers are inline scripts; nothing else of the house needs them (decision 29).
OFFICE = "/admin/"
_OFFICE_SCRIPTS = {"script-src": ["'unsafe-inline'"]}
_FEATURES = {
    "camera": "(self)",
    "fullscreen": "(self)",
    "publickey-credentials-get": "(self)",
    "publickey-credentials-create": "(self)",
    "accelerometer": "()",
    "display-capture": "()",
    "geolocation": "()",
    "gyroscope": "()",
    "magnetometer": "()",
    "microphone": "()",
    "midi": "()",
    "payment": "()",
    "usb": "()",
}
PERMISSIONS_POLICY = ", ".join(f"{feature}={who}" for feature, who in _FEATURES.items())


class ContentPolicyMiddleware(CSPMiddleware):
    """The strict content policy everywhere, with inline scripts in the back office alone."""

    def get_policy_parts(self, request: HttpRequest, response: HttpResponse, report_only: bool = False) -> PolicyParts:
        parts: PolicyParts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith(OFFICE):
            parts.update = {**_OFFICE_SCRIPTS, **(parts.update or {})}
        return parts


class PermissionsPolicyMiddleware:
    """Switches off what no page uses; the camera stays for codes at the door, passkeys for signing in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response
