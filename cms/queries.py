"""What the public pages show, read from lower rooms."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Unit
from campaigns.events.enums import Admission, EventState
from campaigns.events.machine import EVENTS
from campaigns.events.models import RecruitingEvent
from campaigns.events.queries import admission_to, public_events
from campaigns.planning import queries as planning
from campaigns.planning.enums import PositionState, Track
from campaigns.planning.machine import RUNNING
from campaigns.planning.milestones import LABELS, STEPS, WINDOW_STEP
from campaigns.planning.models import Campaign, Milestone, Position
from campaigns.planning.position_layout import POSITION_LAYOUT
from foundation.language import rule_language
from foundation.tables.layout import path_key
from foundation.ui.components import TimelineStep, Tone
from recruitment.applications.counters import public_counters
from recruitment.applications.opening import told_of_opening as told_of_opening
from recruitment.challenges.models import Challenge
from recruitment.challenges.queries import open_challenges, public_challenges
from recruitment.publications.models import Publication
from recruitment.publications.queries import on_the_page
from recruitment.reporting.funnel import public_tour

PAGE_SIZE = 20


def paginate(rows: QuerySet[Any], request: HttpRequest, size: int = PAGE_SIZE) -> Page[Any]:
    """The page named by `?page=`; nonsense or a number past the end gives the nearest real page."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


TRACK_WORDS: Mapping[str, Promise] = {
    Track.PUBLIC_EXAM: gettext_lazy("A written exam, then an interview; the best total marks are hired."),
    Track.COMPETITIVE_SELECTION: gettext_lazy(
        "No written exam: material and an interview decide. For masters, doctors and rare fields."
    ),
    Track.OPEN_CHALLENGE: gettext_lazy(
        "The county names a problem, you bring the answer. You may stay where you work."
    ),
}
COMING_DAYS = 120
COMING_SHOWN = 6
CARD_STEPS = 3


@dataclass(frozen=True)
class TrackFigures:
    """What one track offers now: open positions (or challenges), the people they seek, the nearest close."""

    track: Track
    words: Promise
    positions: int
    people: int
    challenges: int
    closes_at: datetime | None

    @property
    def is_open(self) -> bool:
        return bool(self.positions or self.challenges)


@dataclass(frozen=True)
class FrontPage:
    """Everything the front page shows, read in a constant number of queries."""

    tracks: list[TrackFigures]
    positions: int
    people: int
    campaigns: list[Campaign]
    steps: list[TimelineStep]
    coming: list[TimelineStep]
    notices: list[Publication]


def front_page(now: datetime) -> FrontPage:
    """Open positions by track, campaigns open or coming, what happens next, and the latest notices."""
    rows = (
        planning.open_positions(now)
        .order_by()
        .values("campaign__track")
        .annotate(positions=Count("pk"), people=Sum("headcount_effective"))
    )
    found = {row["campaign__track"]: (row["positions"], row["people"]) for row in rows}
    bids_close = list(open_challenges(now).values_list("bids_close_at", flat=True))
    open_now = Campaign.objects.filter(published_at__lte=now, registration_closes_at__gt=now)
    closing = sorted(
        (row.registration_closes_at, row.pk, row)
        for row in open_now.prefetch_related("milestones")
        if row.registration_closes_at
    )
    tracks = []
    for track in Track:
        positions, people = found.get(track.value, (0, 0))
        challenges = len(bids_close) if track == Track.OPEN_CHALLENGE else 0
        closes_at = next((moment for moment, _pk, row in closing if row.track == track.value), None)
        if challenges:
            closes_at = bids_close[0]
        tracks.append(TrackFigures(track, TRACK_WORDS[track], positions, people, challenges, closes_at))
    campaigns = [row for _moment, _pk, row in closing if found.get(row.track)] or [row for *_key, row in closing]
    return FrontPage(
        tracks=tracks,
        positions=sum(item.positions for item in tracks),
        people=sum(item.people for item in tracks),
        campaigns=campaigns[:3],
        steps=_around_now(campaigns[0], now) if campaigns else [],
        coming=coming_steps(now),
        notices=list(on_the_page()[:5]),
    )


def _around_now(campaign: Campaign, now: datetime) -> list[TimelineStep]:
    """The last step that is done, what is now, and what is next."""
    steps = campaign_steps(campaign, now)
    done = [step for step in steps if step.state == "done"][-1:]
    return [*done, *(step for step in steps if step.state != "done")][:CARD_STEPS]


def coming_steps(now: datetime) -> list[TimelineStep]:
    """What happens next across campaigns and the tour, the nearest first: closings, exams, results and events."""
    until = now + timedelta(days=COMING_DAYS)
    found: list[tuple[datetime, TimelineStep]] = []
    campaigns = planning.public_campaigns().filter(state__in=RUNNING)
    for campaign in campaigns.filter(registration_closes_at__gt=now, registration_closes_at__lt=until):
        closes = campaign.registration_closes_at
        if closes:
            words = _("%(campaign)s: registration closes") % {"campaign": campaign.name}
            found.append((closes, TimelineStep(words, closes, "next", url=_campaign_url(campaign))))
    for row in _ahead(campaigns, now, until):
        words = _("%(campaign)s: %(step)s") % {"campaign": row.campaign.name, "step": LABELS[row.key]}
        if row.starts_at:
            found.append((row.starts_at, TimelineStep(words, row.starts_at, "next")))
    for event in public_events().filter(starts_at__gt=now, starts_at__lt=until, state="published"):
        url = reverse("event", args=[event.code])
        found.append((event.starts_at, TimelineStep(event.name, event.starts_at, "next", note=event.place, url=url)))
    return [step for _when, step in sorted(found, key=lambda item: item[0])][:COMING_SHOWN]


def _ahead(campaigns: QuerySet[Campaign], now: datetime, until: datetime) -> Iterator[Milestone]:
    """Dated steps between `now` and `until` that no later step of their campaign has overtaken."""
    rows = list(Milestone.objects.filter(campaign__in=campaigns).select_related("campaign"))
    order = {track: keys.index for track, keys in STEPS.items()}
    reached: dict[int, int] = {}
    for row in rows:
        if row.happened_at:
            place = order[row.campaign.track](row.key)
            reached[row.campaign_id] = max(place, reached.get(row.campaign_id, 0))
    for row in rows:
        is_ahead = order[row.campaign.track](row.key) > reached.get(row.campaign_id, -1)
        if is_ahead and row.key not in WINDOW_STEP.values() and row.starts_at and now < row.starts_at < until:
            yield row


def _campaign_url(campaign: Campaign) -> str:
    return f"{reverse('positions')}?campaign={campaign.code}"


@dataclass(frozen=True)
class Facet:
    """One choice of a filter: its value in the address, its name, how many positions it leaves, whether it is set."""

    value: str
    name: str
    count: int
    is_set: bool


def track_facets(rows: QuerySet[Position], chosen: Collection[str]) -> list[Facet]:
    """Ways in with the number of positions each has in `rows`."""
    counts = dict(rows.order_by().values_list("campaign__track").annotate(Count("pk")))
    return [
        Facet(value, str(label), counts[value], value in chosen) for value, label in Track.choices if value in counts
    ]


def department_facets(rows: QuerySet[Position], chosen: Collection[str]) -> list[Facet]:
    """Departments over the recruiting units, with the number of positions each has in `rows`."""
    counts: Counter[str] = Counter()
    for path, number in rows.order_by().values_list("unit__path").annotate(Count("pk")):
        counts[department_path(path)] += number
    units = Unit.objects.filter(path__in=counts).order_by("code")
    return [Facet(unit.code, unit.name, counts[unit.path], unit.code in chosen) for unit in units]


def department_path(path: str) -> str:
    """The first two steps of a unit's path: its county and its department."""
    return "".join(f"{code}/" for code in path.split("/")[:2] if code)


def position_summary(campaign: Campaign) -> dict[str, int]:
    """How many positions and people a campaign seeks, and in how many units."""
    figures = (
        public_positions()
        .filter(campaign=campaign)
        .aggregate(positions=Count("pk"), people=Sum("headcount_effective"), units=Count("unit", distinct=True))
    )
    return {key: value or 0 for key, value in figures.items()}


def public_positions() -> QuerySet[Position]:
    """Positions of published campaigns, cancelled ones included so that a link never dies.

    A position made for the conversion of a flexible engagement was never open to anybody else and is not among them.
    """
    return Position.objects.filter(campaign__published_at__isnull=False).exclude(state__in=["draft", "converted"])


def search_positions(rows: QuerySet[Position], *, text: str = "", campaign: str = "") -> QuerySet[Position]:
    """Narrow positions by every word of `text` (post, unit, code or any printed condition) and by campaign."""
    for word in text.split()[:6]:
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(unit__name__icontains=word)
            | Q(code__iexact=word)
            | Q(search_text__icontains=word)
        )
    return rows.filter(campaign__code=campaign) if campaign else rows


def narrow(rows: QuerySet[Position], *, tracks: Collection[str], departments: Collection[str]) -> QuerySet[Position]:
    """Only positions of these tracks and of units below these departments; an empty choice narrows nothing."""
    if tracks:
        rows = rows.filter(campaign__track__in=tracks)
    if departments:
        below = Q(pk__in=[])
        for path in Unit.objects.filter(code__in=departments).values_list("path", flat=True):
            below |= Q(unit__path__startswith=path)
        rows = rows.filter(below)
    return rows


def challenges_of(campaign: Campaign) -> QuerySet[Challenge]:
    """What a campaign has put on the board, by board number."""
    return public_challenges().filter(campaign=campaign).order_by("code")


def open_among(rows: QuerySet[Position], now: datetime) -> QuerySet[Position]:
    """Those of the positions that take applications at `now`."""
    return rows.filter(planning.open_campaigns(now, "campaign__"), state=PositionState.PUBLISHED)


def counters_in_words(positions: Collection[Position], now: datetime) -> dict[int, str]:
    """Position id → how many applied, or why that is not told now, in the reader's language (R25)."""
    language = rule_language()
    return {pk: told.text(language) for pk, told in public_counters(positions, now).items()}


def asked_in_short(position: Position) -> str:
    """Education, major and age as printed, in one line."""
    known = {POSITION_LAYOUT.by_key.get(path_key([header])): text for header, text in position.printed.items()}
    texts = {field.name: text for field, text in known.items() if field}
    return "；".join(texts[name] for name in ("education", "major", "age") if texts.get(name))


@dataclass(frozen=True)
class Stop:
    """An event of the tour with what its seats say now."""

    event: RecruitingEvent
    admission: Admission
    seats_left: int

    @property
    def tone(self) -> Tone:
        """The tone of its pill."""
        return ADMISSION_TONES.get(self.admission, "")


@dataclass(frozen=True)
class Tour:
    """Public events, coming and past, each in the order a reader wants them; `cities` filter both."""

    cities: list[Facet]
    coming: list[Stop]
    past: list[Stop]


ADMISSION_TONES: dict[Admission, Tone] = {
    Admission.OPEN: "now", Admission.FULL: "warn", Admission.ENDED: "warn", Admission.POSTPONED: "fail",
    Admission.CANCELLED: "fail",
}  # fmt: skip


def tour(now: datetime, city: str = "") -> Tour:
    """The tour in one city or everywhere. A postponed event without a new date is still to come."""
    events = list(public_events().select_related("university"))
    names = {event.university.city: event.university.town for event in events}
    counts = Counter(event.university.city for event in events)
    cities = [Facet(value, names[value], number, value == city) for value, number in sorted(counts.items())]
    stops = [stop_at(event, now) for event in events if city in ("", event.university.city)]
    coming = [stop for stop in stops if stop.event.ends_at > now or not stop.event.has_date]
    return Tour(cities, coming, [stop for stop in reversed(stops) if stop not in coming])


def tour_page(city: str) -> dict[str, object]:
    """What the list of events shows: the tour, and by city what became of the events held."""
    return {"tour": tour(timezone.now(), city), "city": city, "outcome": public_tour()}


def stop_at(event: RecruitingEvent, now: datetime) -> Stop:
    """The event with what its seats say now; `taken` must be annotated."""
    taken: int = event.taken  # type: ignore[attr-defined]
    return Stop(event, admission_to(event, now, taken), max(0, event.capacity - taken))


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
    if event.state == EventState.CANCELLED:
        return [*steps, TimelineStep(EVENTS.public_name(event.state), None, "stopped", note=event.notice)]
    if event.state == EventState.POSTPONED:
        steps.append(TimelineStep(EVENTS.public_name(event.state), event.postponed_from, "stopped", note=event.notice))
        date = event.starts_at if event.has_date else _("no new date yet")
        return [*steps, TimelineStep(_("Event"), date, "next")]
    steps.append(TimelineStep(_("Event"), event.starts_at, "done" if over else "now" if running else "next"))
    steps.append(
        TimelineStep(_("Figures published with the programme"), event.held_at, "done" if event.held_at else "next")
    )
    return steps
