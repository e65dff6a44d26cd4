from datetime import timedelta

import pytest

from campaigns.events.models import EventRegistration, RecruitingEvent, University
from recruitment.applications import domain
from tests.applicants import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def make_visit(county, staff, campaign, candidate):
    university = University.objects.create(name="湘屏大学", city="长沙")
    author = staff(username="planner")

    def make(code, days_ago, checked_in=True, user=candidate.user, for_campaign=campaign):
        when = NOW - timedelta(days=days_ago)
        event = RecruitingEvent.objects.create(
            code=code, name=code, university=university, place="报告厅", unit=county, created_by=author,
            starts_at=when, ends_at=when + timedelta(hours=3), capacity=10,
        )  # fmt: skip
        event.campaigns.add(for_campaign)
        EventRegistration.objects.create(
            event=event, user=user, seat=1, number=code, name="林知微", phone="13800000000", phone_index=code,
            checked_in_at=when if checked_in else None,
        )  # fmt: skip
        return event

    return make


@pytest.fixture
def start(candidate, position):
    return lambda **more: domain.start_application(actor=candidate.user, candidate=candidate, position=position, **more)


def test_the_last_visit_within_the_window_is_credited(make_visit, start):
    make_visit("E1", 90)
    last = make_visit("E2", 30)
    make_visit("E3", 10, checked_in=False)
    assert start().event == last


def test_a_visit_before_the_window_counts_for_nothing(make_visit, start):
    make_visit("E1", 181)
    assert start().event is None


def test_visits_of_others_and_of_other_campaigns_count_for_nothing(make_visit, start, make_candidate, make_campaign):
    make_visit("E1", 10, user=make_candidate().user)
    make_visit("E2", 10, for_campaign=make_campaign("C2"))
    assert start().event is None


def test_the_code_one_applied_with_is_the_last_touch(make_visit, start, make_candidate):
    make_visit("E1", 5)
    scanned = make_visit("E2", 3, user=make_candidate().user)
    assert start(event=scanned).event == scanned
