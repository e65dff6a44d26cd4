"""Positions held against the profile: which are met, which need a person, which are not."""

from collections import Counter

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from campaigns.planning.models import Campaign, Position
from campaigns.planning.queries import is_registration_open, open_positions, rules_of
from foundation.errors import Refused
from foundation.language import rule_language
from portal.access import CandidateRequest, candidate_page
from portal.presenting import PILLS, verdict_rows
from recruitment.applications import domain
from recruitment.applications.judging import clauses_of, missing_from_profile, verdicts_of
from recruitment.applications.models import Application
from recruitment.applications.queries import is_recruiting, live_in_batch, may_change_now, may_start_another
from rulebook.eligibility import overall

PER_PAGE = 20


@candidate_page
def positions(request: CandidateRequest) -> HttpResponse:
    """Open positions by verdict; a search by words, unit, code or campaign."""
    rows = open_positions(timezone.now()).order_by("campaign_id", "code")
    words = request.GET.get("q", "").strip()[:60]
    campaign = request.GET.get("campaign", "")
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(code__icontains=words) | Q(unit__name__icontains=words))
    if campaign:
        rows = rows.filter(campaign__code=campaign)
    judged = verdicts_of(request.candidate, list(rows.only("conditions", "campaign", "unit")))
    counts: Counter[str] = Counter(judged.values())
    wanted = request.GET.get("verdict") if request.GET.get("verdict") in PILLS else ""
    # What the person qualifies for comes first; within a verdict the order of the campaigns stays.
    order = list(PILLS)
    keys = sorted(
        (pk for pk, verdict in judged.items() if not wanted or verdict == wanted),
        key=lambda pk: order.index(judged[pk]),
    )
    page = Paginator(keys, PER_PAGE).get_page(request.GET.get("page"))
    shown = Position.objects.select_related("unit", "campaign").in_bulk(list(page.object_list))
    return render(
        request,
        "portal/positions.html",
        {
            "page": page,
            "rows": [(shown[pk], PILLS[judged[pk]]) for pk in page.object_list],
            "counts": [(key, PILLS[key], counts[key]) for key in PILLS],
            "total": len(judged),
            "wanted": wanted,
            "words": words,
            "campaign": campaign,
            "campaigns": Campaign.objects.filter(positions__in=open_positions(timezone.now())).distinct(),
            "missing": missing_from_profile(request.candidate),
        },
    )


def _recruiting(pk: int) -> Position:
    position = get_object_or_404(Position.objects.select_related("campaign", "unit"), pk=pk)
    return position if is_recruiting(position) else get_object_or_404(Position, pk=None)


@candidate_page
def position(request: CandidateRequest, pk: int) -> HttpResponse:
    """One position: each condition judged, with the clause it comes from, and the way to apply."""
    row, now, language = _recruiting(pk), timezone.now(), rule_language()
    rules = rules_of(row.campaign)
    clauses = clauses_of(request.candidate, row, rules)
    live = live_in_batch(request.candidate.pk, row.campaign)
    another = may_start_another(live, row, rules.registration)
    change = may_change_now(live[0], live[0].campaign, now) if live and not another else None
    return render(
        request,
        "portal/position.html",
        {
            "position": row,
            "verdicts": verdict_rows(clauses),
            "pill": PILLS[overall(clauses)],
            "counts": Counter(clause.verdict for clause in clauses),
            "is_open": is_registration_open(row.campaign, now),
            "now": now,
            "mine": next((one for one in live if one.position_id == row.pk), None),
            "live": live,
            "another": another.explanation.text(language) if live else "",
            "may_start": bool(another),
            "change": change.explanation.text(language) if change is not None else "",
            "may_change": bool(change),
            "missing": missing_from_profile(request.candidate),
        },
    )


@require_POST
@candidate_page
def start(request: CandidateRequest, pk: int) -> HttpResponse:
    """Start an application for a position, or go on with the one there is."""
    row = _recruiting(pk)
    try:
        application = domain.start_application(actor=request.user, candidate=request.candidate, position=row)  # type: ignore[arg-type]
    except Refused as refusal:
        return render(request, "portal/refused.html", {"refusal": refusal, "position": row}, status=409)
    return redirect("portal:apply", application.registration_no)


@require_POST
@candidate_page
def change(request: CandidateRequest, pk: int, registration_no: str) -> HttpResponse:
    """Move one's application to this position (R19)."""
    row = _recruiting(pk)
    application = get_object_or_404(Application, registration_no=registration_no, candidate=request.candidate)
    try:
        domain.change_position(actor=request.user, application=application, position=row)  # type: ignore[arg-type]
    except Refused as refusal:
        return render(request, "portal/refused.html", {"refusal": refusal, "position": row}, status=409)
    return redirect("portal:apply", registration_no)
