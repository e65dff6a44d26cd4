import re
from datetime import UTC, timedelta

import pytest
from django.conf import settings

from accounts.enums import Role
from campaigns.events import domain as events
from campaigns.events.models import EventRegistration
from campaigns.planning.models import Announcement
from cms.domain import lay_site, show_campaign
from cms.models import AnnouncementPage, HomePage
from recruitment.publications.domain import prepare, release, review
from recruitment.publications.models import PublicationKind
from tests.applicants import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def announced(campaign, position):
    Announcement.objects.create(
        campaign=campaign, rule_set=campaign.rule_sets.first(), title="第一批公开招考公告", body="一、岗位见岗位表。",
        state="published", drafted_by=campaign.created_by,
    )  # fmt: skip
    show_campaign(campaign)
    return campaign


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def test_a_fresh_database_has_a_front_page_and_laying_the_site_again_changes_nothing(client):
    before = HomePage.objects.get().pk
    lay_site()
    assert HomePage.objects.get().pk == before
    assert "岗位公开" in text_of(client.get("/"))
    for url in ("/announcements/", "/guide/", "/accessibility/", "/positions/", "/notices/", "/tour/", "/search/"):
        assert client.get(url).status_code == 200


def test_a_published_campaign_is_on_the_site_with_text_positions_and_timeline(client, announced, position):
    page = text_of(client.get(AnnouncementPage.objects.get().url))
    assert "一、岗位见岗位表。" in page
    assert 'class="timeline' in page
    assert position.name in text_of(client.get("/positions/"))
    assert position.name in text_of(client.get(f"/positions/{announced.code}/{position.code}/"))
    show_campaign(announced)
    assert AnnouncementPage.objects.count() == 1


def test_a_campaign_that_is_not_published_shows_nowhere(client, make_campaign, make_position):
    hidden = make_campaign(code="HID", published_at=None)
    position = make_position("0909", campaign=hidden, name="保密岗位")
    assert "保密岗位" not in text_of(client.get("/positions/"))
    assert client.get(f"/positions/HID/{position.code}/").status_code == 404


@pytest.mark.parametrize(
    ("words", "found"), [("岗位 0101", True), ("县人民医院", True), ("0101", True), ("兽医", False)]
)
def test_positions_are_found_by_name_unit_code_and_printed_words(client, announced, position, words, found):
    assert (position.name in text_of(client.get("/positions/", {"q": words}))) is bool(found)


def test_the_list_of_positions_takes_the_same_number_of_queries_for_one_and_for_thirty(
    client, announced, position, make_position, django_assert_num_queries
):
    queries = 7 if settings.REDIS_URL else 8  # one looks into the cache of counts, unless that is Redis
    client.get("/positions/")
    with django_assert_num_queries(queries):
        client.get("/positions/")
    for number in range(29):
        make_position(f"02{number:02d}")
    with django_assert_num_queries(queries):
        client.get("/positions/")


def test_a_notice_is_read_by_everyone_after_its_release_and_by_nobody_before(client, campaign, staff):
    first, second = (staff(Role.TALENT_OFFICE, username=name) for name in ("one", "two"))
    draft = prepare(
        actor=first, campaign=campaign, kind=PublicationKind.OTHER, title="考点安排",
        columns=[{"code": "a", "label": "考点"}], rows=[["=1+1"]],
    )  # fmt: skip
    for url in (f"/notices/{draft.pk}/", f"/notices/{draft.pk}/list.xlsx"):
        assert client.get(url).status_code == 404
    review(actor=second, publication=draft)
    done = release(actor=second, publication=draft)
    page = text_of(client.get(f"/notices/{draft.pk}/"))
    assert done.digest in page
    assert "考点安排" in text_of(client.get("/notices/"))
    assert "考点安排" in text_of(client.get("/notices/feed/"))
    assert client.get(f"/notices/{draft.pk}/list.xlsx").status_code == 200


@pytest.fixture
def event(staff, county):
    planner, approver = staff(Role.EVENT_STAFF, username="planner"), staff(Role.TALENT_OFFICE, username="approver")
    university = events.add_university(actor=planner, name="净月湖大学", city="长春")
    event = events.plan_event(
        actor=planner, code="CC1", name="长春站，专场；首场", university=university, unit=county, place="报告厅",
        starts_at=NOW + timedelta(days=3), ends_at=NOW + timedelta(days=3, hours=3), capacity=1, campaigns=[],
    )  # fmt: skip
    events.approve_event(actor=approver, event=event)
    events.confirm_event(actor=planner, event=event, document="学校回函")
    return events.publish_event(actor=approver, event=event)


def test_an_event_has_a_calendar_file_with_escaped_text_and_folded_lines(client, event):
    lines = client.get("/tour/CC1/event.ics").content.decode().split("\r\n")
    assert "SUMMARY:长春站，专场；首场" in lines
    assert f"DTSTART:{event.starts_at.astimezone(UTC):%Y%m%dT%H%M%SZ}" in lines
    assert all(len(line.encode()) <= 75 for line in lines)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2] == "END:VCALENDAR"


def test_a_candidate_registers_gets_a_ticket_with_a_code_and_gives_the_seat_back(client, event, candidate):
    assert client.post("/tour/CC1/").status_code == 302
    client.force_login(candidate.user)
    page = client.post("/tour/CC1/", {"name": "林知微", "phone": "13800138001"}, follow=True)
    ticket = EventRegistration.objects.get()
    assert ticket.number in text_of(page)
    assert client.get(f"/tour/ticket/{ticket.token}/code.svg").headers["Content-Type"] == "image/svg+xml"
    client.post(f"/tour/ticket/{ticket.token}/")
    ticket.refresh_from_db()
    assert ticket.state == "cancelled"


def test_a_phone_number_of_someone_else_does_not_lead_to_their_ticket(client, event, make_candidate):
    owner, other = make_candidate(), make_candidate()
    ticket = events.register_for_event(actor=owner.user, event=event, name="甲", phone="13800138001")
    client.force_login(other.user)
    page = text_of(client.post("/tour/CC1/", {"name": "乙", "phone": "13800138001"}))
    assert ticket.token not in page
    assert ticket.number not in page
    assert EventRegistration.objects.count() == 1


def test_somebody_else_can_neither_guess_nor_give_back_a_ticket(client, event, make_candidate):
    owner, other = make_candidate(), make_candidate()
    ticket = events.register_for_event(actor=owner.user, event=event, name="甲", phone="13800138001")
    client.force_login(other.user)
    assert client.get("/tour/ticket/guess/").status_code == 404
    assert client.post(f"/tour/ticket/{ticket.token}/").status_code == 404
    ticket.refresh_from_db()
    assert ticket.state == "registered"


def test_public_pages_have_no_inline_script_or_style(client, announced, position, event):
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=")
    for url in (
        "/",
        "/positions/",
        f"/positions/{announced.code}/{position.code}/",
        "/tour/",
        "/tour/CC1/",
        "/notices/",
    ):
        assert not inline.search(text_of(client.get(url))), url


@pytest.mark.parametrize(("query", "hits"), [("公开招考", 1), ("招考", 1), ("考", 1), ("教师", 0)])
def test_chinese_words_of_any_length_are_found(client, announced, query, hits):
    page = text_of(client.get("/search/", {"q": query}))
    assert ("第一批公开招考公告" in page) is bool(hits)
