"""Handing in documents and taking them back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation.errors import DomainError
from portal.access import CandidateRequest, candidate_page
from portal.forms import DocumentForm
from recruitment.candidates import domain


@candidate_page
def documents(request: CandidateRequest) -> HttpResponse:
    """The documents of the profile, and a form to add one."""
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            domain.add_document(
                actor=request.user,  # type: ignore[arg-type]
                candidate=request.candidate,
                kind=form.cleaned_data["kind"],
                content=file,
                name=file.name,
            )
        except DomainError as refusal:
            form.add_error("file", refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("portal:documents")
    rows = request.candidate.documents.select_related("file")
    return render(request, "portal/documents.html", {"form": form, "documents": rows})


@require_POST
@candidate_page
def remove(request: CandidateRequest, pk: int) -> HttpResponse:
    """Take one's own document back."""
    document = get_object_or_404(request.candidate.documents.select_related("file"), pk=pk)
    try:
        domain.remove_document(actor=request.user, candidate=request.candidate, document=document)  # type: ignore[arg-type]
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Removed."))
    return redirect("portal:documents")
