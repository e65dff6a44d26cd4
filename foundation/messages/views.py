import ipaddress

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from foundation.messages.models import Message


def _is_from_this_machine(request: HttpRequest) -> bool:
    """A direct connection from a loopback address; a proxy on this machine makes everyone look like one."""
    if any(name in request.META for name in ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


@require_safe
@never_cache
def outbox(request: HttpRequest) -> HttpResponse:
    """What the embedded installation would have sent, newest first, for whoever sits at this machine."""
    if settings.MESSAGE_TRANSPORT != "outbox" or not _is_from_this_machine(request):
        raise Http404
    page = Paginator(Message.objects.order_by("-id"), 20).get_page(request.GET.get("page"))
    return render(request, "foundation/outbox.html", {"page": page})
