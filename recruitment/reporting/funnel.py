"""From an event to a hire: registered, checked in, applied, called to the interview, hired; by event and by city."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from campaigns.events.enums import EventState
from campaigns.events.models import RecruitingEvent
from campaigns.events.queries import with_costs
from campaigns.planning.models import Campaign
from campaigns.planning.queries import rules_of_all
from foundation.language import rule_language
from recruitment.applications.enums import ApplicationState
from recruitment.applications.models import Application
from recruitment.reporting.metrics import Metric, Scope, Text, called, hired_in_time, metric, once_per_event
from recruitment.reporting.small_numbers import shows_total, veiled
from rulebook.counting import credit_terms, percentage
from rulebook.rounding import half_up

# The stages in their order, each a metric whose rows are grouped by event.
STAGES = (
    "event_registrations", "event_check_ins", "applications_from_events", "called_from_events", "hired_from_events",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One event or city: how many people reached each stage, and the money spent, in yuan."""

    name: str
    counts: Sequence[int]
    spent: Decimal
    events: int = 1
    event: RecruitingEvent | None = None

    @property
    def cells(self) -> list[tuple[Text, int, Decimal | None]]:
        """(stage, people, their share of the stage before in per cent, none for the first)."""
        before: list[int | None] = [None, *self.counts]
        return [
            (metric(key).name, count, None if earlier is None else percentage(count, earlier))
            for key, count, earlier in zip(STAGES, self.counts, before, strict=False)
        ]

    @property
    def money(self) -> list[tuple[Text, str]]:
        """Yuan spent, and for each person hired."""
        hired = self.counts[-1]
        per_hire = f"{half_up(self.spent / hired, 0):,}" if hired else "—"
        return [(_("Spent, yuan"), f"{self.spent:,.2f}"), (_("For each hire, yuan"), per_hire)]


@dataclass(frozen=True)
class Funnel:
    """All of it; cities and total are sums over the events."""

    stages: Sequence[Metric]
    events: Sequence[Line]
    cities: Sequence[Line]
    total: Line


def added(name: str, lines: Iterable[Line]) -> Line:
    """One line for several."""
    rows = list(lines)
    counts = [sum(row.counts[place] for row in rows) for place in range(len(STAGES))]
    return Line(name, counts, sum((row.spent for row in rows), Decimal(0)), sum(row.events for row in rows))


def terms_of(campaigns: QuerySet[Campaign]) -> list[tuple[str, Sequence[str]]]:
    """(sentence, campaigns it stands for): when an application or a hire counts for an event, by their rules (R93)."""
    rows = list(campaigns.order_by("published_at", "code"))
    found: dict[str, list[str]] = {}
    rules = rules_of_all(rows)
    for row in rows:
        found.setdefault(credit_terms(rules[row.pk].event).text(rule_language()), []).append(row.name)
    return list(found.items())


def funnel(scope: Scope) -> Funnel:
    """The public events of a programme, the latest first, in one query for the events and one for each stage."""
    stages = [metric(key) for key in STAGES]
    counts = [dict(stage.breakdown(scope, "event_id")) for stage in stages]
    rows = scope.rows(RecruitingEvent, programme="campaigns__programme", unit="unit")
    rows = rows.filter(published_at__isnull=False).exclude(state=EventState.CANCELLED).distinct()
    events = [
        Line(event.name, [found.get(event.pk, 0) for found in counts], event.spent, event=event)
        for event in with_costs(rows).select_related("university").order_by("-starts_at", "code")
    ]
    return Funnel(stages, events, _by_city(events), added("", events))


def _by_city(lines: Iterable[Line]) -> list[Line]:
    cities: dict[str, list[Line]] = {}
    for line in lines:
        if line.event:
            cities.setdefault(line.event.university.city, []).append(line)
    return [added(city, found) for city, found in sorted(cities.items(), key=lambda item: (-len(item[1]), item[0]))]


def outcome_of(event: RecruitingEvent) -> dict[str, int]:
    """People with an application credited to one event: submitted, called to the interview, ended in a hire (R93)."""
    rows = Application.objects.filter(event=event).exclude(state=ApplicationState.DRAFT)
    return rows.aggregate(
        applied=Count("candidate", distinct=True),
        called=Count("candidate", distinct=True, filter=called()),
        hired=Count("candidate", distinct=True, filter=hired_in_time("appointment__")),
    )


@dataclass(frozen=True)
class PublicLine:
    """One city as the public reads it: None stands for a number too small to be told."""

    city: str
    events: int
    counts: Sequence[int | None]

    @property
    def cells(self) -> list[tuple[Text, int | None]]:
        """(name, number) of visitors, applicants and hires."""
        return list(zip((_("Visitors"), _("Applicants"), _("Hired")), self.counts, strict=True))


@dataclass(frozen=True)
class PublicTour:
    """What became of the events held, by city, with small numbers hidden; a total is None if it would tell one."""

    cities: Sequence[PublicLine]
    total: PublicLine


def public_tour() -> PublicTour:
    """People checked in, applicants and hires of all events held, in five queries."""
    held = (EventState.HELD, EventState.CLOSED)
    arrived = Q(registrations__checked_in_at__isnull=False)
    cities = list(
        RecruitingEvent.objects.filter(state__in=held)
        .order_by()
        .values_list("university__city")
        .annotate(events=Count("pk", distinct=True), arrived=Count("registrations", filter=arrived, distinct=True))
        .order_by("-events", "university__city")
    )
    rows = Application.objects.filter(event__state__in=held).exclude(state=ApplicationState.DRAFT).order_by()
    applied, hired = (
        dict(people.values_list("event__university__city").annotate(Count("pk")))
        for people in (once_per_event(rows), rows.filter(hired_in_time("appointment__")))
    )
    columns = [
        [arrived for _city, _events, arrived in cities],
        *([found.get(city, 0) for city, *_rest in cities] for found in (applied, hired)),
    ]
    shown = [veiled(column) for column in columns]
    lines = [
        PublicLine(city, events, [column[place] for column in shown]) for place, (city, events, _a) in enumerate(cities)
    ]
    totals = [sum(all_) if shows_total(all_, some) else None for all_, some in zip(columns, shown, strict=True)]
    return PublicTour(lines, PublicLine(_("Total"), sum(line.events for line in lines), totals))
