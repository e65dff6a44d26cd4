"""The desk of appointments: every step at its page by whose duty it is, and nothing for anybody else."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AuditEntry, StaffRole
from campaigns.establishment.models import EstablishedPost
from campaigns.planning.models import CalendarDay
from foundation.errors import Refused
from recruitment.appointments import domain
from recruitment.appointments.models import Appointment, Check, Objection, Replacement
from recruitment.publications.models import Publication
from tests.applicants import NOW
from tests.conftest import LONG_AGO

pytestmark = pytest.mark.django_db
PASSED = {
    "conclusion": "passed", "performed_on": "2026-03-20", "institution": "市第一人民医院", "hospital_grade": "三级甲等",
    "inspectors": "程立\n白露",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _office(settings, db):
    settings.SECOND_FACTOR_REQUIRED = False
    CalendarDay.objects.get_or_create(date="2026-01-01", defaults={"is_working": False, "name": "元旦"})


@pytest.fixture
def as_user(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def proposed(exam, make_position):
    """Three people for one place with its post; the first is proposed, the list of totals is out."""
    position = make_position()
    exam.enter(position, 3)
    exam.claim_posts(position, 1)
    exam.to_totals((120, 110, 100), (90, 85, 80))
    return exam


@pytest.fixture
def opened(proposed):
    (row,) = domain.open_appointments(actor=proposed.office, campaign=proposed.campaign)
    return row


def at(row, name=""):
    return reverse("appointment-act", args=[row.pk, name]) if name else reverse("appointment", args=[row.pk])


def text(answer):
    return answer.content.decode()


def state(row):
    return Appointment.objects.get(pk=row.pk).state


def test_the_proposed_are_taken_over_after_a_look_at_who(as_user, proposed):
    page, url = as_user(proposed.office), reverse("appointments-take-over", args=[proposed.campaign.code])
    assert proposed.people[0].registration_no in text(page.get(url))
    assert not Appointment.objects.exists()
    page.post(url)
    assert list(Appointment.objects.values_list("application", "state")) == [(proposed.people[0].pk, "opened")]


def test_each_step_is_done_at_its_page_by_whose_duty_it_is(as_user, exam, opened, time_machine):
    as_user(exam.medical).post(at(opened, "medical"), PASSED)
    assert state(opened) == "medical_passed"
    as_user(exam.office).post(at(opened, "inspection"), PASSED)
    assert state(opened) == "inspected"
    as_user(exam.office).post(reverse("appointments-to-notice", args=[exam.campaign.code]))
    exam.put_out(Publication.objects.get(kind="proposed_hires"))
    assert "公示期至" in text(as_user(exam.second).get(at(opened, "approve")))
    as_user(exam.second).post(at(opened, "approve"), {"approval_number": "云人聘1号"})
    assert state(opened) == "noticed"
    time_machine.move_to(NOW + timedelta(days=30), tick=False)
    as_user(exam.second).post(at(opened, "approve"), {"approval_number": "云人聘1号"})
    assert state(opened) == "approved"
    as_user(exam.posts).post(at(opened, "enter"), {"ledger_number": "SM0001"})
    opened.refresh_from_db()
    assert (opened.state, opened.post.state, opened.post.ledger_number) == ("on_post", "used", "SM0001")
    wanted = {"record_medical", "record_inspection", "start_notice", "approve", "enter_post"}
    done = AuditEntry.objects.filter(action__startswith="appointments.").values_list("action", flat=True)
    assert {f"appointments.{name}" for name in wanted} <= set(done)


@pytest.mark.parametrize(
    ("who", "name"), [("office", "medical"), ("posts", "medical"), ("medical", "inspection"), ("clerk", "medical")]
)
def test_a_step_is_not_done_by_anybody_else(as_user, exam, opened, who, name):
    if name == "inspection":
        exam.check(opened, "medical")
    before = state(opened)
    answer = as_user(getattr(exam, who)).post(at(opened, name), PASSED)
    assert (answer.status_code in (302, 403, 404), state(opened)) == (True, before)


@pytest.mark.parametrize(
    "wrong", [{"conclusion": ""}, {"performed_on": "2099-01-01"}, {"institution": " "}, {"performed_on": "gestern"}]
)
def test_a_wrong_entry_is_named_at_its_field_and_nothing_is_saved(as_user, exam, opened, wrong):
    answer = as_user(exam.medical).post(at(opened, "medical"), {**PASSED, **wrong})
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, set(wrong))
    assert not Check.objects.exists()


def test_a_first_failed_exam_keeps_the_person_for_one_recheck_elsewhere(as_user, exam, opened):
    page = as_user(exam.medical)
    page.post(at(opened, "medical"), {**PASSED, "conclusion": "failed"})
    assert state(opened) == "opened"
    again = {**PASSED, "conclusion": "failed", "asked_on": "2026-03-20"}
    assert page.post(at(opened, "medical"), again).context["form"].non_field_errors()
    page.post(at(opened, "medical"), {**again, "institution": "省人民医院"})
    opened.refresh_from_db()
    assert (opened.state, opened.ended_reason_code) == ("ended", "medical")


def test_the_next_person_is_called_by_the_rules_at_the_page_of_the_ended_place(as_user, exam, opened):
    exam.check(opened, "medical", "failed")
    page = as_user(exam.office)
    assert exam.people[1].registration_no in text(page.get(at(opened, "call")))
    page.post(at(opened, "call"))
    assert Appointment.objects.get(application=exam.people[1]).state == "opened"
    assert Replacement.objects.get().application == exam.people[1]
    page.post(at(opened, "call"))
    assert Replacement.objects.count() == 1


def test_nobody_else_than_the_rules_name_can_be_called(exam, opened):
    exam.check(opened, "medical", "failed")
    with pytest.raises(Refused):
        domain.call_replacement(actor=exam.office, place=opened, application=exam.people[2])
    with pytest.raises(Refused):
        domain.leave_place_empty(actor=exam.office, place=opened, document="云人1号")
    assert not Replacement.objects.exists()


def test_a_place_that_the_rules_leave_empty_gives_one_post_back(as_user, exam, hired):
    ends = {"reason_code": "withdrew", "reason": "本人放弃", "document": "声明", "replace": "on"}
    as_user(exam.office).post(at(hired[0], "end"), ends)
    as_user(exam.office).post(at(hired[0], "leave-empty"), {"document": "云人2号"})
    assert sorted(EstablishedPost.objects.values_list("state", flat=True)) == ["held", "permitted"]
    assert Replacement.objects.get().application is None


def test_an_objection_holds_one_person_until_it_is_decided(as_user, exam, hired):
    page = as_user(exam.office)
    page.post(at(hired[0], "objection"), {"summary": "反映学历不实"})
    assert [state(row) for row in hired] == ["on_hold", "noticed"]
    objection = reverse("appointment-objection", args=[Objection.objects.get().pk])
    page.post(objection, {"is_upheld": "no", "decision": ""})
    assert state(hired[0]) == "on_hold"
    page.post(objection, {"is_upheld": "no", "decision": "经核查属实学历"})
    assert [state(row) for row in hired] == ["noticed", "noticed"]
    assert page.get(objection).status_code == 404


def test_somebody_on_the_post_leaves_it_only_through_the_establishment_office(as_user, exam, hired, time_machine):
    time_machine.move_to(NOW + timedelta(days=30), tick=False)
    domain.approve_appointment(actor=exam.second, appointment=hired[0], approval_number="1号")
    domain.enter_post(actor=exam.posts, appointment=hired[0], ledger_number="SM1")
    ends = {"reason_code": "left_post", "reason": "辞职", "document": "1号"}
    as_user(exam.office).post(at(hired[0], "end"), ends)
    assert state(hired[0]) == "on_post"
    as_user(exam.posts).post(at(hired[0], "end"), {**ends, "reason_code": "withdrew"})
    assert state(hired[0]) == "on_post"
    as_user(exam.posts).post(at(hired[0], "end"), ends)
    hired[0].refresh_from_db()
    assert (hired[0].state, hired[0].post.state) == ("ended", "vacated")


def test_several_pass_a_check_at_once_after_a_look_at_whom_it_takes(as_user, exam, make_position):
    position = make_position(headcount_planned=2, headcount_effective=2)
    exam.enter(position, 4)
    exam.claim_posts(position, 2)
    exam.to_totals((120, 110, 100, 90), (90, 85, 80, 75))
    rows = domain.open_appointments(actor=exam.office, campaign=exam.campaign)
    exam.check(rows[0], "medical")
    page, url = as_user(exam.medical), reverse("appointments-several", args=["medical"])
    keys = {"appointment": [row.pk for row in rows]}
    shown = page.post(url, keys)
    assert ([row.pk for row in shown.context["able"]], len(shown.context["unable"])) == ([rows[1].pk], 1)
    page.post(url, {**keys, **PASSED, "confirm": "1"})
    assert [state(row) for row in rows] == ["medical_passed", "medical_passed"]
    assert as_user(exam.office).post(url, keys).status_code == 404


def test_more_people_than_one_act_takes_are_refused_and_none_is_left_out_silently(as_user, exam, opened):
    page, url = as_user(exam.medical), reverse("appointments-several", args=["medical"])
    done = {**PASSED, "confirm": "1"}
    answer = page.post(url, {**done, "appointment": [opened.pk, *range(10**6, 10**6 + 500)]}, follow=True)
    assert (state(opened), "选择了501" in text(answer)) == ("opened", True)
    page.post(url, {**done, "appointment": [opened.pk, *range(10**6, 10**6 + 499)]})
    assert state(opened) == "medical_passed"


def test_hr_of_another_unit_finds_nobody(as_user, exam, opened, staff, make_unit):
    stranger = staff(Role.UNIT_HR, unit=make_unit("S9"), username="hr9")
    page = as_user(stranger)
    for url in (at(opened), at(opened, "end"), at(opened, "medical")):
        assert (url, page.get(url).status_code) == (url, 404)
    assert opened.application.registration_no not in text(page.get(reverse("appointments")))


def test_a_leader_who_is_hr_elsewhere_reads_no_names_in_the_list(as_user, exam, hired, staff, make_unit):
    leader = staff(Role.LEADER, username="leader9")
    StaffRole.objects.create(user=leader, role=Role.UNIT_HR, unit=make_unit("S9"), starts_at=LONG_AGO)
    shown = text(as_user(leader).get(reverse("appointments")))
    assert hired[0].application.registration_no in shown
    assert [row.candidate.name for row in hired if row.candidate.name in shown] == []


def test_health_is_read_by_those_who_record_or_act_on_it_only(as_user, exam, opened, staff):
    exam.check(opened, "medical")
    assert "市第一人民医院" in text(as_user(exam.medical).get(at(opened)))
    hr = staff(Role.UNIT_HR, unit=opened.position.unit, username="hr8")
    assert "市第一人民医院" not in text(as_user(hr).get(at(opened)))


def test_what_waits_is_told_to_whose_duty_it_is(as_user, exam, opened):
    home = reverse("wagtailadmin_home")
    assert "待体检人员" in text(as_user(exam.medical).get(home))
    assert "待体检人员" not in text(as_user(exam.posts).get(home))


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_for_one_and_for_thirty(as_user, exam, make_position, django_assert_num_queries, count):
    position = make_position(headcount_planned=count, headcount_effective=count)
    for person in exam.enter(position, count):
        Appointment.objects.create(
            application=person, candidate_id=person.candidate_id, position=position, opened_by=exam.office
        )
    page = as_user(exam.office)
    page.get(reverse("appointments"))
    with django_assert_num_queries(QUERIES):
        assert len(page.get(reverse("appointments")).context["page"].object_list) == count


QUERIES = 14
