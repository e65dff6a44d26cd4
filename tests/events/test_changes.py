"""Changing, postponing and cancelling: who is told, how often, and what is refused."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction

from accounts.enums import Role
from accounts.models import AuditEntry
from campaigns.events import domain
from campaigns.events.domain.changes import EDITABLE
from campaigns.events.models import EventRegistration, RecruitingEvent
from foundation.errors import NotAllowed, Refused
from foundation.messages.models import Message
from tests.events.conftest import END, START

pytestmark = pytest.mark.django_db
EVE = START - timedelta(days=1)
LATER = START + timedelta(days=7)


@pytest.fixture
def booked(published, register, planner):
    """Two people hold seats, a third gave theirs back."""
    RecruitingEvent.objects.update(capacity=3)
    with time_machine.travel(EVE, tick=False):
        for phone in ("13800000001", "13800000002"):
            register(published, phone)
        domain.cancel_registration(actor=planner, registration=register(published, "13800000003"))
    published.refresh_from_db()
    return published


@pytest.fixture(autouse=True)
def _on_the_eve():
    with time_machine.travel(EVE, tick=False):
        yield


def told():
    """(kind, address) of every message about an event."""
    return sorted((row.kind, row.address) for row in Message.objects.filter(kind__startswith="event."))


def both(kind):
    return [(kind, "+8613800000001"), (kind, "+8613800000002")]


def entries(action):
    return list(AuditEntry.objects.filter(action=action).order_by("pk"))


def edit(actor, event, **values):
    return domain.edit_event(actor=actor, event=event, **values)


def test_before_publication_a_planner_changes_an_event_without_a_reason_and_nobody_is_told(event, planner):
    edit(planner, event, place="图书馆", budget=Decimal(20000), capacity=50)
    event.refresh_from_db()
    assert (event.place, event.budget, event.capacity, event.revision) == ("图书馆", Decimal(20000), 50, 0)
    assert [entry.after for entry in entries("events.edit_event")] == [
        {"place": "图书馆", "capacity": 50, "budget": "20000"}
    ]
    assert told() == []


def test_a_new_place_after_publication_is_told_once_to_everyone_who_holds_a_seat(booked, approver):
    edit(approver, booked, place="图书馆", name=booked.name, reason="多功能厅停电")
    assert told() == both("event.changed")
    first = next(row.body for row in Message.objects.all() if row.address == "+8613800000001")
    expected = ("大学生活动中心 → 图书馆", "多功能厅停电", EventRegistration.objects.get(seat=1).number)
    assert [word for word in expected if word not in first] == []
    assert "林知远" not in first
    booked.refresh_from_db()
    assert (booked.notice, booked.revision, booked.changed_at, booked.confirmed_at) == ("多功能厅停电", 1, EVE, None)
    entry = entries("events.edit_event")[0]
    assert (entry.before, entry.after, entry.reason) == (
        {"place": "大学生活动中心"},
        {"place": "图书馆"},
        "多功能厅停电",
    )


def test_the_same_values_again_change_nothing_and_tell_nobody(booked, approver):
    for _turn in range(2):
        edit(approver, booked, place="图书馆", reason="停电")
    edit(approver, booked, **{name: getattr(booked, name) for name in EDITABLE})
    assert told() == both("event.changed")
    assert len(entries("events.edit_event")) == 1
    booked.refresh_from_db()
    assert booked.revision == 1


def test_two_changes_are_told_twice(booked, approver):
    edit(approver, booked, place="图书馆", reason="停电")
    edit(approver, booked, place="体育馆", reason="图书馆太小")
    assert told() == sorted(both("event.changed") * 2)


def test_more_seats_need_a_reason_but_concern_nobody_who_has_one(booked, approver):
    edit(approver, booked, capacity=80, description="加开一场", reason="报名人多")
    assert told() == []
    booked.refresh_from_db()
    assert (booked.capacity, booked.revision) == (80, 1)
    assert booked.confirmed_at is not None


def test_seats_can_not_be_fewer_than_are_given_away(booked, approver, planner):
    first = EventRegistration.objects.get(seat=1)
    domain.cancel_registration(actor=planner, registration=first)
    with pytest.raises(Refused) as refusal:
        edit(approver, booked, capacity=1, reason="换小厅")
    assert refusal.value.message == "已登记 1 人，已排到 2 号座位，1 个座位不够。未保存任何内容。"
    booked.refresh_from_db()
    assert (booked.capacity, booked.revision) == (3, 0)
    edit(approver, booked, capacity=2, reason="换小厅")
    assert booked.capacity == 2


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"place": "图书馆"}, "reason_required"),
        ({"place": "图书馆", "reason": "  "}, "reason_required"),
        ({"ends_at": START, "reason": "早些"}, "times"),
        ({"registration_closes_at": END + timedelta(seconds=1), "reason": "早些"}, "times"),
        ({"registration_opens_at": END, "reason": "早些"}, "times"),
        ({"starts_at": EVE, "reason": "早些"}, "past"),
        ({"capacity": 0, "reason": "早些"}, "seats"),
        ({"budget": Decimal(1), "reason": "早些"}, "budget"),
    ],
)
def test_a_change_of_a_public_event_is_refused_whole(booked, approver, values, code):
    with pytest.raises(Refused) as refusal:
        edit(approver, booked, **values)
    assert refusal.value.code == code
    stored = RecruitingEvent.objects.get()
    assert (stored.place, stored.starts_at, stored.capacity, stored.revision) == ("大学生活动中心", START, 3, 0)
    assert (told(), entries("events.edit_event")) == ([], [])


def test_what_is_public_is_the_talent_offices_to_change(booked, planner, staff, make_unit):
    outsider = staff(Role.TALENT_OFFICE, unit=make_unit("S1"))
    for actor in (planner, outsider):
        for act in (
            lambda who: edit(who, booked, place="图书馆", reason="停电"),
            lambda who: domain.postpone_event(actor=who, event=booked, reason="停电"),
            lambda who: domain.cancel_event(actor=who, event=booked, reason="停电"),
        ):
            with pytest.raises(NotAllowed) as denial:
                act(actor)
            assert "人才办" in denial.value.message
    assert told() == []


@pytest.mark.parametrize("state", ["held", "closed", "cancelled"])
def test_an_event_that_is_behind_us_stays_as_it_was(booked, approver, state):
    RecruitingEvent.objects.update(state=state)
    with pytest.raises(Refused) as refusal:
        edit(approver, booked, place="图书馆", reason="停电")
    assert refusal.value.code == "wrong_state"


def postpone(actor, event, starts_at=LATER, reason="会场检修"):
    ends_at = starts_at and starts_at + timedelta(hours=4)
    return domain.postpone_event(actor=actor, event=event, starts_at=starts_at, ends_at=ends_at, reason=reason)


def test_a_postponed_event_keeps_its_seats_and_tells_their_holders_once(booked, approver):
    RecruitingEvent.objects.update(registration_closes_at=START - timedelta(hours=1))
    for _turn in range(2):
        postpone(approver, booked)
    booked.refresh_from_db()
    assert (booked.state, booked.notice, booked.starts_at, booked.postponed_from) == (
        "postponed", "会场检修", LATER, START)  # fmt: skip
    assert (booked.registration_closes_at, booked.revision, booked.has_date) == (LATER - timedelta(hours=1), 1, True)
    assert sorted(booked.registrations.filter(state="registered").values_list("seat", flat=True)) == [1, 2]
    assert told() == both("event.postponed")
    body = Message.objects.first().body
    assert [
        word for word in ("2026年4月25日（周六）09:00", "2026年5月2日（周六）09:00", "会场检修") if word not in body
    ] == []
    assert len(entries("events.postpone_event")) == 1


def test_without_a_new_date_nothing_can_be_published_until_one_is_set_and_confirmed(booked, planner, approver):
    postpone(approver, booked, starts_at=None)
    booked.refresh_from_db()
    assert (booked.has_date, booked.starts_at) == (False, START)
    assert told() == both("event.postponed_open")
    for act in (
        lambda: domain.publish_event(actor=approver, event=booked),
        lambda: domain.confirm_event(actor=planner, event=booked, document="新回函"),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == "no_date"
    edit(approver, booked, starts_at=LATER, ends_at=LATER + timedelta(hours=4), reason="新日期已定")
    assert told() == both("event.changed") + both("event.postponed_open")
    with pytest.raises(Refused) as refusal:
        domain.publish_event(actor=approver, event=booked)
    assert refusal.value.code == "not_confirmed"
    domain.confirm_event(actor=planner, event=booked, document="新回函")
    domain.publish_event(actor=approver, event=booked)
    booked.refresh_from_db()
    assert (booked.state, booked.postponed_from, booked.revision) == ("published", None, 3)


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "code"),
    [
        (LATER, None, "times"),
        (None, LATER, "times"),
        (LATER, LATER, "times"),
        (EVE, EVE + timedelta(hours=4), "past"),
        (START, END, "same_date"),
    ],
)
def test_a_postponement_needs_a_whole_new_date_ahead(booked, approver, starts_at, ends_at, code):
    with pytest.raises(Refused) as refusal:
        domain.postpone_event(actor=approver, event=booked, starts_at=starts_at, ends_at=ends_at, reason="会场检修")
    assert refusal.value.code == code
    assert (RecruitingEvent.objects.get().state, told()) == ("published", [])


def test_a_cancelled_event_tells_everyone_once(booked, approver):
    with pytest.raises(Refused) as refusal:
        domain.cancel_event(actor=approver, event=booked, reason=" ")
    assert refusal.value.code == "reason_required"
    for _turn in range(2):
        domain.cancel_event(actor=approver, event=booked, reason="学校取消")
    booked.refresh_from_db()
    assert (booked.state, booked.notice, booked.revision, booked.changed_at) == ("cancelled", "学校取消", 1, EVE)
    assert told() == both("event.cancelled")
    assert [entry.reason for entry in entries("events.cancel_event")] == ["学校取消"]


def test_the_university_confirms_with_a_document_and_again_after_a_new_place(event, planner, approver):
    with pytest.raises(Refused) as refusal:
        domain.confirm_event(actor=planner, event=event, document="回函")
    assert refusal.value.code == "wrong_state"
    domain.approve_event(actor=approver, event=event)
    with pytest.raises(Refused) as refusal:
        domain.confirm_event(actor=planner, event=event, document=" ")
    assert refusal.value.code == "document"
    for _turn in range(2):
        domain.confirm_event(actor=planner, event=event, document="回函")
    assert [entry.after for entry in entries("events.confirm_event")] == [{"document": "回函"}]
    edit(planner, event, place="图书馆")
    event.refresh_from_db()
    assert (event.confirmed_at, event.confirmation) == (None, "")


def test_the_database_refuses_registration_that_outlasts_the_event_or_opens_after_it_closes(event):
    for values in (
        {"registration_closes_at": END + timedelta(seconds=1)},
        {"registration_opens_at": END},
        {"registration_opens_at": START, "registration_closes_at": START},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            RecruitingEvent.objects.filter(pk=event.pk).update(**values)


def test_only_who_plans_for_the_county_corrects_a_university(event, planner, staff, make_unit):
    university = event.university
    with pytest.raises(NotAllowed):
        domain.edit_university(
            actor=staff(Role.EVENT_STAFF, unit=make_unit("S1")), university=university, name="净湖大学", city="长春"
        )
    domain.add_university(actor=planner, name="湘水大学", city="长沙")
    with pytest.raises(Refused) as refusal:
        domain.edit_university(actor=planner, university=university, name="湘水大学", city="长春")
    assert refusal.value.code == "duplicate"
    for _turn in range(2):
        domain.edit_university(actor=planner, university=university, name="净湖大学", city="长春")
    assert [(entry.before, entry.after) for entry in entries("events.edit_university")] == [
        ({"name": "净月湖大学"}, {"name": "净湖大学"})
    ]
