"""A candidate hands in a sealed bid, follows it, replaces it, takes it back, completes it."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from recruitment.challenges import domain
from recruitment.challenges.enums import BidDeclaration
from recruitment.challenges.lists import prepare_award
from recruitment.challenges.models import Bid
from recruitment.publications.domain import release
from recruitment.publications.domain import review as review_list
from tests.bidders import *  # noqa: F403
from tests.bidders import CLOSE

pytestmark = pytest.mark.django_db

PLAN, QUOTE = "以液氮速冻保持叶绿素", "276543"


def url(name, *args):
    return reverse(f"portal:{name}", args=args)


@pytest.fixture
def enter(client):
    def sign_in(person):
        client.logout()  # a session that was idle too long would end the new one
        client.force_login(person)
        return client

    return sign_in


@pytest.fixture
def page(enter, candidate, challenge):
    return enter(candidate.user)


def filled(**changes):
    form = {"home_unit": "南岭农业大学", "team": "教授一人", "plan": PLAN, "quote": QUOTE}
    return {**form, **dict.fromkeys(BidDeclaration.values, "on"), **changes}


def text_of(answer, status=200):
    assert answer.status_code == status
    return answer.content.decode()


def test_a_candidate_goes_from_the_board_to_the_receipt(page, challenge, candidate):
    board = text_of(page.get(reverse("challenge", args=[challenge.code])))
    form = url("bid-new", challenge.code)
    assert form in board
    assert "七日变色率" in text_of(page.get(form))
    answer = page.post(form, filled(consent=SimpleUploadedFile("同意书.pdf", b"%PDF-1.4\n%%EOF")))
    bid = Bid.objects.get()
    assert answer.url == url("bid-receipt", bid.number)
    receipt = text_of(page.get(answer.url))
    assert all(part in receipt for part in (bid.number, bid.digest[:8], candidate.name))
    assert bid.consent.name == "同意书.pdf"
    for address in (url("bid", bid.number), url("bids"), url("home")):
        assert bid.number in text_of(page.get(address))


def test_until_the_opening_no_page_shows_what_was_sent_and_then_its_lead_reads_it(enter, page, challenge, open_all):
    page.post(url("bid-new", challenge.code), filled())
    bid = Bid.objects.get()
    addresses = [url(name, bid.number) for name in ("bid", "bid-receipt", "bid-replace", "bid-withdraw")]
    for address in (*addresses, url("bids"), url("home")):
        shown = text_of(page.get(address))
        assert PLAN not in shown
        assert QUOTE not in shown.replace(",", "")
    open_all()
    shown = text_of(enter(bid.candidate.user).get(url("bid", bid.number)))
    assert PLAN in shown
    assert "276,543" in shown


@pytest.mark.parametrize(
    "changes",
    [{"plan": ""}, {"quote": "0"}, {"quote": "300001"}, {"quote": "三十万"}, {"home_unit": ""}, {"own_work": ""}],
)
def test_what_is_wrong_is_said_at_the_form_and_what_was_typed_stays(page, challenge, changes):
    shown = text_of(page.post(url("bid-new", challenge.code), filled(**changes)), 422)
    assert "error-summary" in shown
    assert "教授一人" in shown
    assert not Bid.objects.exists()


def test_a_form_sent_after_the_session_ended_is_kept_nowhere_on_the_server(client, challenge):
    answer = client.post(url("bid-new", challenge.code), filled())
    assert answer.status_code == 302
    assert "/login/" in answer.url
    assert not Session.objects.exists()
    assert not Bid.objects.exists()


def test_a_double_click_and_a_second_tab_make_one_bid_and_the_tab_is_told(page, challenge):
    form = url("bid-new", challenge.code)
    page.post(form, filled())
    first = Bid.objects.get()
    answer = page.post(form, filled(plan="另一方案"), follow=True)
    assert answer.redirect_chain[-1][0] == url("bid", first.number)
    assert first.number in text_of(answer)
    assert Bid.objects.values_list("digest", flat=True).get() == first.digest


def test_a_bid_is_replaced_as_a_whole_until_the_close(page, enter, candidate, challenge, open_all, time_machine):
    page.post(url("bid-new", challenge.code), filled())
    first = Bid.objects.get()
    time_machine.move_to(CLOSE - timedelta(seconds=1), tick=False)
    page = enter(candidate.user)
    assert page.post(url("bid-replace", first.number), filled(plan="新方案")).url == url("bid-receipt", first.number)
    time_machine.move_to(CLOSE, tick=False)
    page = enter(candidate.user)
    answer = page.post(url("bid-replace", first.number), filled(plan="太迟"))
    assert answer.url == url("bid", first.number)
    open_all()
    assert Bid.objects.get().plan == "新方案"


@pytest.mark.parametrize(("moment", "taken"), [(CLOSE - timedelta(seconds=1), 1), (CLOSE, 0)])
def test_a_bid_comes_in_before_the_closing_second_and_not_at_it(
    enter, candidate, challenge, time_machine, moment, taken
):
    time_machine.move_to(moment, tick=False)
    answer = enter(candidate.user).post(url("bid-new", challenge.code), filled())
    assert answer.status_code == (302 if taken else 422)
    assert Bid.objects.count() == taken


def test_a_bid_taken_back_makes_room_for_another(page, challenge):
    page.post(url("bid-new", challenge.code), filled())
    first = Bid.objects.get()
    assert page.get(url("bid-withdraw", first.number)).status_code == 200
    page.post(url("bid-withdraw", first.number))
    assert url("bid-new", challenge.code) in text_of(page.get(url("bid", first.number)))
    page.post(url("bid-new", challenge.code), filled(plan="再来"))
    assert sorted(Bid.objects.values_list("state", flat=True)) == ["submitted", "withdrawn"]


def test_the_bid_of_someone_else_does_not_exist(enter, page, challenge, make_candidate, staff):
    page.post(url("bid-new", challenge.code), filled())
    number = Bid.objects.get().number
    names = ("bid", "bid-receipt", "bid-replace", "bid-withdraw", "bid-complete")
    other = enter(make_candidate().user)
    assert {other.get(url(name, number)).status_code for name in names} == {404}
    assert other.post(url("bid-withdraw", number)).status_code == 404
    officer = enter(staff(Role.TALENT_OFFICE, username="curious"))
    assert {officer.get(url(name, number)).status_code for name in names} == {302}
    assert Bid.objects.get().state == "submitted"


def test_a_challenge_that_is_not_on_the_board_takes_no_bid_and_is_not_found(page, need, challenge, office, make_need):
    hidden = domain.describe_need(
        actor=office, campaign=challenge.campaign, unit=challenge.unit, code="榜2", need=make_need()
    )
    assert page.get(url("bid-new", hidden.code)).status_code == 404
    assert page.post(url("bid-new", hidden.code), filled()).status_code == 404


def test_a_person_without_identity_is_led_to_the_profile(enter, challenge, candidate_user):
    page = enter(candidate_user)
    assert url("profile-step", "identity") in text_of(page.get(url("bid-new", challenge.code)))
    assert "error-summary" in text_of(page.post(url("bid-new", challenge.code), filled()), 422)
    assert not Bid.objects.exists()


def test_a_returned_bid_is_completed_once_and_in_time(
    page, enter, candidate, challenge, office, open_all, time_machine
):
    page.post(url("bid-new", challenge.code), filled())
    bid = open_all().bids.get()
    due = timezone.now() + timedelta(days=3)
    domain.return_bid(actor=office, bid=bid, reason="缺同意书", complete_by=due)
    page = enter(candidate.user)
    assert "缺同意书" in text_of(page.get(url("bid", bid.number)))
    form = text_of(page.get(url("bid-complete", bid.number)))
    assert PLAN in form
    told = {"team": "两人", "plan": "补充", "consent": SimpleUploadedFile("同意书.pdf", b"%PDF-1.4\n%%EOF")}
    assert page.post(url("bid-complete", bid.number), told).url == url("bid", bid.number)
    assert Bid.objects.values_list("state", "plan", "quote").get() == ("submitted", "补充", QUOTE)
    assert page.get(url("bid-complete", bid.number)).url == url("bid", bid.number)


def test_the_time_to_complete_is_over_at_its_second(page, enter, candidate, challenge, office, open_all, time_machine):
    page.post(url("bid-new", challenge.code), filled())
    bid = open_all().bids.get()
    due = timezone.now() + timedelta(days=3)
    domain.return_bid(actor=office, bid=bid, reason="缺同意书", complete_by=due)
    time_machine.move_to(due, tick=False)
    page = enter(candidate.user)
    assert url("bid-complete", bid.number) not in text_of(page.get(url("bid", bid.number)))
    assert "error-summary" in text_of(page.post(url("bid-complete", bid.number), {"team": "x", "plan": "y"}), 422)


def test_the_result_shows_with_the_notice_and_not_before(page, enter, candidate, make_bid, challenge, office, second,
                                                         open_all, review):  # fmt: skip
    page.post(url("bid-new", challenge.code), filled())
    mine, other = Bid.objects.get(), make_bid()
    open_all()
    review({mine: ("90", "90"), other: ("80", "80")})
    domain.award_challenge(actor=office, challenge=challenge, decision="纪要3号")

    def shown():
        return [str(step.what) for step in enter(candidate.user).get(url("bid", mine.number)).context["steps"]]

    before = shown()
    publication = prepare_award(actor=office, challenge=challenge)
    review_list(actor=second, publication=publication)
    assert shown() == before
    release(actor=second, publication=publication)
    assert shown() != before


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_of_bids_costs_the_same_for_one_and_for_thirty(
    page, candidate, board_campaign, hospital, unit_hr, office, second, make_need, make_offer, count,
    django_assert_num_queries,
):  # fmt: skip
    for number in range(count):
        row = domain.describe_need(
            actor=unit_hr, campaign=board_campaign, unit=hospital, code=f"多{number}", need=make_need()
        )
        domain.confirm_need(actor=office, challenge=row)
        for officer in (office, second):
            domain.make_key_half(actor=officer, challenge=row)
        row = domain.publish_challenge(actor=office, challenge=row)
        domain.submit_bid(actor=candidate.user, challenge=row, candidate=candidate, offer=make_offer())
    page.get(url("bids"))
    with django_assert_num_queries(BID_LIST_QUERIES):
        shown = text_of(page.get(url("bids")))
    assert shown.count("高山茶保鲜") == count


BID_LIST_QUERIES = 4
