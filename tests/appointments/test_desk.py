"""The desk of appointments at its screens: every act page opens, says what is missing, and does what it says."""

from datetime import timedelta

import pytest
from django.utils import timezone

from recruitment.appointments import domain
from recruitment.appointments.models import Appointment
from recruitment.appointments.office import acts
from recruitment.appointments.office.acts import ACTS
from recruitment.appointments.replacement import outlook
from tests.examiners import Exam

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(exam: Exam, make_position) -> Appointment:
    position = make_position()
    exam.enter(position, 2)
    exam.claim_posts(position, 1)
    exam.to_totals((120, 110), (90, 85))
    (row,) = domain.open_appointments(actor=exam.office, campaign=exam.campaign)
    return row


def test_the_medical_page_opens_refuses_an_empty_form_and_records_a_conclusion(exam, first, client):
    client.force_login(exam.medical)
    page = f"/admin/appointments/{first.pk}/medical/"
    assert client.get(page).status_code == 200
    assert client.post(page, {}).status_code == 422
    told = {
        "conclusion": "passed",
        "performed_on": str(timezone.localdate() - timedelta(days=1)),
        "institution": "县医院",
        "hospital_grade": "二级甲等",
    }
    assert client.post(page, told).status_code == 302
    first.refresh_from_db()
    assert first.state == "medical_passed"


def test_a_first_exam_not_passed_keeps_the_person_and_the_recheck_asks_for_its_day(exam, first, client):
    client.force_login(exam.medical)
    page = f"/admin/appointments/{first.pk}/medical/"
    told = {
        "conclusion": "failed", "performed_on": str(timezone.localdate()), "institution": "县医院",
        "hospital_grade": "二级甲等",
    }  # fmt: skip
    assert client.post(page, told).status_code == 302
    first.refresh_from_db()
    assert first.state == "opened"
    answer = client.get(page)
    assert set(answer.context["form"].fields) == {
        "conclusion", "performed_on", "institution", "hospital_grade", "asked_on",
    }  # fmt: skip
    again = {**told, "conclusion": "passed", "institution": "市医院", "asked_on": str(timezone.localdate())}
    assert client.post(page, again).status_code == 302
    first.refresh_from_db()
    assert first.state == "medical_passed"


def opened_acts(exam, client, row) -> set[str]:
    """The acts that fit the state; each page opens for its office, and refuses an empty form or needs none."""
    row = Appointment.objects.get(pk=row.pk)
    fitting = [act for act in ACTS if act.fits(row)]
    for act in fitting:
        actor = next(person for person in (exam.medical, exam.posts, exam.office) if act.rule(person, row))
        client.force_login(actor)
        page = f"/admin/appointments/{row.pk}/{act.name}/"
        assert (act.name, client.get(page).status_code) == (act.name, 200)
        if act.name != "call":
            assert (act.name, client.post(page, {}).status_code) == (act.name, 422)
    return {act.name for act in fitting}


def test_every_act_page_opens_before_the_notice(exam, first, client):
    assert opened_acts(exam, client, first) == {"medical", "originals", "end"}
    exam.check(first, "medical")
    assert opened_acts(exam, client, first) == {"inspection", "originals", "end"}
    exam.check(first, "inspection")
    assert opened_acts(exam, client, first) == {"originals", "end"}
    ends = {"reason_code": "withdrew", "reason": "本人放弃", "document": "声明"}
    domain.end_appointment(actor=exam.office, appointment=first, **ends)
    assert opened_acts(exam, client, first) == {"call"}


def test_every_act_page_opens_from_the_notice_to_the_post(exam, hired, client, time_machine):
    first, second = hired
    assert opened_acts(exam, client, first) == {"objection", "approve", "originals", "end"}
    domain.raise_objection(actor=exam.office, appointment=second, summary="举报")
    assert opened_acts(exam, client, second) == {"objection", "originals", "end"}
    time_machine.move_to(Appointment.objects.get(pk=first.pk).notice.notice_ends_at)
    assert opened_acts(exam, client, first) == {"approve", "originals", "end"}
    domain.approve_appointment(actor=exam.second, appointment=first, approval_number="1号")
    assert opened_acts(exam, client, first) == {"enter", "report", "report-later", "end"}
    domain.enter_post(actor=exam.posts, appointment=first, ledger_number="SM1")
    client.force_login(exam.posts)
    page = client.get(f"/admin/appointments/{first.pk}/end/")
    assert "left_post" in dict(page.context["form"].fields["reason_code"].choices)
    told = {"reason_code": "left_post", "reason": "辞职", "document": "1号"}
    assert client.post(f"/admin/appointments/{first.pk}/end/", told).status_code == 302
    first.refresh_from_db()
    assert (first.state, first.ended_reason_code) == ("ended", "left_post")


@pytest.mark.parametrize("name", ["medical", "inspection", "approval"])
def test_the_page_for_several_people_opens_and_asks_for_what_is_missing(exam, first, client, name):
    client.force_login(exam.medical if name == "medical" else exam.office)
    page, chosen = f"/admin/appointments/several/{name}/", {"appointment": str(first.pk)}
    assert client.post(page, chosen).status_code == 200
    if name == "medical":
        assert client.post(page, {**chosen, "confirm": "1"}).status_code == 422


def test_the_page_of_an_ended_appointment_asks_the_replacement_rules_once(exam, first, client, monkeypatch):
    ends = {"reason_code": "withdrew", "reason": "本人放弃", "document": "声明"}
    domain.end_appointment(actor=exam.office, appointment=first, **ends)
    asked = []
    monkeypatch.setattr(acts, "outlook", lambda row: asked.append(row.pk) or outlook(row))
    client.force_login(exam.office)
    page = client.get(f"/admin/appointments/{first.pk}/")
    assert [act.name for act in page.context["allowed"]] == ["call"]
    assert asked == [first.pk]
