"""Positions for everyone: the list with search, and one position."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from campaigns.planning.enums import Track
from campaigns.planning.position_view import printed_rows
from campaigns.planning.queries import is_open_position
from cms import queries
from foundation.ui.components import Fact

STATES = ("open", "all")


def position_list(request: HttpRequest) -> HttpResponse:
    """Positions that take applications now, or all public ones; narrowed by words, way in, department, announcement.

    Under an announcement all its positions are shown unless only the open ones are asked for.
    """
    text, campaign = (request.GET.get(name, "").strip()[:60] for name in ("q", "campaign"))
    tracks, departments = request.GET.getlist("track")[:10], request.GET.getlist("department")[:30]
    asked = request.GET.get("state")
    state = asked if asked in STATES else "all" if campaign else "open"
    now = timezone.now()
    base = queries.search_positions(queries.public_positions(), text=text, campaign=campaign)
    if state == "open":
        base = queries.open_among(base, now)
    rows = queries.narrow(base, tracks=[name for name in tracks if name in Track.values], departments=departments)
    page = queries.paginate(
        rows.select_related("campaign", "unit").order_by("-campaign__published_at", "code"), request
    )
    counters = queries.counters_in_words(page.object_list, now)
    context = {
        "page": page,
        "rows": [
            (row, queries.asked_in_short(row), is_open_position(row, now), counters.get(row.pk, "")) for row in page
        ],
        "q": text,
        "campaign": campaign,
        "state": state,
        "tracks": queries.track_facets(base, tracks),
        "departments": queries.department_facets(base, departments),
        "campaigns": queries.public_campaign_choices(),
        "wants_challenges": tracks == [Track.OPEN_CHALLENGE],
        "is_narrowed": bool(tracks or departments or campaign or text),
    }
    return render(request, "cms/position_list.html", context)


def position_page(request: HttpRequest, campaign: str, code: str) -> HttpResponse:
    """One position: what it asks, when what happens, and the way to apply."""
    rows = queries.public_positions().select_related("campaign", "unit")
    position = get_object_or_404(rows, campaign__code=campaign, code=code)
    now = timezone.now()
    context = {
        "position": position,
        "facts": [Fact(row.header, row.text) for row in printed_rows(position)],
        "timeline": queries.campaign_steps(position.campaign, now),
        "is_open": is_open_position(position, now),
        "counters": queries.counters_in_words([position], now).get(position.pk, ""),
        "opening": queries.told_of_opening(position),
        "now": now,
    }
    return render(request, "cms/position.html", context)
