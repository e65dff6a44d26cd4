"""One profile against 10,000 positions: reading the stored conditions, judging them, and writing out every reason.

    python -m benchmarks.match

Uses the published province table beside the project where it is there, else rows of our own. The simplest loop, which
reads and judges every position by itself, gives the same verdicts and stands in the last line for comparison.
"""

from __future__ import annotations

import json
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from rulebook.conditions import PositionConditions, parse_position
from rulebook.conditions.profile import Profile, Schooling, WorkPeriod
from rulebook.eligibility import Judge, judge
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
    """Run once and print wall-clock seconds."""
    started = time.perf_counter()
    result = work()
    print(f"| {label} | {time.perf_counter() - started:.2f} |")
    return result


def main() -> None:
    name, printed = rows()
    rules = EligibilityRules()
    print(f"{len(printed):,} positions ({name}), one profile\n\n| step | seconds |\n|---|---|")
    parsed = timed("parse the printed texts", lambda: [parse_position(row) for row in printed])
    stored = [json.dumps(one.to_json(), ensure_ascii=False) for one in parsed]
    documents = timed("json.loads", lambda: [json.loads(one) for one in stored])
    tracemalloc.start()
    conditions = timed("read conditions (traced)", lambda: [PositionConditions.from_json(one) for one in documents])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    conditions = timed("read conditions", lambda: [PositionConditions.from_json(one) for one in documents])
    one_judge = Judge(PROFILE, REF, rules)
    clauses = timed("judge", lambda: [one_judge.clauses(one) for one in conditions])
    timed("write every clause and reason", lambda: [[clause.to_json() for clause in found] for found in clauses])
    alone = timed("judge, each position by itself", lambda: [judge(PROFILE, one, REF, rules) for one in conditions])
    if alone != clauses:
        raise SystemExit("the two ways disagree")
    print(f"\nverdicts: {dict(Counter(verdict_of(found) for found in clauses))}")
    print(
        f"memory of the conditions: {peak / 1024 / 1024:.0f} MiB; stored: {sum(map(len, stored)) / 1024 / 1024:.0f} MiB"
    )


if __name__ == "__main__":
    main()
