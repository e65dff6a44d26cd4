"""One bid per lead and board, and no bid after the opening. Runs on whichever database the session uses."""

import time
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEntry, User
from campaigns.planning.models import Campaign, Programme
from foundation.errors import Refused
from recruitment.candidates.models import Candidate
from recruitment.challenges import domain
from recruitment.challenges.models import Bid, Challenge, KeyHalf
from tests.races.threads import run_together

pytestmark = pytest.mark.django_db(transaction=True)

TOGETHER = 6


def offer(plan="方案"):
    return domain.Offer("南岭农业大学", "三人", plan, Decimal(1000))


@pytest.fixture
def board(staff, county, make_unit):
    """A challenge that takes bids, its two officers with their halves, and someone who may bid."""
    office, second = (staff(Role.TALENT_OFFICE, unit=county, username=name) for name in ("office", "second"))
    programme = Programme.objects.create(
        code="P1", name="计划", unit=county, target_people=1, starts_on=date(2026, 1, 1), ends_on=date(2036, 12, 31)
    )
    campaign = Campaign.objects.create(
        programme=programme, code="C1", name="揭榜", track="open_challenge", unit=county, batch_group="C1",
        state="published", published_at=timezone.now(), created_by=office,
    )  # fmt: skip
    need = domain.Need("题", "问", "指标", Decimal(1000), date(2036, 1, 1))
    row = domain.describe_need(actor=office, campaign=campaign, unit=make_unit("H1"), code="榜1", need=need)
    domain.confirm_need(actor=second, challenge=row)
    halves = [(person, domain.make_key_half(actor=person, challenge=row)) for person in (office, second)]
    row = domain.publish_challenge(actor=office, challenge=row)
    return row, halves


@pytest.fixture
def leads(db):
    found = []
    for number in range(TOGETHER):
        user = User.objects.create(username=f"lead{number}", kind="candidate")
        found.append(Candidate.objects.create(user=user, name=f"人{number}", id_number="99999919980415001X"))
    return found


def test_many_clicks_of_one_lead_make_one_bid(board, leads):
    row, _halves = board
    lead = leads[0]
    results = run_together(
        TOGETHER, lambda n: domain.submit_bid(actor=lead.user, challenge=row, candidate=lead, offer=offer(f"方案{n}"))
    )
    assert {result.pk for result in results} == {Bid.objects.get().pk}
    assert AuditEntry.objects.filter(action="challenges.submit_bid").count() == 1


def test_bids_at_the_closing_second_are_all_opened_or_refused_and_none_comes_after(board, leads):
    """Bids and the opening race for the board; whatever was taken is opened with the rest."""
    row, halves = board
    Challenge.objects.filter(pk=row.pk).update(bids_close_at=timezone.now() + timedelta(seconds=1))
    row.refresh_from_db()
    domain.submit_bid(actor=leads[0].user, challenge=row, candidate=leads[0], offer=offer())

    def act(number):
        if number:
            time.sleep(max(0.0, (row.bids_close_at - timezone.now()).total_seconds() - 0.05 + number * 0.02))
            return domain.submit_bid(actor=leads[number].user, challenge=row, candidate=leads[number], offer=offer())
        time.sleep(max(0.0, (row.bids_close_at - timezone.now()).total_seconds()) + 0.01)
        for person, secret in halves:
            domain.hand_in_key_half(actor=person, challenge=row, secret=secret)
        return domain.open_bids(actor=halves[0][0], challenge=row)

    results = run_together(TOGETHER, act)
    assert isinstance(results[0], Challenge)
    taken = [result for result in results[1:] if isinstance(result, Bid)]
    late = [result.code for result in results[1:] if isinstance(result, Refused)]
    assert late == ["not_open"] * (TOGETHER - 1 - len(taken))
    assert Bid.objects.count() == 1 + len(taken)
    assert set(Bid.objects.values_list("plan", flat=True)) == {"方案"}


def test_many_openings_open_once(board, leads):
    row, halves = board
    for lead in leads[:2]:
        domain.submit_bid(actor=lead.user, challenge=row, candidate=lead, offer=offer())
    Challenge.objects.filter(pk=row.pk).update(
        bids_open_at=timezone.now() - timedelta(days=2), bids_close_at=timezone.now() - timedelta(days=1)
    )
    for person, secret in halves:
        domain.hand_in_key_half(actor=person, challenge=row, secret=secret)
    results = run_together(TOGETHER, lambda n: domain.open_bids(actor=halves[n % 2][0], challenge=row))
    assert all(isinstance(result, Challenge) for result in results)
    assert AuditEntry.objects.filter(action="challenges.open_bids").count() == 1
    assert set(Bid.objects.values_list("plan", flat=True)) == {"方案"}


def test_many_officers_making_halves_get_two_places(board, staff, county):
    row, _halves = board
    KeyHalf.objects.all().delete()
    Challenge.objects.filter(pk=row.pk).update(state="confirmed")
    officers = [staff(Role.TALENT_OFFICE, unit=county, username=f"officer{n}") for n in range(TOGETHER)]
    results = run_together(TOGETHER, lambda n: domain.make_key_half(actor=officers[n], challenge=row))
    assert sorted(KeyHalf.objects.values_list("place", flat=True)) == [1, 2]
    assert sum(isinstance(result, str) for result in results) == 2
    assert {result.code for result in results if isinstance(result, Refused)} == {"two_holders"}


def test_without_the_lock_the_same_race_for_a_place_is_lost(board, staff, county):
    """The negative control: look, wait, write. If this ever gives the place once, the tests above prove nothing."""
    row, _halves = board
    KeyHalf.objects.all().delete()

    def take(number):
        if KeyHalf.objects.filter(challenge=row, place=1).exists():
            return None
        time.sleep(0.3)
        return number

    assert sum(result is not None for result in run_together(TOGETHER, take)) > 1
