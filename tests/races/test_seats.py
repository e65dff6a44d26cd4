"""An event's seats are never oversold. Runs on whichever database the session uses."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import Role
from campaigns.events import domain
from campaigns.events.models import EventRegistration, RecruitingEvent, University
from foundation.errors import Refused
from tests.races.threads import run_together

pytestmark = pytest.mark.django_db(transaction=True)

SEATS, PEOPLE = 3, 12


@pytest.fixture
def event(staff, county):
    actor = staff(Role.EVENT_STAFF, unit=county)
    now = timezone.now()
    event = RecruitingEvent.objects.create(
        code="WH-1",
        name="武汉站",
        university=University.objects.create(name="东湖理工", city="武汉"),
        unit=county,
        place="体育馆",
        starts_at=now,
        ends_at=now + timedelta(hours=4),
        capacity=SEATS,
        state="published",
        published_at=now,
        created_by=actor,
    )
    return actor, event


def test_many_people_registering_at_once_get_only_the_seats_there_are(event):
    actor, event = event
    results = run_together(
        PEOPLE,
        lambda n: domain.register_for_event(actor=actor, event=event, name=f"考生{n}", phone=f"138000000{n:02d}"),
    )
    assert sum(isinstance(result, Refused) for result in results) == PEOPLE - SEATS
    assert sorted(EventRegistration.objects.values_list("seat", flat=True)) == [1, 2, 3]


def test_one_person_clicking_many_times_gets_one_seat(event):
    actor, event = event
    results = run_together(
        PEOPLE, lambda _n: domain.register_for_event(actor=actor, event=event, name="同一人", phone="13800000001")
    )
    assert {result.pk for result in results} == set(EventRegistration.objects.values_list("pk", flat=True))
    assert EventRegistration.objects.count() == 1


def test_counting_without_a_lock_sells_more_seats_than_there_are(event):
    """The negative control: count, wait, believe the count."""
    _actor, event = event
    sold = []

    def buy(number):
        if EventRegistration.objects.filter(event=event).count() + len(sold) < SEATS:
            time.sleep(0.3)
            sold.append(number)

    run_together(PEOPLE, buy)
    assert len(sold) > SEATS
