from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from foundation.messages.models import Message
from foundation.origin import is_from_this_machine


@require_safe
@never_cache
def outbox(request: HttpRequest) -> HttpResponse:
    """What the embedded installation would have sent, newest first, for whoever sits at this machine."""
    if settings.MESSAGE_TRANSPORT != "outbox" or not is_from_this_machine(request):
        raise Http404
    page = Paginator(Message.objects.order_by("-id"), 20).get_page(request.GET.get("page"))
    return render(request, "foundation/outbox.html", {"page": page})
