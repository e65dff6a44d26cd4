"""What a change of rules would do to the applications that are there; computed, not saved."""

import pytest
from django.utils import translation

from campaigns.planning.queries import rules_of
from campaigns.planning.rule_effects import effects_of
from recruitment.applications import domain
from recruitment.applications.rule_effects import (
    applications_under_the_rules,
    fees_still_to_pay,
    posts_by_the_opening_ratio,
    verdicts_that_change,
)
from rulebook.conditions import parse_position

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def apply(make_candidate, submit):
    def act(position, **answers):
        candidate = make_candidate(**answers)
        return submit(domain.start_application(actor=candidate.user, candidate=candidate, position=position))

    return act


def changed(rules, step, **values):
    return rules.amended(**{step: getattr(rules, step).model_copy(update=values)})


def test_whoever_is_in_the_campaign_is_named_and_drafts_are_not(apply, position, make_candidate):
    number = apply(position).registration_no
    other = make_candidate()
    domain.start_application(actor=other.user, candidate=other, position=position)
    old = rules_of(position.campaign)
    new = changed(old, "notice", days=5)
    (effect,) = applications_under_the_rules(position.campaign, old, new)
    assert effect.touched == (number,)
    assert applications_under_the_rules(position.campaign, old, old.replaced(version=2)) == []
    assert effect in effects_of(position.campaign, old, new)


def test_another_reading_of_the_age_names_who_is_judged_otherwise(apply, make_position):
    # Born on 15 April 1998 and 27 on 20 March 2026: inside "27 or younger" by the first reading only.
    conditions = parse_position({"age": "27周岁以下"}).to_json()
    old_enough = apply(make_position("0102", conditions=conditions)).registration_no
    apply(make_position("0103"))
    campaign = make_position("0104").campaign
    old = rules_of(campaign)
    new = changed(old, "eligibility", age_reading="until_birthday")
    (effect,) = verdicts_that_change(campaign, old, new)
    assert effect.touched == (old_enough,)
    assert effect.text == "Of 2 applications judged by both rules 1 are judged less favourably, 0 more."
    assert verdicts_that_change(campaign, old, changed(old, "notice", days=5)) == []


def test_a_milder_ratio_names_the_positions_that_keep_their_hires(apply, make_position):
    thin = make_position("0102", headcount_planned=2, headcount_effective=2)
    apply(thin)
    apply(thin)
    old = changed(rules_of(thin.campaign), "opening_ratio", basis="registered")
    new = changed(old, "opening_ratio", k=1)
    (effect,) = posts_by_the_opening_ratio(thin.campaign, old, new)
    assert effect.touched == ("0102",)
    assert effect.text == "With today's applicants 2 hires would be kept, not 0; positions that change: 1."


def test_another_fee_names_who_has_not_become_effective(apply, position):
    number = apply(position).registration_no
    old = rules_of(position.campaign)
    (effect,) = fees_still_to_pay(position.campaign, old, changed(old, "fee", per_subject=0))
    assert effect.touched == (number,)
    assert fees_still_to_pay(position.campaign, old, old) == []
