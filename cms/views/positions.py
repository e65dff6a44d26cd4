"""Positions for everyone: the list with search, and one position."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from campaigns.planning.enums import Track
from campaigns.planning.position_view import printed_rows
from campaigns.planning.queries import is_registration_open
from cms import queries
from foundation.ui.components import Fact


def position_list(request: HttpRequest) -> HttpResponse:
    """All public positions, those still open first, narrowed by words, track and campaign."""
    text, track, campaign = (request.GET.get(name, "").strip()[:60] for name in ("q", "track", "campaign"))
    rows = queries.search_positions(queries.public_positions(), text=text, track=track, campaign=campaign)
    rows = rows.select_related("campaign", "unit").order_by("-campaign__published_at", "code")
    context = {
        "page": queries.paginate(rows, request),
        "q": text,
        "track": track,
        "campaign": campaign,
        "tracks": Track.choices,
        "campaigns": queries.public_campaign_choices(),
        "now": timezone.now(),
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
        "is_open": position.state == "published" and is_registration_open(position.campaign, now),
        "now": now,
    }
    return render(request, "cms/position.html", context)
