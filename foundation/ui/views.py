"""Reader's preferences kept in cookies, so that theme and type size work without scripts."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from foundation.origin import is_from_this_machine
from foundation.ui.samples import samples

CHOICES = {"theme": ("light", "dark"), "text": ("normal", "large")}
A_YEAR = 365 * 24 * 3600


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep the theme or type size that was chosen and go back to the page."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    for name, allowed in CHOICES.items():
        if request.POST.get(name) in allowed:
            response.set_cookie(
                name, request.POST[name], max_age=A_YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
            )
    return response


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """Every component of the house with sample values: for whoever sits at this machine, and for staff."""
    is_staff = getattr(request.user, "kind", "") == "staff"
    if not (settings.DEBUG or is_staff or is_from_this_machine(request)):
        raise Http404
    now = timezone.now()
    return render(request, "ui/style.html", {**samples(now), "now": now})
