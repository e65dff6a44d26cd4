from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from campaigns.establishment.models import EstablishedPost
from foundation.errors import NotAllowed, Refused
from foundation.messages.models import Message
from recruitment.challenges import domain
from recruitment.challenges.lists import prepare_award
from recruitment.challenges.models import Bid, Challenge, Engagement
from recruitment.challenges.policies import may_read_bid
from recruitment.challenges.queries import bid_reading, told_bid_state
from recruitment.challenges.scoring import preview_award
from recruitment.publications.domain import release
from recruitment.publications.domain import review as review_list
from tests.applicants import NOW
from tests.bidders import CLOSE, rules_with
from tests.panelists import judges, set_rules

pytestmark = pytest.mark.django_db


def code_of(verb, **arguments):
    with pytest.raises(Refused) as refusal:
        verb(**arguments)
    return refusal.value.code


def agreement(**changes):
    values = {
        "number": "柔1号", "starts_on": date(2026, 6, 1), "ends_on": date(2027, 12, 31), "days_per_year": 60,
        "amount": Decimal(280000),
    }  # fmt: skip
    return {**values, **changes}


@pytest.fixture
def awarded(challenge, make_bid, open_all, review, office):
    """Two bids, 82 and 88.5; the second is awarded."""
    first, second_bid = make_bid(), make_bid()
    open_all()
    review({first: ("80", "84"), second_bid: ("90", "87")})
    return domain.award_challenge(actor=office, challenge=challenge, decision="纪要〔2026〕3号")


@pytest.fixture
def notice(awarded, challenge, office, second):
    publication = prepare_award(actor=office, challenge=challenge)
    review_list(actor=second, publication=publication)
    return release(actor=second, publication=publication)


def test_the_best_of_two_bids_is_awarded_and_engaged_without_any_post(awarded, notice, office, time_machine):
    assert set(Bid.objects.values_list("state", "score", "rank")) == {
        ("not_awarded", Decimal("82.000"), 2),
        ("awarded", Decimal("88.500"), 1),
    }
    time_machine.move_to(notice.notice_ends_at, tick=False)
    engagement = domain.sign_engagement(actor=office, bid=awarded, **agreement())
    domain.begin_engagement(actor=office, engagement=engagement)
    domain.accept_work(actor=office, engagement=engagement, document="验收1号")
    assert Engagement.objects.get().state == "accepted"
    assert not EstablishedPost.objects.exists()


def test_an_agreement_waits_for_the_notice_and_the_end_of_its_period(awarded, challenge, office, second, time_machine):
    assert code_of(domain.sign_engagement, actor=office, bid=awarded, **agreement()) == "no_notice"
    publication = prepare_award(actor=office, challenge=challenge)
    assert code_of(domain.sign_engagement, actor=office, bid=awarded, **agreement()) == "no_notice"
    review_list(actor=second, publication=publication)
    publication = release(actor=second, publication=publication)
    time_machine.move_to(publication.notice_ends_at - timedelta(seconds=1), tick=False)
    assert code_of(domain.sign_engagement, actor=office, bid=awarded, **agreement()) == "in_notice"
    time_machine.move_to(publication.notice_ends_at, tick=False)
    assert code_of(domain.sign_engagement, actor=office, bid=awarded, **agreement(amount=Decimal(300001))) == "amount"
    domain.sign_engagement(actor=office, bid=awarded, **agreement())


@pytest.mark.parametrize(
    ("shares", "amounts"),
    [(("0.4", "0.4", "0.2"), ("40000.01", "40000.01", "20000.01")), (("0.6", "0.4"), ("60000.01", "40000.02"))],
)
def test_the_agreed_sum_is_split_by_the_rules_to_the_cent(
    awarded, notice, office, time_machine, challenge, shares, amounts
):
    document = rules_with(milestones=tuple(map(Decimal, shares))).model_dump(mode="json")
    challenge.campaign.rule_sets.update(document=document)
    time_machine.move_to(notice.notice_ends_at, tick=False)
    signed = agreement(amount=Decimal("100000.03"))
    engagement = domain.sign_engagement(actor=office, bid=awarded, **signed)
    assert [str(row.amount) for row in engagement.milestones.all()] == list(amounts)


def test_the_notice_names_the_winner_only_and_stands_once(awarded, challenge, office):
    publication = prepare_award(actor=office, challenge=challenge)
    shown = {tuple(row[1:5]) for row in publication.rows}
    assert shown == {("林知微", "南岭农业大学", "88.50", "1"), ("—", "—", "82.00", "2")}
    challenge.refresh_from_db()
    assert challenge.notice == publication
    assert code_of(prepare_award, actor=office, challenge=challenge) == "duplicate"


def test_no_lead_learns_the_result_before_the_notice_is_out(awarded, challenge, office, second):
    def told():
        return {told_bid_state(bid) for bid in Bid.objects.select_related("challenge__notice")}

    assert told() == {"accepted"}
    publication = prepare_award(actor=office, challenge=challenge)
    review_list(actor=second, publication=publication)
    assert told() == {"accepted"}
    for bid in Bid.objects.select_related("candidate__user", "challenge"):
        with pytest.raises(Refused) as refusal:
            domain.withdraw_bid(actor=bid.candidate.user, bid=bid)
        assert refusal.value.message == "这份揭榜材料不能再撤回。未保存任何内容。"
    assert not Message.objects.filter(kind="bid.decided").exists()
    release(actor=second, publication=publication)
    assert told() == {"awarded", "not_awarded"}
    assert Message.objects.filter(kind="bid.decided").count() == 2


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


def test_a_second_bid_of_the_same_lead_gives_the_first_one_back(make_bid, make_candidate, open_all):
    candidate = make_candidate()
    first = make_bid(candidate=candidate)
    again = make_bid(candidate=candidate, plan="另一方案")
    assert (first.pk, Bid.objects.count()) == (again.pk, 1)
    open_all()
    assert Bid.objects.get().plan == "气调保鲜"


def test_a_replaced_bid_keeps_its_number_and_opens_as_the_last_one(make_bid, make_offer, open_all, time_machine):
    bid = make_bid()
    time_machine.move_to(CLOSE - timedelta(seconds=1), tick=False)
    replaced = domain.replace_bid(actor=bid.candidate.user, bid=bid, offer=make_offer("新方案", "270000"))
    assert (replaced.number, replaced.digest == bid.digest) == (bid.number, False)
    open_all()
    assert Bid.objects.values_list("plan", "quote").get() == ("新方案", "270000")


def test_from_the_close_on_nothing_is_replaced_and_nobody_replaces_for_another(
    make_bid, make_offer, office, make_candidate, time_machine
):
    bid = make_bid()
    for person in (office, make_candidate().user):
        with pytest.raises(NotAllowed):
            domain.replace_bid(actor=person, bid=bid, offer=make_offer("x"))
    time_machine.move_to(CLOSE, tick=False)
    assert code_of(domain.replace_bid, actor=bid.candidate.user, bid=bid, offer=make_offer("x")) == "not_open"
    assert Bid.objects.get().digest == bid.digest


def test_a_bid_taken_back_is_thrown_away_and_a_new_one_may_follow(make_bid, make_candidate, open_all):
    candidate = make_candidate()
    first = make_bid(candidate=candidate)
    domain.withdraw_bid(actor=candidate.user, bid=first)
    make_bid(candidate=candidate, plan="第二次")
    open_all()
    assert set(Bid.objects.values_list("state", "sealed", "plan").filter(pk=first.pk)) == {("withdrawn", "", "")}
    assert Bid.objects.exclude(pk=first.pk).get().plan == "第二次"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"quote": "0"}, "quote"),
        ({"quote": "-1"}, "quote"),
        ({"quote": "300000.01"}, "quote"),
        ({"plan": " "}, "plan"),
        ({"home_unit": " "}, "home_unit"),
        ({"declared": ["own_work"]}, "declarations"),
    ],
)
def test_what_is_wrong_with_a_bid_is_said_and_nothing_is_kept(make_bid, changes, code):
    with pytest.raises(Refused) as refusal:
        make_bid(**changes)
    assert refusal.value.code == code
    assert not Bid.objects.exists()


def test_a_lead_without_identity_in_the_profile_cannot_bid(make_bid, make_candidate):
    candidate = make_candidate()
    candidate.id_number = ""
    with pytest.raises(Refused) as refusal:
        make_bid(candidate=candidate)
    assert refusal.value.code == "profile"


def test_experts_read_plan_team_and_quote_but_neither_name_nor_home_unit(make_bid, open_all, review):
    bid, other = make_bid(), make_bid()
    open_all()
    panel = review({bid: ("80", "80"), other: ("90", "90")})
    texts = [text for _label, text in bid_reading(panel.subjects.get(bid=bid))]
    assert texts == ["采后变色", "七日变色率不高于5%", "300,000", "气调保鲜", "教授一人，博士二人", "280000"]


def test_below_the_threshold_nobody_wins_and_the_board_may_be_failed(challenge, make_bid, office, open_all, review):
    bids = [make_bid(), make_bid()]
    open_all()
    review(dict.fromkeys(bids, ("74", "75")))
    assert code_of(domain.award_challenge, actor=office, challenge=challenge, decision="纪要") == "no_winner"
    assert Challenge.objects.get().state == "under_review"
    domain.fail_challenge(actor=office, challenge=challenge, reason="未达合格线")
    assert (Challenge.objects.get().state, {bid.state for bid in Bid.objects.all()}) == ("failed", {"not_awarded"})


def test_a_tie_is_decided_by_people_and_only_among_the_tied(challenge, make_bid, office, open_all, review):
    low, *tied = [make_bid(), make_bid(), make_bid()]
    open_all()
    review({low: ("76", "76"), **dict.fromkeys(tied, ("80", "80"))})
    arguments = {"actor": office, "challenge": challenge, "decision": "纪要"}
    assert code_of(domain.award_challenge, **arguments) == "no_winner"
    assert code_of(domain.award_challenge, **arguments, chosen=low.number) == "no_winner"
    assert set(Bid.objects.values_list("state", flat=True)) == {"accepted"}
    winner = domain.award_challenge(**arguments, chosen=tied[1].number)
    assert winner.pk == tied[1].pk
    assert AuditEntry.objects.get(action="challenges.award").after["tied"] == ", ".join(
        sorted(bid.number for bid in tied)
    )


def test_a_single_bid_needs_the_votes_of_two_thirds_of_the_panel(challenge, make_bid, office, open_all, review):
    bid = make_bid()
    open_all()
    review({bid: ("80", "84")})
    arguments = {"actor": office, "challenge": challenge, "decision": "纪要"}
    assert preview_award(Challenge.objects.get()).votes_needed == 2
    for votes in (None, -1, 1, 3):
        assert code_of(domain.award_challenge, **arguments, votes=votes) == "votes"
    assert domain.award_challenge(**arguments, votes=2).pk == bid.pk


def test_no_review_starts_while_bids_are_sealed_or_unchecked(challenge, make_bid, office, staff, open_all):
    make_bid(), make_bid()
    experts = judges(staff, 2)
    assert code_of(domain.start_review, actor=office, challenge=challenge, experts=experts) == "sealed"
    open_all()
    assert code_of(domain.start_review, actor=office, challenge=challenge, experts=experts) == "unchecked"
    assert code_of(domain.start_review, actor=office, challenge=challenge, experts=experts[:1]) == "too_few_judges"


def test_a_bid_is_returned_once_and_completed_by_its_lead_in_time(make_bid, office, open_all, time_machine):
    bid = make_bid()
    open_all()
    due = timezone.now() + timedelta(days=3)
    domain.return_bid(actor=office, bid=bid, reason="缺单位同意书", complete_by=due)
    bid.refresh_from_db()
    with pytest.raises(NotAllowed):
        domain.complete_bid(actor=office, bid=bid, team="x", plan="y")
    time_machine.move_to(due - timedelta(seconds=1), tick=False)
    consent = domain.Upload(b"%PDF-1.4\n%%EOF", "同意书.pdf")
    domain.complete_bid(actor=bid.candidate.user, bid=bid, team="三人", plan="补充方案", consent=consent)
    bid.refresh_from_db()
    assert (bid.state, bid.plan, bid.quote, bid.consent.name) == ("submitted", "补充方案", "280000", "同意书.pdf")
    assert code_of(domain.return_bid, actor=office, bid=bid, reason="再补", complete_by=due + timedelta(1)) == (
        "returned_before"
    )


def test_a_bid_not_completed_in_time_can_only_be_refused(make_bid, office, open_all, time_machine):
    bid = make_bid()
    open_all()
    due = timezone.now() + timedelta(days=3)
    domain.return_bid(actor=office, bid=bid, reason="缺单位同意书", complete_by=due)
    assert code_of(domain.refuse_bid, actor=office, bid=bid, reason="未补") == "wrong_state"
    time_machine.move_to(due, tick=False)
    bid.refresh_from_db()
    assert code_of(domain.complete_bid, actor=bid.candidate.user, bid=bid, team="", plan="y") == "too_late"
    domain.refuse_bid(actor=office, bid=bid, reason="逾期未补")
    assert Bid.objects.values_list("state", "reason").get() == ("refused", "逾期未补")


def test_the_consent_opens_for_its_lead_and_after_the_opening_for_those_who_read_bids(
    challenge, make_candidate, make_offer, office, unit_hr, open_all
):
    from foundation.files.policies import may_open

    candidate = make_candidate()
    bid = domain.submit_bid(
        actor=candidate.user, challenge=challenge, candidate=candidate, offer=make_offer(),
        consent=domain.Upload(b"%PDF-1.4\n%%EOF", "同意书.pdf"),
    )  # fmt: skip
    people = (candidate.user, make_candidate().user, office, unit_hr)
    assert [may_open(person, bid.consent) for person in people] == [True, False, False, False]
    open_all()
    assert [may_open(person, bid.consent) for person in people] == [True, False, True, False]


def test_a_need_is_confirmed_by_another_person_and_published_after_its_campaign(
    make_campaign, hospital, office, second, make_need
):
    campaign = make_campaign(code="C9", track="open_challenge", published_at=None)
    need = domain.describe_need(actor=office, campaign=campaign, unit=hospital, code="榜9", need=make_need())
    with pytest.raises(NotAllowed):
        domain.confirm_need(actor=office, challenge=need)
    assert code_of(domain.publish_challenge, actor=office, challenge=need) == "not_published"
    assert Challenge.objects.get(pk=need.pk).state == "draft"
    domain.confirm_need(actor=second, challenge=need)
    assert code_of(domain.change_need, actor=office, challenge=need, need=make_need(title="改")) == "wrong_state"


@pytest.mark.parametrize(
    ("changes", "code", "refused"),
    [({"indicators": " "}, "榜2", "indicators"), ({"budget": 0}, "榜2", "budget"), ({}, "榜/2", "code")],
)
def test_a_need_that_cannot_be_measured_paid_or_numbered_is_refused(
    board_campaign, hospital, office, make_need, changes, code, refused
):
    arguments = {"actor": office, "campaign": board_campaign, "unit": hospital, "code": code}
    assert code_of(domain.describe_need, **arguments, need=make_need(**changes)) == refused
    assert not Challenge.objects.exists()


def test_a_draft_is_corrected_by_its_unit_and_not_by_another(need, unit_hr, staff, make_unit, make_need):
    from accounts.enums import Role

    stranger = staff(Role.UNIT_HR, unit=make_unit("X9"))
    with pytest.raises(NotAllowed):
        domain.change_need(actor=stranger, challenge=need, need=make_need(title="改"))
    domain.change_need(actor=unit_hr, challenge=need, need=make_need(title="改"))
    assert Challenge.objects.get().title == "改"
    assert AuditEntry.objects.get(action="challenges.change_need").after == {"title": "改"}


def test_too_few_bids_extend_the_window_where_the_rules_say_so(challenge, make_bid, office, time_machine):
    bid = make_bid()
    arguments = {"actor": office, "challenge": challenge, "reason": "只有一份"}
    assert code_of(domain.extend_window, **arguments) == "not_closed"
    time_machine.move_to(CLOSE, tick=False)
    assert code_of(domain.extend_window, **arguments) == "no_extension"
    set_rules(challenge.campaign, rules_with(single_bid="extend", min_bids=2))
    assert code_of(domain.extend_window, **{**arguments, "reason": " "}) == "reason_required"
    domain.extend_window(**arguments)
    challenge.refresh_from_db()
    assert challenge.bids_close_at == CLOSE + timedelta(days=20)
    assert Bid.objects.get().digest == bid.digest
    make_bid()
    time_machine.move_to(challenge.bids_close_at, tick=False)
    assert code_of(domain.extend_window, **arguments) == "no_extension"


def test_only_the_talent_office_and_auditors_read_an_opened_bid(make_bid, office, unit_hr, open_all, make_candidate):
    bid = make_bid()
    people = (office, unit_hr, bid.candidate.user, make_candidate().user)
    assert [bool(may_read_bid(person, bid)) for person in people] == [False] * 4
    open_all()
    bid.refresh_from_db()
    assert [bool(may_read_bid(person, bid)) for person in people] == [True, False, True, False]
