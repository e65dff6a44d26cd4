"""Ending several roles and closing several accounts: of one's own units, each by its verb, all or none."""

import pytest
from django.urls import reverse

from accounts import audit, domain
from accounts.enums import Role
from accounts.models import AuditEntry, StaffRole
from accounts.policies import managed_accounts, may_manage_account
from foundation.errors import Refused

pytestmark = pytest.mark.django_db

END, CLOSE = "office_roles:bulk_end", "office_staff:bulk_close"


@pytest.fixture
def ours(make_unit):
    return make_unit("ours", name="本单位")


@pytest.fixture
def theirs(make_unit):
    return make_unit("theirs", name="外单位")


@pytest.fixture
def administrator(staff, ours, client):
    user = staff(Role.SYSTEM_ADMINISTRATOR, unit=ours, username="root")
    client.force_login(user)
    return user


def address(name, rows):
    return f"{reverse(name)}?{'&'.join(f'id={row.pk}' for row in rows)}"


def confirm(client, name, rows, able=None, reason="机构调整"):
    return client.post(
        address(name, rows), {"reason": reason, "able": [row.pk for row in (rows if able is None else able)]}
    )


def open_roles():
    return set(StaffRole.objects.current().values_list("pk", flat=True))


def test_several_roles_end_with_an_entry_each_and_one_for_all(client, administrator, staff, ours):
    people = [staff(Role.UNIT_HR, unit=ours) for _n in range(3)]
    roles = [person.staff_roles.get() for person in people]
    page = client.get(address(END, roles))
    assert page.context["able"] == roles
    assert open_roles() >= {role.pk for role in roles}
    answer = confirm(client, END, roles)
    assert (answer.status_code, answer["Location"]) == (302, reverse("office_roles:index"))
    assert open_roles() == {administrator.staff_roles.get().pk}
    entries = AuditEntry.objects.filter(action="accounts.end_role", reason="机构调整")
    assert {entry.object_id for entry in entries} == {str(person.pk) for person in people}
    batch = AuditEntry.objects.get(action="accounts.end_roles")
    assert batch.after == {"count": 3, "digest": audit.digest_of([role.pk for role in roles])}


def test_several_accounts_close_and_whom_it_can_not_take_is_named_and_left(client, administrator, staff, ours, theirs):
    able = [staff(Role.UNIT_HR, unit=ours) for _n in range(2)]
    shared = staff(Role.UNIT_HR, unit=ours, username="shared")
    StaffRole.objects.create(user=shared, role=Role.LEADER, unit=theirs)
    closed = staff(Role.UNIT_HR, unit=ours, username="closed")
    domain.deactivate_staff(actor=administrator, user=closed, reason="离职")
    page = client.get(address(CLOSE, [*able, shared, closed, administrator]))
    assert page.context["able"] == able
    reasons = dict(page.context["unable"])
    assert set(reasons) == {shared, closed, administrator}
    assert len(set(reasons.values())) == 3
    assert confirm(client, CLOSE, [*able, shared, closed, administrator], able).status_code == 302
    for person in (*able, shared):
        person.refresh_from_db()
    assert [person.is_active for person in (*able, shared)] == [False, False, True]
    assert AuditEntry.objects.get(action="accounts.close_accounts").after["count"] == 2


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", [END, CLOSE])
def test_rows_of_another_unit_typed_into_the_address_are_not_found_and_nothing_happens(
    client, administrator, staff, ours, theirs, name, method
):
    mine, other = staff(Role.UNIT_HR, unit=ours), staff(Role.UNIT_HR, unit=theirs, username="stranger")
    rows = [mine, other] if name == CLOSE else [mine.staff_roles.get(), other.staff_roles.get()]
    before, entries = open_roles(), AuditEntry.objects.count()
    for chosen in (rows, rows[1:]):
        answer = getattr(client, method)(address(name, chosen), {"reason": "x", "able": [rows[0].pk, rows[1].pk]}
                                         if method == "post" else None)  # fmt: skip
        assert answer.status_code == 404
        assert "stranger" not in answer.content.decode()
    assert (open_roles(), AuditEntry.objects.count()) == (before, entries)


@pytest.mark.parametrize("query", ["", "?id=", "?id=x", "?id=all", "?id=1&id=999999999", "?id=99999999999999999999"])
@pytest.mark.parametrize("name", [END, CLOSE])
def test_addresses_that_name_no_rows_are_not_found(client, administrator, name, query):
    for method in (client.get, client.post):
        assert method(reverse(name) + query).status_code == 404


@pytest.mark.parametrize("name", [END, CLOSE])
@pytest.mark.parametrize("role", [role for role in Role if role != Role.SYSTEM_ADMINISTRATOR])
def test_without_the_duty_there_is_no_such_page(client, staff, ours, role, name):
    person = staff(Role.UNIT_HR, unit=ours)
    client.force_login(staff(role, username="someone"))
    rows = [person] if name == CLOSE else [person.staff_roles.get()]
    assert client.get(address(name, rows)).status_code == 404
    assert confirm(client, name, rows).status_code == 404


def test_one_refusal_undoes_them_all_and_stands_at_the_form(client, administrator, staff, ours, monkeypatch):
    roles = [staff(Role.UNIT_HR, unit=ours).staff_roles.get() for _n in range(2)]
    real = domain.staff.end_role

    def second_refused(*, actor, staff_role, reason):
        if staff_role == roles[1]:
            raise Refused("第二个不行。没有保存任何内容。")
        return real(actor=actor, staff_role=staff_role, reason=reason)

    monkeypatch.setattr(domain.staff, "end_role", second_refused)
    entries = AuditEntry.objects.count()
    answer = confirm(client, END, roles)
    assert answer.status_code == 422
    assert "第二个不行" in answer.content.decode()
    assert open_roles() >= {role.pk for role in roles}
    assert AuditEntry.objects.count() == entries


def test_without_a_reason_or_after_the_rows_changed_nothing_happens(client, administrator, staff, ours):
    roles = [staff(Role.UNIT_HR, unit=ours).staff_roles.get() for _n in range(2)]
    assert confirm(client, END, roles, reason=" ").status_code == 422
    domain.end_role(actor=administrator, staff_role=roles[0], reason="先结束")
    answer = confirm(client, END, roles)
    assert answer.status_code == 422
    assert answer.context["able"] == roles[1:]
    assert roles[1].pk in open_roles()
    assert confirm(client, END, roles[:1], []).status_code == 422


def test_the_preview_asks_as_often_for_twenty_rows_as_for_one(
    client, administrator, staff, ours, django_assert_num_queries
):
    people = [staff(Role.UNIT_HR, unit=ours) for _n in range(20)]
    roles = [person.staff_roles.get() for person in people]
    client.get(address(END, roles))
    for name, rows, queries in ((END, roles, 11), (CLOSE, people, 11)):
        for chosen in (rows[:1], rows):
            with django_assert_num_queries(queries):
                client.get(address(name, chosen))


def test_closed_accounts_are_refused_by_the_verb_too(administrator, staff, ours):
    people = [staff(Role.UNIT_HR, unit=ours) for _n in range(2)]
    assert domain.close_accounts(actor=administrator, users=people[:1], reason="离职") == 1
    people[0].refresh_from_db()
    with pytest.raises(Refused):
        domain.close_accounts(actor=administrator, users=people, reason="离职")
    people[1].refresh_from_db()
    assert people[1].is_active


def test_the_set_of_managed_accounts_is_what_the_rule_says_of_each(administrator, staff, ours, theirs):
    shared, past, never = (staff(Role.UNIT_HR, unit=ours, username=name) for name in ("shared", "past", "never"))
    elsewhere, gone = (staff(Role.UNIT_HR, unit=theirs, username=name) for name in ("elsewhere", "gone"))
    StaffRole.objects.create(user=shared, role=Role.LEADER, unit=theirs)
    domain.end_role(actor=administrator, staff_role=past.staff_roles.get(), reason="离职")
    never.staff_roles.all().delete()
    StaffRole.objects.filter(user=gone).update(ends_at=gone.date_joined)
    able = set(managed_accounts(administrator))
    people = (shared, past, never, elsewhere, gone, administrator)
    assert {person for person in people if person in able} == {past, never, administrator}
    assert all(bool(may_manage_account(administrator, person)) == (person in able) for person in people)


@pytest.mark.parametrize("name", ["roles", "staff"])
def test_the_list_offers_a_box_for_each_row_and_the_act(client, administrator, staff, ours, name):
    staff(Role.UNIT_HR, unit=ours)
    page = client.get(reverse(f"office_{name}:index")).content.decode()
    assert page.count("data-bulk-action-checkbox") == 2
    assert "data-bulk-action-button" in page
    assert "accounts/user/delete" not in page


def test_staff_and_roles_are_filtered_by_role_unit_and_state(client, administrator, staff, ours):
    leader, past = staff(Role.LEADER, unit=ours), staff(Role.UNIT_HR, unit=ours)
    domain.end_role(actor=administrator, staff_role=past.staff_roles.get(), reason="离职")

    def found(name, **query):
        return list(client.get(reverse(f"office_{name}:index"), query).context["object_list"])

    assert found("staff", role="leader") == found("staff", role="leader", unit="本单位") == [leader]
    assert past not in found("staff", unit="本单位")
    assert found("roles", ended="yes") == [past.staff_roles.get()]
    assert set(found("roles", ended="no")) == {leader.staff_roles.get(), administrator.staff_roles.get()}
    assert found("roles", unit="无此单位") == []
