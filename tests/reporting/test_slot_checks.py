"""Each check of the ledger finds the contradiction it is there for, and the proof is kept, shown and scheduled."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEntry
from campaigns.establishment import domain
from campaigns.establishment.models import Envelope, EstablishedPost, PlannedExit, SlotMovement, UnitStaffing
from recruitment.reporting.slot_checks import check_slots
from recruitment.reporting.tasks import check_slots_nightly

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger(staff, county, make_unit):
    """A unit with 4 posts, 2 of them permitted, one used; and an envelope of 3."""
    office = staff(Role.ESTABLISHMENT_OFFICE, unit=county, username="posts")
    unit = make_unit("H1", name="县人民医院")
    domain.register_unit_posts(
        actor=office, unit=unit, authorised=4, on_board=1, recorded_on=date(2026, 3, 1), document="编2号"
    )
    domain.create_envelope(actor=office, code="TP", name="专项", size=3, unit=county, document="编1号")
    domain.issue_permit(
        actor=office, number="核编1号", unit=unit, slots=2, issued_on=date(2026, 1, 1), expires_on=date(2036, 1, 1)
    )
    assert check_slots() == []
    return office, unit


def break_envelope(office, unit, other):
    Envelope.objects.update(size=4)


def break_permit(office, unit, other):
    EstablishedPost.objects.filter(state="permitted").update(permit=None, state="allocated")
    post = EstablishedPost.objects.filter(state="allocated").first()
    permit = unit.permits.get()
    permit.slots = 1
    permit.save()
    EstablishedPost.objects.filter(unit=unit, state="allocated").update(state="permitted", permit=permit)
    assert post


def break_permit_unit(office, unit, other):
    EstablishedPost.objects.filter(state="permitted").update(unit=other)


def break_state(office, unit, other):
    EstablishedPost.objects.filter(state="permitted").update(state="allocated", permit=None)


def break_chain(office, unit, other):
    post = EstablishedPost.objects.filter(state="permitted").first()
    common = {"post": post, "slot_type": "institution", "actor": office, "document": "x", "from_unit": unit}
    SlotMovement.objects.create(move="hold", from_state="reserved", to_state="permitted", to_unit=unit, **common)


def break_counts(office, unit, other):
    UnitStaffing.objects.create(unit=other, committed_count=0, extra_count=2)


def break_promise(office, unit, other):
    UnitStaffing.objects.update_or_create(unit=unit, slot_type="institution", defaults={"committed_count": 9})


def break_lent(office, unit, other):
    PlannedExit.objects.create(
        post=EstablishedPost.objects.get(state="used"), expected_on=timezone.localdate() + timedelta(days=9),
        document="退1号", registered_by=office, lent_post=EstablishedPost.objects.filter(state="free").first(),
    )  # fmt: skip


def break_claim(office, unit, other):
    domain.reserve_posts(actor=office, unit=unit, count=1, on=date(2026, 3, 1), document="公告")


BROKEN = [
    (break_envelope, "envelope_size"),
    (break_permit, "permit_exceeded"),
    (break_permit_unit, "permit_of_another_unit"),
    (break_state, "state_without_movement"),
    (break_chain, "movement_gap"),
    (break_counts, "movements_do_not_add_up"),
    (break_promise, "overdrawn"),
    (break_lent, "lent_post_astray"),
    (break_claim, "claim_missing"),
]
CODES = [code for _damage, code in BROKEN]


@pytest.mark.parametrize(("damage", "code"), BROKEN)
def test_a_contradiction_is_found_by_its_check(ledger, make_unit, damage, code):
    office, unit = ledger
    damage(office, unit, make_unit("S1"))
    assert code in {finding.code for finding in check_slots()}


def test_the_night_writes_the_result_down_and_reminds_who_can_look(ledger, client, system_actor):
    office, unit = ledger
    assert check_slots_nightly() == 0
    break_state(office, unit, None)
    assert check_slots_nightly() == 3
    runs = AuditEntry.objects.filter(action="reporting.check_slots").order_by("pk")
    assert [run.after["findings"] for run in runs] == [0, 3]
    client.force_login(office)
    assert "/admin/figures/slot-checks/" in client.get("/admin/").content.decode()
    page = client.get("/admin/figures/slot-checks/").content.decode()
    assert "H1-Z" in page
    assert client.post("/admin/figures/slot-checks/").status_code == 302
    assert runs.all().count() == 3
    with pytest.raises(CommandError):
        call_command("check_slots")


def test_the_night_is_on_the_schedule():
    tasks = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {
        "recruitment.reporting.tasks.check_slots_nightly",
        "campaigns.establishment.tasks.expire_ended_permits",
    } <= tasks


@pytest.mark.parametrize("role", [Role.TALENT_OFFICE, Role.UNIT_HR, Role.LEADER])
def test_the_proof_is_only_for_those_who_keep_or_audit_the_ledger(client, county, staff, role):
    client.force_login(staff(role, username="other"))
    assert client.get("/admin/figures/slot-checks/").status_code == 404
    client.force_login(staff(Role.AUDITOR, username="auditor"))
    assert client.get("/admin/figures/slot-checks/").status_code == 200
