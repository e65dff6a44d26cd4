"""The ledger of posts: 500 units and 50,000 posts, as rows grouped by the database and by the simplest loop.

    python -m benchmarks.posts

Runs on a database of its own: SQLite in a temporary folder, as the embedded default has it. Both ways must give the
same figures. Pages are asked through the whole stack as the establishment office; the first request is not counted.
Milliseconds are those of the processor, the best of several runs, so that other work on the machine does not count.
"""

from __future__ import annotations

import os
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
RUNS = 5
TARGET = 200
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
    ("one permit with its posts", "/admin/posts/permits/{permit}/"),
    ("posts that wait too long (2,990)", "/admin/posts/stuck/"),
    ("the log of movements", "/admin/posts/movements/"),
    ("the log of movements of one unit", "/admin/posts/movements/?unit=U001"),
    ("the log of movements, searched", "/admin/posts/movements/?q=P00007"),
    ("one post with its movements", "/admin/posts/post/P00007/"),
    ("comparisons with the official ledger", "/admin/posts/reconciliation/"),
    ("one comparison of 40,000 rows", "/admin/posts/reconciliation/{comparison}/"),
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
            number=f"核{unit.code}", unit=unit, slots=POSTS // UNITS, issued_on=today - timedelta(days=290),
            expires_on=today + timedelta(days=20), created_by=office,
        )
        for unit in units
    )  # fmt: skip
    posts = [_post(n, units, permits, now) for n in range(POSTS)]
    posts = EstablishedPost.objects.bulk_create(posts, batch_size=2000)
    by_unit = dict(zip([unit.pk for unit in units], permits, strict=True))
    rows = [row for post in posts for row in _movements(post, by_unit[post.unit_id], office, now)]
    SlotMovement.objects.bulk_create(rows, batch_size=2000)
    _compare(county, office, posts)
    return office


def _when(post_number: int, step: int, now: Any) -> Any:
    return now - timedelta(days=300 - step * 10, seconds=post_number % 86400)


def _movements(post: Any, permit: Any, office: Any, now: Any) -> list[Any]:
    """The whole way of a post to its state."""
    from campaigns.establishment.models import SlotMovement

    rows, before = [], ""
    for step, move in enumerate(WAY[post.state]):
        rows.append(
            SlotMovement(
                post=post, move=move, from_state=before, to_state=AFTER[move], slot_type="institution", actor=office,
                from_unit_id=post.unit_id if before else None, to_unit_id=post.unit_id, document="文1号",
                permit=permit if step else None, at=_when(int(post.code[1:]), step, now),
            )
        )  # fmt: skip
        before = AFTER[move]
    return rows


def _compare(county: Any, office: Any, posts: list[Any]) -> None:
    """A comparison with the official ledger: most people agree, some hundreds wait for a decision."""
    from django.utils import timezone

    from campaigns.establishment.models import Reconciliation, ReconciliationRow

    found = Reconciliation.objects.create(
        as_on=timezone.localdate(), file_name="台账.xlsx", digest="0" * 64, unit=county, created_by=office
    )
    kinds = ("match",) * 97 + ("missing", "extra", "different")
    used = [post for post in posts if post.state == "used"]
    ReconciliationRow.objects.bulk_create(
        [
            ReconciliationRow(
                reconciliation=found, number=n, kind=kinds[n % len(kinds)], ledger_number=post.ledger_number,
                unit_id=post.unit_id, post=post,
            )
            for n, post in enumerate(used)
        ],
        batch_size=2000,
    )  # fmt: skip


def _post(n: int, units: list[Any], permits: list[Any], now: Any) -> Any:
    from campaigns.establishment.models import EstablishedPost

    state, where = STATES[n * 7 % len(STATES)], n % UNITS
    bound = state in ("permitted", "reserved", "held", "used")
    return EstablishedPost(
        code=f"P{n:05d}", unit=units[where], state=state, permit=permits[where] if bound else None,
        ledger_number=f"L{n:05d}" if state == "used" else "", state_since=_when(n, len(WAY[state]) - 1, now),
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
    """Print the best milliseconds of the processor over some runs, and the queries; a page says if it is slow."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as caught:
        result = work()
        queries = len(caught)
    best = min(_milliseconds(work) for _run in range(runs))
    slow = " (over the target)" if result is None and best > TARGET else ""
    print(f"| {label} | {best:.0f}{slow} | {queries} |", flush=True)
    return result


def _milliseconds(work: Callable[[], Any]) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


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

        from campaigns.establishment.models import Permit, Reconciliation

        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        office = fill()
        past = timezone.now() - timedelta(days=255)
        client = Client(HTTP_HOST="localhost")
        client.force_login(office)
        print(f"{UNITS} units, {POSTS:,} posts\n\n| what | ms of the processor | queries |")
        print("|---|---|---|")
        now = timed("balances of all units, one query", ours)
        plain = timed("the simplest loop: a query per unit and state", naive, runs=1)
        then = timed("balances on a past day, from 222,000 movements", lambda: ours(past))
        walked = timed("the simplest loop: replay every movement", lambda: naive_past(past), runs=1)
        if (now, then) != (plain, walked):
            raise SystemExit("the two ways disagree")
        keys = {
            "day": timezone.localdate(past).isoformat(),
            "permit": Permit.objects.get(number="核U001").pk,
            "comparison": Reconciliation.objects.get().pk,
        }
        client.get("/admin/posts/")
        for label, url in PAGES:
            timed(label, partial(_page, client, url.format(**keys)))
        from django.db import connections

        connections.close_all()


def _page(client: Any, url: str) -> None:
    answer = client.get(url)
    if answer.status_code != 200:
        raise SystemExit(f"{url}: {answer.status_code}")


if __name__ == "__main__":
    main()
