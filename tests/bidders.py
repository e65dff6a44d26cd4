"""A challenge on the board with the halves of its key, and leads who bid."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.enums import Role
from recruitment.challenges import domain
from recruitment.panels.domain import lock_panel
from rulebook.ruleset import profiles
from tests.applicants import NOW
from tests.panelists import give, judges, set_rules


def rules_with(**knobs):
    """The built-in rules of a challenge with two experts, and these knobs."""
    section = profiles.OPEN_CHALLENGE.challenge.model_copy(update={"panel_min": 2, **knobs})
    return profiles.OPEN_CHALLENGE.model_copy(update={"challenge": section})


RULES = rules_with()
CLOSE = NOW + timedelta(days=RULES.challenge.window_days)


@pytest.fixture
def office(staff):
    return staff(Role.TALENT_OFFICE, username="talent")


@pytest.fixture
def second(staff):
    return staff(Role.TALENT_OFFICE, username="talent2")


@pytest.fixture
def unit_hr(staff, hospital):
    return staff(Role.UNIT_HR, unit=hospital, username="unit_hr")


@pytest.fixture
def board_campaign(make_campaign):
    campaign = make_campaign(track="open_challenge")
    set_rules(campaign, RULES)
    return campaign


@pytest.fixture
def make_need():
    def make(**changes):
        values = {
            "title": "高山茶保鲜",
            "problem": "采后变色",
            "indicators": "七日变色率不高于5%",
            "budget": Decimal(300000),
            "ends_on": date(2027, 12, 31),
            "days_per_year": 60,
        }
        return domain.Need(**{**values, **changes})

    return make


@pytest.fixture
def need(board_campaign, hospital, unit_hr, make_need):
    """A need nobody has confirmed yet."""
    return domain.describe_need(actor=unit_hr, campaign=board_campaign, unit=hospital, code="榜1", need=make_need())


@pytest.fixture
def halves(need, office, second):
    """(officer, secret) of both halves; the need is confirmed with it."""
    domain.confirm_need(actor=office, challenge=need)
    return [(person, domain.make_key_half(actor=person, challenge=need)) for person in (office, second)]


@pytest.fixture
def challenge(need, halves, office):
    """On the board from NOW to CLOSE."""
    return domain.publish_challenge(actor=office, challenge=need)


@pytest.fixture
def make_offer():
    def make(plan="气调保鲜", quote="280000", **changes):
        values = {"home_unit": "南岭农业大学", "team": "教授一人，博士二人", "plan": plan, "quote": Decimal(quote)}
        return domain.Offer(**{**values, **changes})

    return make


@pytest.fixture
def make_bid(challenge, make_candidate, make_offer):
    def make(plan="气调保鲜", quote="280000", candidate=None, **changes):
        candidate = candidate or make_candidate()
        offer = make_offer(plan, quote, **changes)
        return domain.submit_bid(actor=candidate.user, challenge=challenge, candidate=candidate, offer=offer)

    return make


@pytest.fixture
def open_all(challenge, halves, office, time_machine):
    """Move the clock to the close, hand in both halves and open the bids."""

    def act():
        time_machine.move_to(CLOSE, tick=False)
        for person, secret in halves:
            domain.hand_in_key_half(actor=person, challenge=challenge, secret=secret)
        return domain.open_bids(actor=office, challenge=challenge)

    return act


@pytest.fixture
def review(office, staff, challenge):
    """Two experts give every bid the same marks on all criteria; `marks` maps bid → (expert 1, expert 2)."""

    def act(marks):
        for bid in marks:
            domain.accept_bid(actor=office, bid=bid)
        experts = judges(staff, 2)
        panel = domain.start_review(actor=office, challenge=challenge, experts=experts)
        for bid, pair in marks.items():
            subject = panel.subjects.get(bid=bid)
            for expert, mark in zip(experts, pair, strict=True):
                give(expert, subject, technical=mark, team=mark, terms=mark)
        return lock_panel(actor=office, panel=panel)

    return act
