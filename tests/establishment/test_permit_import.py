import io
from datetime import date

import pytest
import xlsxwriter

from accounts.enums import Role
from campaigns.establishment import domain
from campaigns.establishment.models import EstablishedPost, Permit
from foundation.tables.errors import TableError

pytestmark = pytest.mark.django_db

HEADER = ["核编单号", "用人单位", "核准编制数", "核准日期", "有效期至", "编制来源"]


def sheet(*rows):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    page = book.add_worksheet("核编")
    page.write(0, 0, "云岫县2026年进人核编一览表")
    for number, row in enumerate([HEADER, *rows], start=1):
        page.write_row(number, 0, row)
    book.close()
    return stream.getvalue()


@pytest.fixture
def office(staff, county, make_unit):
    office = staff(Role.ESTABLISHMENT_OFFICE, unit=county)
    make_unit("H1", name="县人民医院")
    make_unit("S1", name="县第一中学")
    domain.create_envelope(actor=office, code="TP", name="千名人才", size=6, unit=county, document="编〔2026〕1号")
    return office


def test_a_sheet_of_permits_gives_units_their_posts_and_names_each_refused_row(office):
    content = sheet(
        ["核编1号", "县人民医院", 2, "2026-01-05", "2026年12月31日", "TP"],
        ["核编2号", "S1", 3, "2026/1/5", "2026.12.31", "千名人才"],
        ["核编3号", "县第二中学", 1, "2026-01-05", "2026-12-31", "TP"],
        ["核编4号", "县人民医院", "两个", "2026-01-05", "2026-12-31", "TP"],
        ["核编5号", "县人民医院", 2, "2026-01-05", "2026-12-31", "TP"],
        ["核编6号", "县人民医院", 1, "去年", "2026-12-31", "TP"],
        ["核编1号", "县人民医院", 1, "2026-01-05", "2026-12-31", "TP"],
    )
    outcome = domain.import_permits(actor=office, content=content, file_name="核编.xlsx")

    (report,) = outcome.sheets
    assert (report.new, report.unchanged) == (2, 0)
    assert [(report.name, row.row) for row in report.refused] == [("核编", number) for number in range(5, 10)]
    reasons = [row.message for row in report.refused]
    for part, reason in zip(["县第二中学", "两个", "1", "去年", "核编1号"], reasons, strict=True):
        assert part in reason
    assert set(Permit.objects.values_list("number", "unit__code", "slots", "expires_on")) == {
        ("核编1号", "H1", 2, date(2026, 12, 31)),
        ("核编2号", "S1", 3, date(2026, 12, 31)),
    }
    assert EstablishedPost.objects.filter(state="permitted").count() == 5
    assert EstablishedPost.objects.filter(state="free").count() == 1


def test_a_second_import_of_the_same_sheet_changes_nothing(office):
    content = sheet(["核编1号", "县人民医院", 2, "2026-01-05", "2026-12-31", "TP"])
    domain.import_permits(actor=office, content=content, file_name="核编.xlsx")
    outcome = domain.import_permits(actor=office, content=content, file_name="核编.xlsx")
    (report,) = outcome.sheets
    assert (report.new, report.unchanged, report.refused) == (0, 1, [])
    assert EstablishedPost.objects.filter(state="permitted").count() == 2


def test_a_dry_run_says_the_same_and_leaves_nothing(office):
    content = sheet(["核编1号", "县人民医院", 2, "2026-01-05", "2026-12-31", "TP"])
    outcome = domain.import_permits(actor=office, content=content, file_name="核编.xlsx", dry_run=True)
    assert (outcome.sheets[0].new, outcome.saved, Permit.objects.count()) == (1, False, 0)
    assert not EstablishedPost.objects.exclude(state="free").exists()


def test_a_sheet_without_a_needed_column_is_refused_as_a_whole(office):
    content = "核编单号,用人单位,核准日期,有效期至\n核编1号,县人民医院,2026-01-05,2026-12-31\n".encode("gb18030")
    with pytest.raises(TableError):
        domain.import_permits(actor=office, content=content, file_name="核编.csv")
    assert not Permit.objects.exists()
