"""Each knob of an open challenge acts: two settings, two outcomes, in the words of the rule book (R86, R87)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.translation import override

from foundation.errors import Refused
from recruitment.challenges import domain
from recruitment.challenges.models import Bid, Challenge
from recruitment.challenges.scoring import preview_award
from recruitment.panels.domain import lock_panel
from rulebook.challenge import award, outcome_explanation, single_bid_accepted
from rulebook.explanation import RuleError
from tests.applicants import NOW
from tests.bidders import rules_with
from tests.panelists import give, judges, set_rules

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_chinese():
    with override("zh-hans"):
        yield


@pytest.fixture
def rules(board_campaign):
    """`rules(panel_min=3)` puts these knobs in force."""

    def act(**knobs):
        found = rules_with(**knobs)
        set_rules(board_campaign, found)
        return found.challenge

    return act


@pytest.fixture
def opened(make_bid, open_all, office):
    """`opened(2)` → so many bids, opened and formally accepted."""

    def act(count):
        bids = [make_bid() for _each in range(count)]
        open_all()
        for bid in bids:
            domain.accept_bid(actor=office, bid=bid)
        return bids

    return act


@pytest.mark.parametrize("days", [15, 30])
def test_the_board_is_open_for_the_days_of_the_rules(rules, need, halves, office, days):
    rules(window_days=days)
    domain.publish_challenge(actor=office, challenge=need)
    assert Challenge.objects.get().bids_close_at == NOW + timedelta(days=days)


@pytest.mark.parametrize(("least", "starts"), [(3, True), (4, False)])
def test_a_review_needs_the_experts_of_the_rules(rules, challenge, opened, office, staff, least, starts):
    rules(panel_min=least)
    opened(2)
    told = {"actor": office, "challenge": challenge, "experts": judges(staff, 3)}
    if starts:
        assert domain.start_review(**told).members.count() == 3
    else:
        with pytest.raises(Refused) as refusal:
            domain.start_review(**told)
        assert refusal.value.message.startswith(RuleError("challenge.panel", given=3, wanted=4).text("zh"))


@pytest.mark.parametrize(("trim_from", "score"), [(3, "80.00"), (4, "73.33")])
def test_extremes_are_dropped_from_so_many_experts_on(rules, challenge, opened, office, staff, trim_from, score):
    rules(trim_from_experts=trim_from)
    opened(2)
    experts = judges(staff, 3)
    panel = domain.start_review(actor=office, challenge=challenge, experts=experts)
    for subject in panel.subjects.all():
        for expert, mark in zip(experts, ("50", "80", "90"), strict=True):
            give(expert, subject, technical=mark, team=mark, terms=mark)
    lock_panel(actor=office, panel=panel)
    assert {row.score for row in preview_award(Challenge.objects.get()).standings} == {Decimal(score)}


@pytest.mark.parametrize(
    ("knobs", "bids", "reviewed"),
    [
        ({"single_bid": "fail"}, 1, False),
        ({"single_bid": "extend"}, 1, False),
        ({"single_bid": "accept_with_two_thirds"}, 1, True),
        ({"single_bid": "fail", "min_bids": 2}, 2, True),
        ({"single_bid": "fail", "min_bids": 3}, 2, False),
    ],
)
def test_so_few_bids_are_reviewed_or_not_as_the_rules_say(
    rules, challenge, opened, office, staff, client, knobs, bids, reviewed
):
    section = rules(**knobs)
    opened(bids)
    told = {"actor": office, "challenge": challenge, "experts": judges(staff, 2)}
    client.force_login(office)
    review = reverse("challenges-act", args=["榜1", "review"])
    sentence = outcome_explanation(bids, section).text("zh")
    assert (review in client.get(reverse("challenges-challenge", args=["榜1"])).content.decode()) is reviewed
    if reviewed:
        assert sentence in client.get(review).content.decode()
        assert domain.start_review(**told).subjects.count() == bids
    else:
        with pytest.raises(Refused) as refusal:
            domain.start_review(**told)
        assert refusal.value.message.startswith(sentence)


@pytest.mark.parametrize(("single", "extended"), [("extend", True), ("fail", False)])
def test_the_window_is_extended_only_where_the_rules_say_so(
    rules, challenge, make_bid, office, time_machine, client, single, extended
):
    section = rules(single_bid=single)
    make_bid()
    time_machine.move_to(challenge.bids_close_at, tick=False)
    client.force_login(office)
    page, sentence = reverse("challenges-act", args=["榜1", "extend"]), outcome_explanation(1, section).text("zh")
    if extended:
        assert sentence in client.get(page).content.decode()
        domain.extend_window(actor=office, challenge=challenge, reason="只有一份")
    else:
        assert client.get(page).status_code == 302
        with pytest.raises(Refused) as refusal:
            domain.extend_window(actor=office, challenge=challenge, reason="只有一份")
        assert refusal.value.message.startswith(sentence)


@pytest.mark.parametrize("tie", ["chair_vote", "second_defence"])
def test_a_tie_is_told_and_kept_in_the_words_of_its_rule(
    rules, challenge, make_bid, open_all, review, office, client, tie
):
    section = rules(tie=tie)
    bids = [make_bid(), make_bid()]
    open_all()
    review(dict.fromkeys(bids, ("80", "80")))
    sentence = award({bid.number: Decimal(80) for bid in bids}, section).explanation.text("zh")
    client.force_login(office)
    assert sentence in client.get(reverse("challenges-act", args=["榜1", "award"])).content.decode()
    domain.award_challenge(actor=office, challenge=challenge, decision="纪要", chosen=bids[0].number)
    assert sentence in Bid.objects.get(pk=bids[0].pk).explanation["zh"]


def test_the_votes_on_a_single_bid_are_kept_in_the_words_of_the_rule(
    rules, challenge, make_bid, open_all, review, office
):
    section = rules()
    bid = make_bid()
    open_all()
    review({bid: ("80", "84")})
    with pytest.raises(Refused) as refusal:
        domain.award_challenge(actor=office, challenge=challenge, decision="纪要", votes=1)
    assert refusal.value.message.startswith(single_bid_accepted(Decimal(82), 1, 2, section).explanation.text("zh"))
    domain.award_challenge(actor=office, challenge=challenge, decision="纪要", votes=2)
    kept = Bid.objects.get().explanation
    assert kept["zh"][-1] == single_bid_accepted(Decimal(82), 2, 2, section).explanation.text("zh")
    assert kept["en"][-1] == single_bid_accepted(Decimal(82), 2, 2, section).explanation.text("en")
