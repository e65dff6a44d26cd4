"""From the proposal to the post: checks, notice, objections, approval, exactly one post, and ends."""

from datetime import datetime, timedelta

import pytest

from campaigns.establishment.models import EstablishedPost
from foundation.errors import NotAllowed, Refused
from recruitment.appointments import domain
from recruitment.appointments.models import Appointment
from recruitment.appointments.queries import appointments_visible_to, steps_of
from recruitment.examinations import domain as exams
from recruitment.publications import domain as press
from recruitment.publications.models import Publication
from rulebook.ruleset.profiles import COUNTY_EXAM
from tests.applicants import NOW, SHANGHAI

pytestmark = pytest.mark.django_db
# Released on Friday 20 March; 7 working days end on Tuesday 31 March.
LAST_MOMENT = datetime(2026, 3, 31, 23, 59, 59, tzinfo=SHANGHAI)
AFTER = datetime(2026, 4, 1, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def calendar_2026(db):
    from campaigns.planning.models import CalendarDay

    CalendarDay.objects.get_or_create(date="2026-01-01", defaults={"is_working": False, "name": "元旦"})


def post_states():
    return sorted(EstablishedPost.objects.values_list("state", flat=True))


def approve(exam, appointment, number="云人聘1号"):
    return domain.approve_appointment(actor=exam.second, appointment=appointment, approval_number=number)


def enter(exam, appointment, ledger="SM001"):
    return domain.enter_post(actor=exam.posts, appointment=appointment, ledger_number=ledger)


def test_each_hire_uses_exactly_one_post(exam, hired, time_machine):
    assert post_states() == ["held", "held"]
    time_machine.move_to(AFTER)
    for number, appointment in enumerate(hired):
        enter(exam, approve(exam, appointment, f"云人聘{number}号"), f"SM{number}")
    assert post_states() == ["used", "used"]
    assert {row.post_id for row in Appointment.objects.all()} == set(
        EstablishedPost.objects.values_list("pk", flat=True)
    )
    with pytest.raises(Refused):
        enter(exam, Appointment.objects.first(), "SM9")


def test_nobody_is_approved_before_the_notice_is_over(exam, hired, time_machine):
    time_machine.move_to(LAST_MOMENT, tick=False)
    with pytest.raises(Refused) as caught:
        approve(exam, hired[0])
    assert caught.value.code == "notice"
    time_machine.move_to(AFTER, tick=False)
    assert approve(exam, hired[0]).state == "approved"


def test_the_clock_runs_from_the_release_and_not_from_the_draft(exam, make_position, time_machine):
    position = make_position()
    exam.enter(position, 3)
    exam.claim_posts(position, 1)
    exam.to_totals((120, 110, 100), (90, 85, 80))
    exam.hand_over()
    draft = domain.prepare_notice(actor=exam.office, campaign=exam.campaign)
    time_machine.move_to(NOW + timedelta(days=3))
    assert exam.put_out(draft).notice_ends_at == datetime(2026, 4, 2, tzinfo=SHANGHAI)


def test_an_objection_holds_one_person_and_not_the_list(exam, hired, time_machine):
    objection = domain.raise_objection(actor=exam.office, appointment=hired[0], summary="学历存疑")
    time_machine.move_to(AFTER)
    with pytest.raises(Refused):
        approve(exam, hired[0])
    assert approve(exam, hired[1]).state == "approved"
    domain.decide_objection(actor=exam.office, objection=objection, is_upheld=False, decision="经核实不属实")
    assert approve(exam, hired[0]).state == "approved"


def test_an_objection_upheld_ends_the_hire_and_keeps_the_post_for_the_position(exam, hired):
    objection = domain.raise_objection(actor=exam.office, appointment=hired[0], summary="学历存疑")
    domain.decide_objection(actor=exam.office, objection=objection, is_upheld=True, decision="证书系伪造")
    hired[0].refresh_from_db()
    assert (hired[0].state, hired[0].ended_reason_code) == ("ended", "objection_upheld")
    assert post_states() == ["held", "reserved"]


def test_objections_are_received_to_the_last_moment_and_not_after(exam, hired, time_machine):
    time_machine.move_to(LAST_MOMENT, tick=False)
    domain.raise_objection(actor=exam.office, appointment=hired[0], summary="反映")
    time_machine.move_to(AFTER, tick=False)
    with pytest.raises(Refused):
        domain.raise_objection(actor=exam.office, appointment=hired[1], summary="反映")


def test_a_corrected_notice_starts_the_clock_anew_and_a_withdrawn_one_allows_nothing(exam, hired, time_machine):
    first = Publication.objects.get(kind="proposed_hires")
    time_machine.move_to(NOW + timedelta(days=3))
    correction = domain.prepare_notice(actor=exam.office, campaign=exam.campaign, supersedes=first)
    exam.put_out(correction)
    time_machine.move_to(AFTER)
    with pytest.raises(Refused):
        approve(exam, hired[0])
    time_machine.move_to(datetime(2026, 4, 2, tzinfo=SHANGHAI))
    assert approve(exam, hired[0]).state == "approved"
    correction.refresh_from_db()
    press.withdraw(actor=exam.second, publication=correction, reason="名单有误")
    with pytest.raises(Refused) as caught:
        approve(exam, hired[1])
    assert caught.value.code == "no_notice"


def test_no_list_goes_out_for_which_posts_are_missing(exam, make_position):
    position = make_position(headcount_planned=2, headcount_effective=2)
    exam.enter(position, 4)
    exam.claim_posts(position, 1)
    exam.to_totals((120, 110, 100, 90), (90, 85, 80, 75))
    exam.hand_over()
    with pytest.raises(Refused) as caught:
        exam.notice()
    assert caught.value.code == "no_post_left"
    assert post_states() == ["reserved"]
    assert not Publication.objects.filter(kind="proposed_hires", state="released").exists()


def test_checks_come_in_their_order_from_those_who_record_them(exam, make_position, time_machine):
    position = make_position()
    exam.enter(position, 3)
    exam.to_totals((120, 110, 100), (90, 85, 80))
    (appointment,) = domain.open_appointments(actor=exam.office, campaign=exam.campaign)
    told = {"appointment": appointment, "conclusion": "passed", "institution": "医院", "hospital_grade": "三级甲等"}
    with pytest.raises(NotAllowed):
        domain.record_check(actor=exam.office, kind="medical", performed_on=NOW.date(), **told)
    with pytest.raises(Refused):
        domain.record_check(actor=exam.office, kind="inspection", performed_on=NOW.date(), **told)
    with pytest.raises(Refused):
        domain.record_check(actor=exam.medical, kind="medical", performed_on=NOW.date() + timedelta(days=1), **told)
    domain.record_check(actor=exam.medical, kind="medical", performed_on=NOW.date(), **told)
    with pytest.raises(Refused):
        domain.record_check(actor=exam.medical, kind="medical", performed_on=NOW.date(), **told)


@pytest.mark.parametrize(("conclusion", "code"), [("failed", "medical"), ("absent", "withdrew")])
def test_who_fails_a_check_ends_there_and_who_stays_away_withdrew(exam, make_position, conclusion, code):
    position = make_position()
    exam.enter(position, 3)
    exam.to_totals((120, 110, 100), (90, 85, 80))
    (appointment,) = domain.open_appointments(actor=exam.office, campaign=exam.campaign)
    exam.check(appointment, "medical", conclusion)
    appointment.refresh_from_db()
    assert (appointment.state, appointment.ended_reason_code) == ("ended", code)


def test_only_proposed_people_are_handed_over_and_twice_is_once(exam, make_position):
    exam.enter(make_position(), 3)
    exam.to_totals((120, 110, 100), (90, 85, 80))
    first, second = exam.campaign.applications.order_by("ticket_no")[:2]
    with pytest.raises(Refused):
        domain.open_appointment(actor=exam.office, application=second)
    opened = domain.open_appointment(actor=exam.office, application=first)
    assert domain.open_appointment(actor=exam.office, application=first) == opened
    assert Appointment.objects.count() == 1


def test_an_ended_hire_gives_the_post_to_the_next_or_back_to_the_unit(exam, hired):
    ends = {"actor": exam.office, "reason_code": "withdrew", "reason": "本人放弃", "document": "声明"}
    domain.end_appointment(appointment=hired[0], **ends)
    assert post_states() == ["held", "reserved"]
    with pytest.raises(NotAllowed):
        domain.end_appointment(appointment=hired[1], **{**ends, "actor": exam.medical})
    with pytest.raises(Refused):
        domain.end_appointment(appointment=hired[1], **{**ends, "reason": ""})


def test_the_steps_tell_what_happened_and_what_comes(exam, hired, time_machine):
    shown = [step.state for step in steps_of(hired[0].application)]
    assert shown == ["done", "done", "done", "done", "next", "next"]
    ends = {"actor": exam.office, "reason_code": "withdrew", "reason": "本人放弃", "document": "声明"}
    domain.end_appointment(appointment=hired[0], **ends)
    assert [step.state for step in steps_of(hired[0].application)] == ["done", "done", "done", "done", "stopped"]
    assert steps_of(exam.campaign.applications.get(ticket_no=exam.people[3].ticket_no)) == []


def test_each_office_sees_the_hires_of_its_units_and_nobody_else(exam, hired, staff, make_unit):
    school = make_unit("S9", name="县第九中学")
    own, other = staff("unit_hr", unit=hired[0].position.unit), staff("unit_hr", unit=school)
    assert set(appointments_visible_to(own)) == set(hired)
    assert [list(appointments_visible_to(person)) for person in (other, exam.clerk, staff())] == [[], [], []]


def test_the_totals_list_names_everyone_interviewed(exam, make_position):
    exam.enter(make_position(), 3)
    exam.written(120, 110, 100)
    exam.shortlist()
    exam.put_out(exams.prepare_shortlist(actor=exam.clerk, campaign=exam.campaign))
    exam.interviews(90, 80, "缺考")
    exam.propose()
    totals = exams.prepare_totals(actor=exam.clerk, campaign=exam.campaign)
    assert [(row[0], row[5]) for row in totals.rows] == [
        (exam.people[0].ticket_no, "1"), (exam.people[1].ticket_no, "2"), (exam.people[2].ticket_no, "—"),
    ]  # fmt: skip


def test_a_list_that_names_someone_who_ended_since_it_was_drafted_does_not_go_out(exam, make_position):
    position = make_position(headcount_planned=2, headcount_effective=2)
    exam.enter(position, 4)
    exam.claim_posts(position, 2)
    exam.to_totals((120, 110, 100, 90), (90, 85, 80, 75))
    stays, leaves = exam.hand_over()
    notice = domain.prepare_notice(actor=exam.office, campaign=exam.campaign)
    domain.end_appointment(
        actor=exam.office, appointment=leaves, reason_code="withdrew", reason="本人放弃", document="说明1号"
    )
    with pytest.raises(Refused, match=leaves.application.registration_no) as caught:
        exam.put_out(notice)
    assert caught.value.code == "not_checked"
    notice.refresh_from_db()
    stays.refresh_from_db()
    assert (notice.state, stays.state) == ("reviewed", "inspected")


def test_where_the_rules_let_the_first_notice_run_on_a_correction_delays_no_approval(exam, hired, time_machine):
    kept = COUNTY_EXAM.replaced(notice=COUNTY_EXAM.notice.model_copy(update={"restart_on_change": False}))
    exam.campaign.rule_sets.update(document=kept.model_dump(mode="json"), digest=kept.digest())
    first = Publication.objects.get(kind="proposed_hires")
    time_machine.move_to(NOW + timedelta(days=3))
    correction = exam.put_out(domain.prepare_notice(actor=exam.office, campaign=exam.campaign, supersedes=first))
    assert correction.notice_ends_at == first.notice_ends_at
    hired[0].refresh_from_db()
    time_machine.move_to(AFTER)
    assert approve(exam, hired[0]).state == "approved"
