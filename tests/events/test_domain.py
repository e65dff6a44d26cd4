from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from accounts.enums import Role
from accounts.models import AuditEntry
from campaigns.events import domain
from campaigns.events.enums import EventState
from campaigns.events.models import EventRegistration, RecruitingEvent, University
from campaigns.events.queries import admission_to, coming_events, free_seats, public_events
from foundation.errors import NotAllowed, Refused

pytestmark = pytest.mark.django_db

START = datetime(2026, 4, 25, 1, 0, tzinfo=UTC)
END = START + timedelta(hours=4)


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
def test_a_published_event_shows_publicly_and_a_planned_one_does_not(event, planner, approver):
    assert list(public_events()) == []
    domain.approve_event(actor=approver, event=event)
    domain.confirm_event(actor=planner, event=event, document="回函")
    domain.publish_event(actor=approver, event=event)
    assert list(public_events()) == [event]
    assert list(coming_events(START)) == [event]
    assert list(coming_events(END)) == []


@time_machine.travel(START - timedelta(days=1), tick=False)
def test_seats_are_numbered_and_run_out(published, register):
    first, second = register(published, "13800000001"), register(published, "13800000002")
    assert (first.seat, second.seat, free_seats(published)) == (1, 2, 0)
    with pytest.raises(Refused) as refusal:
        register(published, "13800000003")
    assert refusal.value.code == "full"
    assert published.registrations.count() == 2


@time_machine.travel(START - timedelta(days=1), tick=False)
def test_the_same_phone_gets_the_same_seat_back(published, register):
    first = register(published, "138 0000 0001")
    again = register(published, "+8613800000001")
    assert first.pk == again.pk
    assert published.registrations.count() == 1


@time_machine.travel(START - timedelta(days=1), tick=False)
def test_a_seat_given_back_goes_to_the_next_person(published, planner, register):
    first = register(published, "13800000001")
    register(published, "13800000002")
    domain.cancel_registration(actor=planner, registration=first)
    assert register(published, "13800000003").seat == 1


@pytest.mark.parametrize(("moment", "is_open"), [(END - timedelta(seconds=1), True), (END, False)])
def test_registration_is_open_to_the_last_second_and_not_after(published, moment, is_open, register):
    with time_machine.travel(moment, tick=False):
        if is_open:
            assert register(published, "13800000001").seat == 1
        else:
            with pytest.raises(Refused):
                register(published, "13800000001")


@time_machine.travel(START, tick=False)
def test_check_in_works_by_number_and_by_token_and_only_once(published, planner, register):
    registration = register(published, "13800000001")
    _, first = domain.check_in(actor=planner, event=published, number_or_token=registration.number.lower())
    done, again = domain.check_in(actor=planner, event=published, number_or_token=registration.token)
    assert (first, again) == (True, False)
    assert done.checked_in_by == planner
    assert AuditEntry.objects.filter(action="events.check_in").count() == 1
    with pytest.raises(Refused):
        domain.check_in(actor=planner, event=published, number_or_token="ZZZZZZZZ")


@time_machine.travel(START, tick=False)
def test_a_number_of_another_event_or_a_cancelled_one_does_not_check_in(published, planner, county, approver, register):
    registration = register(published, "13800000001")
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
def test_people_without_the_duty_can_neither_register_others_nor_check_in(
    published, staff, county, make_unit, register
):
    outsider = staff(Role.EVENT_STAFF, unit=make_unit("S1"))
    leader = staff(Role.LEADER, unit=county)
    for actor in (outsider, leader):
        with pytest.raises(NotAllowed):
            register(published, "13800000001", actor=actor)
        with pytest.raises(NotAllowed):
            domain.check_in(actor=actor, event=published, number_or_token="X")
    assert not EventRegistration.objects.exists()


def test_a_phone_number_is_never_stored_or_audited_in_clear(published, register):
    with time_machine.travel(START, tick=False):
        registration = register(published, "13800000001")
    raw = (
        EventRegistration.objects.filter(pk=registration.pk)
        .extra(select={"raw": "phone"})
        .values_list("raw", flat=True)
    )
    assert "13800000001" not in str(list(raw))
    for entry in AuditEntry.objects.all():
        assert "13800000001" not in f"{entry.before}{entry.after}{entry.object_name}"


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


DAY = START - timedelta(hours=9)  # midnight in China before the event


def test_check_in_begins_on_the_day_of_the_event(published, planner, register):
    with time_machine.travel(DAY - timedelta(seconds=1), tick=False):
        registration = register(published, "13800000001")
        with pytest.raises(Refused) as refusal:
            domain.check_in(actor=planner, event=published, number_or_token=registration.number)
        assert refusal.value.code == "too_early"
    with time_machine.travel(DAY, tick=False):
        assert domain.check_in(actor=planner, event=published, number_or_token=registration.number)[1]


@pytest.mark.parametrize("state", ["planned", "approved", "postponed", "cancelled", "closed"])
def test_nobody_is_checked_in_at_an_event_that_does_not_take_place(published, planner, register, state):
    with time_machine.travel(START, tick=False):
        registration = register(published, "13800000001")
        RecruitingEvent.objects.update(state=state)
        with pytest.raises(Refused) as refusal:
            domain.check_in(actor=planner, event=published, number_or_token=registration.number)
    assert refusal.value.code == "wrong_state"
    assert not EventRegistration.objects.exclude(checked_in_at=None).exists()


@pytest.fixture
def arrived(published, planner, register):
    with time_machine.travel(START, tick=False):
        registration = register(published, "13800000001")
        return domain.check_in(actor=planner, event=published, number_or_token=registration.number)[0]


def test_a_wrong_check_in_is_undone_with_a_reason_on_its_day_and_can_be_made_again(arrived, planner):
    with time_machine.travel(START + timedelta(hours=14, minutes=59), tick=False):
        domain.undo_check_in(actor=planner, registration=arrived, reason="认错人")
        arrived.refresh_from_db()
        assert (arrived.checked_in_at, arrived.checked_in_by, arrived.seat) == (None, None, 1)
        entry = AuditEntry.objects.get(action="events.undo_check_in")
        assert (entry.before, entry.reason) == (
            {"checked_in_at": START.isoformat(), "checked_in_by": planner.pk}, "认错人")  # fmt: skip
        with pytest.raises(Refused) as refusal:
            domain.undo_check_in(actor=planner, registration=arrived, reason="认错人")
        assert refusal.value.code == "not_checked_in"
        assert domain.check_in(actor=planner, event=arrived.event, number_or_token=arrived.number)[1]


@pytest.mark.parametrize(("after", "reason", "code"), [(15, "认错人", "too_late"), (1, " ", "reason_required")])
def test_a_check_in_stays_from_the_next_day_on_and_without_a_reason(arrived, planner, after, reason, code):
    with time_machine.travel(START + timedelta(hours=after), tick=False), pytest.raises(Refused) as refusal:
        domain.undo_check_in(actor=planner, registration=arrived, reason=reason)
    assert refusal.value.code == code
    arrived.refresh_from_db()
    assert arrived.checked_in_at == START


def test_a_check_in_of_closed_books_stays(arrived, planner):
    RecruitingEvent.objects.update(state="closed")
    with time_machine.travel(START, tick=False), pytest.raises(Refused) as refusal:
        domain.undo_check_in(actor=planner, registration=arrived, reason="认错人")
    assert refusal.value.code == "wrong_state"


def test_only_who_runs_the_event_undoes_a_check_in(arrived, staff, county, make_unit):
    for actor in (staff(Role.EVENT_STAFF, unit=make_unit("S1")), staff(Role.LEADER, unit=county)):
        with time_machine.travel(START, tick=False), pytest.raises(NotAllowed):
            domain.undo_check_in(actor=actor, registration=arrived, reason="认错人")


OPENS, CLOSES = START - timedelta(days=5), START - timedelta(days=1)


@pytest.mark.parametrize(
    ("moment", "admission"),
    [
        (OPENS - timedelta(seconds=1), "not_yet"), (OPENS, "open"), (CLOSES - timedelta(seconds=1), "open"),
        (CLOSES, "ended"), (END - timedelta(seconds=1), "ended"), (END, "over"),
    ],
)  # fmt: skip
def test_candidates_register_within_the_window_and_staff_at_the_door_until_the_end(
    published, planner, register, candidate_user, moment, admission
):
    RecruitingEvent.objects.update(registration_opens_at=OPENS, registration_closes_at=CLOSES)
    published.refresh_from_db()
    assert admission_to(published, moment, 0) == admission
    with time_machine.travel(moment, tick=False):
        for actor, phone, takes in (
            (candidate_user, "13800000001", admission == "open"),
            (planner, "13800000002", admission != "over"),
        ):
            if takes:
                assert register(published, phone, actor=actor).seat
            else:
                with pytest.raises(Refused) as refusal:
                    register(published, phone, actor=actor)
                assert refusal.value.code == "not_open"


@pytest.mark.parametrize(
    ("state", "taken", "admission"),
    [("published", 1, "open"), ("published", 2, "full"), ("postponed", 0, "postponed"), ("cancelled", 0, "cancelled"),
     ("held", 0, "over")],
)  # fmt: skip
def test_an_event_says_why_it_takes_nobody(published, state, taken, admission):
    published.state = state
    assert admission_to(published, START - timedelta(days=2), taken) == admission
