from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.enums import Role
from campaigns.establishment.models import EstablishedPost
from foundation.errors import NotAllowed, Refused
from recruitment.challenges import domain
from recruitment.challenges.models import Bid, Challenge, Engagement
from recruitment.challenges.policies import may_read_bid
from recruitment.panels.domain import lock_panel
from rulebook.ruleset import profiles
from tests.applicants import NOW
from tests.panelists import give, judges, set_rules

pytestmark = pytest.mark.django_db

RULES = profiles.OPEN_CHALLENGE.model_copy(
    update={"challenge": profiles.OPEN_CHALLENGE.challenge.model_copy(update={"panel_min": 2})}
)
CLOSE = NOW + timedelta(days=RULES.challenge.window_days)


@pytest.fixture
def office(staff):
    return staff(Role.TALENT_OFFICE, username="talent")


@pytest.fixture
def unit_hr(staff, hospital):
    return staff(Role.UNIT_HR, unit=hospital, username="unit_hr")


@pytest.fixture
def challenge(make_campaign, hospital, unit_hr, office):
    campaign = make_campaign(track="open_challenge")
    set_rules(campaign, RULES)
    challenge = domain.describe_need(
        actor=unit_hr,
        campaign=campaign,
        unit=hospital,
        code="榜1",
        title="高山茶保鲜",
        problem="采后变色",
        indicators="七日变色率不高于5%",
        budget=Decimal(300000),
        ends_on=date(2027, 12, 31),
        days_per_year=60,
    )
    domain.confirm_need(actor=office, challenge=challenge)
    domain.publish_challenge(actor=office, challenge=challenge)
    return challenge


@pytest.fixture
def make_bid(challenge, make_candidate):
    def make(plan="气调保鲜", quote="280000", **changes):
        candidate = changes.pop("candidate", None) or make_candidate()
        return domain.submit_bid(
            actor=candidate.user,
            challenge=challenge,
            candidate=candidate,
            home_unit="南岭农业大学",
            team="三人",
            plan=plan,
            quote=Decimal(quote),
        )

    return make


def review(office, challenge, staff, marks):
    """Two experts give every bid the same marks on all criteria; `marks` maps bid → (expert 1, expert 2)."""
    for bid in marks:
        domain.accept_bid(actor=office, bid=bid)
    experts = judges(staff, 2)
    panel = domain.start_review(actor=office, challenge=challenge, experts=experts)
    for bid, pair in marks.items():
        subject = panel.subjects.get(bid=bid)
        for expert, mark in zip(experts, pair, strict=True):
            give(expert, subject, technical=mark, team=mark, terms=mark)
    lock_panel(actor=office, panel=panel)


def test_the_best_of_two_bids_is_awarded_and_engaged_without_any_post(challenge, make_bid, office, staff, time_machine):
    first, second = make_bid(), make_bid()
    time_machine.move_to(CLOSE, tick=False)
    review(office, challenge, staff, {first: ("80", "84"), second: ("90", "87")})
    winner = domain.award_challenge(actor=office, challenge=challenge, decision="纪要〔2026〕3号")
    assert winner.pk == second.pk
    assert set(Bid.objects.values_list("pk", "state", "score", "rank")) == {
        (first.pk, "not_awarded", Decimal("82.000"), 2),
        (second.pk, "awarded", Decimal("88.500"), 1),
    }
    domain.sign_engagement(
        actor=office,
        bid=winner,
        number="柔1号",
        starts_on=date(2026, 6, 1),
        ends_on=date(2027, 12, 31),
        days_per_year=60,
        amount=Decimal(280000),
    )
    assert Engagement.objects.get().bid_id == second.pk
    assert not EstablishedPost.objects.exists()


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [(NOW, True), (CLOSE - timedelta(seconds=1), True), (CLOSE, False), (NOW - timedelta(seconds=1), False)],
)
def test_bids_are_taken_from_the_first_to_before_the_last_moment(make_bid, challenge, time_machine, moment, is_open):
    time_machine.move_to(moment, tick=False)
    if is_open:
        make_bid()
    else:
        with pytest.raises(Refused) as refusal:
            make_bid()
        assert refusal.value.code == "not_open"
    assert Bid.objects.count() == int(is_open)


def test_a_second_bid_of_the_same_lead_gives_the_first_one_back(make_bid, make_candidate):
    candidate = make_candidate()
    first = make_bid(candidate=candidate)
    again = make_bid(candidate=candidate, plan="另一方案")
    assert (first.pk, Bid.objects.count(), Bid.objects.get().plan) == (again.pk, 1, "气调保鲜")


def test_bids_are_sealed_for_everyone_but_their_lead_until_the_window_closes(make_bid, office, challenge, time_machine):
    bid = make_bid()
    assert not may_read_bid(office, bid)
    assert may_read_bid(bid.candidate.user, bid)
    with pytest.raises(NotAllowed):
        domain.accept_bid(actor=office, bid=bid)
    time_machine.move_to(CLOSE, tick=False)
    assert may_read_bid(office, bid)
    domain.accept_bid(actor=office, bid=bid)


def test_plan_and_quote_are_ciphertext_in_the_database(make_bid):
    make_bid()
    (raw,) = Bid.objects.extra(select={"p": "plan", "q": "quote"}).values_list("p", "q")
    assert "气调保鲜" not in raw[0]
    assert "280000" not in raw[1]


@pytest.mark.parametrize("quote", ["0", "-1", "300000.01"])
def test_a_quote_outside_the_amount_of_the_board_is_refused(make_bid, quote):
    with pytest.raises(Refused) as refusal:
        make_bid(quote=quote)
    assert refusal.value.code == "quote"
    assert not Bid.objects.exists()


def test_below_the_threshold_nobody_wins_and_the_board_may_be_failed(challenge, make_bid, office, staff, time_machine):
    bids = [make_bid(), make_bid()]
    time_machine.move_to(CLOSE, tick=False)
    review(office, challenge, staff, dict.fromkeys(bids, ("74", "75")))
    with pytest.raises(Refused) as refusal:
        domain.award_challenge(actor=office, challenge=challenge, decision="纪要")
    assert refusal.value.code == "no_winner"
    assert Challenge.objects.get().state == "under_review"
    domain.fail_challenge(actor=office, challenge=challenge, reason="未达合格线")
    assert (Challenge.objects.get().state, {bid.state for bid in Bid.objects.all()}) == ("failed", {"not_awarded"})


def test_a_tie_for_the_first_place_is_not_decided_by_the_machine(challenge, make_bid, office, staff, time_machine):
    bids = [make_bid(), make_bid()]
    time_machine.move_to(CLOSE, tick=False)
    review(office, challenge, staff, dict.fromkeys(bids, ("80", "80")))
    with pytest.raises(Refused):
        domain.award_challenge(actor=office, challenge=challenge, decision="纪要")
    assert set(Bid.objects.values_list("state", flat=True)) == {"accepted"}


def test_no_review_starts_while_a_bid_is_unchecked(challenge, make_bid, office, staff, time_machine):
    make_bid(), make_bid()
    time_machine.move_to(CLOSE, tick=False)
    with pytest.raises(Refused) as refusal:
        domain.start_review(actor=office, challenge=challenge, experts=judges(staff, 2))
    assert refusal.value.code == "unchecked"


def test_a_bid_is_returned_once_and_completed_by_its_lead(challenge, make_bid, office, time_machine):
    bid = make_bid()
    time_machine.move_to(CLOSE, tick=False)
    domain.return_bid(actor=office, bid=bid, reason="缺单位同意书")
    with pytest.raises(NotAllowed):
        domain.complete_bid(actor=office, bid=bid, team="x", plan="y")
    domain.complete_bid(actor=bid.candidate.user, bid=bid, team="三人", plan="补充方案")
    bid.refresh_from_db()
    assert (bid.state, bid.plan) == ("submitted", "补充方案")
    with pytest.raises(Refused):
        domain.return_bid(actor=office, bid=bid, reason="再补")


def test_a_need_is_confirmed_by_another_person_and_published_after_its_campaign(make_campaign, hospital, office):
    campaign = make_campaign(code="C9", track="open_challenge", published_at=None)
    need = domain.describe_need(
        actor=office, campaign=campaign, unit=hospital, code="榜9", title="题", problem="问", indicators="指标",
        budget=Decimal(1000), ends_on=date(2027, 1, 1),
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        domain.confirm_need(actor=office, challenge=need)
    with pytest.raises(Refused):
        domain.publish_challenge(actor=office, challenge=need)
    assert Challenge.objects.get(pk=need.pk).state == "draft"


def test_a_need_without_measurable_indicators_is_refused(make_campaign, hospital, office):
    with pytest.raises(Refused):
        domain.describe_need(
            actor=office, campaign=make_campaign(track="open_challenge"), unit=hospital, code="榜2", title="题",
            problem="问", indicators=" ", budget=Decimal(1000), ends_on=date(2027, 1, 1),
        )  # fmt: skip
    assert not Challenge.objects.exists()
