"""R32–R35: tickets, rooms and seats."""

from collections import Counter

import pytest

from rulebook.explanation import RuleError
from rulebook.ruleset import SeatingRules
from rulebook.seating import (
    Examinee,
    count_conflicts,
    grid_place,
    place_of_ticket,
    room_sizes,
    seat_everyone,
    site_and_room,
    ticket_number,
)

RULES = SeatingRules()


def test_r32_the_ticket_number_of_the_worked_example() -> None:
    assert ticket_number("5115", 3, 12, 7, RULES) == "05115031207"


@pytest.mark.parametrize(
    ("area", "site", "room", "seat"),
    [("511", 1, 1, 1), ("51x5", 1, 1, 1), ("5115", 0, 1, 1), ("5115", 1, 100, 1), ("5115", 1, 1, 100)],
)
def test_r32_numbers_that_do_not_fit_are_refused(area: str, site: int, room: int, seat: int) -> None:
    with pytest.raises(RuleError):
        ticket_number(area, site, room, seat, RULES)


def test_r32_a_new_site_code_starts_after_ninety_nine_rooms() -> None:
    assert [site_and_room(room) for room in (1, 99, 100, 199)] == [(1, 1), (1, 99), (2, 1), (3, 1)]


def test_r32_a_ticket_number_never_starts_like_a_mobile_number() -> None:
    with pytest.raises(ValueError):
        SeatingRules(ticket_prefix="1")


def test_r33_a_thousand_people_need_thirty_four_rooms_the_last_with_ten() -> None:
    sizes = room_sizes(1000, RULES)
    assert (len(sizes), sizes[-1], sum(sizes)) == (34, 10, 1000)


def test_r33_a_small_last_room_joins_the_one_before() -> None:
    rules = SeatingRules(merge_last_below=8, rows=8)
    assert room_sizes(67, rules) == [30, 37]
    assert room_sizes(68, rules) == [30, 30, 8]
    assert room_sizes(37, rules) == [37]
    assert room_sizes(7, rules) == [7]
    assert room_sizes(0, rules) == []


def test_r34_seats_run_down_one_column_and_up_the_next() -> None:
    first_row = sorted(seat for seat in range(1, 31) if grid_place(seat, RULES)[0] == 1)
    assert first_row == [1, 12, 13, 24, 25]
    assert [grid_place(seat, RULES) for seat in (6, 7, 12, 13)] == [(6, 1), (6, 2), (1, 2), (1, 3)]


def _people(count: int, units: int, categories: int = 1) -> list[Examinee]:
    return [
        Examinee(f"p{i:04d}", "ABCDE"[i % categories], f"u{i % units}-{i % 2}", f"u{i % units}") for i in range(count)
    ]


def test_r34_the_same_seed_gives_the_same_plan_in_any_order_of_input() -> None:
    people = _people(200, 15)
    plan = seat_everyone(people, RULES, "2026-04-18")
    assert seat_everyone(people[::-1], RULES, "2026-04-18") == plan
    assert seat_everyone(people, RULES, "2026-04-19") != plan


def test_r34_paper_categories_never_share_a_room() -> None:
    plan = seat_everyone(_people(200, 15, categories=3), RULES, "s")
    by_room = {
        room: {seat.category for seat in plan.seats if seat.room == room} for room in {s.room for s in plan.seats}
    }
    assert {len(categories) for categories in by_room.values()} == {1}


def test_r35_neighbours_of_fifteen_units_can_all_be_kept_apart() -> None:
    assert seat_everyone(_people(300, 15), RULES, "s").conflicts == 0


def test_r35_what_cannot_be_kept_apart_is_counted() -> None:
    people = [Examinee(str(i), "A", "one", "one") for i in range(30)]
    assert seat_everyone(people, RULES, "s").conflicts == 5 * 5 + 4 * 6
    assert count_conflicts(people, RULES) == 49


def test_r35_a_large_unit_is_spread_over_the_rooms() -> None:
    people = [Examinee(f"p{i}", "A", f"x{i}", "large" if i < 34 else f"u{i}") for i in range(1000)]
    plan = seat_everyone(people, RULES, "s")
    large = {f"p{i}" for i in range(34)}
    per_room = Counter(seat.room for seat in plan.seats if seat.key in large)
    assert max(per_room.values()) <= 2


def test_a_person_twice_in_the_list_is_refused() -> None:
    with pytest.raises(RuleError):
        seat_everyone([Examinee("a", "A", "x", "y"), Examinee("a", "A", "x", "y")], RULES, "s")


def test_a_ticket_number_leads_back_to_its_place_and_a_foreign_one_to_none():
    rules = SeatingRules()
    assert place_of_ticket(ticket_number("5115", 3, 12, 7, rules), rules) == (3, 12, 7)
    for foreign in ("", "05115", "9" + "5115031207", "0511503120A", "05115001207", "051150312071"):
        assert place_of_ticket(foreign, rules) is None


def test_r35_people_of_one_family_of_id_numbers_sit_apart():
    def crowd(family: str) -> list[Examinee]:
        kin = [Examinee(f"k{i}", "A", f"k{i}", f"k{i}", family) for i in range(4)]
        return [*kin, *(Examinee(f"p{i}", "A", f"p{i}", f"p{i}") for i in range(26))]

    in_order = crowd("one family")
    assert count_conflicts(in_order, RULES) == 3
    assert count_conflicts(crowd(""), RULES) == 0
    plan = seat_everyone(in_order, RULES, "s")
    seated = {seat.seat: next(person for person in in_order if person.key == seat.key) for seat in plan.seats}
    assert (plan.conflicts, count_conflicts([seated[number] for number in sorted(seated)], RULES)) == (0, 0)
