"""The audit trail speaks to people: every act and every value that is recorded has a name."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import translation

from accounts import audit
from accounts.audit_names import ACTIONS, action_name, lines_of
from accounts.enums import Role
from campaigns.planning.machine import CAMPAIGNS
from recruitment.applications.gateway import MACHINE
from recruitment.appointments.enums import CheckKind

pytestmark = pytest.mark.django_db


def recorded():
    """Codes given as `action=` anywhere in the rooms, and those made of a move or a kind."""
    rooms = [Path(app.path) for app in apps.get_app_configs() if Path(app.path).is_relative_to(settings.BASE_DIR)]
    found = set()
    for file in sorted(file for room in rooms for file in room.rglob("*.py") if ".venv" not in file.parts):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "action" and isinstance(node.value, ast.Constant):
                found.add(node.value.value)
    found |= {f"applications.{move}" for move in MACHINE.moves}
    found |= {f"planning.{move}" for move in CAMPAIGNS.moves if move != "publish"}
    found |= {f"appointments.record_{kind}" for kind in CheckKind.values}
    return sorted(code for code in found if "." in str(code))


def test_every_act_that_is_recorded_has_a_name_in_both_languages():
    assert len(recorded()) > 150
    assert [code for code in recorded() if action_name(code) == code] == []
    with translation.override("zh-hans"):
        assert [code for code, name in ACTIONS.items() if str(name).isascii()] == []


def test_values_are_written_as_on_the_pages(staff, make_unit):
    unit = make_unit("H1")
    after = {"kind": "department", "is_active": True, "as_of": "2026-03-20", "rows": 1200, "unheard_of": "x"}
    entry = audit.record(actor=staff(Role.AUDITOR), action="accounts.create_unit", subject=unit, after=after)
    assert lines_of(entry, entry.after).split("\n") == [
        "类型: 主管部门", "在用: 是", "截至日期: 2026年3月20日（周五）", "行数: 1,200", "unheard_of: x",
    ]  # fmt: skip


def test_a_moment_is_local_and_what_only_looks_like_a_date_stays(staff, make_unit):
    after = {"notice": "2026-03-20T01:00:00+00:00", "number": "2026-13-45", "digest": "2026abcdef01"}
    entry = audit.record(actor=staff(Role.AUDITOR), action="x.y", subject=make_unit("H1"), after=after)
    assert [line.partition(": ")[2] for line in lines_of(entry, entry.after).split("\n")] == [
        "2026年3月20日（周五）09:00", "2026-13-45", "2026abcdef01",
    ]  # fmt: skip


def test_the_trail_and_its_filter_name_the_act_and_one_entry_also_shows_its_code(client, staff, make_unit):
    auditor = staff(Role.AUDITOR)
    entry = audit.record(actor=auditor, action="accounts.create_unit", subject=make_unit("H1"), after={"code": "H1"})
    client.force_login(auditor)
    listed = client.get("/admin/accounts/audit/", {"action": "accounts.create_unit"}).content.decode()
    assert "新增单位信息" in listed
    assert f"/inspect/{entry.pk}/" in listed
    assert (
        f"/inspect/{entry.pk}/" not in client.get("/admin/accounts/audit/?action=accounts.edit_unit").content.decode()
    )
    shown = client.get(f"/admin/accounts/audit/inspect/{entry.pk}/").content.decode()
    assert "新增单位信息\naccounts.create_unit" in shown.replace("<br>", "\n").replace("\n\n", "\n")
    assert ">Actor<" not in shown
