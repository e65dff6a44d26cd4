import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts import audit
from accounts.audit_chain import seal
from accounts.enums import Role, UnitKind
from accounts.models import AuditEntry, LoginEvent, StaffRole, Unit, User
from accounts.office.urls import urlpatterns

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(staff, client):
    user = staff(Role.SYSTEM_ADMINISTRATOR, username="root")
    client.force_login(user)
    return user


def every_url(unit, member, staff_role):
    keys = {"office-unit": unit, "office-unit-use": unit, "office-role-end": staff_role}
    for pattern in urlpatterns:
        name = pattern.name
        if name == "office-staff-act":
            yield from (reverse(name, args=[member.pk, act]) for act in ("password", "factor", "close", "open"))
        elif "pk" in str(pattern.pattern):
            yield reverse(name, args=[keys.get(name, member).pk])
        else:
            yield reverse(name)


def test_every_page_is_missing_for_people_without_the_role(client, staff, make_unit):
    unit, member = make_unit("h"), staff(Role.UNIT_HR)
    urls = list(every_url(unit, member, member.staff_roles.get()))
    assert len(urls) == len(urlpatterns) + 3
    for role in set(Role) - {Role.SYSTEM_ADMINISTRATOR, Role.TALENT_OFFICE, Role.AUDITOR}:
        client.force_login(staff(role))
        assert {(client.get(url).status_code, client.post(url).status_code) for url in urls} <= {(404, 404), (405, 404)}


def test_every_object_of_another_unit_is_missing(client, staff, make_unit):
    ours, theirs = make_unit("ours"), make_unit("theirs")
    member = staff(Role.UNIT_HR, unit=theirs)
    client.force_login(staff(Role.SYSTEM_ADMINISTRATOR, unit=ours))
    open_lists = {reverse(f"office-{name}") for name in ("unit-add", "unit-import", "staff-add")}
    for url in every_url(theirs, member, member.staff_roles.get()):
        if url not in open_lists:
            assert client.post(url, {"reason": "x"}).status_code == 404
    for name in ("units", "staff", "roles"):
        page = client.get(reverse(f"office_{name}:index")).content.decode()
        assert theirs.name not in page
        assert member.username not in page


def test_an_auditor_of_one_unit_does_not_read_the_county_trail(client, staff, make_unit):
    client.force_login(staff(Role.AUDITOR, unit=make_unit("h")))
    assert client.get(reverse("office_audit:index")).status_code == 404
    client.force_login(staff(Role.AUDITOR))
    assert client.get(reverse("office_audit:index")).status_code == 200


def test_units_are_added_changed_and_taken_out_of_use(client, administrator, county):
    words = {"parent": county.pk, "code": "edu", "name": "教育局", "kind": UnitKind.DEPARTMENT}
    client.post(reverse("office-unit-add"), words)
    unit = Unit.objects.get(code="edu")
    client.post(reverse("office-unit", args=[unit.pk]), {"name": "教育和体育局", "kind": UnitKind.DEPARTMENT})
    client.post(reverse("office-unit-use", args=[unit.pk]), {"reason": "机构改革"})
    unit.refresh_from_db()
    assert (unit.name, unit.is_active) == ("教育和体育局", False)
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {
        "accounts.create_unit",
        "accounts.edit_unit",
        "accounts.deactivate_unit",
    }


def test_a_refusal_is_shown_and_the_form_stays(client, administrator, county):
    words = {"parent": county.pk, "code": county.code, "name": "重码", "kind": UnitKind.UNIT}
    page = client.post(reverse("office-unit-add"), words).content.decode()
    assert county.code in page
    assert "重码" in page
    assert Unit.objects.count() == 1


SHEET = "单位代码,单位名称,上级单位代码,单位类型\nedu,教育局,C,主管部门\ns1,一小,edu,\n"


def upload(client, text):
    return client.post(reverse("office-unit-import"), {"file": SimpleUploadedFile("u.csv", text.encode("utf-8"))})


def test_a_sheet_is_previewed_then_taken_in(client, administrator):
    preview = upload(client, SHEET)
    assert Unit.objects.count() == 1
    assert (preview.context["outcome"].created, preview.context["outcome"].refused) == (["edu", "s1"], [])
    client.post(reverse("office-unit-import"), {"rows": preview.context["rows"]})
    assert set(Unit.objects.values_list("path", "kind")) >= {("C/edu/", "department"), ("C/edu/s1/", "unit")}


def test_rows_changed_between_preview_and_saving_are_refused(client, administrator):
    rows = upload(client, SHEET).context["rows"]
    client.post(reverse("office-unit-import"), {"rows": rows.replace(rows[5], "A" if rows[5] != "A" else "B", 1)})
    assert Unit.objects.count() == 1


def test_a_wrong_row_is_named_and_nothing_goes_in(client, administrator):
    answer = upload(client, SHEET + "s2,二小,nowhere,\n")
    assert [(problem.row, problem.column) for problem in answer.context["outcome"].refused] == [(4, "parent_code")]
    assert "nowhere" in answer.content.decode()


def test_a_file_that_is_no_table_gets_a_sentence(client, administrator):
    assert upload(client, "hello").status_code == 200
    assert Unit.objects.count() == 1


def test_staff_are_made_given_roles_and_closed(client, administrator, county):
    words = {"username": "li", "name": "李四", "role": Role.LEADER, "unit": county.pk, "reason": "任命"}
    client.post(reverse("office-staff-add"), words)
    member = User.objects.get(username="li")
    page = client.post(reverse("office-staff-act", args=[member.pk, "password"]), {"reason": "首次"})
    member.refresh_from_db()
    assert member.check_password(page.context["password"])
    assert "no-store" in page["Cache-Control"]
    assert page.context["password"] not in client.get(reverse("office-staff-member", args=[member.pk])).content.decode()
    client.post(
        reverse("office-role-grant", args=[member.pk]), {"role": Role.DEPARTMENT, "unit": county.pk, "reason": "兼任"}
    )
    role = member.staff_roles.get(role=Role.LEADER)
    client.post(reverse("office-role-end", args=[role.pk]), {"reason": "调离"})
    assert set(StaffRole.objects.current().filter(user=member).values_list("role", flat=True)) == {Role.DEPARTMENT}
    client.post(reverse("office-staff-act", args=[member.pk, "close"]), {"reason": "退休"})
    member.refresh_from_db()
    assert not member.is_active


def test_the_trail_is_filtered_and_exported_safely(client, staff, county):
    auditor = staff(Role.AUDITOR)
    audit.record(actor=auditor, action="accounts.edit_unit", subject=county, reason="=HYPERLINK(1)")
    audit.record(actor=auditor, action="accounts.create_unit", subject=county)
    seal()
    client.force_login(auditor)
    url = reverse("office_audit:index")
    assert {entry.action for entry in client.get(url, {"action": "accounts.edit_unit"}).context["object_list"]} == {
        "accounts.edit_unit"
    }
    assert not client.get(url, {"day_to": "2020-01-01"}).context["items_count"]
    sheet = b"".join(client.get(url, {"action": "accounts.edit_unit", "export": "csv"}).streaming_content).decode()
    assert "'=HYPERLINK(1)" in sheet
    assert "accounts.create_unit" not in sheet
    assert AuditEntry.objects.filter(action="accounts.export_audit").count() == 1


LISTS = {"units": 12, "staff": 13, "roles": 12, "audit": 11, "sign_ins": 11}


@pytest.mark.parametrize(("name", "queries"), LISTS.items())
def test_lists_ask_as_often_for_30_rows_as_for_1(name, queries, client, staff, county, django_assert_num_queries):
    role = Role.AUDITOR if name in ("audit", "sign_ins") else Role.SYSTEM_ADMINISTRATOR
    client.force_login(staff(role))
    url = reverse(f"office_{name}:index")
    client.get(url)

    def rows(start, end):
        for n in range(start, end):
            Unit.objects.create(code=f"u{n}", name=f"单位{n}", parent=county)
            user = staff(Role.UNIT_HR)
            audit.record(actor=user, action="test.act", subject=user)
            LoginEvent.objects.create(user=user, result="success")
        seal()

    for start, end in ((0, 1), (1, 30)):
        rows(start, end)
        with django_assert_num_queries(queries):
            client.get(url)


def test_the_menu_shows_each_office_its_pages(client, staff):
    expected = {
        Role.SYSTEM_ADMINISTRATOR: {"units", "staff", "sign_ins"},
        Role.TALENT_OFFICE: {"units"},
        Role.AUDITOR: {"audit", "sign_ins"},
        Role.UNIT_HR: set(),
    }
    for role, names in expected.items():
        client.force_login(staff(role))
        page = client.get("/admin/").content.decode()
        assert {name for name in LISTS if reverse(f"office_{name}:index") in page} == names
