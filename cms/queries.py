"""What the public pages show, read from lower rooms."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest
from django.utils.translation import gettext as _

from campaigns.events.machine import EVENTS
from campaigns.events.models import RecruitingEvent
from campaigns.events.queries import public_events
from campaigns.planning import queries as planning
from campaigns.planning.enums import Track
from campaigns.planning.models import Campaign, Position
from foundation.ui.components import TimelineStep
from recruitment.challenges.models import Challenge
from recruitment.challenges.queries import open_challenges, public_challenges
from recruitment.publications.models import Publication
from recruitment.publications.queries import released

PAGE_SIZE = 20


def paginate(rows: QuerySet[Any], request: HttpRequest, size: int = PAGE_SIZE) -> Page[Any]:
    """The page named by `?page=`; nonsense or a number past the end gives the nearest real page."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


@dataclass(frozen=True)
class TrackFigures:
    """What one track offers now: open positions, the people they seek, and the nearest close of registration.

    An open challenge has no positions: there `challenges` counts what is on the board, and the close is that of bids.
    """

    track: Track
    positions: int
    people: int
    closes_at: datetime | None
    challenges: int = 0


@dataclass(frozen=True)
class FrontPage:
    """Everything the front page shows, read in a constant number of queries."""

    tracks: list[TrackFigures]
    positions: int
    people: int
    campaigns: list[Campaign]
    notices: list[Publication]


def front_page(now: datetime) -> FrontPage:
    """Open positions by track, campaigns open or coming, and the latest notices."""
    rows = (
        planning.open_positions(now)
        .order_by()
        .values("campaign__track")
        .annotate(positions=Count("pk"), people=Sum("headcount_effective"))
    )
    found = {row["campaign__track"]: (row["positions"], row["people"]) for row in rows}
    open_now = list(Campaign.objects.filter(published_at__lte=now, registration_closes_at__gt=now))
    closing = sorted((row.registration_closes_at, row.pk, row) for row in open_now if row.registration_closes_at)
    tracks = []
    for track in Track:
        if track == Track.OPEN_CHALLENGE:
            board = list(open_challenges(now).values_list("bids_close_at", flat=True))
            tracks.append(TrackFigures(track, 0, 0, board[0] if board else None, len(board)))
            continue
        positions, people = found.get(track.value, (0, 0))
        closes_at = next((moment for moment, _pk, row in closing if row.track == track.value), None)
        tracks.append(TrackFigures(track, positions, people, closes_at))
    return FrontPage(
        tracks=tracks,
        positions=sum(item.positions for item in tracks),
        people=sum(item.people for item in tracks),
        campaigns=[row for _moment, _pk, row in closing[:3]],
        notices=list(released()[:5]),
    )


def position_summary(campaign: Campaign) -> dict[str, int]:
    """How many positions and people a campaign seeks, and in how many units."""
    figures = (
        public_positions()
        .filter(campaign=campaign)
        .aggregate(positions=Count("pk"), people=Sum("headcount_effective"), units=Count("unit", distinct=True))
    )
    return {key: value or 0 for key, value in figures.items()}


def public_positions() -> QuerySet[Position]:
    """Positions of published campaigns, cancelled ones included so that a link never dies."""
    return Position.objects.filter(campaign__published_at__isnull=False).exclude(state="draft")


def search_positions(
    rows: QuerySet[Position], *, text: str = "", track: str = "", campaign: str = "", unit: str = ""
) -> QuerySet[Position]:
    """Narrow positions by every word of `text` (post, unit, code or any printed condition), track, campaign, unit."""
    for word in text.split()[:6]:
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(unit__name__icontains=word)
            | Q(code__iexact=word)
            | Q(search_text__icontains=word)
        )
    if track:
        rows = rows.filter(campaign__track=track)
    if campaign:
        rows = rows.filter(campaign__code=campaign)
    if unit:
        rows = rows.filter(unit__code=unit)
    return rows


def challenges_of(campaign: Campaign) -> QuerySet[Challenge]:
    """What a campaign has put on the board, by board number."""
    return public_challenges().filter(campaign=campaign).order_by("code")


def tour(now: datetime) -> dict[str, list[RecruitingEvent]]:
    """Public events split into coming and past, each in the order a reader wants them."""
    events = list(public_events().select_related("university"))
    return {
        "coming": [event for event in events if event.ends_at > now],
        "past": [event for event in reversed(events) if event.ends_at <= now],
    }


def campaign_steps(campaign: Campaign, now: datetime) -> list[TimelineStep]:
    """A campaign's timeline as the timeline tag takes it."""
    return [TimelineStep(step.what, step.when, step.state) for step in planning.timeline_of(campaign, now)]


def public_campaign_choices() -> list[tuple[str, str]]:
    """(code, name) of every public campaign that has positions."""
    rows = planning.public_campaigns().filter(positions__isnull=False).distinct()
    return list(rows.values_list("code", "name"))


def event_steps(event: RecruitingEvent, now: datetime) -> list[TimelineStep]:
    """An event's timeline: published, held, and what comes next."""
    over = event.ends_at <= now
    running = event.starts_at <= now < event.ends_at
    steps = [TimelineStep(_("Event published, registration open"), event.published_at)]
    if event.state in ("cancelled", "postponed"):
        steps.append(TimelineStep(EVENTS.public_name(event.state), None, "stopped", note=event.notice))
        return steps
    steps.append(TimelineStep(_("Event"), event.starts_at, "done" if over else "now" if running else "next"))
    steps.append(
        TimelineStep(_("Figures published with the programme"), event.held_at, "done" if event.held_at else "next")
    )
    return steps
