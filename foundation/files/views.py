import posixpath
import uuid
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe
from django.views.static import serve

from foundation.files.models import PrivateFile
from foundation.files.policies import may_open

# Kinds a browser may show in the page; everything else is saved.
_SHOWN = {"image/jpeg", "image/png", "application/pdf"}
_LINK_SECONDS = 60
_PICTURES = {".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif"}


@require_safe
def private_file(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """Send a private file to someone its purpose's check lets open it; 404 for everyone else.

    `?show` asks the browser to show a picture or PDF instead of saving it. How the bytes travel is PRIVATE_SENDFILE:
    by this process, by nginx (X-Accel-Redirect to /private/), or by a signed address of the object store.
    """
    file = get_object_or_404(PrivateFile, pk=pk)
    if not may_open(request.user, file):
        raise Http404
    shown = "show" in request.GET and file.content_type in _SHOWN
    disposition = content_disposition_header(not shown, file.name) or "attachment"
    response = _respond(file, disposition)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _respond(file: PrivateFile, disposition: str) -> HttpResponseBase:
    if settings.PRIVATE_SENDFILE == "s3":
        parameters = {"ResponseContentDisposition": disposition, "ResponseContentType": file.content_type}
        store: Any = file.content.storage
        return HttpResponseRedirect(store.url(file.content.name, parameters=parameters, expire=_LINK_SECONDS))
    if settings.PRIVATE_SENDFILE == "nginx":
        response: HttpResponseBase = HttpResponse(content_type=file.content_type)
        response["X-Accel-Redirect"] = f"/private/{file.content.name}"
    else:
        response = FileResponse(file.content.open("rb"), content_type=file.content_type)
        response["Content-Length"] = str(file.size)
    response["Content-Disposition"] = disposition
    return response


@require_safe
def public_media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Renditions of the site's pictures, where no web server in front sends them; nothing else of the media folder.

    Originals carry metadata of their cameras, and documents are sent by their own view.
    """
    is_plain = posixpath.normpath(path) == path
    if not is_plain or not path.startswith("images/") or PurePath(path).suffix.lower() not in _PICTURES:
        raise Http404
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    response["Cache-Control"] = "public, max-age=86400"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
