"""A candidate asks for a check of their own mark."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from foundation.errors import DomainError
from portal.access import CandidateRequest, candidate_page
from portal.forms import ScoreCheckForm
from recruitment.applications.queries import applications_of
from recruitment.examinations.domain import ask_score_check
from recruitment.examinations.score_checks import papers_to_check


@candidate_page
def ask(request: CandidateRequest, registration_no: str) -> HttpResponse:
    """What may be asked until when, what was answered, and the request itself."""
    row = applications_of(request.candidate.pk).filter(registration_no=registration_no).first()
    papers = papers_to_check(row) if row else []
    if row is None or not papers:
        raise Http404
    open_papers = [paper for paper in papers if paper.guard]
    form = ScoreCheckForm(request.POST or None, papers=[paper.paper for paper in open_papers])
    if request.method == "POST" and form.is_valid():
        try:
            ask_score_check(actor=request.user, application=row, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Your request has been received; you will be told the answer."))
            return redirect("portal:score-check", row.registration_no)
    context = {"application": row, "papers": papers, "form": form if open_papers else None}
    return render(request, "portal/score_check.html", context)
