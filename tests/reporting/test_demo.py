"""The demo county is the same for the same seed, though draw numbers and registration numbers are real chance."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import Unit
from campaigns.establishment.models import EstablishedPost, PlannedExit, Reconciliation
from campaigns.establishment.queries import balances
from campaigns.events.models import EventRegistration
from recruitment.challenges.models import Bid
from recruitment.demo import tracks
from recruitment.demo.ledger import PROMISES
from recruitment.demo.story import Scale, Story
from recruitment.demo.words import CIVIL_POSTS, OWN_POSTS
from recruitment.examinations.models import BonusClaim, TotalResult, WrittenResult
from recruitment.panels.domain import submit_sheet
from recruitment.panels.models import Panel
from recruitment.reporting.slot_checks import check_slots
from recruitment.selection.models import SelectionResult

TINY = Scale(first_exam=2, first_selection=6, second_exam=1, third_exam=1, second_selection=2, online=3, visitors=2)

pytestmark = pytest.mark.django_db


def _played(seed):
    """Who got which mark and place, who won the challenge, who came to which event."""
    point = transaction.savepoint()
    Story(TINY, seed=seed).play("hired")
    facts = {
        "selection": sorted(
            SelectionResult.objects.values_list("application__candidate__name", "total", "rank", "is_selected")
        ),
        "exams": sorted(TotalResult.objects.values_list("application__position__code", "value", "rank", "is_proposed")),
        "award": list(Bid.objects.filter(state="awarded").values_list("candidate__name", "score")),
        "events": sorted(
            (code, name, came is not None)
            for code, name, came in EventRegistration.objects.values_list("event__code", "name", "checked_in_at")
        ),
    }
    transaction.savepoint_rollback(point)
    return facts


def test_a_seed_gives_the_same_county_each_time_and_another_seed_another_one():
    first = _played(7)
    assert all(first.values())
    assert _played(7) == first
    assert _played(8) != first


def test_the_demo_ledger_has_its_own_posts_promises_exits_and_a_comparison_half_decided():
    Story(TINY, seed=7).play("hired")
    units = {unit.pk: unit.code for unit in Unit.objects.all()}
    found = {units[pk]: balance for pk, balance in balances().items() if pk}
    own = EstablishedPost.objects.filter(envelope=None, slot_type="institution")
    for code, (authorised, on_board) in OWN_POSTS.items():
        entered = 1 if code == "OTH01" else 0  # the person of the row that was followed
        assert own.filter(unit__code=code).count() == authorised
        assert own.filter(unit__code=code, state="used").count() == on_board + entered, code
    assert {code: found[code].committed for code, _channel, _count in PROMISES} == {"HEA01": 3, "EDU01": 2, "AGR01": 1}
    assert sum(balance.planned_exits for balance in found.values()) == 4
    assert not PlannedExit.objects.filter(expected_on__lte=timezone.localdate()).exists()
    civil = balances(slot_type="civil_service")
    assert {units[pk]: (b.authorised, b.on_board) for pk, b in civil.items() if pk} == CIVIL_POSTS
    newest, *closed = Reconciliation.objects.all()
    assert newest.closed_at is None
    assert all(row.closed_at for row in closed)
    decisions = newest.rows.exclude(kind="match").order_by("kind", "ledger_number").values_list("kind", "decision")
    assert list(decisions) == [
        ("different", "open"), ("extra", "noted"), ("extra", "open"), ("missing", "theirs"), ("missing", "open"),
    ]  # fmt: skip
    assert check_slots() == []


@pytest.mark.parametrize("stage", ["exam", "ranked", "hired"])
def test_judges_find_numbers_to_mark_once_the_exam_is_held(stage):
    """One of two has marked half, the other nothing."""
    Story(TINY, seed=7).play(stage)
    panel = Panel.objects.get(campaign__code="SE2")
    done = {member.user.username: member.sheets.exclude(submitted_at=None).count() for member in panel.members.all()}
    assert (panel.locked_at, panel.subjects.count()) == (None, 3)
    assert done == {"expert1": 1, "expert2": 0}


def test_claims_of_bonus_wait_at_the_stage_exam_and_are_decided_before_the_ranking():
    def states():
        return set(BonusClaim.objects.filter(application__campaign__code="EX2").values_list("state", flat=True))

    ranked = WrittenResult.objects.filter(application__campaign__code="EX2")
    scale = replace(TINY, online=6, second_exam=4)
    point = transaction.savepoint()
    Story(scale, seed=7).play("exam")
    assert states() == {"open"}
    assert not ranked.exists()
    transaction.savepoint_rollback(point)
    Story(scale, seed=7).play("ranked")
    assert "open" not in states()
    assert ranked.filter(bonus__gt=0).exists()


def test_a_tie_for_the_last_place_of_a_selection_is_settled_by_an_extra_test(monkeypatch):
    """Else chance would leave a post of the demo empty, and its figures would not be those it promises."""

    def alike(subject, reviewer, base, draw):
        marks = {one["code"]: Decimal(one["full_mark"]) / 2 for one in subject.panel.criteria}
        submit_sheet(actor=reviewer, subject=subject, marks=marks)

    monkeypatch.setattr(tracks, "_mark", alike)
    Story(TINY, seed=7).play("hired")
    results = SelectionResult.objects.filter(application__campaign__code="SE1")
    assert results.exclude(extra_test=None).exists()
    assert not results.filter(needs_extra_test=True).exists()
    assert results.filter(is_selected=True).count() == TINY.first_selection
