from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from accounts.enums import Role
from accounts.models import AuditEntry
from campaigns.events import domain
from campaigns.events.enums import EventState
from campaigns.events.models import EventRegistration, RecruitingEvent, University
from campaigns.events.queries import coming_events, free_seats, public_events
from foundation.errors import NotAllowed, Refused

pytestmark = pytest.mark.django_db

START = datetime(2026, 4, 25, 1, 0, tzinfo=UTC)
END = START + timedelta(hours=4)


@pytest.fixture
def planner(staff, county):
    return staff(Role.EVENT_STAFF, unit=county)


@pytest.fixture
def approver(staff, county):
    return staff(Role.TALENT_OFFICE, unit=county)


@pytest.fixture
def event(planner, county):
    university = domain.add_university(actor=planner, name="净月湖大学", city="长春")
    return domain.plan_event(
        actor=planner,
        code="CC-1",
        name="长春站：净月湖大学专场",
        university=university,
        unit=county,
        place="大学生活动中心",
        starts_at=START,
        ends_at=END,
        capacity=2,
        campaigns=[],
        budget=Decimal(30000),
    )


@pytest.fixture
def published(event, approver):
    domain.approve_event(actor=approver, event=event)
    with time_machine.travel(START - timedelta(days=10), tick=False):
        domain.publish_event(actor=approver, event=event)
    return event


def register(actor, event, phone, name="林知远"):
    return domain.register_for_event(actor=actor, event=event, name=name, phone=phone)


def test_an_event_needs_a_second_person_before_it_can_be_published(event, planner, approver, staff, county):
    own = staff(Role.TALENT_OFFICE, unit=county)
    RecruitingEvent.objects.filter(pk=event.pk).update(created_by=own)
    event.refresh_from_db()
    with pytest.raises(NotAllowed):
        domain.approve_event(actor=own, event=event)
    with pytest.raises(NotAllowed):
        domain.approve_event(actor=planner, event=event)
    with pytest.raises(Refused):
        domain.publish_event(actor=approver, event=event)
    domain.approve_event(actor=approver, event=event)
    assert event.state == EventState.APPROVED


@time_machine.travel(START - timedelta(days=1), tick=False)
def test_a_published_event_shows_publicly_and_a_planned_one_does_not(event, approver):
    assert list(public_events()) == []
    domain.approve_event(actor=approver, event=event)
    domain.publish_event(actor=approver, event=event)
    assert list(public_events()) == [event]
    assert list(coming_events(START)) == [event]
    assert list(coming_events(END)) == []


@time_machine.travel(START - timedelta(days=1), tick=False)
def test_seats_are_numbered_and_run_out(published, planner):
    first, second = register(planner, published, "13800000001"), register(planner, published, "13800000002")
    assert (first.seat, second.seat, free_seats(published)) == (1, 2, 0)
    with pytest.raises(Refused) as refusal:
        register(planner, published, "13800000003")
    assert refusal.value.code == "full"
    assert published.registrations.count() == 2


@time_machine.travel(START - timedelta(days=1), tick=False)
def test_the_same_phone_gets_the_same_seat_back(published, planner):
    first = register(planner, published, "138 0000 0001")
    again = register(planner, published, "+8613800000001")
    assert first.pk == again.pk
    assert published.registrations.count() == 1


@time_machine.travel(START - timedelta(days=1), tick=False)
def test_a_seat_given_back_goes_to_the_next_person(published, planner):
    first = register(planner, published, "13800000001")
    register(planner, published, "13800000002")
    domain.cancel_registration(actor=planner, registration=first)
    assert register(planner, published, "13800000003").seat == 1


@pytest.mark.parametrize(("moment", "is_open"), [(END - timedelta(seconds=1), True), (END, False)])
def test_registration_is_open_to_the_last_second_and_not_after(published, planner, moment, is_open):
    with time_machine.travel(moment, tick=False):
        if is_open:
            assert register(planner, published, "13800000001").seat == 1
        else:
            with pytest.raises(Refused):
                register(planner, published, "13800000001")


@time_machine.travel(START, tick=False)
def test_check_in_works_by_number_and_by_token_and_only_once(published, planner):
    registration = register(planner, published, "13800000001")
    _, first = domain.check_in(actor=planner, event=published, number_or_token=registration.number.lower())
    done, again = domain.check_in(actor=planner, event=published, number_or_token=registration.token)
    assert (first, again) == (True, False)
    assert done.checked_in_by == planner
    assert AuditEntry.objects.filter(action="events.check_in").count() == 1
    with pytest.raises(Refused):
        domain.check_in(actor=planner, event=published, number_or_token="ZZZZZZZZ")


@time_machine.travel(START, tick=False)
def test_a_number_of_another_event_or_a_cancelled_one_does_not_check_in(published, planner, county, approver):
    registration = register(planner, published, "13800000001")
    domain.cancel_registration(actor=planner, registration=registration)
    with pytest.raises(Refused):
        domain.check_in(actor=planner, event=published, number_or_token=registration.number)
    assert not EventRegistration.objects.filter(checked_in_at__isnull=False).exists()


def test_an_event_is_not_held_before_it_starts(published, planner):
    with time_machine.travel(START - timedelta(seconds=1), tick=False), pytest.raises(Refused):
        domain.record_held(actor=planner, event=published)
    with time_machine.travel(START, tick=False):
        domain.record_held(actor=planner, event=published)
    assert published.state == EventState.HELD


@time_machine.travel(START - timedelta(days=1), tick=False)
def test_people_without_the_duty_can_neither_register_others_nor_check_in(published, staff, county, make_unit):
    outsider = staff(Role.EVENT_STAFF, unit=make_unit("S1"))
    leader = staff(Role.LEADER, unit=county)
    for actor in (outsider, leader):
        with pytest.raises(NotAllowed):
            register(actor, published, "13800000001")
        with pytest.raises(NotAllowed):
            domain.check_in(actor=actor, event=published, number_or_token="X")
    assert not EventRegistration.objects.exists()


def test_a_phone_number_is_never_stored_or_audited_in_clear(published, planner):
    with time_machine.travel(START, tick=False):
        registration = register(planner, published, "13800000001")
    raw = (
        EventRegistration.objects.filter(pk=registration.pk)
        .extra(select={"raw": "phone"})
        .values_list("raw", flat=True)
    )
    assert "13800000001" not in str(list(raw))
    for entry in AuditEntry.objects.all():
        assert "13800000001" not in f"{entry.before}{entry.after}{entry.object_name}"


@time_machine.travel(START - timedelta(days=1), tick=False)
def test_a_postponed_event_keeps_its_seats_and_says_why(published, planner, approver):
    registration = register(planner, published, "13800000001")
    later = START + timedelta(days=7)
    domain.postpone_event(
        actor=approver, event=published, starts_at=later, ends_at=later + timedelta(hours=4), reason="会场检修"
    )
    published.refresh_from_db()
    registration.refresh_from_db()
    assert (published.state, published.notice, registration.seat) == ("postponed", "会场检修", 1)


def test_costs_must_be_positive(event, planner):
    with pytest.raises(Refused):
        domain.record_cost(actor=planner, event=event, kind="场地", amount=Decimal(0), spent_on=START.date())
    domain.record_cost(actor=planner, event=event, kind="场地", amount=Decimal("800.50"), spent_on=START.date())
    assert [cost.amount for cost in event.costs.all()] == [Decimal("800.50")]


def test_a_refused_plan_leaves_no_new_university_behind(event, planner):
    values = {
        "code": event.code,
        "name": "长沙站",
        "place": "礼堂",
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "capacity": 10,
        "campaigns": [],
    }
    with pytest.raises(Refused):
        domain.plan_event_at(actor=planner, university="湘水大学", city="长沙", **values)
    assert not University.objects.filter(name="湘水大学").exists()
    planned = domain.plan_event_at(actor=planner, university="湘水大学", city="长沙", **{**values, "code": "CS-1"})
    assert (planned.university.city, planned.unit) == ("长沙", event.unit)
