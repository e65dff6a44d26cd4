"""One profile against 10,000 positions: reading the stored conditions, judging them, and writing out every reason.

    python -m benchmarks.match

Uses the published province table beside the project where it is there, else rows of our own. The simplest loop, which
reads and judges every position by itself, gives the same verdicts and stands in the last line for comparison. At last
`manage.py match` itself runs over the same positions in a database made for it (`DATABASE_URL`, else SQLite).
"""

from __future__ import annotations

import io
import json
import os
import tempfile
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from rulebook.conditions import PositionConditions, parse_position
from rulebook.conditions.profile import Profile, Schooling, WorkPeriod
from rulebook.eligibility import Clause, Judge, judge
from rulebook.eligibility import overall as verdict_of
from rulebook.ruleset.registration import EligibilityRules

POSITIONS = 10_000
REF = date(2026, 3, 20)
TABLE = Path(__file__).resolve().parents[2] / "shared" / "data" / "henan-2026-positions.xlsx"
COLUMNS = (
    "unit",
    "name",
    "code",
    "headcount",
    "age",
    "education",
    "degree",
    "major",
    "work_years",
    "other",
    "",
    "",
    "note",
)
PROFILE = Profile(
    birth_date=date(1996, 5, 1),
    sex="female",
    party="member",
    schooling=(
        Schooling(
            level="bachelor", degree="bachelor", major="法学", major_code="030101K", full_time=True, kind="regular",
            finished_on=date(2018, 6, 30),
        ),
        Schooling(
            level="master", degree="master", major="民商法学", major_code="030105", full_time=True, kind="regular",
            finished_on=date(2021, 6, 30),
        ),
    ),
    works=(WorkPeriod(start="2021-07", grassroots=True),),
    certificates=("法律职业资格证书A证",),
    titles=(),
    groups=(),
    household="某省某市某县",
    origin="某省某市某县",
)  # fmt: skip


def rows() -> tuple[str, list[dict[str, str]]]:
    """The name of the table and 10,000 rows of it, repeated from the top where it is shorter."""
    if not TABLE.exists():
        from tests.conditions_samples import HENAN_LIKE

        return "own samples", [dict(HENAN_LIKE[index % len(HENAN_LIKE)]) for index in range(POSITIONS)]
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(TABLE)
    cells = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    found = [dict(zip(COLUMNS, map(str, row), strict=False)) for row in cells if str(row[2]).isdecimal()]
    return TABLE.name, [found[index % len(found)] for index in range(POSITIONS)]


def timed(label: str, work: Callable[[], Any]) -> Any:
    """Print the best of three in seconds of CPU, and the most memory a fourth run held in MiB."""
    seconds = []
    for _run in range(3):
        started = time.process_time()
        result = work()
        seconds.append(time.process_time() - started)
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(f"| {label} | {min(seconds):.2f} | {peak / 1024 / 1024:.0f} |")
    return result


def main() -> None:
    name, printed = rows()
    rules = EligibilityRules()
    print(f"{len(printed):,} positions ({name}), one profile\n\n| step | seconds | MiB |\n|---|---|---|")
    parsed = timed("parse the printed texts", lambda: [parse_position(row) for row in printed])
    stored = [json.dumps(one.to_json(), ensure_ascii=False) for one in parsed]
    documents = timed("json.loads", lambda: [json.loads(one) for one in stored])
    conditions = timed("read conditions", lambda: [PositionConditions.from_json(one) for one in documents])

    def judged() -> list[tuple[Clause, ...]]:
        one_judge = Judge(PROFILE, REF, rules)
        return [one_judge.clauses(one) for one in conditions]

    clauses = timed("judge", judged)
    timed("write every clause and reason", lambda: [[clause.to_json() for clause in found] for found in clauses])
    alone = timed("judge, each position by itself", lambda: [judge(PROFILE, one, REF, rules) for one in conditions])
    if alone != clauses:
        raise SystemExit("the two ways disagree")
    measure_the_command(printed)
    print(f"\nverdicts: {dict(Counter(verdict_of(found) for found in clauses))}")
    print(f"stored conditions: {sum(map(len, stored)) / 1024 / 1024:.0f} MiB")


def measure_the_command(printed: list[dict[str, str]]) -> None:
    """Put the positions into a fresh database and print what `manage.py match` takes, reading and writing included."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/match.db")
        os.environ["DATA_DIR"], os.environ["DJANGO_SETTINGS_MODULE"] = folder, "config.settings"
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection, transaction

        call_command("migrate", verbosity=0)
        profile = Path(folder) / "profile.json"
        profile.write_text(PROFILE.model_dump_json(), encoding="utf-8")

        def match() -> str:
            stream = io.StringIO()
            call_command("match", profile=profile, campaign="MATCH", format="json", stdout=stream)
            return stream.getvalue()

        with transaction.atomic():
            _fill(printed)
            output = timed(f"manage.py match --format json on {connection.vendor}, whole", match)
            transaction.set_rollback(True)
        assert len(json.loads(output)["positions"]) == len(printed)


def _fill(printed: list[dict[str, str]]) -> None:
    from accounts.models import Unit
    from accounts.queries import console_account
    from campaigns.planning.models import Campaign, Position, Programme

    unit = Unit.objects.create(code="MATCH", name="MATCH", path="MATCH/")
    programme = Programme.objects.create(
        code="MATCH", name="MATCH", unit=unit, target_people=1, starts_on=REF, ends_on=REF
    )  # fmt: skip
    campaign = Campaign.objects.create(
        programme=programme, code="MATCH", name="MATCH", track="public_exam", unit=unit, batch_group="MATCH",
        created_by=console_account(),
    )  # fmt: skip
    rows = (
        Position(
            campaign=campaign, unit=unit, code=f"{number:05}", name=row["name"], headcount_planned=1,
            headcount_effective=1, conditions=parse_position(row).to_json(),
        )
        for number, row in enumerate(printed)
    )  # fmt: skip
    Position.objects.bulk_create(rows, batch_size=500)


if __name__ == "__main__":
    main()
