"""What every page's frame shows: names, clock, navigation, the person signed in, theme and type size."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

THEMES = ("light", "dark")


@dataclass(frozen=True)
class NavEntry:
    """A link of the header or footer; `address` is a URL name or a path that starts with a slash."""

    name: str | Promise
    address: str
    order: int = 100

    def url(self) -> str | None:
        """Where it leads, None while no room has registered that name."""
        if self.address.startswith("/"):
            return self.address
        try:
            return reverse(self.address)
        except NoReverseMatch:
            return None


NAVIGATION: list[NavEntry] = []
FOOTER: list[NavEntry] = []
PEOPLE: list[Callable[[HttpRequest], dict[str, Any] | None]] = []


def register_nav(name: str | Promise, address: str, *, order: int = 100) -> None:
    """Add a link to the public header; rooms call it when their app is ready."""
    NAVIGATION.append(NavEntry(name, address, order))


def register_footer(name: str | Promise, address: str, *, order: int = 100) -> None:
    """Add a link to the footer."""
    FOOTER.append(NavEntry(name, address, order))


def _links(entries: list[NavEntry], path: str) -> list[dict[str, Any]]:
    found = []
    for entry in sorted(entries, key=lambda item: item.order):
        url = entry.url()
        if url:
            current = path == url if url == "/" else path.startswith(url)
            found.append({"name": entry.name, "url": url, "is_current": current})
    return found


def _person(request: HttpRequest) -> dict[str, Any] | None:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    is_staff = getattr(user, "kind", "") == "staff"
    url = reverse("wagtailadmin_home") if is_staff else NavEntry("", "portal:home").url() or "/"
    return {"name": getattr(user, "name", "") or _("My account"), "url": url}


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `ui` with everything the base template shows, computed when a template asks."""
    return {"ui": SimpleLazyObject(lambda: _frame(request))}


def _frame(request: HttpRequest) -> dict[str, Any]:
    english = (get_language() or "").startswith("en")
    county = settings.COUNTY_NAME_EN if english else settings.COUNTY_NAME
    theme, text = request.COOKIES.get("theme", ""), request.COOKIES.get("text", "")
    return {
        "site_name": _("%(county)s Talent Recruitment") % {"county": county},
        "county": county,
        "offices": _("Talent office and personnel bureau"),
        "now": timezone.now(),
        "theme": theme if theme in THEMES else "",
        "text": "large" if text == "large" else "",
        "nav": _links(NAVIGATION, request.path),
        "footer": _links(FOOTER, request.path),
        "person": _person(request),
        "sign_in_url": NavEntry("", "account_login").url(),
        "contact": settings.CONTACT,
        "supervision": settings.SUPERVISION_CONTACT,
    }
