"""What must hold for every input, not only for the printed ones."""

import string
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rulebook.challenge import milestone_amounts
from rulebook.identity import check_digit, is_valid_id_number
from rulebook.masking import find_identities, mask_id_number
from rulebook.opening_ratio import check_conservation, effective_headcount, open_posts
from rulebook.pool_selection import assign_units
from rulebook.ranking import Entry, rank, select_top
from rulebook.replacement import Waiting, next_replacement
from rulebook.rounding import half_up, rounded, settle, truncate
from rulebook.ruleset import (
    ChallengeRules,
    OpeningRatioRules,
    RankingRules,
    ReplacementRules,
    Rounding,
    SeatingRules,
    ShortlistRules,
    StageReplacement,
)
from rulebook.seating import Examinee, grid_place, seat_everyone
from rulebook.shortlist import shortlist
from rulebook.slots import TRANSITIONS, UnitCounts, apply_effects, available, over_establishment
from rulebook.traceability import ListChain, violations
from rulebook.working_days import WorkingCalendar, add_working_days, working_days_between


def every(*strategies: st.SearchStrategy, examples: int = 120):
    """A property checked on many drawn inputs, without a time limit that a busy machine could miss."""
    return lambda check: settings(deadline=None, max_examples=examples)(given(*strategies)(check))


MARK = st.integers(0, 10_000).map(lambda hundredths: Decimal(hundredths) / 100)
FEW_MARKS = st.integers(140, 150).map(lambda halves: Decimal(halves) / 2)
NUMBERS = st.decimals(min_value=-1000, max_value=1000, allow_nan=False, places=6)
CHAIN = ("written", "职测")


@st.composite
def people(draw: st.DrawFn, marks: st.SearchStrategy[Decimal] = FEW_MARKS) -> list[Entry]:
    count = draw(st.integers(0, 25))
    ties = st.fixed_dictionaries({"written": FEW_MARKS}, optional={"职测": FEW_MARKS})
    return [
        Entry(f"p{index:02d}", draw(st.one_of(marks, st.none()) if index % 5 == 4 else marks), draw(ties))
        for index in range(count)
    ]


def ranks(entries: list[Entry], chain: tuple[str, ...] = CHAIN) -> dict[str, tuple[int, bool]]:
    ranking = rank(entries, RankingRules(tie_chain=chain))
    return {place.key: (place.rank, place.extra_test_required) for place in ranking.places}


@every(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 90)), max_size=12), st.integers(1, 5), st.integers(0, 40))
def test_r31_headcount_is_conserved_whatever_the_counts(posts: list[tuple[int, int]], k: int, moved: int) -> None:
    for cut_order in ("cancel_then_reduce", "reduce_at_once"):
        rules = OpeningRatioRules(k=k, cut_order=cut_order)
        before = {str(index): post for index, post in enumerate(posts)}
        after = {code: valid + moved for code, (_, valid) in before.items()}
        results = open_posts(before, after, rules)
        check_conservation(results.values())
        assert sum(result.planned for result in results.values()) == sum(planned for planned, _ in posts)


@every(st.integers(0, 50), st.integers(0, 200), st.integers(1, 6))
def test_r26_more_applicants_never_mean_fewer_hires(planned: int, valid: int, k: int) -> None:
    rules = OpeningRatioRules(k=k)
    fewer, more = (effective_headcount(planned, count, rules).effective for count in (valid, valid + 1))
    assert fewer <= more <= planned
    assert fewer * k <= valid


@every(people(), st.integers(0, 6), st.sampled_from(["1", "1.2", "1.5", "3"]))
def test_r50_a_shortlist_is_closed_upward(entries: list[Entry], headcount: int, ratio: str) -> None:
    result = shortlist(entries, headcount, ShortlistRules(ratio=Decimal(ratio)))
    values = {entry.key: entry.value for entry in entries if entry.value is not None}
    left_out = [mark for key, mark in values.items() if key not in result.called]
    if result.called:
        last = min(values[key] for key in result.called)
        assert result.cutoff == last
        assert all(mark < last for mark in left_out)
    assert len(result.called) >= min(result.places, len(values))
    above_last = [key for key in result.called if values[key] > (result.cutoff or 0)]
    assert not result.called or len(above_last) < result.places


@every(people(), st.integers(1, 6))
def test_r50_breaking_ties_never_calls_more_than_the_places(entries: list[Entry], headcount: int) -> None:
    rules = ShortlistRules(ties="tiebreak", tie_chain=CHAIN)
    result = shortlist(entries, headcount, rules)
    assert len(result.called) <= result.places
    assert not set(result.called) & set(result.extra_test)
    if result.extra_test:
        assert len(result.called) < result.places < len(result.called) + len(result.extra_test)


@every(people(), st.integers(0, 6))
def test_r51_a_line_only_takes_people_out_of_the_bottom(entries: list[Entry], headcount: int) -> None:
    line = Decimal(72)
    result = shortlist(entries, headcount, ShortlistRules(), line=line)
    above = [entry for entry in entries if entry.value is not None and entry.value >= line]
    assert result.called == shortlist(above, headcount, ShortlistRules()).called


@every(people(), st.integers(1, 6))
def test_an_absent_person_changes_no_rank_and_no_list(entries: list[Entry], headcount: int) -> None:
    with_absent = [*entries, Entry("absent", None)]
    assert ranks(with_absent) == ranks(entries)
    assert (
        shortlist(with_absent, headcount, ShortlistRules()).called
        == shortlist(entries, headcount, ShortlistRules()).called
    )


@every(people(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(entries: list[Entry], random) -> None:
    mixed = entries[:]
    random.shuffle(mixed)
    rules = RankingRules(tie_chain=CHAIN)
    assert rank(mixed, rules) == rank(entries, rules)
    assert shortlist(mixed, 2, ShortlistRules()) == shortlist(entries, 2, ShortlistRules())


@every(people())
def test_r67_a_ranking_is_total_or_says_that_an_extra_test_is_required(entries: list[Entry]) -> None:
    found = ranks(entries)
    sharing: dict[int, list[str]] = {}
    for key, (place, _) in found.items():
        sharing.setdefault(place, []).append(key)
    for place, keys in sharing.items():
        assert {found[key][1] for key in keys} == {len(keys) > 1}
        assert place + len(keys) in {*sharing, len(found) + 1}


@every(people())
def test_r66_a_rank_is_one_more_than_the_people_who_are_ahead(entries: list[Entry]) -> None:
    values = {entry.key: entry.value for entry in entries if entry.value is not None}
    expected = {key: 1 + sum(other > value for other in values.values()) for key, value in values.items()}
    assert {key: place for key, (place, _) in ranks(entries, chain=()).items()} == expected


@every(people())
def test_r67_breaking_ties_never_turns_an_order_of_values_around(entries: list[Entry]) -> None:
    plain, broken = ranks(entries, chain=()), ranks(entries)
    for one in plain:
        for other in plain:
            if plain[one][0] < plain[other][0]:
                assert broken[one][0] < broken[other][0]


@every(people(), st.integers(1, 8))
def test_r68_the_top_is_never_more_than_the_headcount(entries: list[Entry], headcount: int) -> None:
    rules = RankingRules(tie_chain=CHAIN)
    ranking = rank(entries, rules, headcount)
    top = select_top(ranking, headcount, rules)
    flagged = {place.key for place in ranking.places if place.extra_test_required}
    assert len(top.chosen) <= headcount
    assert set(top.extra_test) == flagged
    if not top.extra_test:
        assert len(top.chosen) == min(headcount, len(ranking.places))


@every(NUMBERS, st.integers(0, 4))
def test_r45_truncated_is_never_further_from_zero_than_half_up(value: Decimal, places: int) -> None:
    cut, near = truncate(value, places), half_up(value, places)
    assert abs(cut) <= abs(near)
    assert abs(cut) <= abs(value)
    assert abs(near - value) * 2 <= Decimal(1).scaleb(-places)
    assert settle(value) == value == rounded(value, Rounding(mode="none"))


@every(NUMBERS, NUMBERS, st.sampled_from(["half_up", "truncate", "none"]))
def test_r45_rounding_keeps_the_order_of_two_marks(one: Decimal, other: Decimal, mode: str) -> None:
    assume(one <= other)
    rules = Rounding(mode=mode)
    assert rounded(one, rules) <= rounded(other, rules)
    assert rounded(rounded(one, rules), rules) == rounded(one, rules)


@st.composite
def crowds(draw: st.DrawFn) -> list[tuple[str, int, int]]:
    """Category, unit and post of up to 150 people: of few kinds, so that rooms are full and neighbours clash."""
    count, categories, units = draw(st.integers(0, 150)), draw(st.integers(1, 3)), draw(st.integers(1, 7))
    random = draw(st.randoms(use_true_random=False))
    return [("ABC"[random.randrange(categories)], random.randrange(units), random.randrange(4)) for _ in range(count)]


@every(crowds(), st.integers(0, 7), examples=40)
def test_seating_gives_everyone_one_seat_and_counts_the_real_conflicts(
    drawn: list[tuple[str, int, int]], merge: int
) -> None:
    rules = SeatingRules(rows=8, merge_last_below=merge)
    crowd = [
        Examinee(f"p{i}", category, f"u{unit}-{post}", f"u{unit}") for i, (category, unit, post) in enumerate(drawn)
    ]
    plan = seat_everyone(crowd, rules, "seed")
    by_key = {person.key: person for person in crowd}
    assert sorted(seat.key for seat in plan.seats) == sorted(by_key)
    assert len({(seat.room, seat.seat) for seat in plan.seats}) == len(crowd)
    assert all(seat.category == by_key[seat.key].category for seat in plan.seats)
    assert len({(seat.room, seat.category) for seat in plan.seats}) == len({seat.room for seat in plan.seats})
    at = {(seat.room, *grid_place(seat.seat, rules)): by_key[seat.key] for seat in plan.seats}
    pairs = [
        (person, at[beside])
        for (room, row, column), person in at.items()
        for beside in ((room, row + 1, column), (room, row, column + 1))
        if beside in at
    ]
    assert plan.conflicts == sum(one.position == other.position or one.unit == other.unit for one, other in pairs)


@st.composite
def waiting_list(draw: st.DrawFn) -> list[Waiting]:
    flags = st.booleans()
    return [
        Waiting(
            f"p{index}",
            draw(st.integers(1, 9)),
            draw(st.one_of(MARK, st.none())),
            draw(flags),
            draw(flags),
            draw(flags),
        )
        for index in range(draw(st.integers(0, 9)))
    ]


@every(waiting_list(), st.sampled_from(["recheck", "medical", "inspection"]), st.integers(1, 3))
def test_r72_replacement_passes_no_disqualified_person_and_keeps_to_its_rounds(
    waiting: list[Waiting], stage: str, rounds: int
) -> None:
    rows = tuple(StageReplacement(stage=row.stage, rounds=rounds) for row in ReplacementRules().stages)
    rules = ReplacementRules(stages=rows)
    left, called = waiting, []
    for used in range(12):
        result = next_replacement(left, stage, "withdrew", used, rules)
        if result.called is None:
            break
        called.append(result.called)
        left = [person for person in left if person.key != result.called]
    by_key = {person.key: person for person in waiting}
    assert len(called) <= rounds
    assert not [key for key in called if by_key[key].disqualified or by_key[key].score is None]
    assert [by_key[key].rank for key in called] == sorted(by_key[key].rank for key in called)


DAYS = st.integers(0, 3 * 365).map(lambda offset: date(2025, 1, 1) + timedelta(days=offset))


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    holidays = draw(st.frozensets(DAYS, max_size=40))
    return WorkingCalendar(frozenset(range(2023, 2031)), holidays, draw(st.frozensets(DAYS, max_size=20)))


@every(calendars(), DAYS, st.integers(1, 120))
def test_working_day_arithmetic_inverts(days: WorkingCalendar, start: date, count: int) -> None:
    end = add_working_days(start, count, days)
    assert days.is_working_day(end)
    assert working_days_between(start, end, days) == count
    back = add_working_days(end, -count, days)
    assert working_days_between(back, end, days) == count
    if days.is_working_day(start):
        assert back == start


@every(calendars(), DAYS, st.integers(0, 60), st.integers(0, 60))
def test_working_days_add_up(days: WorkingCalendar, start: date, first: int, second: int) -> None:
    middle = add_working_days(start, first, days)
    assert add_working_days(middle, second, days) == add_working_days(start, first + second, days)


@st.composite
def id_numbers(draw: st.DrawFn) -> str:
    area = draw(st.integers(110_000, 659_999))
    born = draw(st.dates(date(1950, 1, 1), date(2010, 12, 31)))
    body = f"{area}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return body + check_digit(body)


@every(id_numbers())
def test_r95_a_masked_number_never_holds_eight_digits_in_a_row(number: str) -> None:
    masked = mask_id_number(number)
    assert not any(masked[start : start + 8].isdigit() for start in range(len(masked) - 7))
    assert len(masked) == 18


@every(st.text(alphabet=string.digits + "Xx ", max_size=40))
def test_r95_no_text_at_all_is_masked_to_eight_digits_in_a_row(text: str) -> None:
    masked = mask_id_number(text)
    assert not any(masked[start : start + 8].isdigit() for start in range(len(masked) - 7))


@every(id_numbers(), st.text(alphabet="身份证号：，甲乙 \n", max_size=12), st.text(alphabet="。；丙丁 \n", max_size=12))
def test_r95_the_scan_finds_a_number_in_any_text(number: str, before: str, after: str) -> None:
    assert number in [found.text for found in find_identities(before + number + after)]


@every(id_numbers(), examples=30)
def test_r01_every_single_wrong_character_is_noticed(number: str) -> None:
    changed = {
        number[:at] + character + number[at + 1 :]
        for at in range(18)
        for character in string.digits + "X"
        if character != number[at]
    }
    assert len(changed) == 18 * 10
    assert not [wrong for wrong in changed if is_valid_id_number(wrong)]


@every(id_numbers(), examples=60)
def test_r01_every_swap_of_two_neighbours_is_noticed(number: str) -> None:
    swapped = {number[:at] + number[at + 1] + number[at] + number[at + 2 :] for at in range(17)} - {number}
    assert not [wrong for wrong in swapped if is_valid_id_number(wrong)]


@every(st.integers(0, 10**9), st.lists(st.integers(1, 50), min_size=1, max_size=6))
def test_r88_payments_always_add_up_to_the_amount(cents: int, weights: list[int]) -> None:
    shares = [Decimal(weight) / 1000 for weight in weights]
    rules = ChallengeRules(milestones=(*shares, 1 - sum(shares)))
    amount = Decimal(cents) / 100
    amounts = milestone_amounts(amount, rules)
    assert sum(amounts) == amount
    assert all(part >= 0 and part == part.quantize(Decimal("0.01")) for part in amounts)


@every(st.permutations("abcde"), st.lists(st.sampled_from(["U1", "U2", "U3", None]), min_size=5, max_size=5))
def test_r81_no_unit_ever_takes_more_than_its_places(order: list[str], wishes: list[str | None]) -> None:
    places = {"U1": 2, "U2": 2, "U3": 1}
    choices = dict(zip("abcde", wishes, strict=True))
    assume(all(wishes.count(unit) <= count for unit, count in places.items()))
    result = assign_units(order, choices, places)
    assert {unit: places[unit] - list(result.assigned.values()).count(unit) for unit in places} == result.left
    assert sorted([*result.assigned, *result.withdrawn]) == list("abcde")


COUNTS = st.builds(UnitCounts, *(st.integers(0, 60) for _ in range(6)))


@every(COUNTS, st.sampled_from(TRANSITIONS))
def test_quota_available_is_never_negative_and_moves_only_shift_it(counts: UnitCounts, transition) -> None:
    assert available(counts) >= 0
    assert over_establishment(counts) == 0 or available(counts) == 0
    after = apply_effects(counts, transition)
    bound = counts.on_board + counts.reserved + counts.held
    change = after.on_board + after.reserved + after.held - bound
    assert change == sum(transition.effects.get(name, 0) for name in ("on_board", "reserved", "held"))
    assert change in (-1, 0, 1)


@every(st.sets(st.sampled_from("abcdef")), st.sets(st.sampled_from("abcdef")))
def test_r82_a_list_made_from_the_one_before_never_violates_the_chain(called: set[str], replaced: set[str]) -> None:
    interview = called | replaced
    chain = ListChain(called, interview, interview, interview, interview, interview, frozenset(), replaced)
    assert violations(chain) == ()


@pytest.mark.parametrize("mode", ["half_up", "truncate", "none"])
def test_r45_a_whole_mark_stays_itself_in_every_mode(mode: str) -> None:
    assert rounded(Decimal(70), Rounding(mode=mode)) == 70
