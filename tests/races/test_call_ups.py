"""Two at once for a place that fell free at the recheck: one person is called up; the negative control calls two."""

import time

import pytest

from foundation.errors import Refused
from recruitment.examinations.domain import call_up, prepare_shortlist, record_recheck
from recruitment.examinations.models import CallUp
from tests.applicants import *  # noqa: F403 - a campaign, its positions, people
from tests.bonuses import set_rules
from tests.examinations.test_recheck import replacing
from tests.examiners import *  # noqa: F403 - the exam and its offices
from tests.races.threads import run_together

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 4


@pytest.fixture
def places(exam, position):
    """Five people for one place, three of them called; two of these stayed away from the recheck."""
    exam.enter(position, 5)
    exam.written(120, 115, 110, 100, 95)
    exam.shortlist()
    exam.put_out(prepare_shortlist(actor=exam.clerk, campaign=exam.campaign))
    called = list(exam.campaign.applications.filter(state="shortlisted").order_by("ticket_no"))
    return [record_recheck(actor=exam.office, application=person, outcome="absent") for person in called[:2]]


def test_of_many_who_call_up_to_one_place_one_does(exam, places):
    staff = (exam.office, exam.second)
    results = run_together(
        PEOPLE,
        lambda number: call_up(actor=staff[number % 2], place=places[0], application=exam.people[3]),
    )
    assert sum(isinstance(result, CallUp) for result in results) == CallUp.objects.count() == 1
    assert {result.code for result in results if isinstance(result, Refused)} == {"not_free"}


@pytest.mark.parametrize("rounds", [1, 2])
def test_two_who_call_up_to_two_places_at_once_take_no_more_than_the_rounds_and_nobody_twice(exam, places, rounds):
    set_rules(exam.campaign, replacement=replacing(rounds=rounds))
    staff = (exam.office, exam.second)
    results = run_together(
        2, lambda number: call_up(actor=staff[number], place=places[number], application=exam.people[3])
    )
    assert sum(isinstance(result, CallUp) for result in results) == CallUp.objects.count() == 1
    assert {result.code for result in results if isinstance(result, Refused)} == {"not_next"}


def test_counting_the_rounds_without_a_lock_calls_two_where_one_is_allowed(exam, places):
    """The negative control: look, wait, believe what was seen."""

    def call(number):
        used = CallUp.objects.count()
        time.sleep(0.5)
        if used < 1:
            place, person = places[number], exam.people[3 + number]
            CallUp.objects.create(place=place, application=person, called_by=exam.office)

    run_together(2, call)
    assert CallUp.objects.count() == 2
