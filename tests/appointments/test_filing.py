"""Objections by their outcome, and the last days for filing a hire (R76, R77)."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from campaigns.planning.models import CalendarDay, Campaign
from foundation.errors import Refused
from recruitment.appointments import domain
from recruitment.appointments.models import Appointment
from tests.applicants import SHANGHAI

pytestmark = pytest.mark.django_db
LATE = {
    "zh-hans": "备案期限为2026年{month}月{day}日，已经逾期。",
    "en": "The hire had to be filed by 2026-{month:02d}-{day:02d}; that day has passed.",
}


@pytest.fixture(autouse=True)
def _office(settings, db):
    settings.SECOND_FACTOR_REQUIRED = False
    CalendarDay.objects.get_or_create(date="2026-01-01", defaults={"is_working": False, "name": "元旦"})


@pytest.fixture
def go_to(time_machine):
    def move(day):
        time_machine.move_to(datetime.combine(day, datetime.min.time(), SHANGHAI) + timedelta(hours=9), tick=False)

    return move


def approve(exam, row, **more):
    return domain.approve_appointment(actor=exam.second, appointment=row, approval_number="云人聘1号", **more)


def told(client, exam, row, language="zh-hans"):
    client.logout()
    client.force_login(exam.office)
    client.cookies["django_language"] = language
    shown = client.get(reverse("appointment", args=[row.pk]))
    return [line for told in shown.context["told"] for line in told.lines]


@pytest.mark.parametrize(("days", "last"), [(30, date(2026, 4, 30)), (10, date(2026, 4, 10))])
def test_a_hire_is_filed_until_the_last_day_and_late_only_by_a_document(exam, hired, client, go_to, days, last):
    """The notice ends on 31 March."""
    exam.knobs("notice", file_within_days=days, validity_months=None)
    first, second = hired
    go_to(last)
    assert told(client, exam, first) == [
        "公示期满，没有未办结的异议，可以办理。", f"应在2026年4月{last.day}日前（含当日）办理聘用备案。",
    ]  # fmt: skip
    assert approve(exam, first).late_document == ""
    go_to(last + timedelta(days=1))
    for language, sentence in reversed(LATE.items()):
        assert told(client, exam, second, language)[1] == sentence.format(month=4, day=last.day)
    with pytest.raises(Refused, match=LATE["zh-hans"].format(month=4, day=last.day)) as caught:
        approve(exam, second)
    assert caught.value.code == "filed_late"
    with pytest.raises(Refused, match=second.application.registration_no):
        domain.approve_appointments(actor=exam.second, appointments=[second], approval_number="1号")
    client.logout()
    client.force_login(exam.second)
    page = reverse("appointment-act", args=[second.pk, "approve"])
    assert client.post(page, {"approval_number": "1号"}).status_code == 422
    assert client.post(page, {"approval_number": "1号", "late_document": "延办1号"}).status_code == 302
    second.refresh_from_db()
    assert (second.state, second.late_document) == ("approved", "延办1号")


@pytest.mark.parametrize(("months", "last"), [(12, date(2026, 4, 15)), (13, date(2026, 5, 15))])
def test_results_lapse_so_many_months_after_the_announcement(exam, hired, client, go_to, months, last):
    exam.knobs("notice", file_within_days=90, validity_months=months)
    Campaign.objects.update(published_at=datetime(2025, 4, 15, 9, tzinfo=SHANGHAI))
    first, second = Appointment.objects.order_by("pk")
    go_to(last)
    assert told(client, exam, first)[1].endswith(f"招聘结果有效至2026年{last.month}月{last.day}日。")
    approve(exam, first)
    go_to(last + timedelta(days=1))
    with pytest.raises(Refused, match=f"有效至2026年{last.month}月{last.day}日，已经失效"):
        approve(exam, second)


def test_after_an_objection_the_days_for_filing_count_from_its_decision(exam, hired, client, go_to):
    exam.knobs("notice", file_within_days=10)
    row = hired[0]
    objection = domain.raise_objection(actor=exam.office, appointment=row, summary="学历存疑")
    go_to(date(2026, 4, 20))
    assert told(client, exam, row) == ["有异议正在核查，该人员暂缓办理，其他人员不受影响。"]
    domain.decide_objection(actor=exam.office, objection=objection, is_upheld=False, decision="不属实")
    go_to(date(2026, 5, 1))
    with pytest.raises(Refused, match="备案期限为2026年4月30日"):
        approve(exam, row)
    go_to(date(2026, 4, 30))
    assert approve(exam, row).state == "approved"


def test_an_upheld_objection_ends_with_the_rules_own_words(exam, hired, client):
    objection = domain.raise_objection(actor=exam.office, appointment=hired[0], summary="学历存疑")
    client.force_login(exam.office)
    page = client.get(reverse("appointment-objection", args=[objection.pk])).content.decode()
    assert "异议查实，取消该人员拟聘用资格。" in page
    domain.decide_objection(actor=exam.office, objection=objection, is_upheld=True, decision="证书系伪造")
    assert told(client, exam, hired[0]) == ["异议查实，取消该人员拟聘用资格。"]
    assert told(client, exam, hired[0], "en") == ["An objection was upheld: this person's proposed hire is cancelled."]
