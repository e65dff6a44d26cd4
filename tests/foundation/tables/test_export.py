import csv
import datetime
import io
import zipfile
from decimal import Decimal

import pytest
from django.utils import translation

from foundation.tables.errors_sheet import write_error_sheet
from foundation.tables.export import XlsxExport, safe_text, stream_csv, watermark
from foundation.tables.headers import read_tables
from foundation.tables.layout import Field, TableLayout
from foundation.tables.outcome import ImportOutcome, SheetOutcome
from foundation.tables.workbook import open_workbook
from tests.foundation.tables.samples import HEADER, ROWS, xlsx

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", '=HYPERLINK("http://x","y")']
LAYOUT = TableLayout(
    "positions",
    (
        Field("unit", "unit", ("招聘单位",), required=True),
        Field("code", "code", ("岗位代码",), required=True),
        Field("headcount", "headcount", ("招聘人数",)),
    ),
)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def written(rows, **options) -> bytes:
    buffer = io.BytesIO()
    with XlsxExport(buffer, **options) as export:
        export.sheet("岗位", ["招聘单位", "岗位代码"], rows)
    return buffer.getvalue()


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_that_would_run_is_guarded_in_csv(text):
    (body,) = stream_csv(["name"], [[text]])
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    assert rows == [["name"], [f"'{text}"]]


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_that_would_run_stays_text_in_xlsx(text):
    content = written([[text, "1"]])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert 'quotePrefix="1"' in styles
    rows = list(open_workbook(content).sheets[0].rows())
    assert rows[1].values[0] == text.replace("\r", "_x000D_") or rows[1].values[0].strip() == text.strip()


@pytest.mark.parametrize("text", ["县医院", "1-2", "a=b", "", "'x", "0123"])
def test_harmless_texts_are_left_alone(text):
    assert safe_text(text) == text


def test_negative_numbers_stay_numbers():
    (body,) = stream_csv(["n"], [[-5], [Decimal("-1.50")]])
    assert body.decode("utf-8-sig").split("\r\n") == ["n", "-5", "-1.50", ""]


def test_csv_comes_in_pieces_and_ends_with_the_mark():
    pieces = list(stream_csv(["n"], ([number] for number in range(1200)), mark="Exported by zhang"))
    assert len(pieces) == 3
    lines = b"".join(pieces).decode("utf-8-sig").split("\r\n")
    assert (lines[0], lines[1], lines[-3], lines[-2]) == ("n", "0", "1199", "Exported by zhang")


def test_codes_keep_their_zeros_and_dates_are_dates():
    rows = [["县医院", "00123"], [datetime.date(2026, 3, 20), None]]
    read = [row.values for row in open_workbook(written(rows)).sheets[0].rows()]
    assert read == [("招聘单位", "岗位代码"), ("县医院", "00123"), (datetime.date(2026, 3, 20), "")]


def test_the_mark_says_who_and_when_in_local_time():
    at = datetime.datetime(2026, 3, 20, 1, 30, tzinfo=datetime.UTC)
    mark = watermark("zhang", at)
    assert mark == "Exported by zhang at 2026-03-20 09:30:00"
    content = written([["县医院", "1"]], mark=mark)
    assert [row.values[0] for row in open_workbook(content).sheets[0].rows()][-1] == mark


def test_sheet_names_are_made_acceptable_and_different():
    buffer = io.BytesIO()
    with XlsxExport(buffer) as export:
        for name in ("一/二", "一二", "", "长" * 40):
            export.sheet(name, ["a"], [])
    assert [sheet.name for sheet in open_workbook(buffer.getvalue()).sheets] == ["一二", "一二 2", "table", "长" * 31]


def test_the_error_sheet_has_the_rows_as_they_were_with_their_reasons_and_can_be_read_again():
    (table,) = read_tables(
        open_workbook(xlsx([("标题",), (*HEADER, "住宿"), (*ROWS[0], "=有"), (*ROWS[1], "无")])), LAYOUT
    )
    outcome = SheetOutcome("岗位", table.header_row, table=table)
    records = list(table.records())
    outcome.refuse(records[0], "The headcount must be at least 1.", column="D")
    outcome.refuse(records[0], "The unit is not known.")

    buffer = io.BytesIO()
    assert write_error_sheet(buffer, ImportOutcome([outcome])) == 1

    (again,) = read_tables(open_workbook(buffer.getvalue()), LAYOUT)
    (record,) = again.records()
    assert record.values == records[0].values
    assert record.extra == records[0].extra | {
        "row in the file": "3",
        "reason": "D: The headcount must be at least 1.\nThe unit is not known.",
    }


def test_an_error_sheet_without_errors_says_so():
    buffer = io.BytesIO()
    assert write_error_sheet(buffer, ImportOutcome([])) == 0
    assert [row.values for row in open_workbook(buffer.getvalue()).sheets[0].rows()] == [("No row was refused.",)]
