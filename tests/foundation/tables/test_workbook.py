import datetime
import io
import time
import tracemalloc
import zipfile

import pytest
from django.utils import translation

from foundation.tables.workbook import TableError, open_workbook
from tests.foundation.tables.samples import HEADER, ROWS, compound, rewritten, xls, xlsx

SHEET_XML = "xl/worksheets/sheet1.xml"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def refusal(content: bytes, filename: str = "table.xlsx") -> TableError:
    with pytest.raises(TableError) as caught:
        [list(sheet.rows()) for sheet in open_workbook(content, filename).sheets]
    assert str(caught.value).endswith("Nothing was saved.")
    return caught.value


def test_an_xlsx_gives_its_rows_with_the_numbers_a_person_sees():
    book = open_workbook(xlsx([HEADER, (), ROWS[0]], names=["岗位表"]), "a.xlsx")

    assert (book.kind, [sheet.name for sheet in book.sheets]) == ("xlsx", ["岗位表"])
    assert [(row.number, row.values) for row in book.sheets[0].rows()] == [
        (1, HEADER),
        (3, ("县人民医院", "护士", "10001", 2.0, "35周岁以下", "")),
    ]


def test_rows_start_at_column_a_even_where_the_table_starts_further_right():
    def touch(book, sheets):
        sheets[0].write(4, 3, "x")

    rows = list(open_workbook(xlsx([()], touch=touch)).sheets[0].rows())
    assert [(row.number, row.values) for row in rows] == [(5, ("", "", "", "x"))]


def test_an_xlsx_named_xls_is_read_for_what_it_is():
    assert open_workbook(xlsx([HEADER, *ROWS]), "岗位表.xls").kind == "xlsx"


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gbk", "gb18030"), ("gb18030", "gb18030"), ("utf-16", "utf-16")],
)
def test_delimited_text_is_read_in_every_encoding_an_office_saves(encoding, told):
    book = open_workbook("招聘单位,岗位代码\r\n县人民医院,10001\r\n".encode(encoding), "positions.csv")

    assert (book.kind, book.encoding) == ("text", told)
    assert [row.values for row in book.sheets[0].rows()] == [("招聘单位", "岗位代码"), ("县人民医院", "10001")]


@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_the_delimiter_is_found(mark):
    text = f"招聘单位{mark}岗位代码{mark}人数\n县人民医院{mark}10001{mark}2\n"
    assert [row.values for row in open_workbook(text.encode()).sheets[0].rows()][1] == ("县人民医院", "10001", "2")


def test_the_spreadsheet_guard_around_a_code_is_taken_off():
    rows = list(open_workbook('代码,人数\n="00123",2\n'.encode()).sheets[0].rows())
    assert rows[1].values == ("00123", "2")


def test_a_formula_in_text_is_refused_with_its_place():
    error = refusal("代码,人数\n10001,=1+1\n".encode(), "posts.csv")
    assert (error.code, error.place.sheet, error.place.row, error.place.column) == ("formula", "posts", 2, "B")


def test_formula_cells_are_refused_by_name_and_the_other_sheet_stays_readable():
    def touch(book, sheets):
        sheets[0].write_formula(1, 3, "=1+1", None, 2)
        sheets[0].write_formula(2, 3, "=D2", None, 2)

    book = open_workbook(xlsx([HEADER, *ROWS], [HEADER], names=["一", "二"], touch=touch))
    with pytest.raises(TableError) as caught:
        list(book.sheets[0].rows())

    assert str(caught.value.place) == "sheet “一”, row 2, column D"
    assert caught.value.problem == "These cells are formulas: D2, D3."
    assert [row.values for row in book.sheets[1].rows()] == [HEADER]


def test_a_password_protected_workbook_is_refused():
    error = refusal(compound({"EncryptedPackage": b"x" * 5000, "EncryptionInfo": b"y" * 5000}))
    assert error.code == "password"


def test_an_old_binary_workbook_is_read_whatever_its_name():
    book = open_workbook(xls([("招聘单位", "岗位代码"), ("县人民医院", 10001)]), "岗位表.xlsx")
    assert (book.kind, [sheet.name for sheet in book.sheets]) == ("xls", ["Sheet1"])
    assert [row.values for row in book.sheets[0].rows()] == [("招聘单位", "岗位代码"), ("县人民医院", 10001.0)]


def test_a_formula_in_an_old_binary_workbook_is_refused_with_its_place():
    error = refusal(xls([("招聘单位", "人数"), ("县人民医院", "=1")]), "a.xls")
    assert (error.code, str(error.place)) == ("formula", "sheet “Sheet1”, row 2, column B")


def test_an_old_binary_workbook_with_a_password_is_refused():
    assert refusal(xls([("招聘单位",)], encrypted=True), "a.xls").code == "password"


def test_a_text_document_is_no_table():
    assert "Word" in refusal(compound({"WordDocument": b"x" * 5000}), "a.xls").problem
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    assert "Word" in refusal(buffer.getvalue()).problem


@pytest.mark.parametrize(
    "content",
    [
        b"<html><body><table><tr><td>1</td></tr></table></body></html>",
        "\ufeff\r\n<!DOCTYPE html><table></table>".encode(),
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
    ],
)
def test_an_xls_that_is_really_a_web_page_is_refused(content):
    assert refusal(content, "岗位表.xls").code == "markup"


@pytest.mark.parametrize("content", [b"%PDF-1.7 ...", b"\x89PNG\r\n", b"{\\rtf1 ...", b"Rar!\x1a\x07"])
def test_other_kinds_of_file_are_named(content):
    assert refusal(content).code == "not_a_table"


@pytest.mark.parametrize("content", [b"", b"\n\n", b" ,,,\n,,,\n"])
def test_an_empty_file_is_refused(content):
    assert refusal(content).code == "empty"


def test_bytes_that_are_no_text_are_refused_with_the_line():
    error = refusal(b"a,b\n1,2\n\xff\xfe\x80,\x81\x00\n", "a.csv")
    assert (error.code, error.place.row) == ("not_a_table", 3)


def test_an_open_quotation_is_refused():
    assert refusal('代码,名称\n1,"护士\n2,医生\n'.encode(), "a.csv").code == "not_a_table"


@pytest.mark.parametrize("cut", [100, 2000])
def test_a_cut_off_file_is_refused(cut):
    assert refusal(xlsx([HEADER, *ROWS])[:cut]).code == "damaged"
    assert refusal(compound({"Workbook": b"x" * 9000})[: 600 + cut]).code == "damaged"


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    content = rewritten(xlsx([HEADER]), SHEET_XML, lambda body: body + b"<!--" + b" " * 60_000_000 + b"-->")
    assert len(content) < 200_000
    tracemalloc.start()
    try:
        assert refusal(content).code == "zip_bomb"
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_a_zip_bomb_that_lies_about_its_size_is_refused():
    content = bytearray(rewritten(xlsx([HEADER]), SHEET_XML, lambda body: body + b" " * 60_000_000))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        size = archive.getinfo(SHEET_XML).file_size
    while (at := content.find(size.to_bytes(4, "little"))) >= 0:
        content[at : at + 4] = (1000).to_bytes(4, "little")
    assert refusal(bytes(content)).code in {"damaged", "zip_bomb"}


def test_many_cells_that_share_one_very_long_text_are_refused():
    text = "长" * 30_000
    content = xlsx([[text] * 10 for _ in range(1500)])
    assert len(content) < 300_000
    assert refusal(content).code == "zip_bomb"


def test_one_long_text_beside_many_short_ones_is_read():
    content = xlsx([["长" * 30_000], *([str(number)] * 10 for number in range(1500))])
    assert sum(1 for _row in open_workbook(content).sheets[0].rows()) == 1501


def test_entities_are_not_expanded():
    bomb = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">]>'
    content = rewritten(xlsx([HEADER]), SHEET_XML, lambda body: body.replace(b"<worksheet", bomb + b"<worksheet", 1))
    assert refusal(content).code == "damaged"


def test_a_million_empty_rows_cost_neither_time_nor_memory():
    empty = b"".join(
        b'<row r="%d" spans="1:2"><c r="A%d" s="1"/><c r="B%d" s="1"/></row>' % (n, n, n) for n in range(9, 1_000_009)
    )
    content = rewritten(
        xlsx([HEADER, *ROWS]), SHEET_XML, lambda body: body.replace(b"</sheetData>", empty + b"</sheetData>")
    )
    started = time.process_time()
    book = open_workbook(content)
    assert [row.number for row in book.sheets[0].rows()] == [1, 2, 3]
    assert time.process_time() - started < 15


def test_a_stray_value_in_the_last_corner_is_refused_with_its_place():
    def touch(book, sheets):
        sheets[0].write(1_048_575, 16_383, "x")

    error = refusal(xlsx([HEADER], touch=touch))
    assert (error.code, error.place.row, error.place.column) == ("too_large", 1_048_576, "XFD")


def test_dates_and_marks_of_visibility_come_through():
    def touch(book, sheets):
        sheets[0].write_datetime(0, 0, datetime.date(2026, 3, 20), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheets[1].hide()

    book = open_workbook(xlsx([()], [HEADER], touch=touch))
    assert [sheet.visible for sheet in book.sheets] == [True, False]
    assert next(book.sheets[0].rows()).values == (datetime.date(2026, 3, 20),)


def test_an_unknown_sheet_is_refused_with_the_names_there_are():
    with pytest.raises(TableError, match=r"There is no sheet “三”.*一, 二"):
        open_workbook(xlsx([HEADER], [HEADER], names=["一", "二"])).sheet("三")


def test_a_refusal_reads_well_in_chinese():
    sheet = open_workbook("代码,人数\n10001,=1+1\n".encode(), "岗位表.csv").sheets[0]
    with translation.override("zh-hans"):
        if translation.gettext("Nothing was saved.").isascii():
            pytest.skip("translations are not compiled: run manage.py compile_mo")
        with pytest.raises(TableError) as caught:
            list(sheet.rows())
    assert str(caught.value) == (
        "工作表“岗位表”、第2行、B列：以下单元格是公式：B2。"
        "请复制这些单元格并在原处选择性粘贴为数值，使导入的内容与印发的一致。未保存任何内容。"
    )
