"""What the leaders' screen shows, put together from the metric registry in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.establishment.enums import SlotState
from campaigns.planning.enums import Track
from campaigns.planning.models import Programme
from foundation.ui.components import Figure, Segment
from recruitment.reporting.metrics import Metric, Scope, metric, slots_by_state
from rulebook.counting import percentage

SHOWN = ("people_appointed", "people_engaged", "people_high_degree", "applications")
EVENTS = ("events_held", "event_check_ins", "applications_from_events")


@dataclass(frozen=True)
class TrackLine:
    """One track: its target in people, and who was appointed on it."""

    name: str
    target: int
    appointed: int
    share: Decimal | None


@dataclass(frozen=True)
class UnitLine:
    """One unit's posts of the envelope by state; the parts add up to the total."""

    name: str
    used: int
    held: int
    reserved: int
    free: int

    @property
    def total(self) -> int:
        return self.used + self.held + self.reserved + self.free


@dataclass(frozen=True)
class Dashboard:
    """Everything on the screen."""

    verdict: str
    figures: Sequence[Figure]
    posts: Sequence[Segment]
    tracks: Sequence[TrackLine]
    units: Sequence[UnitLine]
    cities: Sequence[tuple[str, int]]


def list_url(key: str, programme: Programme) -> str:
    """Where the list behind a figure is."""
    return reverse("figures-list", args=[programme.code, key])


def figure_of(shown: Metric, value: int, programme: Programme, note: str = "") -> Figure:
    """A metric as a tile."""
    url = list_url(shown.key, programme)
    return Figure(shown.name, value, shown.unit, note, shown.definition, shown.limits, url)


def dashboard(programme: Programme, reader: User) -> Dashboard:
    """The screen of one programme for one reader."""
    scope = Scope(programme, reader)
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
        units=_units(scope),
        cities=[(str(city), number) for city, number in metric("events_held").breakdown(scope, "city")],
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
    return [UnitLine(unit or _("Not allocated yet"), **parts) for unit, parts in sorted(counts.items())]
