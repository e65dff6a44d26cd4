import pytest
from django.utils import translation

from foundation.tables.headers import Skipped, read_tables
from foundation.tables.layout import Field, TableLayout
from foundation.tables.workbook import TableError, open_workbook
from tests.foundation.tables.samples import HEADER, ROWS, xlsx

LAYOUT = TableLayout(
    "positions",
    (
        Field("department", "department", ("主管部门",), forward_fill=True),
        Field("unit", "unit", ("招聘单位", "用人单位"), required=True, forward_fill=True),
        Field("name", "position", ("岗位名称", "职位名称")),
        Field("code", "code", ("岗位代码", "岗位编码"), required=True),
        Field("headcount", "headcount", ("招聘人数", "招聘名额"), required=True),
        Field("age", "age", ("年龄", "年龄要求")),
        Field("bachelor", "bachelor", ("专业要求/本科",)),
        Field("graduate", "graduate", ("专业要求/研究生",)),
        Field("note", "note", ("备注",)),
    ),
)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def tables(content: bytes, sheet_name: str | None = None):
    return read_tables(open_workbook(content, "positions.xlsx"), LAYOUT, sheet_name)


def refusal(content: bytes) -> TableError:
    with pytest.raises(TableError) as caught:
        tables(content)
    return caught.value


def test_the_header_is_found_below_title_and_notes():
    (table,) = tables(xlsx([("某县2026年公开招聘岗位表",), (), ("说明：以公告为准。",), HEADER, *ROWS]))

    assert (table.header_row, table.header_rows) == (4, 1)
    assert [(record.number, record.values["code"], record.values["headcount"]) for record in table.records()] == [
        (5, "10001", "2"),
        (6, "10002", "1"),
    ]


def test_headers_are_recognised_with_blanks_line_breaks_and_notes_in_brackets():
    header = ("招聘\n单位", "岗 位 名 称", "岗位代码（8位）", "招聘人数(人)", "年　龄")
    (table,) = tables(xlsx([header, ("县医院", "护士", 10001.0, "2", "35")]))
    assert [column.field.name for column in table.columns] == ["unit", "name", "code", "headcount", "age"]
    assert next(table.records()).values["code"] == "10001"


def test_every_sheet_is_read_and_a_hidden_one_left_out():
    def touch(book, sheets):
        sheets[2].hide()

    found = tables(xlsx([HEADER, ROWS[0]], [HEADER, ROWS[1]], [HEADER], [()], names=list("一二三四"), touch=touch))
    assert [(table.sheet.name, [r.values["code"] for r in table.records()]) for table in found] == [
        ("一", ["10001"]),
        ("二", ["10002"]),
    ]


def test_pages_of_explanation_and_hidden_sheets_are_left_out_and_told():
    def touch(book, sheets):
        sheets[2].hide()

    found = tables(
        xlsx(
            [("填表说明",), ("一、请逐项填写",)], [HEADER, ROWS[0]], [HEADER], [()], names=list("一二三四"), touch=touch
        )
    )
    assert ([table.sheet.name for table in found], found.left_out) == (["二"], ("一", "三"))


def test_a_table_that_lacks_a_column_is_refused_even_beside_a_good_one():
    assert refusal(xlsx([HEADER, ROWS[0]], [("招聘单位", "岗位代码"), ("县医院", "1")])).code == "missing_column"


def test_unknown_columns_are_reported_and_kept():
    (table,) = tables(xlsx([(*HEADER, "是否住宿"), (*ROWS[0], "是")]))
    assert [(column.letter, column.header) for column in table.unknown] == [("G", "是否住宿")]
    assert next(table.records()).extra == {"是否住宿": "是"}


def test_a_header_of_two_merged_rows_gives_paths():
    def touch(book, sheets):
        sheet = sheets[0]
        for column, text in enumerate(("招聘单位", "岗位代码", "招聘人数")):
            sheet.merge_range(1, column, 2, column, text)
        sheet.merge_range(1, 3, 1, 4, "专业要求")
        sheet.write_row(2, 3, ("本科", "研究生"))
        sheet.write_row(3, 0, ("县医院", "10001", 1, "护理学", "护理"))

    (table,) = tables(xlsx([("标题",)], touch=touch))
    assert (table.header_row, table.header_rows) == (2, 2)
    assert [(column.header, column.field.name) for column in table.columns] == [
        ("招聘单位", "unit"), ("岗位代码", "code"), ("招聘人数", "headcount"),
        ("专业要求/本科", "bachelor"), ("专业要求/研究生", "graduate"),
    ]  # fmt: skip
    assert [record.values for record in table.records()] == [
        {"unit": "县医院", "code": "10001", "headcount": "1", "bachelor": "护理学", "graduate": "护理"}
    ]


def test_a_header_of_two_rows_is_found_in_text_without_merges():
    text = "招聘单位,岗位代码,招聘人数,专业要求,\n,,,本科,研究生\n县医院,10001,1,护理学,护理\n"
    (table,) = tables(text.encode())
    assert table.header_rows == 2
    assert next(table.records()).values["graduate"] == "护理"


def test_a_header_merged_over_two_columns_is_refused_with_its_place():
    def touch(book, sheets):
        sheets[0].merge_range(0, 6, 0, 7, "专业要求")

    error = refusal(xlsx([HEADER, ROWS[0]], touch=touch))
    assert error.code == "merged_header"
    assert str(error.place) == "sheet “Sheet1”, row 1, column G"
    assert error.problem == "The header “专业要求” is merged over columns G to H."


def test_two_columns_of_one_meaning_are_refused_with_both_places():
    error = refusal(xlsx([(*HEADER, "招聘名额"), (*ROWS[0], 2)]))
    assert (error.code, str(error.place)) == ("duplicate_header", "sheet “Sheet1”, row 1, column G")
    assert error.problem == "“招聘名额” means the same as “招聘人数” in column D."


def test_the_same_unknown_header_twice_is_refused():
    assert refusal(xlsx([(*HEADER, "住宿", "住宿"), ROWS[0]])).code == "duplicate_header"


def test_a_missing_column_is_named_with_what_would_be_accepted():
    error = refusal(xlsx([("招聘单位", "岗位代码", "人员"), ("县医院", "10001", 2)]))
    assert (error.code, str(error.place)) == ("missing_column", "sheet “Sheet1”, row 1")
    assert error.problem == "The header has no column for: headcount."
    assert "招聘人数 / 招聘名额" in error.remedy
    assert "C “人员”" in error.remedy


def test_a_sheet_without_any_header_is_refused():
    assert refusal(xlsx([("今天", "天气"), ("很", "好")])).code == "no_header"


def test_cells_merged_downwards_are_completed_and_others_stay_empty():
    def touch(book, sheets):
        sheets[0].merge_range(1, 0, 2, 0, "县医院")

    rows = [("用人单位", "岗位编码", "招聘名额", "备注"), ("", "1", 1, "甲"), ("", "2", 1, ""), ("", "3", 1, "")]
    (table,) = tables(xlsx(rows, touch=touch))
    assert [(r.values["unit"], r.values["note"]) for r in table.records()] == [
        ("县医院", "甲"),
        ("县医院", ""),
        ("", ""),
    ]


def test_empty_cells_are_filled_from_above_where_the_merging_was_lost():
    text = "主管部门,招聘单位,岗位代码,招聘人数,备注\n卫健局,县医院,1,1,甲\n,,2,1,\n,妇幼院,3,1,\n"
    (table,) = tables(text.encode())
    assert [(r.values["department"], r.values["unit"], r.values["note"]) for r in table.records()] == [
        ("卫健局", "县医院", "甲"), ("卫健局", "县医院", ""), ("卫健局", "妇幼院", ""),
    ]  # fmt: skip


def test_repeated_headers_and_section_headings_are_skipped_and_told():
    def touch(book, sheets):
        sheets[0].merge_range(3, 0, 3, 5, "二、教育系统")

    (table,) = tables(xlsx([HEADER, ROWS[0], HEADER, (), ROWS[1]], touch=touch))
    assert [record.values["code"] for record in table.records()] == ["10001", "10002"]
    assert table.skipped == [Skipped(3, " ".join(HEADER)), Skipped(4, "二、教育系统")]


def test_a_number_that_lost_digits_is_a_problem_of_its_cell():
    (table,) = tables(xlsx([HEADER, ("县医院", "护士", 340524198001010010, 1)]))
    (record,) = table.records()
    assert [(problem.column, record.values["code"]) for problem in record.problems] == [("C", "")]


def test_a_layout_in_which_two_fields_claim_a_header_is_an_error_of_the_programmer():
    with pytest.raises(ValueError, match="both a and b claim"):
        TableLayout("x", (Field("a", "a", ("名称",)), Field("b", "b", ("名 称",))))
