"""What the leaders' screen shows, put together from the metric registry in a constant number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from math import sqrt
from urllib.parse import urlencode

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import Role
from accounts.models import User
from campaigns.establishment.enums import SlotState
from campaigns.planning.enums import Track
from campaigns.planning.models import Programme
from foundation.ui.components import Bar, Figure, Segment
from recruitment.reporting.metrics import Metric, Scope, metric, slots_by_state
from recruitment.reporting.people import People
from rulebook.counting import percentage

SHOWN = ("people_appointed", "people_engaged", "people_high_degree", "applications")
MOST = 5
EVENTS = ("events_held", "event_check_ins", "applications_from_events")


@dataclass(frozen=True)
class TrackLine:
    """One track: its target in people, and who was appointed on it."""

    name: str
    target: int
    appointed: int
    share: Decimal | None
    url: str = ""

    @property
    def bullet(self) -> dict[str, str]:
        """Widths of a drawing 120 wide: what was reached, and where the target stands."""
        most = max(self.target, self.appointed, 1) * 1.1
        return {"reached": f"{120 * self.appointed / most:.1f}", "target": f"{120 * self.target / most:.1f}"}


@dataclass(frozen=True)
class UnitLine:
    """One unit's posts of the envelope by state; the parts add up to the total."""

    name: str
    used: int
    held: int
    reserved: int
    free: int
    links: Mapping[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return self.used + self.held + self.reserved + self.free

    @property
    def rate(self) -> Decimal | None:
        """Used of all, in per cent."""
        return percentage(self.used, self.total)

    @property
    def pieces(self) -> list[dict[str, object]]:
        """The four parts as pieces of a bar."""
        parts = (self.used, self.held, self.reserved, self.free)
        return Bar([Segment("", number) for number in parts], "").pieces()


@dataclass(frozen=True)
class CityLine:
    """One city of the tour, with its place on a line that stands for the route, not for a map."""

    name: str
    events: int
    visitors: int
    applications: int
    x: int
    y: int
    links: Mapping[str, str] = field(default_factory=dict)

    @property
    def radius(self) -> str:
        """Of the circle, so that its area stands for the events."""
        return f"{9 * sqrt(self.events):.1f}"


@dataclass(frozen=True)
class Stuck:
    """Posts or a permit that wait: what, where, since or until when, and with whom."""

    what: str
    where: str
    owner: str
    since: date | None = None
    until: date | None = None
    url: str = ""


@dataclass(frozen=True)
class Dashboard:
    """Everything on the screen."""

    verdict: str
    figures: Sequence[Figure]
    posts: Sequence[Segment]
    tracks: Sequence[TrackLine]
    units: Sequence[UnitLine]
    unit_total: UnitLine
    cities: Sequence[CityLine]
    stuck: Figure
    stuck_rows: Sequence[Stuck]
    year: int | None
    people: Sequence[tuple[str, int, str]]


PARTS = ("total", "used", "held", "reserved", "free")


def list_url(key: str, programme: Programme, **only: str | Sequence[str]) -> str:
    """Where the list behind a figure is; with `only`, behind the number of one group of its breakdown."""
    url = reverse("figures-list", args=[programme.code, key])
    return f"{url}?{urlencode(only, doseq=True)}" if only else url


def figure_of(shown: Metric, value: int, programme: Programme, note: str = "") -> Figure:
    """A metric as a tile."""
    url = list_url(shown.key, programme)
    return Figure(shown.name, value, shown.unit, note, shown.definition, shown.limits, url)


def dashboard(programme: Programme, reader: User) -> Dashboard:
    """The screen of one programme for one reader; `people` are those of all programmes in their latest year (R90)."""
    scope, people = Scope(programme, reader), People(reader)
    year = next(iter(people.years), None)
    posts = slots_by_state(scope)
    values = {key: metric(key).value(scope) for key in (*SHOWN, *EVENTS)}
    target = programme.target_people
    figures = [
        figure_of(metric("posts_used"), posts["used"], programme, _use_note(posts)),
        figure_of(
            metric("people_appointed"),
            values["people_appointed"],
            programme,
            _("Target %(target)s people, reached %(share)s %%.")
            % {"target": f"{target:,}", "share": percentage(values["people_appointed"], target)},
        ),
        *(figure_of(metric(key), values[key], programme) for key in (*SHOWN[1:], *EVENTS)),
    ]
    return Dashboard(
        verdict=_verdict(values["people_appointed"], target, posts),
        figures=figures,
        posts=[
            Segment(_("Used"), posts["used"], list_url("posts_used", programme)),
            Segment(_("Held"), posts["held"], list_url("posts_held", programme)),
            Segment(_("Published"), posts["reserved"], list_url("posts_reserved", programme)),
            Segment(_("Not published"), posts["free"], list_url("posts_free", programme)),
        ],
        tracks=_tracks(programme, scope),
        units=(units := _units(scope)),
        unit_total=UnitLine(
            _("Total"),
            *(sum(getattr(unit, part) for unit in units) for part in PARTS[1:]),
            links={part: list_url(f"posts_{part}", programme) for part in PARTS},
        ),
        cities=_cities(scope),
        stuck=figure_of(metric("posts_stuck"), metric("posts_stuck").value(scope), programme),
        stuck_rows=[*_stuck_posts(scope), *_expiring_permits(scope)],
        year=year,
        people=people.cells(year) if year else [],
    )


def _use_note(posts: dict[str, int]) -> str:
    return _("%(used)s %% of %(total)s posts in the envelope; with those held %(bound)s %%.") % {
        "used": percentage(posts["used"], posts["total"]) or 0,
        "bound": percentage(posts["used"] + posts["held"], posts["total"]) or 0,
        "total": f"{posts['total']:,}",
    }


def _verdict(appointed: int, target: int, posts: dict[str, int]) -> str:
    values = {"appointed": f"{appointed:,}", "target": f"{target:,}", "free": f"{posts['free']:,}"}
    if appointed >= target:
        reached = _("%(appointed)s people appointed, the target of %(target)s is reached; %(free)s posts are free.")
        return reached % values
    values["missing"] = f"{target - appointed:,}"
    short = _("%(appointed)s people appointed, %(missing)s short of the target of %(target)s; %(free)s posts are free.")
    return short % values


def _tracks(programme: Programme, scope: Scope) -> list[TrackLine]:
    appointed = dict(metric("people_appointed").breakdown(scope, "track"))
    appointed[Track.OPEN_CHALLENGE.value] = metric("people_engaged").value(scope)
    targets = dict(programme.targets.values_list("track", "people"))
    return [
        TrackLine(
            str(track.label),
            targets.get(track.value, 0),
            appointed.get(track.value, 0),
            percentage(appointed.get(track.value, 0), targets[track.value]) if targets.get(track.value) else None,
            list_url("people_engaged", programme)
            if track == Track.OPEN_CHALLENGE
            else list_url("people_appointed", programme, track=track.value),
        )
        for track in Track
    ]


def _units(scope: Scope) -> list[UnitLine]:
    """Posts by unit and state, from one grouping of the envelope's rows."""
    counts: dict[str, dict[str, int]] = {}
    names = {SlotState.USED: "used", SlotState.HELD: "held", SlotState.RESERVED: "reserved"}
    for key in ("posts_used", "posts_held", "posts_reserved", "posts_free"):
        part = key.removeprefix("posts_")
        for unit, number in metric(key).breakdown(scope, "unit"):
            counts.setdefault(unit or "", dict.fromkeys([*names.values(), "free"], 0))[part] += number
    return [
        UnitLine(
            unit or _("Not allocated yet"), **parts,
            links={part: list_url(f"posts_{part}", scope.programme, unit=unit) for part in PARTS},
        )
        for unit, parts in sorted(counts.items())
    ]  # fmt: skip


def _cities(scope: Scope) -> list[CityLine]:
    """Events, visitors and applications by city, in three groupings."""
    keys = ("events_held", "event_check_ins", "applications_from_events")
    held, visitors, sent = (dict(metric(key).breakdown(scope, "city")) for key in keys)
    step = 560 // max(1, len(held))
    return [
        CityLine(
            str(city),
            number,
            visitors.get(city, 0),
            sent.get(city, 0),
            110 + step * place,
            60 + 90 * (place % 2),
            {key: list_url(key, scope.programme, city=str(city)) for key in keys},
        )
        for place, (city, number) in enumerate(sorted(held.items(), key=lambda row: (-row[1], str(row[0]))))
    ]


def _stuck_posts(scope: Scope) -> list[Stuck]:
    """The oldest groups of posts without progress, by unit and state."""
    rows = metric("posts_stuck").rows(scope).order_by().values("unit__name", "state")
    names = {SlotState.RESERVED: _("published, no person named"), SlotState.HELD: _("held, not entered yet")}
    owners = {SlotState.RESERVED: Role.TALENT_OFFICE.label, SlotState.HELD: Role.ESTABLISHMENT_OFFICE.label}
    return [
        Stuck(
            ngettext("%(n)s post %(state)s", "%(n)s posts %(state)s", row["number"])
            % {"n": row["number"], "state": names[row["state"]]},
            row["unit__name"] or "",
            str(owners[row["state"]]),
            since=timezone.localtime(row["oldest"]).date(),
            url=list_url("posts_stuck", scope.programme, unit=row["unit__name"] or "", state=row["state"]),
        )
        for row in rows.annotate(number=Count("pk"), oldest=Min("state_since")).order_by("oldest", "unit__name")[:MOST]
    ]


def _expiring_permits(scope: Scope) -> list[Stuck]:
    """Permits that end within a month while posts under them are not used yet."""
    today = timezone.localdate()
    waiting = metric("posts_total").rows(scope).filter(
        state__in=SlotState.in_recruitment(), permit__expires_on__range=(today, today + timedelta(days=30))
    )  # fmt: skip
    rows = waiting.order_by().values("permit__number", "permit__expires_on", "unit__name").annotate(number=Count("pk"))
    return [
        Stuck(
            ngettext(
                "Permit %(permit)s ends soon, %(n)s post is not used",
                "Permit %(permit)s ends soon, %(n)s posts are not used",
                row["number"],
            )
            % {"permit": row["permit__number"], "n": row["number"]},
            row["unit__name"] or "",
            str(Role.ESTABLISHMENT_OFFICE.label),
            until=row["permit__expires_on"],
            url=list_url(
                "posts_total",
                scope.programme,
                permit=row["permit__number"],
                unit=row["unit__name"] or "",
                state=list(SlotState.in_recruitment()),
            ),
        )
        for row in rows.order_by("permit__expires_on", "permit__number")[:MOST]
    ]
