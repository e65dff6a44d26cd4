"""What a change of rules would do to marks, shortlist, rooms and totals; computed, not saved."""

from decimal import Decimal

import pytest
from django.utils import translation

from campaigns.planning.queries import rules_of
from recruitment.examinations.models import WrittenResult
from recruitment.examinations.rule_effects import marks_and_shortlist, rooms, totals
from rulebook.ruleset import Fold, FoldPart, MinimumLine, RuleSet
from tests.examiners import ticket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def with_shortlist(rules: RuleSet, **changes: object) -> RuleSet:
    changes = {"min_line": MinimumLine(), **changes}
    return rules.amended(shortlist=rules.shortlist.model_copy(update=changes))


def test_a_smaller_ratio_names_who_would_no_longer_be_called(exam, position):
    exam.enter(position, 4)
    exam.written(120, 110, 100, 90)
    old = with_shortlist(rules_of(exam.campaign))
    (effect,) = marks_and_shortlist(exam.campaign, old, with_shortlist(old, ratio=Decimal(2)))
    assert effect.touched == (ticket(2),)
    assert effect.text == "2 people would be called to the interview instead of 3: 0 more, 1 no longer."
    assert not WrittenResult.objects.filter(is_called=True).exists()


def test_another_fold_names_whose_mark_would_change(exam, position):
    exam.enter(position, 2)
    exam.written(120, 90)
    old = with_shortlist(rules_of(exam.campaign))
    half = Fold(parts=(FoldPart(paper="职测", factor=Decimal(2)), FoldPart(paper="综应")), divisor=Decimal("4.5"))
    new = old.amended(written=old.written.model_copy(update={"folds": (half,)}))
    assert marks_and_shortlist(exam.campaign, old, old) == []
    # Both papers have the same mark here, so this fold gives the same written mark and calls the same people.
    (same,) = marks_and_shortlist(exam.campaign, old, new)
    assert (same.touched, same.text) == ((), "The same people would be called to the interview: 2.")
    truncated = old.written.rounding.model_copy(update={"scale": 0})
    new = old.amended(written=old.written.model_copy(update={"rounding": truncated}))
    WrittenResult.objects.filter(application__ticket_no=ticket(0)).update(value=Decimal("79.5"))
    changed, _called = marks_and_shortlist(exam.campaign, old, new)
    assert changed.touched == (ticket(0),)


def test_without_written_results_there_is_nothing_to_say(exam, position):
    exam.enter(position, 2)
    old = rules_of(exam.campaign)
    assert marks_and_shortlist(exam.campaign, old, with_shortlist(old, ratio=Decimal(2))) == []


def test_larger_rooms_are_fewer(exam, position):
    exam.enter(position, 31)
    old = rules_of(exam.campaign)
    wide = old.seating.model_copy(update={"seats_per_room": 40, "rows": 8})
    (effect,) = rooms(exam.campaign, old, old.amended(seating=wide))
    assert effect.text == "Rooms for 31 examinees: 1 instead of 2."
    assert rooms(exam.campaign, old, old) == []


def test_totals_are_to_be_computed_anew_only_where_there_are_some(exam, position):
    exam.enter(position, 2)
    exam.written(120, 110)
    old = rules_of(exam.campaign)
    new = old.amended(ranking=old.ranking.model_copy(update={"tie_chain": ("written",)}))
    assert totals(exam.campaign, old, new) == []
    exam.shortlist()
    exam.interviews(80, 82)
    (effect,) = totals(exam.campaign, old, new)
    assert len(effect.touched) == 2
