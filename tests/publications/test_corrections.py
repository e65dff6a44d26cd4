"""Throwaway checks of what was merged without tests."""

from datetime import timedelta

import pytest

from accounts.enums import Role
from accounts.models import StaffRole
from campaigns.establishment.models import EstablishedPost
from foundation.errors import Refused
from recruitment.appointments import domain
from recruitment.appointments.models import Appointment, Replacement
from recruitment.publications import domain as press
from recruitment.publications.gate import problems_of
from recruitment.publications.models import Publication
from recruitment.publications.tasks import release_scheduled_lists
from tests.applicants import NOW
from tests.conftest import LONG_AGO

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def calendar_2026(db):
    from campaigns.planning.models import CalendarDay

    CalendarDay.objects.get_or_create(date="2026-01-01", defaults={"is_working": False, "name": "元旦"})


def notice(exam, at=None):
    row = press.prepare_free_notice(actor=exam.clerk, campaign=exam.campaign, title="递补公告", text="正文")
    press.review(actor=exam.second, publication=row)
    if at:
        press.schedule_release(actor=exam.second, publication=row, at=at)
    return row


def test_a_scheduled_list_goes_out_at_its_second_and_once(exam, time_machine):
    moment = NOW + timedelta(hours=2)
    row = notice(exam, moment)
    time_machine.move_to(moment - timedelta(seconds=1), tick=False)
    assert release_scheduled_lists() == 0
    time_machine.move_to(moment, tick=False)
    assert release_scheduled_lists() == 1
    assert release_scheduled_lists() == 0
    row.refresh_from_db()
    assert (row.state, row.sequence, row.released_at) == ("released", 1, moment)


def test_past_moments_are_refused_and_an_hour_can_be_taken_back(exam, time_machine):
    row = notice(exam)
    with pytest.raises(Refused):
        press.schedule_release(actor=exam.second, publication=row, at=NOW)
    press.schedule_release(actor=exam.second, publication=row, at=NOW + timedelta(hours=1))
    press.schedule_release(actor=exam.second, publication=row, at=None)
    time_machine.move_to(NOW + timedelta(days=1), tick=False)
    assert release_scheduled_lists() == 0


def test_a_scheduled_list_without_posts_stays_in_with_its_reason(exam, make_position, time_machine):
    position = make_position(headcount_planned=2, headcount_effective=2)
    exam.enter(position, 4)
    exam.claim_posts(position, 1)
    exam.to_totals((120, 110, 100, 90), (90, 85, 80, 75))
    exam.hand_over()
    row = domain.prepare_notice(actor=exam.office, campaign=exam.campaign)
    press.review(actor=exam.second, publication=row)
    press.schedule_release(actor=exam.second, publication=row, at=NOW + timedelta(hours=1))
    time_machine.move_to(NOW + timedelta(hours=1), tick=False)
    assert release_scheduled_lists() == 0
    row.refresh_from_db()
    assert (row.state, row.release_at, bool(row.release_problem)) == ("reviewed", None, True)


def test_the_next_by_rank_is_called_after_a_failed_medical_and_nobody_else(exam, make_position):
    position = make_position()
    exam.enter(position, 3)
    exam.claim_posts(position, 1)
    exam.to_totals((120, 110, 100), (90, 85, 80))
    (first,) = domain.open_appointments(actor=exam.office, campaign=exam.campaign)
    exam.check(first, "medical", "failed")
    second, third = exam.people[1], exam.people[2]
    with pytest.raises(Refused):
        domain.call_replacement(actor=exam.office, place=first, application=third)
    with pytest.raises(Refused):
        domain.leave_place_empty(actor=exam.office, place=first, document="云人1号")
    domain.call_replacement(actor=exam.office, place=first, application=second)
    assert Appointment.objects.get(application=second).state == "opened"
    with pytest.raises(Refused):
        domain.call_replacement(actor=exam.office, place=first, application=third)
    assert Replacement.objects.count() == 1


def test_a_place_that_the_rules_leave_empty_gives_one_post_back(exam, hired):
    ends = {"actor": exam.office, "reason_code": "withdrew", "reason": "本人放弃", "document": "声明"}
    domain.end_appointment(appointment=hired[0], **ends)
    domain.leave_place_empty(actor=exam.office, place=hired[0], document="云人2号")
    assert sorted(EstablishedPost.objects.values_list("state", flat=True)) == ["held", "permitted"]


def test_people_of_a_withdrawn_notice_can_be_put_on_a_new_one(exam, hired, client):
    row = Publication.objects.get(kind="proposed_hires")
    press.withdraw(actor=exam.second, publication=row, reason="名单有误")
    client.force_login(exam.office)
    client.post(f"/admin/press/{row.pk}/correct/")
    assert Publication.objects.filter(supersedes=row).exists()


def test_a_leader_who_is_hr_elsewhere_reads_no_names_in_the_list(exam, hired, staff, make_unit, client):
    leader = staff(Role.LEADER, username="leader9")
    StaffRole.objects.create(user=leader, role=Role.UNIT_HR, unit=make_unit("S9"), starts_at=LONG_AGO)
    client.force_login(leader)
    page = client.get("/admin/appointments/").content.decode()
    names = [row.candidate.name for row in hired]
    assert hired[0].application.registration_no in page
    assert [name for name in names if name in page] == []


@pytest.mark.parametrize(
    "path",
    [
        "/admin/press/",
        "/admin/press/new/",
        "/admin/press/{p}/",
        "/admin/press/{p}/list.xlsx",
        "/admin/press/{p}/withdraw/",
        "/admin/press/{p}/correct/",
    ],
)
def test_pages_of_the_press_open(exam, hired, client, path):
    client.force_login(exam.office)
    pk = Publication.objects.get(kind="proposed_hires").pk
    assert client.get(path.format(p=pk)).status_code == 200


def test_a_release_warns_of_positions_without_enough_posts(exam, make_position, client):
    position = make_position(headcount_planned=2, headcount_effective=2)
    exam.enter(position, 4)
    exam.claim_posts(position, 1)
    exam.to_totals((120, 110, 100, 90), (90, 85, 80, 75))
    exam.hand_over()
    row = domain.prepare_notice(actor=exam.office, campaign=exam.campaign)
    press.review(actor=exam.second, publication=row)
    client.force_login(exam.second)
    effects = client.get(f"/admin/press/{row.pk}/release/").context["effects"]
    assert "岗位 0101：需占编 2 人，已预留编制 1 个。此时公示将被拒绝。" in effects


def test_a_release_with_enough_posts_warns_of_nothing(exam, make_position, client):
    position = make_position()
    exam.enter(position, 2)
    exam.claim_posts(position, 1)
    exam.to_totals((120, 110), (90, 85))
    exam.hand_over()
    row = domain.prepare_notice(actor=exam.office, campaign=exam.campaign)
    press.review(actor=exam.second, publication=row)
    client.force_login(exam.second)
    effects = client.get(f"/admin/press/{row.pk}/release/").context["effects"]
    assert [line for line in effects if "将被拒绝" in line] == []


@pytest.mark.parametrize(
    ("heading", "is_barred"),
    [
        ("身份证号", True),
        ("联系 电话", True),
        ("出生年月", True),
        ("家庭住址", True),
        ("考点地址", False),
        ("姓名", False),
    ],
)
def test_headings_of_a_notice_name_no_personal_data(exam, heading, is_barred):
    table = [[heading, "备注"], ["甲", "乙"]]
    row = press.prepare_free_notice(actor=exam.clerk, campaign=exam.campaign, title="公告", text="正文", table=table)
    assert [problem.column for problem in problems_of(row)] == ([heading] if is_barred else [])


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_a_list_of_the_exam_is_drafted_anew_whether_out_or_withdrawn(exam, hired, client, is_withdrawn):
    row = Publication.objects.get(kind="scores")
    if is_withdrawn:
        press.withdraw(actor=exam.second, publication=row, reason="成绩有误")
    client.force_login(exam.clerk)
    client.post(f"/admin/press/{row.pk}/correct/")
    assert list(Publication.objects.filter(supersedes=row).values_list("state", flat=True)) == ["draft"]
