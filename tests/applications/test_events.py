from datetime import timedelta

import pytest

from campaigns.events.models import EventRegistration, RecruitingEvent, University
from recruitment.applications import domain
from rulebook.ruleset.profiles import COUNTY_EXAM
from tests.applicants import NOW
from tests.panelists import set_rules

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


@pytest.fixture
def set_event_rules(campaign):
    def act(**knobs):
        set_rules(campaign, COUNTY_EXAM.replaced(event=COUNTY_EXAM.event.model_copy(update=knobs)))

    return act


@pytest.mark.parametrize(("days", "limit", "counts"), [(180, 180, True), (181, 180, False), (181, 181, True)])
def test_a_visit_counts_on_the_last_day_of_the_window_and_not_before_it(
    make_visit, start, set_event_rules, days, limit, counts
):
    set_event_rules(attribution_days=limit)
    visit = make_visit("E1", days)
    assert start().event == (visit if counts else None)


@pytest.mark.parametrize(("touch", "credited", "days"), [("first", "E1", 90), ("last", "E2", 30)])
def test_the_touch_of_the_rules_is_credited_with_its_moment(make_visit, start, set_event_rules, touch, credited, days):
    set_event_rules(touch=touch)
    make_visit("E1", 90)
    make_visit("E2", 30)
    found = start()
    assert (found.event.code, found.touched_at) == (credited, NOW - timedelta(days=days))


def test_visits_of_others_and_of_other_campaigns_count_for_nothing(make_visit, start, make_candidate, make_campaign):
    make_visit("E1", 10, user=make_candidate().user)
    make_visit("E2", 10, for_campaign=make_campaign("C2"))
    assert start().event is None


def test_the_code_one_applied_with_is_the_last_touch(make_visit, start, make_candidate):
    make_visit("E1", 5)
    scanned = make_visit("E2", 3, user=make_candidate().user)
    found = start(event=scanned)
    assert (found.event, found.touched_at) == (scanned, NOW)
