"""The office of events: registers, the page of one event, acts with their effect, the door, universities."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AuditEntry
from campaigns.events import domain
from campaigns.events.models import EventRegistration, RecruitingEvent, University
from campaigns.events.wagtail_hooks import waiting
from foundation.messages.models import Message
from tests.events.conftest import END, START

pytestmark = pytest.mark.django_db
EVE = START - timedelta(days=1)
HOME = "/admin/events/"
PAGE = "/admin/events/event/CC-1/"
READERS = (Role.TALENT_OFFICE, Role.EVENT_STAFF, Role.DEPARTMENT, Role.UNIT_HR, Role.FINANCE, Role.LEADER, Role.AUDITOR)


@pytest.fixture(autouse=True)
def _on_the_eve():
    with time_machine.travel(EVE, tick=False):
        yield


@pytest.fixture
def desk(client):
    """`desk(user)` → a client signed in as that member of staff."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def text_of(response):
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode()


@pytest.fixture
def more(event, planner, county):
    """`more(n)` → n further events in another city, each at a university of its own."""

    def make(number):
        for serial in range(number):
            university = University.objects.create(name=f"湘水大学{serial}", city="长沙")
            domain.plan_event(
                actor=planner, code=f"CS-{serial}", name=f"长沙站{serial}", university=university, unit=county,
                place="礼堂", starts_at=START + timedelta(days=30 + serial), ends_at=END + timedelta(days=30 + serial),
                capacity=5, campaigns=[],
            )  # fmt: skip

    return make


def register_many(event, number):
    RecruitingEvent.objects.filter(pk=event.pk).update(capacity=500)
    EventRegistration.objects.bulk_create(
        EventRegistration(
            event=event, seat=serial, number=f"N{serial:04d}", name=f"学生{serial}", phone="+8613800000001",
            phone_index=str(serial),
        )
        for serial in range(1, number + 1)
    )  # fmt: skip


@pytest.mark.parametrize("role", READERS)
def test_those_who_read_events_see_list_page_and_universities(desk, staff, published, role):
    client = desk(staff(role))
    for url in (HOME, PAGE, "/admin/events/universities/", f"/admin/events/universities/{published.university_id}/"):
        response = client.get(url)
        assert (url, response.status_code) == (url, 200)
        assert "净月湖大学" in text_of(response)


@pytest.mark.parametrize("role", [role for role in Role if role not in READERS])
def test_for_everyone_else_events_do_not_exist(desk, staff, published, role):
    client = desk(staff(role))
    for url in (HOME, PAGE, "/admin/events/universities/", "/admin/events/registrations/", f"{PAGE}edit/"):
        assert (url, client.get(url).status_code) == (url, 404)


@pytest.mark.parametrize("role", READERS)
def test_names_of_registered_people_are_for_those_who_need_them(desk, staff, published, register, role):
    number = register(published, "13800000001").number
    client = desk(staff(role))
    allowed = role in (Role.TALENT_OFFICE, Role.EVENT_STAFF, Role.AUDITOR)
    for url in ("/admin/events/registrations/", f"/admin/events/registrations/{number}/"):
        assert client.get(url).status_code == (200 if allowed else 404)
    assert "林知远" not in text_of(client.get(PAGE))


def test_people_of_another_unit_find_nothing(desk, staff, make_unit, published, register):
    number = register(published, "13800000001").number
    client = desk(staff(*READERS, unit=make_unit("S1")))
    assert "CC-1" not in text_of(client.get(HOME))
    pages = [
        PAGE, f"{PAGE}edit/", f"{PAGE}check-in/", f"{PAGE}act/cancel/", f"/admin/events/registrations/{number}/",
        f"/admin/events/registrations/{number}/undo/", f"/admin/events/universities/{published.university_id}/",
        f"/admin/events/universities/{published.university_id}/edit/",
    ]  # fmt: skip
    for url in pages:
        assert (url, client.get(url).status_code, client.post(url).status_code) == (url, 404, 404)


def events_in(response):
    return sorted(row.code for row in response.context["object_list"])


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("q=长沙", ["CS-0", "CS-1"]), ("q=净月湖 礼堂", []), ("q=大学生活动中心", ["CC-1"]), ("city=长春", ["CC-1"]),
        ("city=长春&city=长沙", ["CC-1", "CS-0", "CS-1"]), ("state=published", ["CC-1"]),
        ("day_from=2026-04-25&day_to=2026-04-25", ["CC-1"]), ("day_from=2026-04-26", ["CS-0", "CS-1"]),
        ("waiting=approval", ["CS-0", "CS-1"]), ("waiting=today", []),
    ],
)  # fmt: skip
def test_the_list_is_filtered_and_searched(desk, published, approver, more, query, codes):
    more(2)
    assert events_in(desk(approver).get(f"{HOME}?{query}")) == codes


def test_the_list_is_filtered_by_university_among_those_one_may_see(desk, published, approver, staff, make_unit, more):
    more(1)
    chosen = published.university_id
    assert events_in(desk(approver).get(f"{HOME}?university={chosen}")) == ["CC-1"]
    page = text_of(desk(staff(Role.EVENT_STAFF, unit=make_unit("S1"))).get(HOME))
    assert "净月湖大学" not in page


@pytest.mark.parametrize("number", [1, 29])
def test_the_list_asks_the_same_number_of_questions_for_one_and_for_thirty(
    desk, approver, published, more, number, django_assert_num_queries
):
    more(number)
    client = desk(approver)
    client.get(HOME)
    with django_assert_num_queries(13):
        assert len(events_in(client.get(HOME))) == number + 1


@pytest.mark.parametrize("number", [1, 50])
def test_registrations_ask_the_same_number_of_questions_for_one_and_for_fifty(
    desk, approver, published, number, django_assert_num_queries
):
    register_many(published, number)
    client = desk(approver)
    url = "/admin/events/registrations/"
    client.get(url)
    with django_assert_num_queries(12):
        assert len(client.get(url).context["object_list"]) == number


@pytest.mark.parametrize("number", [1, 300])
def test_the_page_of_an_event_asks_the_same_number_of_questions_however_many_came(
    desk, approver, published, number, django_assert_num_queries
):
    register_many(published, number)
    client = desk(approver)
    client.get(PAGE)
    with django_assert_num_queries(15):
        assert f"{number}<small>" in text_of(client.get(PAGE))


def test_all_registrations_are_found_by_page_name_number_and_telephone_and_leave_as_a_safe_file(
    desk, approver, published, register
):
    register_many(published, 230)
    EventRegistration.objects.filter(number="N0007").update(name="=HYPERLINK(1)", phone_index="x")
    known = register(published, "13912345678", name="赵明月")
    client, url = desk(approver), "/admin/events/registrations/"
    assert len(client.get(f"{url}?event={published.pk}&p=5").context["object_list"]) == 31
    for word in ("赵明月", known.number, "13912345678"):
        assert [row.pk for row in client.get(f"{url}?q={word}").context["object_list"]] == [known.pk]
    file = text_of(client.get(f"{url}?event={published.pk}&export=csv"))
    assert len(file.strip().splitlines()) >= 232
    assert "139****5678" in file
    assert "13912345678" not in file
    assert ",=HYPERLINK" not in file
    entry = AuditEntry.objects.get(action="events.export_registrations")
    assert (entry.actor, entry.after["rows"]) == (approver, 231)
    assert f"event={published.pk}" in entry.after["filters"]


def test_the_list_of_events_leaves_as_a_file_and_the_trail_says_so(desk, approver, published):
    file = text_of(desk(approver).get(f"{HOME}?export=csv"))
    assert "长春站：净月湖大学专场" in file
    assert AuditEntry.objects.get(action="events.export").after["rows"] == 1


def test_the_desk_says_what_waits_and_each_line_leads_to_just_these(desk, event, planner, approver, register, more):
    def lines(user):
        return {str(row.label): (row.count, row.url) for row in waiting(user) if row.count}

    more(1)
    assert lines(approver)["待批准的活动"] == (2, f"{HOME}?waiting=approval")
    domain.approve_event(actor=approver, event=event)
    assert lines(planner)["待高校确认时间和地点的活动"] == (1, f"{HOME}?waiting=confirmation")
    domain.confirm_event(actor=planner, event=event, document="回函")
    assert lines(approver)["待发布的活动"] == (1, f"{HOME}?waiting=publication")
    domain.publish_event(actor=approver, event=event)
    for phone in ("13800000001", "13800000002"):
        register(event, phone)
    assert lines(planner)["座位已满的活动"] == (1, f"{HOME}?waiting=full")
    with time_machine.travel(START - timedelta(hours=1), tick=False):
        today = next(row for row in waiting(planner) if row.url.endswith("today"))
        assert (today.count, today.due) == (1, START)
        assert events_in(desk(planner).get(today.url)) == ["CC-1"]
    with time_machine.travel(END, tick=False):
        assert lines(planner)["已结束、未确认举办的活动"] == (1, f"{HOME}?waiting=record")


def test_the_desk_asks_once_for_all_of_it(planner, published, more, django_assert_num_queries):
    more(5)
    waiting(planner)
    with django_assert_num_queries(1):
        waiting(planner)


def test_nobody_without_a_part_in_events_is_asked_anything(staff, published, django_assert_num_queries):
    leader = staff(Role.LEADER)
    assert waiting(leader) == []
    with django_assert_num_queries(0):
        waiting(leader)


def test_cancelling_shows_how_many_are_told_before_it_tells_them(desk, published, approver, register):
    for phone in ("13800000001", "13800000002"):
        register(published, phone)
    client, url = desk(approver), f"{PAGE}act/cancel/"
    page = text_of(client.get(url))
    assert "将以短信通知持有座位的 2 人" in page
    assert (RecruitingEvent.objects.get().state, Message.objects.count()) == ("published", 0)
    assert "请" in text_of(client.post(url, {"reason": ""}))
    assert RecruitingEvent.objects.get().state == "published"
    assert client.post(url, {"reason": "学校取消"}).url == PAGE
    assert RecruitingEvent.objects.get().state == "cancelled"
    assert Message.objects.filter(kind="event.cancelled").count() == 2
    assert "已取消" in text_of(client.get(url))
    assert client.post(url, {"reason": "学校取消"}).url == PAGE
    assert Message.objects.filter(kind="event.cancelled").count() == 2


def test_postponing_keeps_what_was_entered_when_it_is_refused(desk, published, approver):
    client, url = desk(approver), f"{PAGE}act/postpone/"
    page = text_of(client.post(url, {"starts_at": "2026-05-02T09:00", "ends_at": "", "reason": "检修"}))
    assert "开始和结束时间要么都填，要么都不填" in page
    assert "2026-05-02T09:00" in page
    client.post(url, {"starts_at": "2026-05-02T09:00", "ends_at": "2026-05-02T13:00", "reason": "检修"})
    event = RecruitingEvent.objects.get()
    assert (event.state, event.starts_at) == ("postponed", START + timedelta(days=7))


@pytest.mark.parametrize("name", ["approve", "publish", "postpone", "cancel"])
def test_event_staff_read_why_an_act_is_not_theirs(desk, published, planner, name):
    response = desk(planner).get(f"{PAGE}act/{name}/")
    assert response.status_code == 403
    assert "人才办" in text_of(response)
    assert desk(planner).post(f"{PAGE}act/{name}/", {"reason": "停电"}).status_code == 403
    assert RecruitingEvent.objects.get().state == "published"


def test_there_is_no_other_act(desk, published, approver):
    assert desk(approver).get(f"{PAGE}act/burn/").status_code == 404


def entries_of(event, **changed):
    local = {"starts_at": "2026-04-25T09:00", "ends_at": "2026-04-25T13:00"}
    return {"name": event.name, "place": event.place, "capacity": event.capacity, **local, **changed}


def test_a_change_is_shown_with_its_effect_then_made(desk, published, approver, register):
    register(published, "13800000001")
    client, url = desk(approver), f"{PAGE}edit/"
    form = entries_of(published, place="图书馆", reason="停电")
    page = text_of(client.post(url, form))
    for words in ("大学生活动中心", "图书馆", "将以短信通知持有座位的 1 人", "须由高校重新确认时间和地点"):
        assert words in page
    assert (RecruitingEvent.objects.get().place, Message.objects.count()) == ("大学生活动中心", 0)
    assert not AuditEntry.objects.filter(action="events.edit_event").exists()
    assert "图书馆" in text_of(client.post(url, {**form, "change": "1"}))
    assert client.post(url, {**form, "confirm": "1"}).url == PAGE
    assert (RecruitingEvent.objects.get().place, Message.objects.count()) == ("图书馆", 1)
    assert "没有改动" in text_of(client.post(url, {**form, "confirm": "1"}))
    assert Message.objects.count() == 1


def test_a_change_that_is_refused_says_so_before_it_is_confirmed(desk, published, approver, register):
    for phone in ("13800000001", "13800000002"):
        register(published, phone)
    page = text_of(desk(approver).post(f"{PAGE}edit/", entries_of(published, capacity=1, reason="小厅")))
    assert "已登记 2 人，已排到 2 号座位，1 个座位不够" in page
    assert 'name="confirm"' not in page
    assert RecruitingEvent.objects.get().capacity == 2


def test_only_the_talent_office_changes_what_is_public(desk, published, planner):
    response = desk(planner).get(f"{PAGE}edit/")
    assert response.status_code == 403
    assert "人才办" in text_of(response)


def test_finance_enters_a_cost_and_a_wrong_one_stays_at_the_form(desk, staff, published):
    client = desk(staff(Role.FINANCE))
    page = text_of(client.post(PAGE, {"act": "cost", "kind": "场地", "amount": "0", "spent_on": "2026-04-24"}))
    assert 'value="场地"' in page
    assert not published.costs.exists()
    client.post(PAGE, {"act": "cost", "kind": "场地", "amount": "800.50", "spent_on": "2026-04-24"})
    assert [str(cost.amount) for cost in published.costs.all()] == ["800.50"]
    assert "800.50" in text_of(client.get(PAGE))


def test_a_leader_reads_figures_and_enters_nothing(desk, staff, published):
    client = desk(staff(Role.LEADER))
    assert 'name="act"' not in text_of(client.get(PAGE))
    for form in (
        {"act": "cost", "kind": "场地", "amount": "1", "spent_on": "2026-04-24"},
        {"act": "register", "name": "甲", "phone": "13800000001"},
    ):
        assert "需要" in text_of(client.post(PAGE, form))
    assert not published.costs.exists()
    assert not published.registrations.exists()


def test_somebody_at_the_door_gets_a_number_and_is_checked_in_with_it(desk, published, planner):
    with time_machine.travel(START, tick=False):
        client = desk(planner)
        client.post(PAGE, {"act": "register", "name": "周青禾", "phone": "13800000001"})
        number = EventRegistration.objects.get().number
        page = text_of(client.post(f"{PAGE}check-in/", {"number": f" {number.lower()} "}, follow=True))
        assert "周青禾已签到" in page
        undo = reverse("events-registration-act", args=[number, "undo"])
        assert undo in page
        assert "此前已签到" in text_of(client.post(f"{PAGE}check-in/", {"number": number}, follow=True))
        assert "不再计为到场" in text_of(client.get(undo))
        client.post(undo, {"reason": "认错人"})
        assert EventRegistration.objects.get().checked_in_at is None
        assert AuditEntry.objects.get(action="events.undo_check_in").reason == "认错人"


def test_a_scanned_code_names_the_person_before_they_are_checked_in(desk, published, planner, register):
    ticket = register(published, "13800000001")
    with time_machine.travel(START, tick=False):
        client = desk(planner)
        page = text_of(client.get(f"{PAGE}check-in/?t={ticket.token}"))
        assert "林知远" in page
        assert ticket.number in page
        assert "没有有效登记" in text_of(client.get(f"{PAGE}check-in/?t=wrong"))


def test_a_seat_is_given_back_by_the_office(desk, published, planner, register):
    number = register(published, "13800000001").number
    client, url = desk(planner), f"/admin/events/registrations/{number}/give-back/"
    assert "1 号座位" in text_of(client.get(url))
    client.post(url)
    assert EventRegistration.objects.get().state == "cancelled"
    assert client.get(f"/admin/events/registrations/{number}/burn/").status_code == 404


def test_universities_are_added_and_corrected_by_who_plans_for_the_county(desk, staff, make_unit, planner, event):
    client = desk(planner)
    form = {"name": "湘水大学", "city": "长沙", "name_en": "Xiangshui", "city_en": "Changsha"}
    client.post("/admin/events/universities/new/", form)
    made = University.objects.get(name="湘水大学")
    assert "已经登记" in text_of(client.post("/admin/events/universities/new/", form))
    client.post(f"/admin/events/universities/{made.pk}/edit/", {**form, "city": "株洲"})
    made.refresh_from_db()
    assert (made.city, AuditEntry.objects.get(action="events.edit_university").before) == ("株洲", {"city": "长沙"})
    assert "湘水大学" in text_of(client.get("/admin/events/universities/"))
    assert desk(staff(Role.EVENT_STAFF, unit=make_unit("S1"))).get("/admin/events/universities/new/").status_code == 404
    assert desk(staff(Role.LEADER)).get(f"/admin/events/universities/{event.university_id}/edit/").status_code == 403


@pytest.mark.parametrize("number", [1, 29])
def test_universities_ask_the_same_number_of_questions_for_one_and_for_thirty(
    desk, planner, event, more, number, django_assert_num_queries
):
    more(number)
    client, url = desk(planner), "/admin/events/universities/"
    client.get(url)
    with django_assert_num_queries(12):
        assert len(client.get(url).context["object_list"]) == number + 1
