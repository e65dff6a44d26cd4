"""The header variants of real position tables are all recognised."""

from pathlib import Path

import pytest

from campaigns.planning.position_layout import POSITION_LAYOUT
from foundation.tables.headers import Table, read_tables
from foundation.tables.workbook import open_workbook
from rulebook.conditions import CONDITION_COLUMNS

TABLES = Path(__file__).resolve().parents[4] / "shared" / "data"

VARIANTS = {
    "cities": (
        "市州名称,县市区,招聘单位,岗位类别,岗位名称,岗位编码,招聘人数,招聘对象范围,年龄,学历学位,"
        "专业条件要求,其他,笔试开考比例,公共科目笔试名称,专业笔试名称,面试入围比例,备注,咨询电话"
    ),
    "province": (
        "主管部门,招聘单位,岗位类别,岗位名称,岗位编码,招聘人数,招聘对象范围,年龄,学历学位,专业条件要求,其他,"
        "笔试开考比例,公共科目笔试名称,专业笔试名称,面试入围比例,备注,咨询电话"
    ),
    "teachers": (
        "主管部门,招聘单位名称,岗位类别,岗位名称,岗位编码,招聘人数,年龄,笔试公共科目,笔试专业科目,其他条件,"
        "备注,咨询电话"
    ),
    "shanghai": (
        "岗位编号,用人单位,主管单位,岗位名称,岗位职责,岗位类别,招聘人数,招聘对象,最低工作年限,户籍要求,"
        "学历要求,学位要求,专业要求,年龄上限,政治面貌,其它条件,面试比例,最低合格分数线,笔试面试成绩比例,"
        "备注"
    ),
    "jiangsu": (
        "主管部门,名称,单位代码,经费来源,岗位名称,岗位代码,岗位类别,岗位描述,拟招聘人数,招聘对象,学历,专业,"
        "其他条件,其他说明,招聘部门（单位）考试形式和所占比例,政策咨询电话"
    ),
    "xian": (
        "序号,主管部门(区县开发区),招聘单位,单位性质/经费形式,岗位类别,岗位简称,岗位代码,招聘人数,专业名称,"
        "学历,学位,其他条件,笔试类别,备注"
    ),
    "zhejiang": (
        "序号,主管单位(部门),名称,岗位代码,岗位名称,岗位描述,岗位类别,岗位等级,计划招聘人数,对象类别,学历,"
        "学位,专业/学科方向,年龄,工作经历,职业资格,专业技术职务任职资格,其他条件,开考比例,经笔试入围比例,"
        "专业测评,其他说明,招聘单位咨询电话"
    ),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_every_column_of_a_known_variant_has_its_meaning(name):
    header = VARIANTS[name]
    (table,) = read_tables(open_workbook(f"{header}\n".encode(), f"{name}.csv"), POSITION_LAYOUT)
    assert [column.header for column in table.unknown] == []
    assert len(table.columns) == header.count(",") + 1


def test_every_condition_column_is_a_field_of_the_layout():
    assert set(CONDITION_COLUMNS) <= {spec.name for spec in POSITION_LAYOUT.fields}


def _published(name: str) -> list[Table]:
    path = TABLES / name
    if not path.exists():
        pytest.skip(f"the published table {name} is not beside this project")
    return read_tables(open_workbook(path), POSITION_LAYOUT)


def test_both_sheets_of_the_published_province_table_are_found():
    found = _published("henan-2026-positions.xlsx")
    assert [(table.sheet.name, table.header_row, table.unknown) for table in found] == [
        ("省辖市以下", 3, ()),
        ("省直机关", 3, ()),
    ]
    records = [record for table in found for record in table.records()]
    assert (len(records), len({record.values["code"] for record in records})) == (7509, 7509)
    assert [table.skipped for table in found] == [[], []]
    assert all(record.values["headcount"].isdecimal() and not record.problems for record in records)


def test_the_published_city_table_is_found():
    (table,) = _published("zhengzhou-2024-positions.csv")
    assert (table.header_row, table.unknown, sum(1 for _ in table.records())) == (1, (), 392)
