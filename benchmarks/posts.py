"""The ledger of posts: 500 units and 50,000 posts, as rows grouped by the database and by the simplest loop.

    python -m benchmarks.posts

Runs on a database of its own: SQLite in a temporary folder, as the embedded default has it. Both ways must give the
same figures. The page is asked through the whole stack as the establishment office; the first request is not counted.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

UNITS, POSTS, DEPARTMENTS = 500, 50_000, 20
STATES = ("used",) * 80 + ("allocated",) * 8 + ("permitted",) * 5 + ("reserved",) * 4 + ("held",) * 2 + ("vacated",)
WAY = {
    "allocated": ("create",),
    "permitted": ("create", "permit"),
    "reserved": ("create", "permit", "reserve"),
    "held": ("create", "permit", "reserve", "hold"),
    "used": ("create", "permit", "reserve", "hold", "use"),
    "vacated": ("create", "permit", "reserve", "hold", "use", "vacate"),
}
AFTER = {
    "create": "allocated", "permit": "permitted", "reserve": "reserved", "hold": "held", "use": "used",
    "vacate": "vacated",
}  # fmt: skip
RUNS = 9
PAGES = (
    ("the overview page", "/admin/posts/"),
    ("the overview page on that past day", "/admin/posts/?as_of={day}"),
    ("one unit's page", "/admin/posts/units/U001/"),
    ("one unit's page on that past day", "/admin/posts/units/U001/?as_of={day}"),
    ("a department's page", "/admin/posts/units/D01/"),
    ("the list of posts", "/admin/posts/list/"),
    ("the list of posts on that past day", "/admin/posts/list/?as_of={day}"),
    ("the vacant posts of a department on that past day", "/admin/posts/list/?under=D01&state=vacant&as_of={day}"),
    ("permits", "/admin/posts/permits/"),
    ("posts that wait too long (2,990)", "/admin/posts/stuck/"),
    ("the log of movements", "/admin/posts/movements/"),
    ("the log of movements of one unit", "/admin/posts/movements/?q=U001"),
    ("one post with its movements", "/admin/posts/post/P00007/"),
)


def fill() -> Any:
    """The county with its movements (222,000), set by set; returns the office."""
    from django.utils import timezone

    from accounts.enums import Role, UnitKind, UserKind
    from accounts.models import StaffRole, Unit, User
    from campaigns.establishment.models import EstablishedPost, Permit, SlotMovement

    now = timezone.now()
    county = Unit.objects.create(code="C", name="县", kind=UnitKind.COUNTY)
    office = User.objects.create(username="posts", kind=UserKind.STAFF, name="编办")
    StaffRole.objects.create(
        user=office, role=Role.ESTABLISHMENT_OFFICE, unit=county, starts_at=now - timedelta(days=9)
    )
    departments = [Unit.objects.create(code=f"D{n:02d}", name=f"部门{n}", parent=county) for n in range(DEPARTMENTS)]
    units = []
    for n in range(UNITS):
        unit = Unit(code=f"U{n:03d}", name=f"单位{n}", parent=departments[n % DEPARTMENTS])
        unit.path = unit.path_below(unit.parent)
        units.append(unit)
    units = Unit.objects.bulk_create(units)
    today = timezone.localdate()
    permits = Permit.objects.bulk_create(
        Permit(
            number=f"核{unit.code}", unit=unit, slots=POSTS // UNITS, issued_on=today,
            expires_on=today + timedelta(days=300), created_by=office,
        )
        for unit in units
    )  # fmt: skip
    posts = [_post(n, units, permits) for n in range(POSTS)]
    posts = EstablishedPost.objects.bulk_create(posts, batch_size=2000)
    rows: list[Any] = []
    for post in posts:
        before = ""
        for step, move in enumerate(WAY[post.state]):
            rows.append(
                SlotMovement(
                    post=post, move=move, from_state=before, to_state=AFTER[move], slot_type="institution",
                    actor=office,
                    from_unit_id=post.unit_id if before else None, to_unit_id=post.unit_id, document="文1号",
                    at=now - timedelta(days=100 - step * 10, seconds=post.pk % 86400),
                )
            )  # fmt: skip
            before = AFTER[move]
    SlotMovement.objects.bulk_create(rows, batch_size=2000)
    return office


def _post(n: int, units: list[Any], permits: list[Any]) -> Any:
    from django.utils import timezone

    from campaigns.establishment.models import EstablishedPost

    state, where = STATES[n * 7 % len(STATES)], n % UNITS
    bound = state in ("permitted", "reserved", "held", "used")
    return EstablishedPost(
        code=f"P{n:05d}", unit=units[where], state=state, permit=permits[where] if bound else None,
        ledger_number=f"L{n:05d}" if state == "used" else "", state_since=timezone.now() - timedelta(days=200),
        purpose="公开招聘" if state in ("reserved", "held") else "",
    )  # fmt: skip


def naive() -> dict[int, dict[str, int]]:
    """The simplest loop: for each unit a query for each state, as a page would that asks row by row."""
    from accounts.models import Unit
    from campaigns.establishment.models import EstablishedPost

    found = {}
    for unit in Unit.objects.all():
        counts = {state: EstablishedPost.objects.filter(unit=unit, state=state).count() for state in AFTER.values()}
        if any(counts.values()):
            found[unit.pk] = counts
    return found


def naive_past(at: Any) -> dict[int, dict[str, int]]:
    """The simplest loop over the past: every movement in order, the last one of each post counts."""
    from campaigns.establishment.models import SlotMovement

    last: dict[int, tuple[int, str]] = {}
    for row in SlotMovement.objects.filter(at__lte=at).order_by("at", "pk").iterator():
        last[row.post_id] = (row.to_unit_id or 0, row.to_state)
    found: dict[int, dict[str, int]] = {}
    for unit, state in last.values():
        counts = found.setdefault(unit, dict.fromkeys(AFTER.values(), 0))
        counts[state] += 1
    return found


def ours(at: Any = None) -> dict[int, dict[str, int]]:
    """The same figures from the one query of the room."""
    from campaigns.establishment.queries import balances

    return {
        unit: {state: getattr(balance, state) for state in AFTER.values()}
        for unit, balance in balances(at=at).items()
        if unit
    }


def timed(label: str, work: Callable[[], Any], runs: int = RUNS) -> Any:
    """The median milliseconds of one run, by the clock and of the processor, and its number of queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as caught:
        result = work()
    queries = len(caught)  # later requests clear the connection's log
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
        from django.test import Client
        from django.utils import timezone

        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        office = fill()
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        past = timezone.now() - timedelta(days=65)
        client = Client(HTTP_HOST="localhost")
        client.force_login(office)
        day = timezone.localdate(past).isoformat()
        print(f"{UNITS} units, {POSTS:,} posts\n\n| what | ms by the clock | ms of the processor | queries |")
        print("|---|---|---|---|")
        now = timed("balances of all units, one query", ours)
        plain = timed("the simplest loop: a query per unit and state", naive, runs=1)
        then = timed("balances 65 days ago, from 222,000 movements", lambda: ours(past))
        walked = timed("the simplest loop: replay every movement", lambda: naive_past(past), runs=1)
        if (now, then) != (plain, walked):
            raise SystemExit("the two ways disagree")
        client.get("/admin/posts/")
        for label, url in PAGES:
            timed(label, partial(_page, client, url.format(day=day)))
        from django.db import connections

        connections.close_all()


def _page(client: Any, url: str) -> None:
    answer = client.get(url)
    if answer.status_code != 200:
        raise SystemExit(f"{url}: {answer.status_code}")


if __name__ == "__main__":
    main()
