"""Marks: what a sheet may hold, that reading it twice changes nothing, and that locked marks stay."""

import json
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from accounts.models import AuditEntry
from foundation.errors import NotAllowed, Refused
from recruitment.examinations import domain
from recruitment.examinations.models import Mark, MarkBatch, MarkKind
from rulebook.ruleset.profiles import COUNTY_EXAM
from tests.bonuses import set_rules
from tests.examiners import sheet, ticket

pytestmark = pytest.mark.django_db
HEADER = ["准考证号", "职测", "综应"]


@pytest.fixture
def three(exam, position):
    exam.enter(position, 3)
    return exam


def stored():
    rows = Mark.objects.values_list("application__ticket_no", "paper", "value", "status")
    return {(number, paper): (value, status) for number, paper, value, status in rows}


def test_papers_in_columns_and_one_row_for_each_paper_are_the_same_marks(three):
    three.take(sheet(HEADER, [ticket(0), "101.5", "缺考"], [ticket(1), "违纪", "雷同"]))
    wide = stored()
    Mark.objects.all().delete()
    rows = [[ticket(0), "职测", "101.5", ""], [ticket(0), "综应", "", "缺考"]]
    rows += [[ticket(1), "职测", "", "违纪"], [ticket(1), "综应", "", "雷同"]]
    outcome = three.take(sheet(["准考证号", "科目", "分数", "状态"], *rows))
    assert not outcome.refused
    assert stored() == wide == {
        (ticket(0), "职测"): (Decimal("101.50"), "normal"),
        (ticket(0), "综应"): (None, "absent"),
        (ticket(1), "职测"): (None, "misconduct"),
        (ticket(1), "综应"): (None, "duplicate"),
    }  # fmt: skip


def test_a_zero_is_a_status_and_never_a_number(three):
    three.take(sheet(HEADER, [ticket(0), "0", "零分"]))
    assert set(stored().values()) == {(None, "zero")}


BAD_ROWS = [
    (["99999999999", "100", "100"], "99999999999"),
    (["", "100", "100"], ""),
    ([ticket(0), "150.5", "100"], "150"),
    ([ticket(0), "-1", "100"], "-1"),
    ([ticket(0), "八十", "100"], "八十"),
    ([ticket(0), "80.125", "100"], "80.125"),
    ([ticket(0), "", ""], ""),
]


@pytest.mark.parametrize(("row", "named"), BAD_ROWS)
def test_a_row_that_is_wrong_is_refused_by_its_number_while_the_others_are_taken(three, row, named):
    outcome = three.take(sheet(HEADER, [ticket(1), "90", "90"], row, [ticket(2), "80", "80"]))
    (refusal,) = outcome.sheets[0].refused
    assert refusal.row == 3
    assert named in refusal.message
    assert {number for number, _paper in stored()} == {ticket(1), ticket(2)}


def test_the_same_paper_twice_in_a_file_is_refused_with_the_row_of_the_first(three):
    outcome = three.take(sheet(HEADER, [ticket(0), "90", "90"], [ticket(0), "91", "90"]))
    (refusal,) = outcome.sheets[0].refused
    assert (refusal.row, "2" in refusal.message) == (3, True)
    assert stored()[ticket(0), "职测"] == (Decimal("90.00"), "normal")


def test_a_ticket_under_another_position_is_refused(three, make_position):
    outcome = three.take(sheet([*HEADER, "职位代码"], [ticket(0), "90", "90", "0999"]))
    assert "0101" in outcome.sheets[0].refused[0].message
    assert stored() == {}


def test_a_second_import_of_the_same_file_changes_nothing_and_a_correction_changes_one_row(three):
    content = sheet(HEADER, [ticket(0), "90", "90"], [ticket(1), "80", "缺考"])
    three.take(content)
    before = stored()
    outcome = three.take(content)
    assert (outcome.sheets[0].unchanged, outcome.saved, MarkBatch.objects.count()) == (2, False, 1)
    corrected = three.take(sheet(HEADER, [ticket(0), "90", "90"], [ticket(1), "80", "70"]))
    assert (corrected.sheets[0].changed, corrected.sheets[0].unchanged) == (1, 1)
    assert stored() == {**before, (ticket(1), "综应"): (Decimal("70.00"), "normal")}


def test_a_preview_saves_nothing_and_leaves_no_audit_entry(three):
    before = AuditEntry.objects.count()
    outcome = three.take(sheet(HEADER, [ticket(0), "90", "90"]), dry_run=True)
    assert (outcome.sheets[0].new, outcome.saved, stored()) == (1, False, {})
    assert AuditEntry.objects.count() == before


def test_marks_are_locked_by_a_second_person_only(three):
    three.take(sheet(HEADER, [ticket(0), "90", "90"]))
    batch = MarkBatch.objects.get()
    with pytest.raises(NotAllowed):
        domain.lock_marks(actor=three.clerk, batch=batch)
    with pytest.raises(NotAllowed):
        domain.lock_marks(actor=three.medical, batch=batch)
    domain.lock_marks(actor=three.checker, batch=batch)
    with pytest.raises(Refused) as caught:
        domain.lock_marks(actor=three.checker, batch=batch)
    assert caught.value.code == "locked"


def test_locked_marks_stay_whoever_tries(three):
    three.take(sheet(HEADER, [ticket(0), "90", "90"]))
    three.lock()
    outcome = three.take(sheet(HEADER, [ticket(0), "95", "90"], [ticket(1), "70", "70"]))
    assert [one.row for one in outcome.sheets[0].refused] == [2]
    mark = Mark.objects.get(application__ticket_no=ticket(0), paper="职测")
    later = MarkBatch.objects.latest("pk")
    acts = [
        lambda: Mark.objects.filter(pk=mark.pk).update(value=99),
        lambda: Mark.objects.filter(pk=mark.pk).update(batch=later),
        mark.delete,
        lambda: Mark.objects.create(application=mark.application, paper="第三科", value=1, batch=mark.batch),
        lambda: Mark.objects.filter(batch=later).update(batch=mark.batch),
        lambda: MarkBatch.objects.filter(pk=mark.batch_id).update(locked_at=None),
        lambda: MarkBatch.objects.filter(pk=mark.batch_id).delete(),
    ]
    for act in acts:
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    assert Mark.objects.get(pk=mark.pk).value == Decimal("90.00")


def test_who_has_no_part_in_marks_imports_none(three, staff):
    content = sheet(HEADER, [ticket(0), "90", "90"])
    for person in (three.office, three.posts, staff()):
        with pytest.raises(NotAllowed):
            three.take(content, actor=person)
    assert stored() == {}


def test_the_command_says_what_it_took_as_json_and_locks_nothing(three, tmp_path, capsys):
    path = tmp_path / "marks.csv"
    path.write_bytes(sheet(HEADER, [ticket(0), "90", "90"], ["9", "1", "1"]))
    for dry_run, count in ((True, 0), (False, 2)):
        call_command("import_marks", path, campaign="C1", format="json", dry_run=dry_run)
        (told,) = json.loads(capsys.readouterr().out)["sheets"]
        assert (told["rows"], told["new"], told["changed"], told["unchanged"]) == (2, 1, 0, 0)
        assert [(one["row"], set(one)) for one in told["refused"]] == [(3, {"row", "column", "message"})]
        assert Mark.objects.count() == count
    assert MarkBatch.objects.get().locked_at is None


def test_marks_of_many_people_come_in_a_fixed_number_of_queries(three, position, django_assert_num_queries):
    few = sheet(HEADER, *[[ticket(number), "90", "90"] for number in range(3)])
    with django_assert_num_queries(10):
        three.take(few)
    three.enter(position, 60)
    many = sheet(HEADER, *[[ticket(number), "91", "90"] for number in range(63)])
    # One more for each 111 marks: SQLite takes 999 values at a time.
    with django_assert_num_queries(12 if connection.vendor == "sqlite" else 11):
        three.take(many)
    assert Mark.objects.count() == 126


def test_interview_marks_need_their_own_kind_and_stay_within_the_full_mark(three):
    outcome = three.take(sheet(["准考证号", "面试成绩"], [ticket(0), "100.5"]), MarkKind.INTERVIEW, actor=three.office)
    assert [one.row for one in outcome.sheets[0].refused] == [2]


@pytest.mark.parametrize("knob", [True, False])
def test_r63_interview_marks_lock_only_when_each_was_signed_or_the_refusal_noted(three, client, knob):
    three.written(120, 110, 100)
    three.shortlist()
    interview = COUNTY_EXAM.interview.model_copy(update={"signed_on_the_spot": knob})
    set_rules(three.campaign, interview=interview)
    header = ["准考证号", "面试成绩", "考生签字", "拒签记录人"]

    def take(*rows):
        return three.take(sheet(header, *rows), MarkKind.INTERVIEW, actor=three.office)

    assert not take((ticket(0), 80, "是", ""), (ticket(1), 85, "否", ""), (ticket(2), "缺考", "", "")).refused
    batch = MarkBatch.objects.latest("pk")
    client.force_login(three.checker)
    page = client.get(f"/admin/exams/{three.campaign.code}/marks/{batch.pk}/lock/").content.decode()
    words = "面试成绩须当场由考生签字；拒绝签字的，由监督员记录。"
    assert (words in page, ticket(1) in page, ticket(2) in page) == (knob, knob, False)
    if not knob:
        assert three.lock().locked_at
        return
    with pytest.raises(Refused) as caught:
        three.lock()
    assert (caught.value.code, ticket(1) in caught.value.message) == ("unsigned", True)
    take((ticket(1), 85, "拒签", "王监督"))
    for batch in MarkBatch.objects.filter(kind=MarkKind.INTERVIEW).order_by("pk"):
        domain.lock_marks(actor=three.checker, batch=batch)
    mark = Mark.objects.get(application=three.people[1], paper="interview")
    assert (mark.is_signed, mark.refusal_noted_by) == (False, "王监督")


@pytest.mark.parametrize("cells", [("也许", ""), ("是", "王监督")])
def test_a_cell_that_does_not_say_whether_a_mark_was_signed_is_refused(three, cells):
    three.written(120, 110, 100)
    three.shortlist()
    header = ["准考证号", "面试成绩", "考生签字", "拒签记录人"]
    outcome = three.take(sheet(header, (ticket(0), 80, *cells)), MarkKind.INTERVIEW, actor=three.office)
    assert ([one.row for one in outcome.sheets[0].refused], outcome.saved) == ([2], False)
    assert "签字" in outcome.sheets[0].refused[0].message
