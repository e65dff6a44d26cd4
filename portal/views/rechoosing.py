"""Choosing again after one's position was cancelled by the opening ratio (R30)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.planning.enums import PositionState
from campaigns.planning.models import Position
from campaigns.planning.queries import rules_of
from foundation.errors import DomainError
from portal.access import CandidateRequest, candidate_page
from portal.presenting import PILLS, verdict_rows
from recruitment.applications import domain
from recruitment.applications.domain.opening import rechoosing_until
from recruitment.applications.effect import is_effective
from recruitment.applications.enums import ApplicationState
from recruitment.applications.judging import clauses_of, verdicts_of
from recruitment.applications.models import Application
from recruitment.applications.opening import told_of_opening
from recruitment.applications.queries import applications_of
from rulebook.eligibility import overall

PER_PAGE = 20


def is_stranded(application: Application) -> bool:
    """Effective, for a position that is cancelled."""
    is_cancelled = application.position.state == PositionState.CANCELLED
    return application.state == ApplicationState.EFFECTIVE and is_cancelled and is_effective(application)


def _stranded(request: CandidateRequest, registration_no: str) -> Application:
    row = applications_of(request.candidate.pk).filter(registration_no=registration_no).first()
    if row is None or not is_stranded(row):
        raise Http404
    return row


@candidate_page
def positions(request: CandidateRequest, registration_no: str) -> HttpResponse:
    """The campaign's other positions, what the person qualifies for first; until when, and what else there is to do."""
    row, now = _stranded(request, registration_no), timezone.now()
    until = rechoosing_until(row.campaign)
    is_open = until is not None and now < until
    rows = Position.objects.filter(campaign=row.campaign, state=PositionState.PUBLISHED) if is_open else None
    judged = verdicts_of(request.candidate, list(rows.order_by("code"))) if rows is not None else {}
    order = list(PILLS)
    keys = sorted(judged, key=lambda pk: order.index(judged[pk]))
    page = Paginator(keys, PER_PAGE).get_page(request.GET.get("page"))
    shown = Position.objects.select_related("unit", "campaign").in_bulk(list(page.object_list))
    context = {
        "application": row,
        "page": page,
        "rows": [(shown[pk], PILLS[judged[pk]]) for pk in page.object_list],
        "opening": told_of_opening(row.position),
        "is_open": is_open,
        "until": until,
        "now": now,
    }
    return render(request, "portal/rechoose.html", context)


@candidate_page
def confirm(request: CandidateRequest, registration_no: str, pk: int) -> HttpResponse:
    """One position with its conditions as judged and what choosing it means; then the choice itself."""
    row, now = _stranded(request, registration_no), timezone.now()
    rows = Position.objects.select_related("unit", "campaign").filter(campaign=row.campaign)
    position = get_object_or_404(rows, pk=pk, state=PositionState.PUBLISHED)
    until = rechoosing_until(row.campaign)
    refusal = ""
    if request.method == "POST":
        try:
            domain.rechoose_position(actor=request.user, application=row, position=position)  # type: ignore[arg-type]
        except DomainError as caught:
            refusal = caught.message
        else:
            done = _("You have chosen %(position)s. Your application is reviewed anew.")
            messages.success(request, done % {"position": position.name})
            return redirect("portal:application", registration_no)
    clauses = clauses_of(request.candidate, position, rules_of(row.campaign))
    context = {
        "application": row,
        "position": position,
        "verdicts": verdict_rows(clauses),
        "pill": PILLS[overall(clauses)],
        "is_open": until is not None and now < until,
        "until": until,
        "now": now,
        "refusal": refusal,
    }
    return render(request, "portal/rechoose_confirm.html", context, status=409 if refusal else 200)
