"""The demo county is the same for the same seed, though draw numbers and registration numbers are real chance."""

from dataclasses import replace

import pytest
from django.db import transaction

from campaigns.events.models import EventRegistration
from recruitment.challenges.models import Bid
from recruitment.demo.story import Scale, Story
from recruitment.examinations.models import BonusClaim, TotalResult, WrittenResult
from recruitment.selection.models import SelectionResult

TINY = Scale(first_exam=2, first_selection=6, second_exam=1, third_exam=1, second_selection=1, online=3, visitors=2)

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
