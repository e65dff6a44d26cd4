"""The simulation of what becomes of the posts: single rules, and what must hold for every scenario."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulebook.explanation import RuleError
from rulebook.opening_ratio import PostCounts
from rulebook.ruleset import OpeningRatioRules, ReplacementRules, StageReplacement
from rulebook.slots import SlotState as S
from rulebook.what_if import (
    Call,
    CampaignRules,
    CancelPosition,
    CheckRatio,
    Drop,
    DropSome,
    Enter,
    EnterAll,
    FailRatio,
    Leave,
    PermitExpires,
    Person,
    Position,
    Situation,
    Slot,
    WithdrawNotice,
    count_states,
    simulate,
    unit_counts,
)

PAID_3 = OpeningRatioRules(k=3, basis="paid")


def position(key, *, planned=2, paid=6, campaign="EX", unit="H", **more):
    return Position(key, campaign, unit, planned, planned, PostCounts(planned, paid=paid), **more)


def slots(key, count, state=S.RESERVED, unit="H", **more):
    return tuple(Slot(f"{key}-{number}", state, unit, key, permit="P1", **more) for number in range(count))


def person(key, place, rank, owner="A", score=80):
    return Person(key, owner, place, rank, Decimal(score))


def situation(*, held=(), place="notice", people=(), rules=None, **more):
    """Position A with two places; `held` people each have a held post, the others are reserved."""
    bound = tuple(
        Slot(f"A-{number}", S.HELD if number < len(held) else S.RESERVED, "H", "A",
             held[number] if number < len(held) else "", "P1")
        for number in range(2)
    )  # fmt: skip
    own = tuple(person(key, place, number + 1) for number, key in enumerate(held))
    campaign = CampaignRules("EX", "public_exam", PAID_3, rules or ReplacementRules(), ratio_due=True)
    return Situation(bound, (position("A"),), (*own, *people), (campaign,), **more)


def states(outcome, key="H"):
    return count_states(outcome.after, "unit").get(key, {})


def codes(outcome):
    return {(flag.kind, flag.explanation.code) for flag in outcome.flags}


def test_the_worked_example_of_the_opening_ratio_cuts_and_cancels():
    start = Situation(
        slots("A", 2) + slots("B", 2) + slots("C", 5),
        (position("A", paid=5), position("B", paid=2), position("C", planned=5, paid=20)),
        campaigns=(CampaignRules("EX", "public_exam", PAID_3, ratio_due=True),),
    )
    outcome = simulate(start, [CheckRatio("EX")])
    assert {key: (found.outcome, found.effective) for key, found in outcome.ratios.items()} == {
        "A": ("reduced", 1), "B": ("cancelled", 0), "C": ("kept", 5),
    }  # fmt: skip
    assert states(outcome) == {S.RESERVED: 6, S.PERMITTED: 3}
    assert codes(outcome) == {("duty", "what_if.cancel_notice")}
    relaxed = simulate(start, [CheckRatio("EX", k=2)])
    assert states(relaxed) == {S.RESERVED: 8, S.PERMITTED: 1}
    assert ("duty", "what_if.ratio_relaxed") in codes(relaxed)
    assert ("stop", "what_if.ratio_tightened") in codes(simulate(start, [CheckRatio("EX", k=4)]))


def test_a_position_without_a_ratio_cannot_fail_it_and_a_campaign_past_it_is_not_cut():
    start = situation()
    exempt = replace(start, positions=(position("A", ratio=0),))
    assert simulate(exempt, [FailRatio("A")]).moves == ()
    assert simulate(exempt, [CheckRatio("EX", k=9)]).moves == ()
    past = replace(start, campaigns=(replace(start.campaigns[0], ratio_due=False),))
    outcome = simulate(past, [CheckRatio("EX"), FailRatio("A")])
    assert (outcome.moves, outcome.events, codes(outcome)) == ((), (), {("stop", "what_if.ratio_done")})


def test_a_replacement_keeps_the_place_and_rounds_end_it():
    """R72: headcount 2, a > b > c > d; a fails, c is called; c withdraws: with one round the place stays empty."""
    line = (person("c", "line", 3), person("d", "line", 4))
    for rounds, expected in ((1, {S.RESERVED: 1, S.PERMITTED: 1}), (2, {S.RESERVED: 2})):
        table = tuple(
            StageReplacement(stage=row.stage, allowed=row.allowed, score=row.score,
                             rounds=rounds if row.stage == "medical" else row.rounds)
            for row in ReplacementRules().stages
        )  # fmt: skip
        people = (person("a", "medical", 1), person("b", "medical", 2), *line)
        start = situation(people=people, rules=ReplacementRules(stages=table))
        outcome = simulate(start, [Drop("a", "failed"), Drop("c")])
        assert outcome.calls[0] == Call("A", "c", "a", "medical")
        assert len(outcome.calls) == rounds
        assert states(outcome) == expected


def test_a_held_post_waits_for_the_next_and_is_released_where_nobody_may_follow():
    line = (person("c", "line", 3),)
    allowed = tuple(
        StageReplacement(stage=row.stage, score=row.score) if row.stage == "notice" else row
        for row in ReplacementRules().stages
    )
    start = situation(held=("a", "b"), people=line, rules=ReplacementRules(stages=allowed))
    assert states(simulate(start, [Drop("a", "objection")])) == {S.HELD: 1, S.RESERVED: 1}
    strict = situation(held=("a", "b"), people=line)
    outcome = simulate(strict, [Drop("a", "objection")])
    assert states(outcome) == {S.HELD: 1, S.PERMITTED: 1}
    assert ("duty", "what_if.objection") in codes(outcome)


def test_two_of_equal_rank_call_nobody_and_the_post_stays_published():
    line = (person("c", "line", 3), person("d", "line", 3))
    outcome = simulate(situation(people=(person("a", "medical", 1), *line)), [Drop("a")])
    assert (states(outcome), outcome.calls) == ({S.RESERVED: 2}, ())
    assert ("duty", "what_if.tied") in codes(outcome)


def test_the_estimate_says_whose_places_are_lost_first():
    two = Situation(
        slots("A", 1) + slots("B", 1),
        (position("A", planned=1), position("B", planned=1)),
        (person("a", "medical", 1), person("a2", "line", 2), person("b", "medical", 1, "B")),
        (CampaignRules("EX", "public_exam"),),
    )
    hardest = simulate(two, [DropSome("medical", 1)])
    mildest = simulate(two, [DropSome("medical", 1, estimate="mildest")])
    assert (hardest.events, mildest.events) == ((Drop("b"),), (Drop("a"),))
    assert (states(hardest), states(mildest)) == ({S.RESERVED: 1, S.PERMITTED: 1}, {S.RESERVED: 2})
    assert ("note", "what_if.too_few") in codes(simulate(two, [DropSome("inspection", 1)]))


def test_entry_uses_the_held_post_and_leaving_empties_it():
    start = situation(held=("a", "b"))
    outcome = simulate(start, [EnterAll(), Leave("a")])
    assert states(outcome) == {S.USED: 1, S.VACATED: 1}
    lent = replace(start, slots=tuple(slot._replace(is_pool=True) for slot in start.slots))
    assert count_states(simulate(lent, [Enter("a"), Leave("a")]).after, "unit") == {"H": {S.HELD: 1}, "": {S.POOL: 1}}


def test_nobody_enters_under_a_notice_taken_down_and_a_bound_position_is_not_cancelled():
    outcome = simulate(situation(held=("a",)), [WithdrawNotice("EX"), Enter("a"), CancelPosition("A")])
    assert states(outcome) == {S.HELD: 1, S.RESERVED: 1}
    assert {code for kind, code in codes(outcome) if kind == "stop"} == {"what_if.no_notice", "what_if.cancel_bound"}


def test_a_permit_that_runs_out_sends_released_posts_back_to_the_unit():
    start = situation(people=(person("a", "medical", 1),))
    start = replace(start, slots=(*start.slots, Slot("Z", S.PERMITTED, "H", permit="P1")))
    outcome = simulate(start, [PermitExpires("P1"), Drop("a")])
    assert states(outcome) == {S.RESERVED: 1, S.ALLOCATED: 2}
    assert ("duty", "what_if.renew_permit") in codes(outcome)


@pytest.mark.parametrize(
    "event", [CheckRatio("?"), FailRatio("?"), Drop("?"), Enter("?"), Leave("?"), PermitExpires("?")]
)
def test_an_event_about_something_unknown_is_refused(event):
    with pytest.raises(RuleError) as caught:
        simulate(situation(), [event])
    assert caught.value.code == "what_if.unknown"


@st.composite
def counties(draw):
    """Up to five independent positions of two units, with people anywhere and posts to match."""
    found, posts, people = [], [], []
    for number in range(draw(st.integers(1, 5))):
        key, unit = f"P{number}", draw(st.sampled_from(["H", "S"]))
        planned = draw(st.integers(1, 4))
        found.append(position(key, planned=planned, paid=draw(st.integers(0, 15)), unit=unit,
                              ratio=draw(st.sampled_from([None, 0, 2]))))  # fmt: skip
        for place in range(planned):
            step = draw(st.sampled_from(["none", "medical", "inspection", "notice", "after", "on_post"]))
            name = f"{key}-{place}"
            state = {"notice": S.HELD, "after": S.HELD, "on_post": S.USED}.get(step, S.RESERVED)
            bound = name if state != S.RESERVED else ""
            posts.append(Slot(name, state, unit, key, bound, "P1", is_pool=draw(st.booleans())))
            if step != "none":
                people.append(person(name, step, place + 1, key))
        people += [person(f"{key}-w{n}", "line", planned + n, key) for n in range(draw(st.integers(0, 3)))]
    posts += [Slot(f"free-{n}", S.PERMITTED, "H", permit="P1") for n in range(draw(st.integers(0, 3)))]
    rules = CampaignRules("EX", "public_exam", PAID_3, ratio_due=True)
    return Situation(tuple(posts), tuple(found), tuple(people), (rules,))


def events_of(start):
    """Events about single positions and people of a situation, each paired with its position."""
    by_position = [FailRatio(p.key) for p in start.positions] + [CancelPosition(p.key) for p in start.positions]
    by_person = [make(p.key) for p in start.people for make in (Drop, Enter, Leave)]
    owner = {p.key: p.position for p in start.people}
    return [(e.position, e) for e in by_position] + [(owner[e.person], e) for e in by_person]


def total(start):
    return Counter(state for slot in start.slots for state in [slot.state]).total()


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_nothing_is_lost_and_no_headcount_or_authorised_number_exceeded(data):
    start = data.draw(counties())
    own = [event for _key, event in events_of(start)]
    more = [CheckRatio("EX", k=data.draw(st.integers(1, 5))), EnterAll(), PermitExpires("P1"), WithdrawNotice("EX"),
            DropSome("notice", 2), DropSome("medical", 3, estimate="mildest")]  # fmt: skip
    outcome = simulate(start, data.draw(st.lists(st.sampled_from([*own, *more]), max_size=8)))
    assert {slot.key for slot in outcome.after.slots} == {slot.key for slot in start.slots}
    assert total(outcome.after) == total(start)
    for group in ("unit", "track", "campaign", "position"):
        assert sum(sum(row.values()) for row in count_states(outcome.after, group).values()) == total(start)
    claims = count_states(outcome.after, "position")
    for row in outcome.after.positions:
        mine = claims.get(row.key, {})
        assert sum(mine.values()) <= row.effective <= row.planned
    bound = [slot.person for slot in outcome.after.slots if slot.state in (S.HELD, S.USED)]
    assert len(bound) == len(set(bound))
    for counts in unit_counts(outcome.after).values():
        assert counts.on_board + counts.reserved + counts.held <= counts.authorised


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_the_order_of_events_of_independent_positions_changes_nothing(data):
    start = data.draw(counties())
    chosen = {}
    for key, event in data.draw(st.lists(st.sampled_from(events_of(start)), max_size=8)):
        chosen.setdefault(key, event)
    first = list(chosen.values())
    second = data.draw(st.permutations(first))
    one, other = simulate(start, first), simulate(start, second)
    assert (one.after, set(one.calls), Counter(one.moves)) == (other.after, set(other.calls), Counter(other.moves))


@settings(deadline=None, max_examples=60)
@given(counties())
def test_an_empty_scenario_changes_nothing(start):
    outcome = simulate(start, [])
    assert (outcome.after, outcome.moves, outcome.flags, outcome.steps) == (start, (), (), ())
