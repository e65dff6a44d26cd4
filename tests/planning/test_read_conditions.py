"""The report of what is understood in a position table, before anything is imported."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.planning.conftest import workbook

HEADER = ["招聘单位", "岗位名称", "岗位代码", "招聘人数", "学历要求", "年龄要求", "其他条件"]


def told(path, **options):
    out = StringIO()
    call_command("read_conditions", str(path), stdout=out, **options)
    return out.getvalue()


def test_shares_and_patterns_are_reported(tmp_path):
    path = tmp_path / "岗位.xlsx"
    path.write_bytes(
        workbook(
            (
                "岗位",
                [
                    HEADER,
                    ["县医院", "医师", "A1", 1, "本科及以上", "35周岁以下", "限男性"],
                    ["县医院", "护士", "A2", 1, "本科及以上", "35周岁以下", "须经单位面谈认可其职业倾向"],
                    ["县医院", "护士", "A3", 1, "本科及以上", "35周岁以下", "须经单位面谈认可其职业倾向"],
                ],
            )
        )
    )
    found = json.loads(told(path, format="json"))
    assert {key: found[key] for key in ("positions", "fully", "partly", "free")} == {
        "positions": 3, "fully": 1, "partly": 2, "free": 0,
    }  # fmt: skip
    assert found["patterns"] == [{"column": "other", "text": "须经单位面谈认可其职业倾向", "positions": 2}]
    assert "1 fully structured (33.33%), 2 partly, 0 only free text" in told(path)


def test_a_file_that_is_missing_or_no_table_is_refused(tmp_path):
    with pytest.raises(CommandError, match="can't be read"):
        told(tmp_path / "no.xlsx")
    other = tmp_path / "x.xlsx"
    other.write_bytes(workbook(("x", [["甲", "乙"], ["1", "2"]])))
    with pytest.raises(CommandError):
        told(other)


def test_the_henan_table_is_above_97_per_cent():
    path = Path(__file__).resolve().parents[3] / "shared" / "data" / "henan-2026-positions.xlsx"
    if not path.exists():
        pytest.skip("the published table is not beside this project")
    found = json.loads(told(path, format="json"))
    assert (found["positions"], found["share"] > 0.97, found["by_declaration"]) == (7509, True, 673)
