import json

import pytest
from django.core.management import CommandError, call_command

from accounts.enums import Role, UnitKind
from accounts.models import AuditEntry, Unit
from campaigns.planning import domain
from campaigns.planning.models import Position
from foundation.errors import NotAllowed, Refused
from tests.planning.conftest import workbook

pytestmark = pytest.mark.django_db

HEADER = ["主管部门", "招聘单位", "岗位名称", "岗位代码", "招聘人数", "学历要求", "专业要求", "其他条件", "自设栏"]
ROWS = [
    ["卫健局", "县人民医院", "药师", "A01", 2, "本科及以上", "药学（100701）", "限男性", "甲"],
    ["卫健局", "县中医院", "护士", "A02", "3人", "大专及以上", "不限", "", "乙"],
    ["教育局", "第一中学", "教师", "A03", 1.0, "本科及以上", "物理学类（0702）", "须热爱教育", ""],
]


@pytest.fixture
def take(author, make_campaign):
    campaign = make_campaign()

    def load(rows=ROWS, *, sheets=None, actor=author, **fields):
        content = workbook(*(sheets or [("岗位", [["招聘岗位表"], ["说明：略"], HEADER, *rows])]))
        return domain.import_positions(
            actor=actor, campaign=campaign, content=content, file_name="岗位表.xlsx", **fields
        )

    return load


def refused(report):
    return [(item.row, item.column) for sheet in report.sheets for item in sheet.refused]


def codes():
    return set(Position.objects.values_list("code", flat=True))


def test_a_table_becomes_positions_of_units_below_their_departments(take):
    report = take()
    assert (report.new, report.refused_rows, report.sheets[0].header_row) == (3, 0, 3)
    assert set(Unit.objects.values_list("name", "parent__name", "kind")) == {
        ("云岫县", None, UnitKind.COUNTY),
        ("卫健局", "云岫县", UnitKind.DEPARTMENT),
        ("教育局", "云岫县", UnitKind.DEPARTMENT),
        ("县人民医院", "卫健局", UnitKind.UNIT),
        ("县中医院", "卫健局", UnitKind.UNIT),
        ("第一中学", "教育局", UnitKind.UNIT),
    }
    assert dict(Position.objects.values_list("code", "headcount_planned")) == {"A01": 2, "A02": 3, "A03": 1}


def test_every_printed_column_is_kept_and_what_is_not_understood_goes_to_a_person(take):
    report = take()
    position = Position.objects.get(code="A03")
    assert position.printed == dict(zip(HEADER, ["教育局", "第一中学", "教师", "A03", "1", *ROWS[2][5:]], strict=True))
    assert (position.needs_person, Position.objects.get(code="A01").needs_person) == (True, False)
    assert report.sheets[0].unknown_columns == ["自设栏"]


def test_a_second_import_changes_nothing_and_a_changed_row_changes_its_position_only(take):
    take()
    again = take()
    assert (again.new, again.changed, again.unchanged, again.new_units) == (0, 0, 3, [])
    before = dict(Position.objects.values_list("code", "row_digest"))
    rows = [[*ROWS[0][:4], 5, *ROWS[0][5:]], *ROWS[1:]]
    third = take(rows)
    assert (third.new, third.changed, third.unchanged) == (0, 1, 2)
    after = dict(Position.objects.values_list("code", "row_digest"))
    assert {code for code in before if before[code] != after[code]} == {"A01"}
    assert Position.objects.get(code="A01").headcount_effective == 5


def test_an_import_that_changes_nothing_leaves_no_audit_entry(take):
    take()
    count = AuditEntry.objects.count()
    take()
    take(dry_run=True)
    assert AuditEntry.objects.count() == count


def test_a_dry_run_tells_the_same_and_saves_nothing(take):
    preview = take(dry_run=True)
    assert (preview.new, sorted(preview.new_units), preview.saved) == (
        3, ["卫健局", "县中医院", "县人民医院", "教育局", "第一中学"], False,
    )  # fmt: skip
    assert (codes(), Unit.objects.count()) == (set(), 1)
    report = take()
    assert (report.new, report.new_units, report.saved) == (3, preview.new_units, True)


def test_rows_that_cant_be_taken_are_refused_each_with_its_column_and_the_rest_is_saved(take):
    rows = [
        *ROWS,
        ["教育局", "第一中学", "教师", "", 1, "", "", "", ""],
        ["教育局", "第一中学", "", "B02", 1, "", "", "", ""],
        ["教育局", "第一中学", "教师", "B03", 0, "", "", "", ""],
        ["教育局", "第一中学", "教师", "B04", "若干", "", "", "", ""],
        ["教育局", "第一中学", "教师", "B05", 1.5, "", "", "", ""],
        ["教育局", "第一中学", "师" * 201, "B06", 1, "", "", "", ""],
    ]
    report = take(rows)
    assert refused(report) == [(7, "D"), (8, "C"), (9, "E"), (10, "E"), (11, "E"), (12, "C")]
    assert codes() == {"A01", "A02", "A03"}


def test_a_code_printed_twice_refuses_all_its_rows_across_sheets_and_names_the_others(take):
    second = ["教育局", "第二中学", "教师", "A01", 1, "", "", "", ""]
    report = take(sheets=[("甲", [HEADER, *ROWS]), ("乙", [HEADER, second])])
    assert [(sheet.name, [(item.row, item.column) for item in sheet.refused]) for sheet in report.sheets] == [
        ("甲", [(2, "D")]),
        ("乙", [(2, "D")]),
    ]
    assert "甲" in report.sheets[1].refused[0].message
    assert codes() == {"A02", "A03"}
    assert not Unit.objects.filter(name="第二中学").exists()


def test_a_unit_that_could_be_two_is_refused_unless_its_department_is_printed(take, make_unit):
    first, second = make_unit("D1", name="卫健局"), make_unit("D2", name="教育局")
    for code, parent in (("X1", first), ("X2", second)):
        make_unit(code, name="培训中心", parent=parent)
    header = ["主管部门", "招聘单位", "岗位名称", "岗位代码", "招聘人数"]
    report = take(sheets=[("岗位", [header, ["教育局", "培训中心", "干事", "A01", 1]])])
    assert (report.new, Position.objects.get().unit.code) == (1, "X2")
    report = take(sheets=[("岗位", [header[1:], ["培训中心", "干事", "A02", 1]])])
    assert (report.new, refused(report)) == (0, [(2, "A")])


def test_a_unit_out_of_use_is_refused(take, make_unit):
    make_unit("H9", name="第一中学", is_active=False)
    report = take([["", "第一中学", "教师", "A03", 1, "", "", "", ""]])
    assert (refused(report), codes()) == ([(4, "B")], set())


def test_the_codes_of_new_units_are_the_same_on_every_installation(take):
    take()
    first = set(Unit.objects.values_list("code", flat=True))
    Position.objects.all().delete()
    for unit in Unit.objects.order_by("-path"):
        if unit.parent_id:
            unit.delete()
    take()
    assert set(Unit.objects.values_list("code", flat=True)) == first


def test_one_entry_covers_an_import_with_its_counts_and_digest(take):
    take()
    entry = AuditEntry.objects.get(action="planning.import_positions")
    assert {key: entry.after[key] for key in ("file", "new", "changed", "refused", "units")} == {
        "file": "岗位表.xlsx", "new": 3, "changed": 0, "refused": 0, "units": 5,
    }  # fmt: skip
    assert len(entry.after["digest"]) == 64


def test_progress_is_told_up_to_the_last_row(take):
    told = []
    take(report=lambda done, total: told.append((done, total)))
    assert told[-1] == (3, 3)


@pytest.mark.parametrize("role", [Role.UNIT_HR, Role.DEPARTMENT, Role.EXAM_CENTRE, Role.AUDITOR])
def test_only_the_talent_office_imports(take, staff, role):
    with pytest.raises(NotAllowed):
        take(actor=staff(role))
    assert codes() == set()


def test_a_submitted_plan_takes_no_changed_row_but_may_be_compared(take, author):
    take()
    campaign = Position.objects.first().campaign
    domain.submit_plan(actor=author, campaign=campaign)
    assert take().unchanged == 3
    with pytest.raises(Refused) as refusal:
        take([[*ROWS[0][:4], 9, *ROWS[0][5:]], *ROWS[1:]])
    assert refusal.value.code == "wrong_state"
    assert Position.objects.get(code="A01").headcount_planned == 2


@pytest.mark.parametrize(
    ("sheets", "named"),
    [
        ([("表", [["招聘单位", "岗位名称", "招聘人数"], ["一中", "教师", 1]])], "岗位代码"),
        ([("表", [HEADER, ["局", "一中", "教师", "A1", "=1+1", "", "", "", ""]])], "E2"),
        ([("表", [["随便", "写写"], ["什么", "都行"]])], "表"),
    ],
)
def test_a_bad_file_is_refused_with_its_place_and_nothing_is_written(take, sheets, named):
    with pytest.raises(Refused) as refusal:
        take(sheets=sheets)
    assert named in refusal.value.message
    assert (codes(), Unit.objects.count()) == (set(), 1)


def test_the_command_prints_the_documented_json_and_saves(take, tmp_path, capsys):
    file = tmp_path / "岗位表.xlsx"
    file.write_bytes(workbook(("岗位", [HEADER, *ROWS, ["", "一中", "教师", "", 1, "", "", "", ""]])))
    call_command("import_positions", str(file), campaign="C1", format="json")
    document = json.loads(capsys.readouterr().out)
    (sheet,) = document["sheets"]
    assert {key: sheet[key] for key in ("name", "header_row", "rows", "new", "changed", "unchanged")} == {
        "name": "岗位", "header_row": 1, "rows": 4, "new": 3, "changed": 0, "unchanged": 0,
    }  # fmt: skip
    assert [(item["row"], item["column"]) for item in sheet["refused"]] == [(5, "D")]
    assert AuditEntry.objects.get(action="planning.import_positions").actor.username == "console"
    assert codes() == {"A01", "A02", "A03"}


def test_the_command_names_what_is_wrong_with_its_arguments(take, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("x", encoding="utf-8")
    for arguments, words in (
        ({"campaign": "NONE"}, "C1"),
        ({"campaign": "C1", "actor": "nobody"}, "nobody"),
        ({"campaign": "C1", "sheet": "没有"}, "没有"),
    ):
        with pytest.raises(CommandError, match=words):
            call_command("import_positions", str(file), **arguments)
