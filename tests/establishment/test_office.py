"""The office of established posts: who sees what, constant queries, and the import from upload to posts."""

import io
from datetime import date

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.enums import Role
from campaigns.establishment import domain
from campaigns.establishment.models import Permit, SlotMovement
from foundation.jobs.models import Job

pytestmark = pytest.mark.django_db

VALID = {"issued_on": date(2026, 1, 5), "expires_on": date(2026, 12, 31)}
URLS = ("", "units/H1/", "permits/", "permits/new/", "permits/import/", "envelopes/new/", "movements/")


@pytest.fixture
def office(staff, county, make_unit):
    office = staff(Role.ESTABLISHMENT_OFFICE, username="posts")
    domain.create_envelope(actor=office, code="TP", name="千名人才", size=50, unit=county, document="编〔2026〕1号")
    add_units(office, make_unit, 1)
    return office


def add_units(office, make_unit, count, first=1):
    from campaigns.establishment.models import Envelope

    for number in range(first, first + count):
        unit = make_unit(f"H{number}", name=f"第{number}人民医院")
        domain.issue_permit(
            actor=office, number=f"核编{number}号", unit=unit, slots=1, envelope=Envelope.objects.get(), **VALID
        )


@pytest.fixture
def signed_in(client, office):
    client.force_login(office)
    return client


@pytest.mark.parametrize("url", URLS)
def test_every_page_opens_for_the_establishment_office(signed_in, url):
    assert signed_in.get(f"/admin/posts/{url}").status_code == 200


@pytest.mark.parametrize("url", URLS)
def test_candidates_and_staff_without_the_role_find_no_such_page(client, office, staff, candidate_user, url):
    for person in (candidate_user, staff(Role.EXPERT, username="expert")):
        client.force_login(person)
        assert client.get(f"/admin/posts/{url}").status_code == 404


def test_unit_hr_sees_its_own_unit_and_finds_no_other(client, office, staff, make_unit):
    other = make_unit("S1", name="县第一中学")
    client.force_login(staff(Role.UNIT_HR, unit=other, username="hr"))
    assert client.get("/admin/posts/units/H1/").status_code == 404
    assert "第1人民医院" not in client.get("/admin/posts/").content.decode()
    assert "核编1号" not in client.get("/admin/posts/permits/").content.decode()
    assert "核编1号" not in client.get("/admin/posts/movements/").content.decode()
    assert client.get("/admin/posts/units/S1/").status_code == 200
    movement = SlotMovement.objects.first()
    assert client.get(f"/admin/posts/movements/inspect/{movement.pk}/").status_code == 404
    for url in ("permits/new/", "permits/import/", "envelopes/new/"):
        assert client.get(f"/admin/posts/{url}").status_code == 404


@pytest.mark.parametrize(("url", "queries"), [("", 16), ("permits/", 11), ("movements/", 12), ("units/H1/", 17)])
def test_lists_take_the_same_number_of_queries_for_one_row_and_for_thirty(
    signed_in, office, make_unit, django_assert_num_queries, url, queries
):
    signed_in.get(f"/admin/posts/{url}")
    with django_assert_num_queries(queries):
        signed_in.get(f"/admin/posts/{url}")
    add_units(office, make_unit, 29, first=2)
    with django_assert_num_queries(queries):
        signed_in.get(f"/admin/posts/{url}")


def test_a_permit_is_entered_by_form_and_a_wrong_one_comes_back_with_the_reason(signed_in, office):
    unit, envelope = Permit.objects.get().unit, Permit.objects.get().envelope
    form = {
        "number": "核编9号",
        "unit": unit.pk,
        "slots": 2,
        "issued_on": "2026-01-05",
        "expires_on": "2026-12-31",
        "envelope": envelope.pk,
        "slot_type": "institution",
    }
    response = signed_in.post("/admin/posts/permits/new/", {**form, "slots": 500})
    assert response.status_code == 200
    assert "500" in response.content.decode()
    assert "error-summary" in response.content.decode()
    assert Permit.objects.count() == 1
    assert signed_in.post("/admin/posts/permits/new/", form).status_code == 302
    assert Permit.objects.get(number="核编9号").posts.count() == 2


def sheet():
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    page = book.add_worksheet("核编")
    page.write_row(0, 0, ["核编单号", "用人单位", "核准编制数", "核准日期", "有效期至", "编制来源"])
    page.write_row(1, 0, ["核编7号", "H1", 3, "2026-01-05", "2026-12-31", "TP"])
    page.write_row(2, 0, ["核编8号", "没有的单位", 3, "2026-01-05", "2026-12-31", "TP"])
    book.close()
    return SimpleUploadedFile("核编.xlsx", stream.getvalue())


def test_a_sheet_is_previewed_then_taken_and_refused_rows_can_be_downloaded(signed_in):
    preview = signed_in.post("/admin/posts/permits/import/", {"file": sheet()}, follow=True)
    page = preview.content.decode()
    assert "没有的单位" in page
    assert not Permit.objects.filter(number="核编7号").exists()
    job = Job.objects.get(kind="establishment.preview_permits")
    assert job.error_sheet is not None
    assert signed_in.get(f"/files/{job.error_sheet.pk}/").status_code == 200

    signed_in.post(f"/admin/posts/permits/import/{job.pk}/")
    assert Permit.objects.get(number="核编7号").posts.count() == 3


def test_anothers_preview_is_not_found(signed_in, client, staff):
    signed_in.post("/admin/posts/permits/import/", {"file": sheet()})
    job = Job.objects.get()
    client.force_login(staff(Role.ESTABLISHMENT_OFFICE, username="colleague"))
    assert client.get(f"/admin/posts/permits/import/{job.pk}/").status_code == 404
    assert client.post(f"/admin/posts/permits/import/{job.pk}/").status_code == 404


def test_movements_can_be_filtered_exported_and_opened_but_never_changed(signed_in):
    page = signed_in.get("/admin/posts/movements/?to_state=permitted").content.decode()
    assert "核编1号" in page
    movement = SlotMovement.objects.filter(to_state="permitted").get()
    assert "核编1号" in signed_in.get(f"/admin/posts/movements/inspect/{movement.pk}/").content.decode()
    sheet = signed_in.get("/admin/posts/movements/?export=csv")
    assert "核编1号" in b"".join(sheet.streaming_content).decode()
    for url in ("new/", f"edit/{movement.pk}/", f"delete/{movement.pk}/"):
        assert signed_in.post(f"/admin/posts/movements/{url}").status_code in (302, 403, 404)
    assert SlotMovement.objects.filter(pk=movement.pk).exists()
