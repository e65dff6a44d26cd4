"""What was reported of a candidate's own application, their statement, the decision, and what is on record of them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.errors import DomainError
from foundation.language import rule_language
from portal.access import CandidateRequest, candidate_page
from portal.forms import StatementForm
from recruitment.applications.queries import applications_of
from recruitment.candidates.queries import records_in_force
from recruitment.examinations.conduct import cases_about, effect_words, statement_guard
from recruitment.examinations.domain import make_statement
from recruitment.examinations.models import ConductState


@candidate_page
def cases(request: CandidateRequest, registration_no: str) -> HttpResponse:
    """Every case of the application with facts, evidence and outcome; the statement while it may be made."""
    row = applications_of(request.candidate.pk).filter(registration_no=registration_no).first()
    found = list(cases_about(row)) if row else []
    if row is None or not found:
        raise Http404
    waiting = next((case for case in found if case.state == ConductState.OPEN and not case.statement), None)
    guard = statement_guard(waiting) if waiting else None
    form = StatementForm(request.POST or None) if guard else None
    if request.method == "POST" and form and waiting and form.is_valid():
        try:
            make_statement(actor=request.user, case=waiting, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Your statement is recorded; it is read before anything is decided."))
            return redirect("portal:conduct", row.registration_no)
    context = {
        "application": row,
        "cases": [(case, effect_words(case) if case.state == ConductState.DECIDED else []) for case in found],
        "form": form,
        "term": guard.explanation.text(rule_language()) if guard is not None else "",
        "records": records_in_force(request.candidate, timezone.localdate()),
    }
    return render(request, "portal/conduct.html", context)
