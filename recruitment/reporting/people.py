"""People brought in, as leaders report them: the ways they came in are read here, what counts says the rule book.

One natural person counts once per campaign year with the highest tier and the first date (R90), at every stage, one of
which the frozen rules of each campaign make the official one (R91). The high-level among them are compared by year
(R92).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policies import covers_county, in_scope
from campaigns.planning.models import Campaign
from campaigns.planning.queries import rules_of_all
from foundation.language import rule_language
from recruitment.applications.enums import ApplicationState
from recruitment.applications.models import Application
from recruitment.appointments.enums import AppointmentState as A
from recruitment.appointments.models import Appointment
from recruitment.candidates.models import Education
from recruitment.challenges.enums import EngagementState as E
from recruitment.challenges.models import Engagement, TeamMember
from recruitment.reporting.models import HighLevelYear
from recruitment.reporting.policies import FIGURE_READERS
from rulebook.counting import (
    HIGH_LEVEL,
    STAGES_BY_TRACK,
    CountedRecord,
    CountingStage,
    Growth,
    Way,
    growth,
    people_at,
    tier_of,
)
from rulebook.explanation import template
from rulebook.ruleset import CountingRules

OFFICIAL = "official"
COLUMNS = (*CountingStage, OFFICIAL)
# What the states of our rooms are called at the stages of R91. An appointment before its notice stands on a signed
# agreement, on tracks that have that stage; on the track of the exam it is nothing yet.
APPOINTED: Mapping[str, CountingStage] = {
    A.NOTICED: CountingStage.PROPOSED,
    A.ON_HOLD: CountingStage.PROPOSED,
    A.APPROVED: CountingStage.APPROVED,
    A.ON_POST: CountingStage.ON_POST,
    A.CONFIRMED: CountingStage.ON_POST,
}
ENGAGED: Mapping[str, CountingStage] = {
    E.AGREED: CountingStage.APPROVED,
    E.IN_SERVICE: CountingStage.ON_POST,
    E.ACCEPTED: CountingStage.ON_POST,
}


@dataclass(frozen=True)
class Entry:
    """One way in which a person came in, as a list prints it.

    `person` is the index of the ID number, or the number of the record where none is known; `mark` a degree or title.
    """

    key: str
    person: str
    mark: str
    name: str
    number: str
    unit: str
    campaign: int
    stage: CountingStage
    on: date
    lead: bool = True


@dataclass(frozen=True)
class Person:
    """A person as counted in a year: the first way in, the furthest stage of all ways, the highest tier."""

    record: CountedRecord
    entry: Entry
    campaign: Campaign
    stage: CountingStage


@dataclass(frozen=True)
class YearLine:
    """The high-level people of a year with the test of its growth; `before` are those counted outside this system."""

    year: int
    listed: int
    before: int
    definition: HighLevelYear | None
    growth: Growth

    @property
    def total(self) -> int:
        return self.listed + self.before

    @property
    def verdict(self) -> str:
        return self.growth.explanation.text(rule_language())


def stage_name(stage: str) -> str:
    """The stage in the reader's language, as the rules print it."""
    return template(f"choice.CountingRules.official_stage.{stage}", rule_language())


def column_name(column: str) -> str:
    """The heading of a column: a stage, or the official figure."""
    return _("Official figure") if column == OFFICIAL else stage_name(column)


def rows_url(year: int, column: str, campaign: str = "", *, high_level: bool = False) -> str:
    """Where the list behind a number is."""
    asked = {"year": year, "stage": str(column), "campaign": campaign, "high": "1" if high_level else ""}
    return f"{reverse('figures-people-rows')}?{urlencode({name: value for name, value in asked.items() if value})}"


class People:
    """Everybody brought in whom a reader's roles cover, in nine queries whatever their number."""

    def __init__(self, reader: User) -> None:
        self.reader = reader
        self.is_county_wide = covers_county(reader, *FIGURE_READERS)

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """Key → way in."""
        found = [*self._appointments(), *self._agreements(), *self._engagements(), *self._members()]
        return {entry.key: entry for entry in found}

    @cached_property
    def campaigns(self) -> dict[int, Campaign]:
        wanted = {entry.campaign for entry in self.entries.values()}
        return {row.pk: row for row in Campaign.objects.order_by("published_at", "code") if row.pk in wanted}

    @cached_property
    def rules(self) -> dict[int, CountingRules]:
        """Campaign → its counting rules, frozen with its announcement."""
        return {pk: rules.counting for pk, rules in rules_of_all(self.campaigns.values()).items()}

    @cached_property
    def definitions(self) -> list[HighLevelYear]:
        return list(HighLevelYear.objects.order_by("year"))

    @cached_property
    def ways(self) -> list[Way]:
        """What the rule book counts."""
        marks: defaultdict[str, set[str]] = defaultdict(set)
        for entry in self.entries.values():
            marks[entry.person].add(entry.mark)
        for index, candidate, degree in self._degrees():
            marks[index or f"#{candidate}"].add(degree)
        return [
            Way(self._record(entry, marks[entry.person]), entry.stage, self.rules[entry.campaign])
            for entry in self.entries.values()
        ]

    def _record(self, entry: Entry, marks: set[str]) -> CountedRecord:
        year = year_of(self.campaigns[entry.campaign])
        defined = self.defined(year)
        tier = tier_of(marks, defined.tiers if defined else HIGH_LEVEL)
        return CountedRecord(entry.person, year, entry.on, tier, entry.lead, entry.key)

    def defined(self, year: int) -> HighLevelYear | None:
        """The definition kept for the year or the nearest one before; None where none was kept."""
        return next((row for row in reversed(self.definitions) if row.year <= year), None)

    @cached_property
    def counted(self) -> dict[str, list[Person]]:
        """Stage, or `official`, → the people counted there."""
        furthest: dict[tuple[int, str], CountingStage] = {}
        for stage in CountingStage:
            furthest.update({(row.year, row.id_hash): stage for row in people_at(self.ways, stage)})
        columns = {stage.value: people_at(self.ways, stage) for stage in CountingStage}
        columns[OFFICIAL] = people_at(self.ways)
        return {name: [self._person(row, furthest) for row in rows] for name, rows in columns.items()}

    def _person(self, row: CountedRecord, furthest: Mapping[tuple[int, str], CountingStage]) -> Person:
        entry = self.entries[row.source]
        return Person(row, entry, self.campaigns[entry.campaign], furthest[row.year, row.id_hash])

    @property
    def years(self) -> list[int]:
        """The years with a figure, the latest first."""
        return sorted({way.record.year for way in self.ways}, reverse=True)

    def cells(self, year: int, campaign: str = "") -> list[tuple[str, int, str]]:
        """(heading, people, address of their list) of every column of a year, or of one of its campaigns."""
        return [
            (column_name(column), len(self.listed(column, year, campaign=campaign)), rows_url(year, column, campaign))
            for column in COLUMNS
        ]

    def listed(self, column: str, year: int, *, campaign: str = "", high_level: bool = False) -> list[Person]:
        """The rows behind one number: a column of a year, of the campaign of that code, the high-level only."""
        return [
            person
            for person in self.counted[column]
            if person.record.year == year
            and (not campaign or person.campaign.code == campaign)
            and (not high_level or person.record.tier is not None)
        ]

    def growth(self) -> list[YearLine]:
        """The high-level people of each year against the two before it, the latest first (R92).

        The factor is that of the year's last campaign. Years only known from outside this system are lines too.
        """
        kept = {row.year: row for row in self.definitions}
        listed = {year: len(self.listed(OFFICIAL, year, high_level=True)) for year in self.years}
        total = {
            year: listed.get(year, 0) + (kept[year].counted_before if year in kept else 0) for year in {*listed, *kept}
        }
        return [
            YearLine(
                year, listed.get(year, 0), total[year] - listed.get(year, 0), self.defined(year),
                growth(total[year], total.get(year - 1), total.get(year - 2), self._rules_of(year)),
            )
            for year in sorted(total, reverse=True)
        ]  # fmt: skip

    def _rules_of(self, year: int) -> CountingRules:
        of_the_year = [pk for pk, row in self.campaigns.items() if year_of(row) == year]
        return self.rules[of_the_year[-1]] if of_the_year else CountingRules()

    def _mine(self, field: str) -> Q:
        return Q() if self.is_county_wide else in_scope(self.reader, *FIGURE_READERS, field=field)

    def _appointments(self) -> Iterable[Entry]:
        rows = Appointment.objects.filter(self._mine("position__unit")).exclude(state=A.ENDED)
        for pk, state, track, signed_on, opened_at, number, *person in rows.values_list(
            "pk", "state", "position__campaign__track", "application__agreement__signed_on", "opened_at",
            "application__registration_no", *_person("position__unit__name", "position__campaign_id"),
        ):  # fmt: skip
            stage = APPOINTED.get(state, CountingStage.INTENT_SIGNED)
            if stage in STAGES_BY_TRACK[track]:
                yield _entry(f"a{pk}", number, person, stage, signed_on or opened_at)

    def _agreements(self) -> Iterable[Entry]:
        rows = Application.objects.filter(self._mine("position__unit"), state=ApplicationState.AGREED)
        for pk, signed_on, started_at, number, *person in rows.values_list(
            "pk", "agreement__signed_on", "created_at", "registration_no",
            *_person("position__unit__name", "campaign_id"),
        ):  # fmt: skip
            yield _entry(f"s{pk}", number, person, CountingStage.INTENT_SIGNED, signed_on or started_at)

    def _engagements(self) -> Iterable[Entry]:
        rows = Engagement.objects.filter(self._mine("bid__challenge__unit")).exclude(state=E.TERMINATED)
        for pk, state, recorded_at, number, *person in rows.values_list(
            "pk", "state", "recorded_at", "number",
            *_person("bid__challenge__unit__name", "bid__challenge__campaign_id", "bid__candidate"),
        ):  # fmt: skip
            yield _entry(f"e{pk}", number, person, ENGAGED[state], recorded_at)

    def _members(self) -> Iterable[Entry]:
        rows = TeamMember.objects.filter(self._mine("engagement__bid__challenge__unit"))
        challenge = "engagement__bid__challenge__"
        for pk, state, at, index, degree, name, number, unit, campaign in rows.values_list(
            "pk", "engagement__state", "recorded_at", "id_index", "degree", "name", "engagement__number",
            f"{challenge}unit__name", f"{challenge}campaign_id",
        ).exclude(engagement__state=E.TERMINATED):  # fmt: skip
            yield Entry(
                f"m{pk}", index, degree, name, number, unit, campaign, ENGAGED[state], timezone.localdate(at),
                lead=False,
            )  # fmt: skip

    def _degrees(self) -> QuerySet[Any, tuple[str | None, int, str]]:
        """(index of the ID number, candidate, degree) of everybody in the lists above."""
        ways = (
            Appointment.objects.filter(candidate=OuterRef("candidate")),
            Application.objects.filter(candidate=OuterRef("candidate"), state=ApplicationState.AGREED),
            Engagement.objects.filter(bid__candidate=OuterRef("candidate")),
        )
        found = Q()
        for rows in ways:
            found |= Q(Exists(rows))
        return Education.objects.filter(found).order_by().values_list("candidate__id_index", "candidate_id", "degree")


def year_of(campaign: Campaign) -> int:
    """The campaign year: that of its announcement, before it that of its plan."""
    return timezone.localtime(campaign.published_at or campaign.created_at).year


def _person(unit: str, campaign: str, candidate: str = "candidate") -> tuple[str, ...]:
    fields = ("id_index", "pk", "title_level", "name")
    return (*(f"{candidate}__{field}" for field in fields), unit, campaign)


def _entry(key: str, number: str, person: list[Any], stage: CountingStage, on: date | datetime) -> Entry:
    index, candidate, title_level, name, unit, campaign = person
    first = timezone.localdate(on) if isinstance(on, datetime) else on
    return Entry(key, index or f"#{candidate}", title_level, name, number, unit, campaign, stage, first)
