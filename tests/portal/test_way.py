"""The page of an application from the ticket to the post: what was decided, why, what comes next; no earlier."""

import pytest
from django.urls import reverse

from accounts.models import User
from recruitment.applications import domain as applications
from recruitment.appointments import domain as appointments
from recruitment.appointments.models import Appointment
from recruitment.appointments.timeline import way_of
from recruitment.candidates.models import Candidate
from recruitment.examinations import domain as exams
from recruitment.examinations.tickets import ticket_of
from recruitment.publications.queries import embargoed_moves
from tests.applicants import CLOSES

pytestmark = pytest.mark.django_db


@pytest.fixture
def sitting(exam, make_position):
    """Three people with accounts for one place with its post."""
    position = make_position(shortlist_ratio=2)
    for number, person in enumerate(exam.enter(position, 3)):
        user = User.objects.create(username=f"sitter{number}", email=f"s{number}@example.org", kind="candidate")
        Candidate.objects.filter(pk=person.candidate_id).update(user=user)
    exam.claim_posts(position, 1)
    return exam


@pytest.fixture
def read(client, sitting):
    """The text of the page of one's own application, by the number of the person."""

    def page(number, name="application"):
        person = sitting.people[number]
        client.force_login(User.objects.get(username=f"sitter{number}"))
        answer = client.get(reverse(f"portal:{name}", args=[person.registration_no]))
        return answer.content.decode()

    return page


def states(exam, number):
    person = exam.campaign.applications.get(pk=exam.people[number].pk)
    appointment = Appointment.objects.filter(application=person).first()
    hidden = embargoed_moves([person])[person.pk]
    return [(str(step.what), step.state) for step in way_of(person, appointment, now=person.created_at, due=None,
                                                            hidden=hidden)]  # fmt: skip


def test_marks_stand_line_by_line_with_their_lists_once_released_and_not_before(sitting, read):
    sitting.written(123, 110, 100)
    scores = exams.prepare_scores(actor=sitting.clerk, campaign=sitting.campaign)
    before = read(0)
    publication = sitting.put_out(scores)
    after = read(0)
    address = reverse("notice", args=[publication.pk])
    for text in ("123.00", "82.00", "怎么算出来的", address):
        assert text not in before
        assert text in after
    assert "73.33" not in after


def test_the_total_stands_in_the_head_with_its_rank(sitting, read):
    sitting.to_totals((120, 110, 100), (90, 85))
    assert "第 <strong>1</strong> 名" in read(0)
    assert "第 <strong>2</strong> 名" in read(1)


def test_who_is_left_out_reads_it_and_how_to_object(sitting, read):
    sitting.written(120, 110, 100)
    sitting.put_out(exams.prepare_scores(actor=sitting.clerk, campaign=sitting.campaign))
    sitting.shortlist()
    assert 'id="object"' not in read(2)
    sitting.put_out(exams.prepare_shortlist(actor=sitting.clerk, campaign=sitting.campaign))
    assert 'id="object"' in read(2)
    assert 'id="object"' not in read(0)


def test_a_hand_over_before_the_totals_are_out_shows_nothing_of_the_appointment(sitting, read):
    sitting.written(120, 110, 100)
    sitting.put_out(exams.prepare_scores(actor=sitting.clerk, campaign=sitting.campaign))
    sitting.shortlist()
    sitting.put_out(exams.prepare_shortlist(actor=sitting.clerk, campaign=sitting.campaign))
    sitting.interviews(90, 85)
    sitting.propose()
    sitting.hand_over()
    assert "体检合格" not in read(0)
    assert ("进入体检和考察", "done") not in states(sitting, 0)
    sitting.put_out(exams.prepare_totals(actor=sitting.clerk, campaign=sitting.campaign))
    assert "体检合格" in read(0)


def test_the_way_goes_on_to_the_post_in_one_timeline(sitting, read, time_machine):
    sitting.to_totals((120, 110, 100), (90, 85))
    sitting.hand_over()
    notice = sitting.notice()
    text = read(0)
    assert "公示中" in text
    assert f"{notice.notice_ends_at.astimezone():%H:%M}" in text
    kinds = [state for _what, state in states(sitting, 0)]
    assert kinds == ["done"] * (len(kinds) - 2) + ["now", "next"]
    person = Appointment.objects.get()
    appointments.raise_objection(actor=sitting.office, appointment=person, summary="邻居反映学历不实")
    held = read(0)
    assert "异议核查中" in held
    assert "邻居" not in held
    time_machine.move_to(notice.notice_ends_at, tick=False)
    appointments.decide_objection(
        actor=sitting.office, objection=person.objections.get(), is_upheld=True, decision="邻居反映属实"
    )
    ended = read(0)
    assert "邻居" not in ended
    assert 'id="object"' in ended


def test_a_failed_medical_is_told_with_the_last_day_for_a_recheck(sitting, read):
    sitting.to_totals((120, 110, 100), (90, 85))
    (person,) = appointments.open_appointments(actor=sitting.office, campaign=sitting.campaign)
    sitting.check(person, "medical", "failed")
    text = read(0)
    assert "2026年3月27日" in text
    assert 'id="object"' in text
    assert states(sitting, 0)[-1] == ("您的聘用程序到此终止", "stopped")


def test_the_ticket_is_there_once_given_and_only_for_its_owner(
    client, submitted, exam, reviewer, make_candidate, time_machine
):
    address = reverse("portal:ticket", args=[submitted.registration_no])
    client.force_login(submitted.candidate.user)
    assert client.get(address).status_code == 404
    applications.pass_review(actor=reviewer, application=submitted)
    time_machine.move_to(CLOSES, tick=False)
    exams.assign_tickets(actor=exam.clerk, campaign=exam.campaign, area="5115", seed="x")
    text = client.get(address).content.decode()
    assert "05115010101" in text
    assert submitted.candidate.id_number not in text
    assert address in client.get(reverse("portal:application", args=[submitted.registration_no])).content.decode()
    held = ticket_of(type(submitted).objects.get(pk=submitted.pk))
    assert (held.site, held.room, held.seat) == (1, 1, 1)
    client.force_login(make_candidate().user)
    assert client.get(address).status_code == 404


def test_a_number_given_elsewhere_names_no_seat(sitting):
    assert ticket_of(sitting.people[0]) is None
