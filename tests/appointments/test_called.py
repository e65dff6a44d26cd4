"""Who is called to a free place reads why, as the office does, in the rules' own words (R72, R73)."""

import pytest
from django.urls import reverse

from accounts.models import User
from campaigns.planning.models import CalendarDay
from recruitment.appointments import domain
from recruitment.appointments.models import Appointment, Replacement
from recruitment.candidates.models import Candidate

pytestmark = pytest.mark.django_db
WHY = {"zh-hans": "体检环节由第2名递补", "en": "place 2 is called up at the stage “medical”"}


@pytest.fixture(autouse=True)
def _office(settings, db):
    settings.SECOND_FACTOR_REQUIRED = False
    CalendarDay.objects.get_or_create(date="2026-01-01", defaults={"is_working": False, "name": "元旦"})


@pytest.fixture
def place(exam, make_position):
    """The first of three did not come to the medical exam; their place is open."""
    position = make_position()
    exam.enter(position, 3)
    exam.claim_posts(position, 1)
    exam.to_totals((120, 110, 100), (90, 85, 80))
    (row,) = domain.open_appointments(actor=exam.office, campaign=exam.campaign)
    exam.check(row, "medical", "absent")
    return Appointment.objects.get(pk=row.pk)


def read(client, user, page, language):
    client.logout()
    client.force_login(user)
    client.cookies["django_language"] = language
    return client.get(page)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_called_person_and_the_office_read_the_same_sentence(exam, place, client, language):
    called = exam.people[1]
    user = User.objects.create(username="next", kind="candidate")
    Candidate.objects.filter(pk=called.candidate_id).update(user=user)
    domain.call_replacement(actor=exam.office, place=place, application=called)
    own = read(client, user, reverse("portal:application", args=[called.registration_no]), language)
    office = reverse("appointment", args=[Appointment.objects.get(application=called).pk])
    for answer in (own, read(client, exam.office, office, language)):
        assert [told.lines for told in answer.context["told"] if told.subject == "place"] == [[WHY[language]]]
    answer = read(client, exam.office, reverse("appointment", args=[place.pk]), language)
    assert answer.context["place_lines"] == [WHY[language]]
    assert WHY[language] in answer.content.decode()


def test_a_place_left_empty_says_why(exam, place, client):
    exam.campaign.applications.filter(pk__in=[row.pk for row in exam.people[1:]]).update(state="withdrawn")
    domain.leave_place_empty(actor=exam.office, place=place, document="1号")
    answer = read(client, exam.office, reverse("appointment", args=[place.pk]), "zh-hans")
    assert answer.context["place_lines"] == Replacement.objects.get().explanation["zh"]
    assert answer.context["place_lines"] == ["体检环节没有符合条件的递补人员，名额空缺。"]
