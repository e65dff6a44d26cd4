"""A ranking counts every claim that was decided and none that was not, whatever happens at the same moment."""

import time
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError

from foundation.errors import Refused
from recruitment.candidates.domain import remove_document
from recruitment.examinations import domain
from recruitment.examinations.bonus import waiting_claims
from recruitment.examinations.models import BonusClaim, BonusReason, BonusState, WrittenResult
from tests.applicants import *  # noqa: F403 - a campaign, its positions, people
from tests.applicants import NOW, SHANGHAI
from tests.bonuses import *  # noqa: F403 - applicants who claim bonus
from tests.bonuses import GROUND, set_bonus
from tests.examiners import *  # noqa: F403 - the exam and its offices
from tests.examiners import sheet, ticket
from tests.races.threads import run_together

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 6
REJECTION = {"reason_code": BonusReason.NOT_PROVED, "reason": "证明没有盖章，请补盖章的证明。"}


@pytest.fixture
def marked(exam, claimant):
    """Marks of one person, locked: 66.67 without bonus."""
    exam.take(sheet(["准考证号", "职测", "综应"], [ticket(0), 100, 100]))
    exam.lock()
    return exam


@pytest.fixture
def claim(claimant):
    return claimant.claim()


def test_a_decision_during_a_ranking_makes_the_ranking_wait_for_it_and_its_list(exam, claimant, claim, marked):
    acts = (
        lambda: domain.accept_claim(actor=exam.office, claim=claim),
        lambda: domain.rank_written(actor=exam.clerk, campaign=exam.campaign),
    )
    decided, ranked = run_together(2, lambda number: acts[number]())
    assert isinstance(decided, BonusClaim)
    assert ranked.code in ("bonus_open", "bonus_list")
    assert WrittenResult.objects.count() == 0


def test_a_ranking_while_a_decision_is_taken_back_never_keeps_the_bonus_of_an_open_claim(exam, claim, marked):
    domain.accept_claim(actor=exam.office, claim=claim)
    exam.put_out(domain.prepare_bonus(actor=exam.clerk, campaign=exam.campaign))
    acts = (
        lambda: domain.reopen_claim(actor=exam.office, claim=claim, reason="证明存疑，重新审核"),
        lambda: domain.rank_written(actor=exam.clerk, campaign=exam.campaign),
    )
    reopened, ranked = run_together(2, lambda number: acts[number]())
    claim.refresh_from_db()
    if isinstance(ranked, Refused):
        assert (ranked.code, claim.state) == ("bonus_open", BonusState.OPEN)
    else:
        assert (reopened.code, claim.state, WrittenResult.objects.get().bonus) == ("ranked", BonusState.ACCEPTED, 6)


def test_looking_for_open_claims_without_a_lock_ranks_beside_one(exam, claim, marked):
    """The negative control: look, wait, believe what was seen; meanwhile the decision is taken back."""
    domain.accept_claim(actor=exam.office, claim=claim)
    counted = []

    def rank():
        nobody_waits = not waiting_claims(exam.campaign).exists()
        time.sleep(0.6)
        if nobody_waits:
            counted.append(BonusClaim.objects.get().state)

    def take_back():
        time.sleep(0.2)
        domain.reopen_claim(actor=exam.office, claim=claim, reason="证明存疑，重新审核")

    run_together(2, lambda number: (rank, take_back)[number]())
    assert counted == [BonusState.OPEN]


def test_of_many_who_decide_at_once_one_does(exam, claim):
    acts = (
        lambda: domain.accept_claim(actor=exam.office, claim=claim),
        lambda: domain.reject_claim(actor=exam.second, claim=claim, **REJECTION),
    )
    results = run_together(PEOPLE, lambda number: acts[number % 2]())
    claim.refresh_from_db()
    winners = {result.state for result in results if isinstance(result, BonusClaim)}
    assert winners == {claim.state}
    assert {result.code for result in results if isinstance(result, Refused)} == {"wrong_state"}


def test_a_claim_sent_many_times_at_once_is_one(claimant):
    results = run_together(PEOPLE, lambda _number: claimant.claim())
    assert {result.pk for result in results} == set(BonusClaim.objects.values_list("pk", flat=True))
    assert BonusClaim.objects.count() == 1


def test_looking_for_an_earlier_claim_without_a_lock_makes_several_but_for_the_constraint(claimant):
    """The negative control: only the unique key stops those who looked and saw none."""
    refused = []

    def claim(_number):
        if not BonusClaim.objects.filter(application=claimant.application, ground=GROUND).exists():
            time.sleep(0.3)
            try:
                BonusClaim.objects.create(application=claimant.application, ground=GROUND, document=claimant.proof)
            except IntegrityError as problem:
                refused.append(problem)

    run_together(PEOPLE, claim)
    assert BonusClaim.objects.count() == 1
    assert refused


@pytest.mark.parametrize("second", [0, 1])
def test_a_claim_at_the_last_second_and_a_ranking(exam, claimant, marked, campaign, time_machine, second):
    """In the last second of the deadline's day the claim is taken and the ranking waits; a second later neither."""
    set_bonus(campaign, deadline=date(2026, 3, 25))
    time_machine.move_to(datetime(2026, 3, 25, 23, 59, 59, tzinfo=SHANGHAI) + timedelta(seconds=second), tick=False)
    acts = (
        lambda: claimant.claim(),
        lambda: domain.rank_written(actor=exam.clerk, campaign=exam.campaign),
    )
    claimed, ranked = run_together(2, lambda number: acts[number]())
    if second:
        assert claimed.code == "closed"
        assert (ranked, WrittenResult.objects.get().bonus) == (1, 0)
    else:
        assert claimed.state == BonusState.OPEN
        assert ranked.code in ("bonus_window", "bonus_open")
        assert not WrittenResult.objects.exists()


def test_a_document_is_not_removed_while_a_claim_is_made_on_it(claimant):
    claimant.proof.added_at = NOW + timedelta(hours=1)
    claimant.proof.save()
    acts = (
        lambda: claimant.claim(),
        lambda: remove_document(actor=claimant.user, candidate=claimant.candidate, document=claimant.proof),
    )
    claimed, removed = run_together(2, lambda number: acts[number]())
    if isinstance(claimed, Refused):
        assert (claimed.code, removed) == ("not_your_document", None)
        assert not claimant.candidate.documents.exists()
    else:
        assert removed.code == "in_use"
        assert claimant.candidate.documents.get() == claimant.proof
