"""Certificates in time, relatives at the unit, consent of the employer: before the proposal (R12, R15, R17)."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from campaigns.planning.models import CalendarDay
from foundation.errors import NotAllowed, Refused
from recruitment.applications import domain as applications
from recruitment.appointments import domain
from recruitment.appointments.models import Appointment, Originals
from recruitment.candidates.models import Relative, WorkPeriod
from recruitment.selection.models import Agreement
from tests.applicants import NOW

pytestmark = pytest.mark.django_db
LINE = "与本单位人员有夫妻关系，不得在同一法人单位担任双方有直接上下级领导关系的管理岗位。"
DUTY = "与本单位领导人员有夫妻关系，不得担任领导人员的秘书或者组织（人事）、纪检监察、审计、财务岗位。"


@pytest.fixture(autouse=True)
def _office(settings, db):
    settings.SECOND_FACTOR_REQUIRED = False
    CalendarDay.objects.get_or_create(date="2026-01-01", defaults={"is_working": False, "name": "元旦"})


@pytest.fixture
def opened(exam, make_position):
    """A person handed over; the steps before are not walked."""
    position = make_position()
    (person,) = exam.enter(position, 1)
    return Appointment.objects.create(
        application=person, candidate_id=person.candidate_id, position=position, opened_by=exam.office
    )


def page(client, user, row, language="zh-hans"):
    client.logout()
    client.force_login(user)
    client.cookies["django_language"] = language
    return client.get(reverse("appointment", args=[row.pk]))


def record(exam, row, diploma_on, degree_on=None, actor=None):
    return domain.record_originals(
        actor=actor or exam.office, appointment=row, diploma_on=diploma_on, degree_on=degree_on
    )


@pytest.mark.parametrize(
    ("knobs", "diploma", "degree", "in_time", "why"),
    [
        ({}, (7, 31), None, True, "毕业证书日期为2026年7月31日，不晚于2026年7月31日。"),
        ({}, (8, 1), None, False, "毕业证书日期为2026年8月1日，晚于规定的2026年7月31日。"),
        ({"diploma_deadline": "09-30"}, (8, 1), None, True, "毕业证书日期为2026年8月1日，不晚于2026年9月30日。"),
        ({}, (7, 1), (8, 1), False, "学位证书日期为2026年8月1日，晚于规定的2026年7月31日。"),
        ({"degree_deadline": "12-31"}, (7, 1), (12, 31), True, "毕业证书日期为2026年7月1日，不晚于2026年7月31日。"),
    ],
)
def test_certificates_are_in_time_by_the_last_days_of_the_rules(
    exam, opened, time_machine, knobs, diploma, degree, in_time, why
):
    exam.knobs("eligibility", **knobs)
    time_machine.move_to(NOW.replace(month=12, day=31), tick=False)
    shown = record(exam, opened, date(2026, *diploma), date(2026, *degree) if degree else None)
    assert (shown.is_in_time, shown.explanation["zh"]) == (in_time, [why])


def test_the_last_day_of_an_agreement_stands_for_that_of_the_rules(exam, opened, time_machine):
    Agreement.objects.create(
        application=opened.application, number="引协1号", signed_on=NOW.date(), service_years=5,
        recorded_by=exam.office, degree_due_on=date(2026, 12, 31),
    )  # fmt: skip
    time_machine.move_to(NOW.replace(month=12, day=31), tick=False)
    assert record(exam, Appointment.objects.get(), date(2026, 12, 31)).is_in_time


def test_who_shows_certificates_too_late_is_not_approved_and_not_ended(exam, hired, client, time_machine):
    exam.knobs("eligibility", diploma_deadline="03-31")
    row, other = hired
    time_machine.move_to(NOW.replace(month=4, day=1), tick=False)
    record(exam, row, date(2026, 4, 1))
    assert "毕业证书日期为2026年4月1日，晚于规定的2026年3月31日。" in page(client, exam.office, row).content.decode()
    with pytest.raises(Refused, match="晚于规定的2026年3月31日") as caught:
        domain.approve_appointment(actor=exam.second, appointment=row, approval_number="1号")
    assert (caught.value.code, Appointment.objects.get(pk=row.pk).state) == ("certificates_late", "noticed")
    for person in (other, row):
        record(exam, person, date(2026, 3, 31))
        domain.approve_appointment(actor=exam.second, appointment=person, approval_number="1号")
    with pytest.raises(Refused) as caught:
        record(exam, row, date(2026, 3, 30))
    assert (caught.value.code, Originals.objects.count()) == ("wrong_state", 2)


def test_originals_are_recorded_by_the_inspecting_offices_and_not_for_a_day_to_come(exam, opened):
    for actor in (exam.medical, exam.posts, exam.clerk):
        with pytest.raises(NotAllowed):
            record(exam, opened, date(2026, 3, 1), actor=actor)
    with pytest.raises(Refused):
        record(exam, opened, date(2026, 3, 1), date(2026, 3, 21))


@pytest.mark.parametrize(
    ("employer", "language", "lines"),
    [
        ("县人民医院", "zh-hans", [LINE, DUTY]),
        ("云岫县人民医院内科", "zh-hans", [LINE, DUTY]),
        ("县第一中学", "zh-hans", ["有夫妻关系，但不属于须回避的情形。"]),
        ("县第一中学", "en", ["A relation (husband and wife), but none that calls for recusal here."]),
    ],
)
def test_the_office_reads_what_a_person_must_decide_on_relatives(exam, opened, client, employer, language, lines):
    Relative.objects.create(
        candidate_id=opened.candidate_id, relation="spouse", name="甲乙", employer=employer, duty="主任"
    )
    shown = page(client, exam.office, opened, language)
    assert [found for _relative, found in shown.context["relatives"]] == [lines]
    assert [line for line in lines if line not in shown.content.decode()] == []
    assert page(client, exam.medical, opened).context["relatives"] == []


def test_nobody_is_proposed_while_relatives_at_the_unit_are_undecided_and_nobody_is_rejected(exam, opened, client):
    Relative.objects.create(candidate_id=opened.candidate_id, relation="spouse", name="甲乙", employer="县人民医院")
    Appointment.objects.update(state="inspected")
    with pytest.raises(Refused, match=opened.application.registration_no) as caught:
        domain.prepare_notice(actor=exam.office, campaign=exam.campaign)
    assert (caught.value.code, Appointment.objects.get().state) == ("relatives", "inspected")
    client.force_login(exam.office)
    act = reverse("appointment-act", args=[opened.pk, "relatives"])
    assert LINE in client.get(act).content.decode()
    assert client.post(act, {"decision": " "}).status_code == 422
    assert client.post(act, {"decision": "岗位为护理，无上下级关系"}).status_code == 302
    assert domain.prepare_notice(actor=exam.office, campaign=exam.campaign).rows
    assert AuditEntry.objects.get(action="appointments.decide_relatives").reason == "岗位为护理，无上下级关系"


def test_relatives_elsewhere_delay_no_list(exam, opened):
    Relative.objects.create(candidate_id=opened.candidate_id, relation="spouse", name="甲乙", employer="县第一中学")
    Appointment.objects.update(state="inspected")
    assert domain.prepare_notice(actor=exam.office, campaign=exam.campaign).rows


def test_whoever_is_on_a_post_passes_the_inspection_only_with_the_employers_consent(exam, opened, client):
    work = WorkPeriod.objects.create(
        candidate_id=opened.candidate_id, employer="邻县中学", kind="established", started_on=date(2020, 9, 1)
    )
    exam.check(opened, "medical")
    lacks = "机关事业单位在编人员应当提供所在单位同意报考的书面证明，尚未登记。"
    assert lacks in page(client, exam.office, opened).content.decode()
    with pytest.raises(Refused, match=lacks) as caught:
        exam.check(opened, "inspection")
    assert caught.value.code == "consent"
    applications.record_consent(actor=exam.office, application=opened.application, document="同意函1号")
    assert "所在单位同意报考的书面证明已经查验。" in page(client, exam.office, opened).content.decode()
    exam.check(opened, "inspection")
    WorkPeriod.objects.filter(pk=work.pk).update(ended_on=date(2025, 8, 31))
    assert page(client, exam.office, opened).context["consent_lines"] == []
