"""The tour and its events for everyone: by city, coming and past, and what the seats say in each state."""

from datetime import timedelta

import pytest
import time_machine

from accounts.enums import Role
from campaigns.events import domain
from campaigns.events.models import RecruitingEvent, University
from tests.applicants import NOW
from tests.cms.test_site import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def people(staff):
    return staff(Role.EVENT_STAFF, username="planner"), staff(Role.TALENT_OFFICE, username="approver")


@pytest.fixture
def make_event(people, county):
    """`make_event("E1", "长沙", days=3)` → a published event that many days from now; before now it is past."""
    planner, approver = people

    def make(code, city="长春", *, days=3, capacity=5, **fields):
        university, _made = University.objects.get_or_create(
            name=f"{city}大学", name_en=f"University {city}", city=city, city_en=f"City {city}"
        )
        starts_at = NOW + timedelta(days=days)
        with time_machine.travel(starts_at - timedelta(days=30), tick=False):
            event = domain.plan_event(
                actor=planner, code=code, name=f"{city}站{code}", university=university, unit=county, place="报告厅",
                starts_at=starts_at, ends_at=starts_at + timedelta(hours=3), capacity=capacity, campaigns=[], **fields,
            )  # fmt: skip
            domain.approve_event(actor=approver, event=event)
            domain.confirm_event(actor=planner, event=event, document="回函")
            return domain.publish_event(actor=approver, event=event)

    return make


def codes(response):
    tour = response.context["tour"]
    return [[stop.event.code for stop in stops] for stops in (tour.coming, tour.past)]


def test_events_are_coming_or_past_and_filtered_by_city(client, make_event):
    for code, city, days in (("E1", "长春", 3), ("E2", "长沙", 2), ("E3", "长春", -5), ("E4", "长春", -9)):
        make_event(code, city, days=days)
    page = client.get("/tour/")
    assert codes(page) == [["E2", "E1"], ["E3", "E4"]]
    assert [(item.value, item.count) for item in page.context["tour"].cities] == [("长春", 3), ("长沙", 1)]
    assert codes(client.get("/tour/?city=长春")) == [["E1"], ["E3", "E4"]]
    nowhere = client.get("/tour/?city=北京")
    assert codes(nowhere) == [[], []]
    assert "这个城市目前没有安排活动" in text_of(nowhere)


def test_without_events_the_page_says_when_there_will_be_some(client, db):
    assert "高校确认时间和地点后即在此公布" in text_of(client.get("/tour/"))


@pytest.mark.parametrize("number", [1, 30])
def test_the_tour_asks_the_same_number_of_questions_for_one_and_for_thirty(
    client, make_event, number, django_assert_num_queries
):
    for serial in range(number):
        make_event(f"E{serial}", f"城{serial % 4}", days=serial + 1)
    client.get("/tour/")
    with django_assert_num_queries(4):
        assert len(client.get("/tour/").context["tour"].coming) == number


BUTTON = "btn--primary"


@pytest.mark.parametrize(
    ("opens", "closes", "taken", "words", "has_button"),
    [
        (None, None, 0, "还有 1 个座位", True),
        (1, None, 0, "开始登记", False),
        (None, -1, 0, "现场工作人员仍可为您登记", False),
        (None, None, 1, "座位已满", False),
        (None, -1, 1, "登记已截止", False),
    ],
)
def test_the_button_is_there_only_while_a_seat_can_be_had(
    client, make_event, people, opens, closes, taken, words, has_button
):
    event = make_event("E1", capacity=1)
    window = {
        f"registration_{name}_at": NOW + timedelta(hours=hours)
        for name, hours in (("opens", opens), ("closes", closes))
        if hours is not None
    }
    RecruitingEvent.objects.update(**window)
    if taken:
        domain.register_for_event(actor=people[0], event=event, name="甲", phone="13800000001")
    page = text_of(client.get("/tour/E1/"))
    assert words in page
    assert (BUTTON in page) is has_button
    assert ("现场工作人员仍可为您登记" in page) is (closes is not None and not taken)


def test_a_postponed_event_shows_old_and_new_date_and_takes_nobody(client, make_event, people):
    event = make_event("E1")
    later = event.starts_at + timedelta(days=7)
    domain.postpone_event(
        actor=people[1], event=event, starts_at=later, ends_at=later + timedelta(hours=3), reason="会场检修"
    )
    for url in ("/tour/", "/tour/E1/"):
        page = text_of(client.get(url))
        assert "<del>" in page
        assert "已延期" in page
    assert "会场检修" in page
    assert BUTTON not in page


def test_a_postponed_event_without_a_date_stays_among_the_coming_ones(client, make_event, people):
    event = make_event("E1")
    domain.postpone_event(actor=people[1], event=event, reason="会场检修")
    with time_machine.travel(NOW + timedelta(days=30), tick=False):
        assert codes(client.get("/tour/")) == [["E1"], []]
        assert "新的时间未定" in text_of(client.get("/tour/E1/"))


def test_a_cancelled_event_says_so_to_everyone_and_on_the_ticket(client, make_event, people, candidate):
    event = make_event("E1")
    ticket = domain.register_for_event(actor=candidate.user, event=event, name="林知微", phone="13800138001")
    domain.cancel_event(actor=people[1], event=event, reason="学校取消")
    client.force_login(candidate.user)
    for url in ("/tour/E1/", f"/tour/ticket/{ticket.token}/"):
        page = text_of(client.get(url))
        assert "本场活动不举办，请勿前往" in page
        assert "学校取消" in page
        assert ticket.number not in page
    assert "已取消" in text_of(client.get("/tour/"))


def test_who_registered_sees_the_seat_instead_of_the_form(client, make_event, candidate):
    event = make_event("E1", capacity=1)
    domain.register_for_event(actor=candidate.user, event=event, name="林知微", phone="13800138001")
    client.force_login(candidate.user)
    page = text_of(client.get("/tour/E1/"))
    assert "您的座位是 1 号" in page
    assert 'name="phone"' not in page


def test_staff_are_told_that_candidates_register_here(client, make_event, people):
    make_event("E1")
    client.force_login(people[0])
    assert "考生用自己的账号" in text_of(client.get("/tour/E1/"))
    assert client.post("/tour/E1/").status_code == 200
    assert not RecruitingEvent.objects.get().registrations.exists()


def test_readers_in_english_read_english_names(client, make_event):
    make_event("E1", name_en="First stop")
    client.cookies["django_language"] = "en"
    page = text_of(client.get("/tour/E1/"))
    for words in ("First stop", "University 长春", "City 长春"):
        assert words in page
