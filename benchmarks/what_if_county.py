"""A what-if over a county: 500 units, 50,000 posts, 100 batches, from the database to the tables and as a page.

    python -m benchmarks.what_if_county

Runs on a database of its own: SQLite in a temporary folder. Three batches in ten are registering, the others stand
under checks or under notice, two people waiting for each position. The scenario moves every lever of the page at once.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

UNITS, POSTS, BATCHES, HEADS, LINE = 500, 50_000, 100, 5, 2
PUBLISHED = 10_000
STEPS = ("", "", "", "opened", "opened", "medical_passed", "medical_passed", "noticed", "noticed", "noticed")
RUNS = 5
QUERY = (
    "ratio=2&medical=50&inspection=30&objections=10&notice=20&after=5&leaves=20&passed=on&enter=on"
    "&permits_by=2027-01-01&exits_by=2027-01-01&estimate={estimate}"
)


def fill() -> Any:
    """The county, set by set; returns its leader."""
    from django.utils import timezone

    from accounts.enums import Role, UnitKind, UserKind
    from accounts.models import StaffRole, Unit, User
    from campaigns.establishment.models import Envelope, EstablishedPost, Permit
    from campaigns.planning.models import Programme

    now, today = timezone.now(), timezone.localdate()
    county = Unit.objects.create(code="C", name="县", kind=UnitKind.COUNTY)
    leader = User.objects.create(username="leader", kind=UserKind.STAFF, name="领导")
    StaffRole.objects.create(user=leader, role=Role.LEADER, unit=county, starts_at=now - timedelta(days=9))
    units = [Unit(code=f"U{n:03d}", name=f"单位{n}", parent=county) for n in range(UNITS)]
    for unit in units:
        unit.path = unit.path_below(county)
    units = Unit.objects.bulk_create(units)
    permits = Permit.objects.bulk_create(
        Permit(number=f"核{row.code}", unit=row, slots=POSTS // UNITS, issued_on=today, created_by=leader,
               expires_on=today + timedelta(days=100 + number))
        for number, row in enumerate(units)
    )  # fmt: skip
    envelope = Envelope.objects.create(code="E1", name="专项编制", size=POSTS, unit=county)
    programme = Programme.objects.create(
        code="P1", name="千名人才", unit=county, target_people=POSTS, envelope=envelope, starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
    )  # fmt: skip
    positions = _positions(programme, units, leader)
    posts = []
    for n in range(POSTS):
        position = positions[n // HEADS] if n < PUBLISHED else None
        where = n // HEADS % UNITS if position else n % UNITS
        state = _state(n, position)
        posts.append(
            EstablishedPost(code=f"P{n:05d}", envelope=envelope, unit=units[where], state=state,
                            permit=permits[where], ledger_number=f"L{n}" if state == "used" else "")
        )  # fmt: skip
    _people(positions, EstablishedPost.objects.bulk_create(posts, batch_size=2000), leader)
    return leader


def _state(n: int, position: Any) -> str:
    if position is None:
        return "used" if n % 3 else "permitted"
    return "held" if kind_of(position) == "noticed" else "reserved"


def kind_of(position: Any) -> str:
    """At which step the people of the position's batch are; empty while its opening ratio is due."""
    return STEPS[int(position.campaign.code[1:]) % len(STEPS)]


def _positions(programme: Any, units: list[Any], leader: Any) -> list[Any]:
    from django.utils import timezone

    from campaigns.planning.models import Campaign, Position, RuleSetVersion
    from rulebook.ruleset.profiles import COUNTY_EXAM

    now = timezone.now()
    campaigns = Campaign.objects.bulk_create(
        Campaign(programme=programme, code=f"B{n:03d}", name=f"批次{n}", track="public_exam", unit=programme.unit,
                 batch_group=f"B{n:03d}", state="published" if n % 10 < 3 else "notice", created_by=leader,
                 published_at=now - timedelta(days=60), registration_opens_at=now - timedelta(days=60),
                 registration_closes_at=now - timedelta(days=50))
        for n in range(BATCHES)
    )  # fmt: skip
    document, digest = COUNTY_EXAM.model_dump(mode="json"), COUNTY_EXAM.digest()
    RuleSetVersion.objects.bulk_create(
        RuleSetVersion(campaign=row, document=document, digest=digest, frozen_at=now, created_by=leader)
        for row in campaigns
    )
    count = PUBLISHED // HEADS
    return Position.objects.bulk_create(
        (Position(campaign=campaigns[n % BATCHES], unit=units[n % UNITS], code=f"{n:05d}", name=f"岗位{n}",
                  headcount_planned=HEADS, headcount_effective=HEADS, state="published")
         for n in range(count)),
        batch_size=1000,
    )  # fmt: skip


def _people(positions: list[Any], posts: list[Any], leader: Any) -> None:
    from campaigns.planning.models import PositionSlot, RuleSetVersion
    from recruitment.applications.models import Application
    from recruitment.appointments.models import Appointment
    from recruitment.candidates.models import Candidate
    from recruitment.examinations.models import TotalResult

    claims, candidates, applications, appointments, totals = [], [], [], [], []
    rules = {row.campaign_id: row for row in RuleSetVersion.objects.all()}
    number = 0
    for index, position in enumerate(positions):
        kind = kind_of(position)
        own = posts[index * HEADS : (index + 1) * HEADS]
        claims += [PositionSlot(position=position, post=post) for post in own]
        for place in range(HEADS + LINE):
            number += 1
            state = "effective" if not kind else "handed_over" if place < HEADS else "not_selected"
            candidate = Candidate(name=f"人{number}")
            application = Application(
                candidate=candidate, campaign=position.campaign, position=position, state=state,
                batch_group=position.campaign.batch_group, registration_no=f"R{number:06d}",
            )  # fmt: skip
            candidates.append(candidate)
            applications.append(application)
            if kind and place < HEADS:
                appointments.append(
                    Appointment(application=application, candidate=candidate, position=position, state=kind,
                                post=own[place] if kind == "noticed" else None, opened_by=leader)
                )  # fmt: skip
            if kind:
                totals.append(
                    TotalResult(application=application, value=Decimal(90 - place), rank=place + 1,
                                rule_set=rules[position.campaign_id])
                )  # fmt: skip
    PositionSlot.objects.bulk_create(claims, batch_size=2000)
    Candidate.objects.bulk_create(candidates, batch_size=2000)
    Application.objects.bulk_create(applications, batch_size=2000)
    Appointment.objects.bulk_create(appointments, batch_size=2000)
    TotalResult.objects.bulk_create(totals, batch_size=2000)


def naive(programme: Any) -> tuple[int, dict[str, int]]:
    """The simplest loop: every post and claim an object with what it points at; how many are claimed, and by state."""
    from campaigns.establishment.models import EstablishedPost
    from campaigns.planning.models import PositionSlot

    claims = {row.post_id: row for row in PositionSlot.objects.select_related("position__campaign", "position__unit")}
    counts: dict[str, int] = {}
    for post in EstablishedPost.objects.filter(envelope=programme.envelope).select_related("unit", "permit"):
        counts[post.state] = counts.get(post.state, 0) + 1
    return len(claims), counts


def ours(programme: Any) -> tuple[int, dict[str, int]]:
    """The same two answers from the copy."""
    from recruitment.reporting.what_if import copy_of

    slots = copy_of(programme).situation.slots
    counts: dict[str, int] = {}
    for slot in slots:
        counts[str(slot.state)] = counts.get(str(slot.state), 0) + 1
    return sum(slot.position != "" for slot in slots), counts


def timed(label: str, work: Callable[[], Any], runs: int = RUNS) -> Any:
    """The median milliseconds of one run, by the clock and of the processor, and its number of queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as caught:
        result = work()
    queries = len(caught)
    wall, busy = [], []
    for _run in range(runs):
        clock, processor = time.perf_counter(), time.process_time()
        work()
        wall.append((time.perf_counter() - clock) * 1000)
        busy.append((time.process_time() - processor) * 1000)
    print(f"| {label} | {statistics.median(wall):.0f} | {statistics.median(busy):.0f} | {queries} |", flush=True)
    return result


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            DATA_DIR=folder, DJANGO_SETTINGS_MODULE="config.settings", SECOND_FACTOR_REQUIRED="false", DEBUG="false"
        )
        os.mkdir(os.path.join(folder, "static"))
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connections

        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        measure(fill())
        connections.close_all()


def measure(leader: Any) -> None:
    """The lines of the table."""
    from django.test import Client

    from campaigns.planning.models import Programme
    from recruitment.reporting.office.what_if import table_lines
    from recruitment.reporting.what_if import Scenario, copy_of
    from rulebook.what_if import simulate

    programme = Programme.objects.get()
    client = Client(HTTP_HOST="localhost")
    client.force_login(leader)
    asked = Scenario(
        ratio=2, medical=50, inspection=30, objections=10, notice=20, after=5, leaves=20, everyone_noticed=True,
        everyone_enters=True, permits_by=date(2027, 1, 1), exits_by=date(2027, 1, 1), estimate="mildest",
        ratio_campaigns=tuple(f"B{n:03d}" for n in range(BATCHES) if not STEPS[n % len(STEPS)]),
    )  # fmt: skip
    print(f"{UNITS} units, {POSTS:,} posts, {BATCHES} batches\n")
    print("| what | ms by the clock | ms of the processor | queries |\n|---|---|---|---|")
    copy = timed("read the copy", lambda: copy_of(programme))
    outcome = timed("play every lever on it", lambda: simulate(copy.situation, asked.events()))
    timed("count by track and unit, before and after", lambda: table_lines(copy, outcome))
    timed("all three", lambda: table_lines(now := copy_of(programme), simulate(now.situation, asked.events())))
    if timed("the simplest loop: read every post as an object", lambda: naive(programme), runs=1) != ours(programme):
        raise SystemExit("the two ways disagree")
    client.get("/admin/figures/P1/what-if/")
    for name in ("hardest", "mildest"):
        url = "/admin/figures/P1/what-if/?" + QUERY.format(estimate=name)
        timed(f"the whole page, {name}", lambda url=url: _page(client, url))  # type: ignore[misc]
    print(f"\n{len(outcome.events):,} single events, {len(outcome.moves):,} moves, {len(outcome.calls)} called.")


def _page(client: Any, url: str) -> None:
    answer = client.get(url)
    if answer.status_code != 200 or b"error-summary" in answer.content:
        raise SystemExit(f"{url}: {answer.status_code}")


if __name__ == "__main__":
    main()
