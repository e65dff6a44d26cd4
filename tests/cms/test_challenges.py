"""The public board of open challenges."""

from datetime import timedelta

import pytest
from django.urls import reverse

from campaigns.planning.models import Announcement
from cms.domain import show_campaign
from cms.models import AnnouncementPage
from recruitment.challenges import domain
from recruitment.challenges.lists import prepare_award
from recruitment.publications.domain import release
from recruitment.publications.domain import review as review_list
from tests.bidders import *  # noqa: F403
from tests.bidders import CLOSE

pytestmark = pytest.mark.django_db

BOARD = "/challenges/"


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def test_a_challenge_on_the_board_shows_problem_indicators_amount_window_and_how_to_bid(client, challenge):
    assert "高山茶保鲜" in text_of(client.get(BOARD))
    page = text_of(client.get(reverse("challenge", args=[challenge.code])))
    for words in ("采后变色", "七日变色率不高于5%", "300,000", "data-countdown", 'class="timeline'):
        assert words in page
    assert reverse("portal:bid-new", args=[challenge.code]) in page


def test_a_need_that_is_not_on_the_board_shows_nowhere(client, need):
    assert "高山茶保鲜" not in text_of(client.get(BOARD))
    assert client.get(reverse("challenge", args=[need.code])).status_code == 404
    assert "高山茶保鲜" not in text_of(client.get("/search/?q=高山茶"))


@pytest.mark.parametrize(("moment", "is_open"), [(CLOSE - timedelta(seconds=1), True), (CLOSE, False)])
def test_the_way_to_bid_is_offered_up_to_the_close(client, challenge, time_machine, moment, is_open):
    time_machine.move_to(moment, tick=False)
    page = text_of(client.get(reverse("challenge", args=[challenge.code])))
    assert (reverse("portal:bid-new", args=[challenge.code]) in page) is is_open
    assert ("高山茶保鲜" in text_of(client.get(f"{BOARD}?open=1"))) is is_open


@pytest.mark.parametrize(
    ("query", "found"), [("高山 县人民医院", True), ("变色率", True), ("榜1", True), ("地质", False)]
)
def test_the_board_is_searched_by_its_words(client, challenge, query, found):
    assert ("高山茶保鲜" in text_of(client.get(BOARD, {"q": query}))) is found
    assert ("高山茶保鲜" in text_of(client.get("/search/", {"q": query}))) is found


def test_the_announcement_of_an_open_challenge_lists_its_board(client, challenge):
    campaign = challenge.campaign
    Announcement.objects.create(
        campaign=campaign, rule_set=campaign.rule_sets.first(), title="揭榜挂帅公告", body="一、榜单见下。",
        state="published", drafted_by=campaign.created_by,
    )  # fmt: skip
    show_campaign(campaign)
    page = text_of(client.get(AnnouncementPage.objects.get().url))
    assert "高山茶保鲜" in page
    assert reverse("challenge", args=[challenge.code]) in page


def test_the_front_page_counts_challenges_and_names_the_close_of_bids(client, challenge):
    front = client.get("/").context["front"]
    track = next(item for item in front.tracks if item.track == "open_challenge")
    assert (track.challenges, track.positions, track.closes_at) == (1, 0, CLOSE)


def test_a_failed_board_says_so_with_its_reason(client, challenge, office):
    domain.fail_challenge(actor=office, challenge=challenge, reason="密钥遗失，重新发榜")
    assert "密钥遗失，重新发榜" in text_of(client.get(reverse("challenge", args=[challenge.code])))


def test_the_award_shows_with_its_notice_and_not_before(client, challenge, make_bid, open_all, review, office, second):
    first, other = make_bid(), make_bid()
    open_all()
    review({first: ("90", "90"), other: ("80", "80")})
    domain.award_challenge(actor=office, challenge=challenge, decision="纪要〔2026〕3号")
    address = reverse("challenge", args=[challenge.code])

    def told():
        return str(client.get(address).context["state"]), [str(s.what) for s in client.get(address).context["steps"]]

    before = told()
    assert "纪要" not in text_of(client.get(address))
    publication = prepare_award(actor=office, challenge=challenge)
    review_list(actor=second, publication=publication)
    assert told() == before
    release(actor=second, publication=publication)
    assert told() != before
    assert reverse("notice", args=[publication.pk]) in text_of(client.get(address))
    assert first.candidate.name in text_of(client.get(reverse("notice", args=[publication.pk])))


@pytest.mark.parametrize("count", [1, 30])
def test_the_board_costs_the_same_for_one_and_for_thirty(
    client, board_campaign, hospital, unit_hr, office, second, make_need, count, django_assert_num_queries
):
    for number in range(count):
        row = domain.describe_need(
            actor=unit_hr, campaign=board_campaign, unit=hospital, code=f"多{number}", need=make_need()
        )
        domain.confirm_need(actor=office, challenge=row)
        for officer in (office, second):
            domain.make_key_half(actor=officer, challenge=row)
        domain.publish_challenge(actor=office, challenge=row)
    client.get(BOARD)
    with django_assert_num_queries(BOARD_QUERIES):
        assert text_of(client.get(BOARD)).count("高山茶保鲜") == min(count, 20)


BOARD_QUERIES = 3
