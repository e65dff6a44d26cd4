"""The conditions of two published tables are read whole; what is read is counted, so that a loss can't go unnoticed."""

from collections import Counter
from pathlib import Path

import pytest

from rulebook.conditions import parse_position, report

# The order of columns in both published tables, as canonical fields.
COLUMNS = (
    "unit", "name", "code", "headcount", "age", "education", "degree", "major", "work_years", "other", "medical",
    "fitness", "note",
)  # fmt: skip
TABLES = Path(__file__).resolve().parents[3] / "shared" / "data"


def _rows(name: str) -> list[dict[str, str]]:
    from foundation.tables.workbook import open_workbook

    path = TABLES / name
    if not path.exists():
        pytest.skip(f"the published table {name} is not beside this project")
    return [
        dict(zip(COLUMNS, map(str, row.values), strict=False))
        for sheet in open_workbook(path).sheets
        for row in sheet.rows()
        if str(row.values[2]).isdecimal()
    ]


def test_more_than_97_per_cent_of_the_henan_table_is_fully_structured() -> None:
    rows = _rows("henan-2026-positions.xlsx")
    found = [parse_position(row) for row in rows]
    summary = report(found)

    assert len(rows) == 7509
    assert summary.share > 0.97
    assert summary.patterns == ()
    assert summary.by_declaration == 673
    kinds = Counter(condition.kind for position in found for condition in position.conditions)
    assert kinds == {
        "age": 7509, "education": 7509, "degree": 6174, "major": 5511, "sex": 2312, "party": 800, "declaration": 675,
        "certificate": 624, "school": 593, "main_major": 434, "group": 252, "work": 103, "household": 84,
        "democratic_party": 8,
    }  # fmt: skip


def test_every_code_printed_in_the_henan_majors_is_kept() -> None:
    import re

    for row in _rows("henan-2026-positions.xlsx"):
        majors = [one for one in parse_position(row).conditions if one.kind == "major"]
        kept = [item.code for one in majors for group in one.groups for item in group.items if item.code]
        assert kept == re.findall(r"（(\d{2,6}[A-Z]*)", row["major"])


def test_the_zhengzhou_table_is_fully_structured() -> None:
    summary = report(parse_position(row) for row in _rows("zhengzhou-2024-positions.csv"))
    assert (summary.fully, summary.partly, summary.free) == (392, 0, 0)
