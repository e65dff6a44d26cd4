"""The office of established posts: who sees what, constant queries, and the import from upload to posts."""

import io
from datetime import date, timedelta

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.enums import Role
from campaigns.establishment import domain
from campaigns.establishment.models import EstablishedPost, Permit, SlotMovement
from campaigns.establishment.office.units import UNIT_ACTS
from foundation.jobs.models import Job

pytestmark = pytest.mark.django_db

VALID = {"issued_on": date(2026, 1, 5), "expires_on": date(2026, 12, 31)}
PLAIN = ("", "list/", "units/H1/", "permits/", "post/TP-0001/", "stuck/", "reconciliation/", "movements/")
FORMS = (
    "permits/new/", "permits/import/", "envelopes/new/", "envelopes/TP/", "envelopes/TP/to-pool/",
    "reconciliation/new/",
    *(f"units/H1/{act}/" for act in UNIT_ACTS), "post/TP-0001/vacate/",
)  # fmt: skip
URLS = PLAIN + FORMS


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


@pytest.mark.parametrize(
    ("url", "queries"),
    [
        ("", 15), ("list/", 13), ("permits/", 11), ("movements/", 11), ("movements/?unit=H1", 12),
        ("movements/?q=TP", 11), ("units/H1/", 25), ("stuck/", 11), ("reconciliation/", 10), ("post/TP-0001/", 14),
    ],
)  # fmt: skip
def test_lists_take_the_same_number_of_queries_for_one_row_and_for_thirty(
    signed_in, office, make_unit, django_assert_num_queries, url, queries
):
    signed_in.get(f"/admin/posts/{url}")
    with django_assert_num_queries(queries):
        signed_in.get(f"/admin/posts/{url}")
    add_units(office, make_unit, 29, first=2)
    with django_assert_num_queries(queries):
        signed_in.get(f"/admin/posts/{url}")


@pytest.mark.parametrize(("url", "queries"), [("", 13), ("list/", 13), ("units/H1/", 23)])
def test_a_past_day_takes_the_same_number_of_queries_for_one_unit_and_for_thirty(
    client, office, make_unit, django_assert_num_queries, time_machine, url, queries
):
    made = timezone.now()

    def look():
        time_machine.move_to(made + timedelta(days=2))
        client.force_login(office)
        client.get("/admin/posts/")
        with django_assert_num_queries(queries):
            page = client.get(f"/admin/posts/{url}", {"as_of": timezone.localdate(made).isoformat()})
        time_machine.move_to(made)
        return page.content.decode()

    assert "H1" in look()
    add_units(office, make_unit, 29, first=2)
    look()


def test_permits_are_searched_and_filtered_by_how_they_stand(signed_in):
    def found(**query):
        return [row.number for row in signed_in.get("/admin/posts/permits/", query).context["object_list"]]

    assert found() == found(q="核编 H1") == ["核编1号"]
    assert found(q="没有") == []
    Permit.objects.update(issued_on=date(2025, 1, 1), expires_on=date(2025, 12, 31))
    assert [found(show=state) for state in ("valid", "ended", "revoked")] == [[], ["核编1号"], []]
    Permit.objects.update(revoked_at=timezone.now())
    assert [found(show=state) for state in ("valid", "ended", "revoked")] == [[], [], ["核编1号"]]
    assert "pill--fail" in signed_in.get("/admin/posts/permits/").content.decode()


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

    signed_in.post(f"/admin/posts/permits/import/{job.pk}/confirm/")
    assert Permit.objects.get(number="核编7号").posts.count() == 3


def test_a_preview_confirmed_twice_is_imported_by_one_job(signed_in, settings):
    signed_in.post("/admin/posts/permits/import/", {"file": sheet()})
    confirm = f"/admin/posts/permits/import/{Job.objects.get().pk}/confirm/"
    settings.TASK_MODE = "embedded"
    first, second = (signed_in.post(confirm).url for _click in range(2))
    (job,) = Job.objects.filter(kind="establishment.import_permits")
    assert first == second == f"/jobs/{job.pk}/"


def test_anothers_preview_is_not_found(signed_in, client, staff):
    signed_in.post("/admin/posts/permits/import/", {"file": sheet()})
    job = Job.objects.get()
    client.force_login(staff(Role.ESTABLISHMENT_OFFICE, username="colleague"))
    assert client.get(f"/admin/posts/permits/import/{job.pk}/").status_code == 404
    assert client.post(f"/admin/posts/permits/import/{job.pk}/confirm/").status_code == 404


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


ACT = {"count": 3, "reason_code": "county_decision", "reason": "县编委决定", "document": "编9号"}


def test_an_act_is_rehearsed_before_it_is_done_and_the_rehearsal_leaves_nothing(signed_in):
    url = "/admin/posts/envelopes/TP/to-pool/"
    movements = SlotMovement.objects.count()
    page = signed_in.post(url, ACT).content.decode()
    assert "TP-0002" in page
    assert 'name="confirm"' in page
    assert (SlotMovement.objects.count(), EstablishedPost.objects.filter(state="pool").count()) == (movements, 0)
    assert signed_in.post(url, {**ACT, "confirm": "1"}).status_code == 302
    assert EstablishedPost.objects.filter(state="pool").count() == 3


def test_a_refused_act_comes_back_with_its_reason_and_the_entries(signed_in):
    page = signed_in.post("/admin/posts/envelopes/TP/to-pool/", {**ACT, "count": 500}).content.decode()
    assert "error-summary" in page
    assert "500" in page
    assert 'name="confirm"' not in page


@pytest.mark.parametrize(
    ("act", "values"),
    [
        ("allocate", {"envelope": "TP", "count": 2, "document": "分1号"}),
        ("register", {
            "slot_type": "institution", "authorised": 5, "on_board": 2, "recorded_on": "2026-03-01",
            "document": "编2号",
        }),
    ],
)  # fmt: skip
def test_acts_on_a_unit_run_their_verb(signed_in, act, values):
    from campaigns.establishment.models import Envelope

    if "envelope" in values:
        values = {**values, "envelope": Envelope.objects.get().pk}
    before = EstablishedPost.objects.filter(unit__code="H1").count()
    url = f"/admin/posts/units/H1/{act}/"
    assert signed_in.post(url, values).status_code == 200
    assert EstablishedPost.objects.filter(unit__code="H1").count() == before
    assert signed_in.post(url, {**values, "confirm": "1"}).status_code == 302
    assert EstablishedPost.objects.filter(unit__code="H1").count() > before


def test_a_permit_is_renewed_and_revoked_at_its_page(signed_in, client, staff):
    permit = Permit.objects.get()
    page = f"/admin/posts/permits/{permit.pk}/"
    papers = {"reason": "延期", "document": "延1号", "confirm": "1"}
    assert signed_in.post(f"{page}renew/", {**papers, "expires_on": "2036-12-31"}).status_code == 302
    assert "延期" in signed_in.get(page).content.decode()
    assert signed_in.post(f"{page}revoke/", papers).status_code == 302
    assert set(permit.posts.values_list("state", flat=True)) == set()
    permit.refresh_from_db()
    assert permit.revoked_at
    client.force_login(staff(Role.LEADER, username="leader"))
    assert client.get(page).status_code == 200
    assert client.get(f"{page}renew/").status_code in (302, 403)
    assert client.post(f"{page}renew/", papers).status_code in (302, 403)


def test_unit_hr_finds_nothing_of_another_unit_and_may_not_act_on_its_own(client, office, staff, make_unit):
    permit = Permit.objects.get()
    client.force_login(staff(Role.UNIT_HR, unit=make_unit("S1"), username="hr"))
    for url in (
        f"permits/{permit.pk}/", f"permits/{permit.pk}/renew/", "post/TP-0001/", "units/H1/transfer/", "envelopes/TP/",
    ):  # fmt: skip
        assert client.get(f"/admin/posts/{url}").status_code == 404, url
    assert client.get("/admin/posts/units/S1/transfer/").status_code in (302, 403)
    assert "TP-0001" not in client.get("/admin/posts/list/").content.decode()


@pytest.mark.parametrize("url", ["", "list/", "permits/", "stuck/", "envelopes/TP/"])
def test_a_list_is_taken_out_as_an_excel_file_and_that_is_written_down(signed_in, url):
    from accounts.models import AuditEntry

    answer = signed_in.get(f"/admin/posts/{url}?export=xlsx")
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert AuditEntry.objects.filter(action="establishment.export").count() == 1


def test_every_number_of_the_overview_is_as_long_as_its_list(signed_in, office, make_unit):
    import re

    bureau = make_unit("EDU", name="教育局")
    for number in range(3):
        unit = make_unit(f"E{number}", name=f"第{number}小学", parent=bureau)
        domain.register_unit_posts(
            actor=office, unit=unit, authorised=5, on_board=number, recorded_on=date(2026, 3, 1), document="编2号"
        )
    page = signed_in.get("/admin/posts/").content.decode()
    links = re.findall(r'href="(/admin/posts/list/\?under=[^"]+)">([\d,]+)</a>', page)
    assert len(links) > 8
    for url, number in links:
        shown = signed_in.get(url.replace("&amp;", "&")).context["page"].paginator.count
        assert shown == int(number), url


def test_what_waits_too_long_is_listed_with_owner_and_deadline_and_on_the_home_page(signed_in, office):
    from django.utils import timezone

    permit = Permit.objects.get()
    post = permit.posts.get()
    domain.reserve_posts(
        actor=office, unit=permit.unit, count=1, on=date(2026, 3, 1), document="公告1号", purpose="春季招聘"
    )
    assert "春季招聘" not in signed_in.get("/admin/posts/stuck/").content.decode()
    EstablishedPost.objects.filter(pk=post.pk).update(state_since=timezone.now() - timezone.timedelta(days=181))
    page = signed_in.get("/admin/posts/stuck/").content.decode()
    for part in ("春季招聘", "181", "posts", "2026年12月31日（周四）"):
        assert part in page
    assert "/admin/posts/stuck/" in signed_in.get("/admin/").content.decode()
    Permit.objects.update(expires_on=timezone.localdate() + timezone.timedelta(days=10))
    assert "核编1号" in signed_in.get("/admin/posts/stuck/").content.decode()
