"""The official real-name ledger against ours: compared without changing anything, changed row by row by a person."""

import io
import json
from datetime import date, timedelta

import pytest
import xlsxwriter
from django.conf import settings as settings_of_the_product
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEntry
from campaigns.establishment import domain
from campaigns.establishment.models import EstablishedPost, Reconciliation, ReconciliationRow, SlotMovement
from campaigns.establishment.queries import balance_of_unit
from campaigns.establishment.tasks import COMPARE, LEDGER_PURPOSE, forget_old_ledger_sheets
from foundation.errors import NotAllowed, Refused
from foundation.files.domain import store_file
from foundation.files.models import PrivateFile
from foundation.jobs.domain import start_job
from foundation.tables.errors import TableError
from tests.establishment.ledger import hire, permit, register, reserve

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 31)


def sheet(*rows, header=("实名制编号", "单位名称", "姓名", "身份证号")):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    page = book.add_worksheet("实名制")
    for number, row in enumerate([header, *rows]):
        page.write_row(number, 0, row)
    book.close()
    return stream.getvalue()


THEIRS = (
    ("M1", "县人民医院", "某甲", "110101199003070000"),
    ("M2", "县人民医院", "某乙", ""),
    ("M3", "县第一中学", "某丙", ""),
    ("N9", "县人民医院", "某丁", ""),
    ("", "县人民医院", "某戊", ""),
    ("M1", "县人民医院", "某甲", ""),
    ("M8", "没有的单位", "某己", ""),
)


def entered(office, unit, number):
    return domain.enter_from_channel(
        actor=office, unit=unit, channel="other", ledger_number=number, document="入编", promised=False
    )


@pytest.fixture
def found(office, county, hospital, school):
    """Match M1; M2 lacks its number here; M3 stands in the hospital here; N9 is missing; M7 is only here."""
    register(office, hospital, 6, 1)
    register(office, school, 3, 0)
    for number in ("M1", "M3", "M7"):
        entered(office, hospital, number)
    return compare(office, county)


def compare(office, county, day=DAY, content=None):
    return domain.compare_ledgers(
        actor=office, unit=county, content=content or sheet(*THEIRS), file_name="实名制.xlsx", as_on=day
    )


def kinds(found):
    return dict(found.rows.values_list("ledger_number", "kind"))


def decide(office, found, *numbers, decision="theirs", document="核对1号", reason="核实"):
    rows = found.rows.filter(ledger_number__in=numbers)
    return domain.decide_rows(actor=office, rows=rows, decision=decision, reason=reason, document=document)


def test_every_row_is_a_match_missing_extra_different_or_unreadable_and_no_post_changes(found):
    assert kinds(found) == {"M1": "match", "M2": "different", "M3": "different", "N9": "missing", "M7": "extra"}
    assert [problem["row"] for problem in found.problems] == [6, 7, 8]
    assert SlotMovement.objects.exclude(move__in=["create", "enter"]).count() == 0
    assert set(EstablishedPost.objects.exclude(ledger_number="").values_list("ledger_number", flat=True)) == {
        "M1", "M3", "M7",
    }  # fmt: skip
    assert not EstablishedPost.objects.filter(reconciled_on__isnull=False).exists()


def test_names_and_id_numbers_of_the_sheet_are_stored_nowhere(found):
    stored = json.dumps(
        [list(ReconciliationRow.objects.values()), list(Reconciliation.objects.values())],
        default=str,
        ensure_ascii=False,
    )
    assert "M1" in stored
    for secret in ("某甲", "某丁", "110101199003070000"):
        assert secret not in stored


def test_the_same_sheet_of_the_same_day_gives_the_same_comparison_with_its_decisions(office, county, found):
    decide(office, found, "N9", decision="ours", document="")
    content = sheet(*THEIRS)
    assert compare(office, county, content=content).rows.count() == 5
    first = Reconciliation.objects.count()
    again = compare(office, county, content=content)
    assert Reconciliation.objects.count() == first
    assert again.rows.count() == 5


def test_following_the_official_ledger_makes_ours_agree_row_by_row(office, county, hospital, school, found):
    decide(office, found, "N9")
    decide(office, found, "M2", "M3", "M7")
    assert (balance_of_unit(hospital).on_board, balance_of_unit(school).on_board) == (3, 1)
    later = compare(office, county, day=DAY - timedelta(days=1))
    assert set(kinds(later).values()) == {"match"}
    moves = SlotMovement.objects.filter(move="vacate").values_list("reason_code", "document")
    assert sorted(moves) == [("not_in_ledger", "核对1号"), ("transferred_out", "核对1号")]


def test_keeping_ours_and_noting_change_no_post_and_keep_the_reason(office, found):
    before = SlotMovement.objects.count()
    decide(office, found, "M7", decision="ours", document="", reason="编办尚未登记")
    decide(office, found, "N9", decision="noted", document="", reason="下月办理")
    assert SlotMovement.objects.count() == before
    row = found.rows.get(ledger_number="M7")
    assert (row.decision, row.reason, row.decided_by) == ("ours", "编办尚未登记", office)
    assert AuditEntry.objects.filter(action="establishment.decide_rows").count() == 2


@pytest.mark.parametrize(
    ("numbers", "values", "code"),
    [
        (["N9"], {"reason": " "}, "reason_required"),
        (["N9"], {"document": ""}, "document_required"),
        (["M1"], {}, "decided"),
        ([], {}, "nothing"),
        (["N9"], {"decision": "open"}, "nothing"),
    ],
)
def test_a_decision_without_its_papers_or_on_a_match_is_refused(office, found, numbers, values, code):
    with pytest.raises(Refused) as refusal:
        decide(office, found, *numbers, **values)
    assert refusal.value.code == code
    assert not found.rows.exclude(decision="open").exists()


def test_of_several_rows_all_are_decided_or_none(office, hospital, found):
    free = EstablishedPost.objects.filter(unit=hospital, state="allocated")
    domain.commit_posts(actor=office, unit=hospital, channel="veteran", count=free.count(), document="安置")
    with pytest.raises(Refused) as refusal:
        decide(office, found, "M2", "N9")
    assert refusal.value.code == "shortage"
    assert not found.rows.exclude(decision="open").exists()
    assert not EstablishedPost.objects.filter(ledger_number="M2").exists()


def test_someone_hired_by_a_campaign_is_not_vacated_behind_the_appointments_back(office, county, hospital):
    register(office, hospital, 2, 0)
    permit(office, hospital, 1)
    (post,) = reserve(office, hospital, 1, purpose="春季招聘")
    hire(office, post, "M5")
    entered(office, hospital, "M1")
    found = compare(office, county, content=sheet(("M1", "H1", "", "")))
    with pytest.raises(Refused) as refusal:
        decide(office, found, "M5")
    assert "春季招聘" in refusal.value.message
    assert EstablishedPost.objects.get(pk=post.pk).state == "used"


def test_a_comparison_closes_when_all_is_decided_and_dates_what_agrees(office, found):
    with pytest.raises(Refused) as refusal:
        domain.close_reconciliation(actor=office, reconciliation=found)
    assert "4" in refusal.value.message
    decide(office, found, "M2", "M3", "N9")
    decide(office, found, "M7", decision="ours", document="")
    domain.close_reconciliation(actor=office, reconciliation=found)
    dated = set(EstablishedPost.objects.filter(reconciled_on=DAY).values_list("ledger_number", flat=True))
    assert dated == {"M1", "M2", "M3", "N9"}
    with pytest.raises(Refused):
        domain.close_reconciliation(actor=office, reconciliation=found)


def test_only_the_establishment_office_compares_and_decides(staff, county, found):
    talent = staff(Role.TALENT_OFFICE, unit=county)
    for call in (
        lambda: compare(talent, county, day=date(2026, 1, 1)),
        lambda: decide(talent, found, "N9"),
        lambda: domain.close_reconciliation(actor=talent, reconciliation=found),
    ):
        with pytest.raises(NotAllowed):
            call()


def test_a_table_without_the_number_and_a_day_to_come_are_refused_as_a_whole(office, county):
    with pytest.raises(TableError):
        compare(office, county, content=sheet(("x", "y"), header=("姓名", "单位名称")))
    with pytest.raises(Refused):
        compare(office, county, day=timezone.localdate() + timedelta(days=1))
    assert not Reconciliation.objects.exists()


def test_the_command_prints_the_counts_and_changes_nothing(found, tmp_path, capsys):
    path = tmp_path / "实名制.xlsx"
    path.write_bytes(sheet(*THEIRS))
    before = SlotMovement.objects.count()
    call_command("reconcile_posts", path, "--as-on", "2026-03-01", "--format", "json")
    told = json.loads(capsys.readouterr().out)
    assert {key: told[key] for key in ("match", "missing", "extra", "different")} == {
        "match": 1, "missing": 1, "extra": 1, "different": 2,
    }  # fmt: skip
    assert SlotMovement.objects.count() == before


def test_at_the_screen_a_sheet_is_uploaded_decided_after_a_rehearsal_and_closed(client, office, county, found):
    client.force_login(office)
    upload = SimpleUploadedFile("实名制.xlsx", sheet(*THEIRS[:4]))
    answer = client.post("/admin/posts/reconciliation/new/", {"file": upload, "as_on": "2026-02-28"}, follow=True)
    page = Reconciliation.objects.get(as_on=date(2026, 2, 28))
    assert answer.request["PATH_INFO"] == f"/admin/posts/reconciliation/{page.pk}/"
    assert "某甲" not in answer.content.decode()
    url = answer.request["PATH_INFO"]
    form = {
        "row": [row.pk for row in page.rows.exclude(kind="match")],
        "decision": "theirs", "reason": "核实", "document": "核对2号",
    }  # fmt: skip
    rehearsed = client.post(url, form).content.decode()
    assert "核对2号" in rehearsed
    assert not page.rows.exclude(decision="open").exists()
    client.post(url, {**form, "confirm": "1"})
    assert set(page.rows.exclude(kind="match").values_list("decision", flat=True)) == {"theirs"}
    client.post(url, {"close": "1"})
    page.refresh_from_db()
    assert page.closed_by == office
    assert client.get(f"{url}?export=xlsx").status_code == 200


def upload(office, content):
    return store_file(content=content, name="实名制.xlsx", purpose=LEDGER_PURPOSE, owner=office, kinds=["xlsx"])


def test_a_sheet_goes_so_many_days_after_its_comparison_was_closed_and_the_comparison_stays(
    office, county, hospital, settings, time_machine, django_capture_on_commit_callbacks, system_actor
):
    settings.LEDGER_SHEET_DAYS = 30
    time_machine.move_to(timezone.now())
    content = sheet(("M1", "县人民医院", "某甲", "110101199003070000"))
    register(office, hospital, 2, 0)
    entered(office, hospital, "M1")
    job = start_job(
        kind=COMPARE, title="比对", owner=office, source_file=upload(office, content),
        arguments={"unit": county.pk, "as_on": timezone.localdate().isoformat()},
    )  # fmt: skip
    found = Reconciliation.objects.get()
    stored = job.source_file.content
    time_machine.shift(timedelta(days=90))
    assert forget_old_ledger_sheets() == 0  # still open
    closed = domain.close_reconciliation(actor=office, reconciliation=found).closed_at
    time_machine.move_to(closed + timedelta(days=30, seconds=-1), tick=False)
    assert forget_old_ledger_sheets() == 0
    time_machine.move_to(closed + timedelta(days=30), tick=False)
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_old_ledger_sheets() == 1
    job.refresh_from_db()
    assert (job.source_file, PrivateFile.objects.count(), stored.storage.exists(stored.name)) == (None, 0, False)
    assert list(found.rows.values_list("ledger_number", "kind")) == [("M1", "match")]
    assert AuditEntry.objects.get(action="establishment.forget_sheets").after == {"sheets": [found.digest]}
    assert forget_old_ledger_sheets() == 0


def test_a_sheet_without_a_comparison_goes_after_its_upload_and_other_files_stay(
    office, county, settings, time_machine, system_actor
):
    settings.LEDGER_SHEET_DAYS = 30
    time_machine.move_to(timezone.now())
    upload(office, sheet(("M1", "没有的单位", "某甲", "")))
    other = store_file(content=sheet(), name="核编.xlsx", purpose="establishment.import", owner=office, kinds=["xlsx"])
    time_machine.shift(timedelta(days=29))
    assert forget_old_ledger_sheets() == 0
    time_machine.shift(timedelta(days=1, seconds=1))
    assert forget_old_ledger_sheets() == 1
    assert list(PrivateFile.objects.all()) == [other]


def test_only_the_countys_office_or_the_night_may_remove_sheets(staff, hospital, county):
    with pytest.raises(NotAllowed):
        domain.forget_ledger_sheets(actor=staff(Role.ESTABLISHMENT_OFFICE, unit=hospital), now=timezone.now())
    assert "campaigns.establishment.tasks.forget_old_ledger_sheets" in {
        entry["task"] for entry in settings_of_the_product.CELERY_BEAT_SCHEDULE.values()
    }
