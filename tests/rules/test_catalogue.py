"""R10: catalogues of majors, built in and read from a published sheet."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from rulebook.conditions import parse_position
from rulebook.conditions.catalogue import catalogue_from_rows, national
from rulebook.conditions.profile import Profile, Schooling
from rulebook.eligibility import judge
from rulebook.ruleset.registration import EligibilityRules

SHEET = [
    ["某省专业参考目录", "", "", "", "", "", "", "", "", "", "", ""],
    ["学科门类", "学科代码", "学科名称", "专业代码", "专业名称", "旧专业名称"] * 2,
    [
        "A01哲学",
        "A0101",
        "哲学",
        "A010101",
        "马克思主义哲学",
        "",
        "B02经济学",
        "B0202",
        "财政学类",
        "B020202",
        "税收学",
        "税务、税务学",
    ],
    ["", "", "", "A010102", "中国哲学", "", "", "", "", "", "", "税收\n经济（部分）"],
    ["", "A0109", "", "", "", "", "", "", "", "B020201K", "财政学", ""],
    ["", "", "逻辑学", "A010901", "现代逻辑", "", "", "", "", "", "", ""],
]
GROUPS = [
    ["专业大类", "学科"],
    ["经济金融类\n（03）", "哲学（A0101）", "财政学类(B0202)"],
    ["", "另包括具体专业", "税收学（B020202）"],
    ["法律类（04）", "法学（A0301）", ""],
]


def test_the_national_catalogue_has_the_standards_numbers():
    counted = Counter((entry.level, len(entry.code)) for entry in national().entries)
    assert counted == {("bachelor", 2): 12, ("bachelor", 4): 92, ("graduate", 2): 14, ("graduate", 4): 178}
    academic = [e for e in national().entries if e.level == "graduate" and len(e.code) == 4 and e.code[2] < "5"]
    assert len(academic) == 117
    assert len({(entry.level, entry.code) for entry in national().entries}) == len(national().entries)
    categories = {(entry.level, entry.code) for entry in national().entries if len(entry.code) == 2}
    assert {(entry.level, entry.code[:2]) for entry in national().entries} == categories


def test_names_and_old_names_are_found_at_their_level():
    catalogue = catalogue_from_rows("某省", "2026", [GROUPS, SHEET])
    assert {
        (name, level): catalogue.codes(name, level)
        for name, level in (
            ("税收学", "bachelor"), ("税务", "bachelor"), ("税务学", "bachelor"), ("财政学", "bachelor"),
            ("财政学类", "bachelor"), ("中国哲学", "graduate"), ("中国哲学", "bachelor"), ("烹饪", "bachelor"),
            ("税收经济", "bachelor"), ("逻辑学", "graduate"),
            ("现代逻辑", "graduate"),
        )
    } == {
        ("税收学", "bachelor"): ("020202",), ("税务", "bachelor"): ("020202",), ("税务学", "bachelor"): ("020202",),
        ("财政学", "bachelor"): ("020201K",), ("财政学类", "bachelor"): ("0202",),
        ("中国哲学", "graduate"): ("010102",),
        ("中国哲学", "bachelor"): (), ("烹饪", "bachelor"): (), ("税收经济", "bachelor"): ("020202",),
        ("逻辑学", "graduate"): ("0109",), ("现代逻辑", "graduate"): ("010901",),
    }  # fmt: skip


def test_broad_groups_stand_for_their_members():
    catalogue = catalogue_from_rows("某省", "2026", [GROUPS, SHEET])
    assert catalogue.codes("经济金融类", "bachelor") == ("0202", "020202")
    assert catalogue.codes("经济金融类", "graduate") == ("0101",)
    assert catalogue.codes("法律类", "graduate") == ("0301",)


def test_sheets_without_a_major_are_refused():
    with pytest.raises(ValueError, match="no major with a code"):
        catalogue_from_rows("x", "2026", [[["序号", "姓名"]]])


def verdict(printed: str, **facts: object) -> str:
    stage = Schooling.model_validate({"level": "bachelor", "finished_on": date(2015, 6, 30), **facts})
    (clause,) = judge(Profile(schooling=(stage,)), parse_position({"major": printed}), date(2026, 3, 20))
    return clause.verdict


@pytest.mark.parametrize(
    ("printed", "facts", "found"),
    [
        ("本科：计算机类", {"major_code": "080901", "major": "计算机科学与技术"}, "met"),
        ("本科：计算机类", {"major_code": "101101", "major": "护理学"}, "not_met"),
        ("本科：计算机类", {"major": "计算机科学与技术"}, "needs_person"),
        ("研究生：法学（0301）", {"level": "master", "major": "法学"}, "met"),
        ("研究生：金融（0251）", {"level": "master", "major": "法学"}, "not_met"),
        ("研究生：民商法学（030105）", {"level": "master", "major": "法学"}, "needs_person"),
        ("研究生：民商法学（030105）", {"level": "master", "major": "法学", "major_code": "0301"}, "needs_person"),
        ("研究生：设计学（1403）", {"level": "master", "major": "设计学"}, "met"),
        ("研究生：法学", {"major_code": "030105", "level": "master", "major": "民商法学"}, "met"),
        ("研究生：法学", {"major_code": "030505", "level": "master", "major": "思想政治教育"}, "needs_person"),
        ("研究生：法学", {"major_code": "025100", "level": "master", "major": "金融"}, "not_met"),
    ],
)
def test_names_without_codes_are_looked_up_in_the_national_catalogue(printed, facts, found):
    assert verdict(printed, **facts) == found


def test_another_catalogue_is_never_replaced_by_the_national_one():
    rules = EligibilityRules(major_catalogue="某省2026")
    stage = Schooling(level="master", major="法学", finished_on=date(2015, 6, 30))
    conditions = parse_position({"major": "研究生：金融（0251）"})
    (clause,) = judge(Profile(schooling=(stage,)), conditions, date(2026, 3, 20), rules)
    assert clause.verdict == "needs_person"


def test_the_published_catalogue_of_a_province_is_read_whole():
    from foundation.tables.cells import cell_text
    from foundation.tables.workbook import open_workbook

    path = Path(__file__).resolve().parents[3] / "shared" / "data" / "guangdong-2026-majors.xls"
    if not path.exists():
        pytest.skip("the published catalogue is not beside this project")
    sheets = [
        [[cell_text(cell) for cell in row.values] for row in sheet.rows()] for sheet in open_workbook(path).sheets
    ]
    catalogue = catalogue_from_rows("广东省", "2026", sheets)

    assert Counter((e.level, len(e.code) > 4) for e in catalogue.entries) == {
        ("college", True): 813, ("bachelor", True): 752, ("graduate", True): 607,
        ("graduate", False): 144, ("college", False): 111, ("bachelor", False): 105,
    }  # fmt: skip
    assert sum(bool(entry.old_names) for entry in catalogue.entries) == 710
    assert len(catalogue.broad_groups) == 21
