import pytest
from django.core.management import CommandError, call_command

from accounts import domain
from accounts.audit_chain import seal, verify
from accounts.enums import Role, UnitKind
from accounts.models import AuditEntry, StaffRole, Unit, User
from accounts.queries import console_account, system_account, units_in_scope
from foundation.errors import NotAllowed, Refused

pytestmark = pytest.mark.django_db


def make(console, unit, role, username="zhang"):
    return domain.create_staff(actor=console, username=username, name="张三", unit=unit, role=role, reason="任命")


def test_the_system_accounts_exist_and_cannot_sign_in(client):
    for user in (console_account(), system_account()):
        assert not user.is_active
        assert not user.has_usable_password()
        assert not user.check_password("!")


def test_a_unit_stands_below_its_parent_and_leaves_an_audit_entry(console, root):
    unit = domain.create_unit(actor=console, parent=root, code="edu", name="教育局")
    assert unit.path == "yx/edu/"
    entry = AuditEntry.objects.get(action="accounts.create_unit", object_id=str(unit.pk))
    assert entry.after == {"code": "edu", "name": "教育局", "kind": "unit", "parent": "yx"}


def test_a_taken_code_or_name_is_refused_and_nothing_is_saved(console, root, health):
    for code, name in (("health", "别的"), ("other", "卫健局")):
        with pytest.raises(Refused):
            domain.create_unit(actor=console, parent=root, code=code, name=name)
    assert set(Unit.objects.values_list("code", flat=True)) == {"yx", "health"}


@pytest.mark.parametrize("username", ["", "zhang san", "zhang/san", "ZHANG"])
def test_an_ill_formed_or_taken_user_name_is_refused_and_nothing_is_saved(console, health, username):
    make(console, health, Role.UNIT_HR, "zhang")
    with pytest.raises(Refused):
        make(console, health, Role.UNIT_HR, username)
    assert User.objects.filter(kind="staff").count() == StaffRole.objects.count() == 1


def test_only_the_offices_concerned_change_units(console, root, health):
    hr = make(console, health, Role.UNIT_HR)
    with pytest.raises(NotAllowed):
        domain.create_unit(actor=hr, parent=health, code="x", name="x")
    talent = make(console, root, Role.TALENT_OFFICE, "li")
    domain.edit_unit(actor=talent, unit=health, name="卫生健康局")
    assert AuditEntry.objects.latest("pk").before == {"name": "卫健局"}


def test_a_unit_in_use_below_or_with_roles_stays_in_use(console, root, health):
    with pytest.raises(Refused, match="云岫县"):
        domain.deactivate_unit(actor=console, unit=root, reason="撤销")
    make(console, health, Role.UNIT_HR)
    with pytest.raises(Refused):
        domain.deactivate_unit(actor=console, unit=health, reason="撤销")
    domain.end_role(actor=console, staff_role=StaffRole.objects.get(), reason="调离")
    assert not domain.deactivate_unit(actor=console, unit=health, reason="撤销").is_active


def test_a_sheet_of_units_goes_in_whole_in_any_order_and_twice_changes_nothing(console, root):
    rows = [
        domain.UnitRow(2, "h1", "第一医院", "health"),
        domain.UnitRow(3, "health", "卫健局", "yx", UnitKind.DEPARTMENT),
    ]
    outcome = domain.import_units(actor=console, rows=rows)
    assert (set(outcome.created), outcome.refused) == ({"h1", "health"}, [])
    assert Unit.objects.get(code="h1").path == "yx/health/h1/"
    again = domain.import_units(actor=console, rows=rows)
    assert (again.created, again.changed, set(again.unchanged)) == ([], [], {"h1", "health"})
    assert AuditEntry.objects.filter(action="accounts.import_units").count() == 1


def test_one_wrong_row_keeps_the_whole_sheet_out(console, root):
    rows = [
        domain.UnitRow(2, "ok", "好", "yx"),
        domain.UnitRow(3, "ok", "重复", "yx"),
        domain.UnitRow(4, "lost", "孤儿", "nowhere"),
        domain.UnitRow(5, "坏", "坏", "yx"),
        domain.UnitRow(6, "a", "环", "b"),
        domain.UnitRow(7, "b", "环", "a"),
    ]
    outcome = domain.import_units(actor=console, rows=rows)
    assert {(problem.row, problem.column) for problem in outcome.refused} == {
        (3, "code"),
        (4, "parent_code"),
        (5, "code"),
        (6, "parent_code"),
        (7, "parent_code"),
    }
    assert set(Unit.objects.values_list("code", flat=True)) == {"yx"}


def test_nobody_grants_a_role_to_themselves(console, root):
    admin = make(console, root, Role.SYSTEM_ADMINISTRATOR)
    with pytest.raises(Refused):
        domain.grant_role(actor=admin, user=admin, role=Role.LEADER, unit=root, reason="x")
    assert set(StaffRole.objects.values_list("role", flat=True)) == {Role.SYSTEM_ADMINISTRATOR}


def test_administration_audit_and_daily_work_are_different_people(console, root):
    worker = make(console, root, Role.TALENT_OFFICE)
    for role in (Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR):
        with pytest.raises(Refused):
            domain.grant_role(actor=console, user=worker, role=role, unit=root, reason="x")


def test_an_ended_role_stays_in_the_history_and_gives_nothing(console, root, health):
    user = make(console, health, Role.UNIT_HR)
    assert set(units_in_scope(user)) == {health}
    domain.end_role(actor=console, staff_role=user.staff_roles.get(), reason="调离")
    user = User.objects.get(pk=user.pk)
    assert not units_in_scope(user).exists()
    assert user.staff_roles.count() == 1
    with pytest.raises(Refused):
        domain.end_role(actor=console, staff_role=user.staff_roles.get(), reason="再来")


def test_only_demo_accounts_get_printed_passwords_and_only_from_the_console(console, root):
    real = make(console, root, Role.LEADER)
    demo = domain.create_staff(
        actor=console, username="demo", name="演示", unit=root, role=Role.LEADER, reason="演示", is_demo=True
    )
    [(username, password, secret)] = domain.reset_demo_passwords(actor=console)
    assert username == "demo"
    demo.refresh_from_db()
    assert demo.check_password(password)
    assert secret not in str(demo.authenticator_set.get().data)
    with pytest.raises(Refused):
        domain.reset_demo_passwords(actor=real)


def test_closing_an_account_ends_roles_and_password(console, root):
    user = make(console, root, Role.LEADER)
    domain.issue_password(actor=console, user=user, reason="首次登录")
    domain.deactivate_staff(actor=console, user=user, reason="退休")
    user.refresh_from_db()
    assert (user.is_active, user.has_usable_password()) == (False, False)
    assert not user.staff_roles.current().exists()


def test_a_chain_of_every_verb_verifies(console, root, health):
    assert seal() == 2
    assert verify().breaches == []


def test_the_first_administrator_is_made_on_the_console(root, capsys):
    call_command(
        "create_staff", "li", "--name", "李四", "--role", "system_administrator", "--unit", "yx", "--reason", "任命"
    )
    username, password = capsys.readouterr().out.split()
    user = User.objects.get(username=username)
    assert user.check_password(password)
    assert user.must_change_password
    with pytest.raises(CommandError):
        call_command("create_staff", "li", "--name", "x", "--role", "leader", "--unit", "yx", "--reason", "x")
