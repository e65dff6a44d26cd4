"""Ticket numbers, rooms and seats of a written exam (R32–R35)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rulebook.explanation import RuleError
from rulebook.lottery import shuffled
from rulebook.ruleset.registration import SeatingRules


@dataclass(frozen=True)
class Examinee:
    """A person to be seated; ``category`` is the paper category and is never mixed within a room.

    ``family`` is the same for people whose ID numbers belong to one family, and empty for everyone else.
    """

    key: str
    category: str
    position: str
    unit: str
    family: str = ""


@dataclass(frozen=True)
class Seat:
    """Where one person sits: rooms count from 1 over the whole exam, seats from 1 within a room."""

    key: str
    category: str
    room: int
    seat: int


@dataclass(frozen=True)
class SeatingPlan:
    """All seats by room and seat, and the number of neighbouring pairs of one position, unit or family left (R35)."""

    seats: tuple[Seat, ...]
    conflicts: int


def ticket_number(area: str, site: int, room: int, seat: int, rules: SeatingRules) -> str:
    """Eleven digits: prefix, area (4), site (2), room (2), seat (2); no personal data (R32).

    Raises ``RuleError`` ``seating.area`` or ``seating.two_digits``. The prefix is never 1, or a ticket number could
    be taken for a mobile number.
    """
    if len(area) != 4 or not (area.isascii() and area.isdigit()):
        raise RuleError("seating.area", area=area)
    for name, number in (("site", site), ("room", room), ("seat", seat)):
        if not 1 <= number <= 99:
            raise RuleError("seating.two_digits", part=name, number=number)
    return f"{rules.ticket_prefix}{area}{site:02d}{room:02d}{seat:02d}"


def site_and_room(room: int) -> tuple[int, int]:
    """Site code and room within it for a room counted from 1 over the exam: 99 rooms to a code (R32)."""
    site, within = divmod(room - 1, 99)
    return site + 1, within + 1


def place_of_ticket(number: str, rules: SeatingRules) -> tuple[int, int, int] | None:
    """Site, room and seat that a number of this exam names (R32); None for a number that was made elsewhere."""
    start = len(rules.ticket_prefix) + 4
    digits = number[start:]
    if len(digits) != 6 or not (number.isascii() and number.isdigit()) or not number.startswith(rules.ticket_prefix):
        return None
    site, room, seat = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    return (site, room, seat) if min(site, room, seat) >= 1 else None


def room_sizes(people: int, rules: SeatingRules) -> list[int]:
    """ceil(n ÷ seats) rooms, all full but the last, which joins the one before when it is too small (R33)."""
    full, rest = divmod(people, rules.seats_per_room)
    sizes = [rules.seats_per_room] * full + ([rest] if rest else [])
    if len(sizes) > 1 and sizes[-1] < rules.merge_last_below:
        small = sizes.pop()
        sizes[-1] += small
    return sizes


def grid_place(seat: int, rules: SeatingRules) -> tuple[int, int]:
    """Row and column, from 1, of a seat number: down the first column, up the second (R34)."""
    column, within = divmod(seat - 1, rules.rows)
    row = within if column % 2 == 0 else rules.rows - 1 - within
    return row + 1, column + 1


def seat_everyone(people: Sequence[Examinee], rules: SeatingRules, seed: str) -> SeatingPlan:
    """A seat for everyone, drawn by the seed within each category, neighbours kept apart where possible (R33–R35).

    The same people and seed give the same plan in whatever order the people come. Raises ``RuleError``
    ``seating.key_twice``.
    """
    by_key = {person.key: person for person in people}
    if len(by_key) != len(people):
        raise RuleError("seating.key_twice")
    by_category: defaultdict[str, list[str]] = defaultdict(list)
    for person in people:
        by_category[person.category].append(person.key)
    neighbours = _neighbour_table(rules)
    seats: list[Seat] = []
    conflicts = 0
    room = 0
    for category in sorted(by_category):
        drawn = [by_key[key] for key in shuffled(by_category[category], seed)]
        for members in _deal(drawn, room_sizes(len(drawn), rules)):
            room += 1
            conflicts += _spread(members, neighbours)
            seats.extend(Seat(person.key, category, room, number) for number, person in enumerate(members, start=1))
    return SeatingPlan(tuple(seats), conflicts)


def count_conflicts(people: Sequence[Examinee], rules: SeatingRules) -> int:
    """Neighbouring pairs of one position, unit or family in one room, people given in the order of seats (R35)."""
    neighbours = _neighbour_table(rules)
    return sum(len(_clashes(people, index, neighbours)) for index in range(len(people))) // 2


def _deal(drawn: list[Examinee], sizes: list[int]) -> Iterator[list[Examinee]]:
    """Deal people out by unit like cards, so that a large unit is spread over all rooms."""
    order: dict[str, list[Examinee]] = {}
    for person in drawn:
        order.setdefault(person.unit, []).append(person)
    rooms: list[list[Examinee]] = [[] for _ in sizes]
    open_rooms = list(range(len(sizes)))
    turn = 0
    for person in (person for members in order.values() for person in members):
        turn %= len(open_rooms)
        index = open_rooms[turn]
        rooms[index].append(person)
        if len(rooms[index]) == sizes[index]:
            del open_rooms[turn]
        else:
            turn += 1
    yield from rooms


def _neighbour_table(rules: SeatingRules) -> list[list[int]]:
    """For each seat (from 0) the seats left, right, in front and behind."""
    total = rules.rows * rules.columns
    at = {grid_place(seat + 1, rules): seat for seat in range(total)}
    table: list[list[int]] = []
    for seat in range(total):
        row, column = grid_place(seat + 1, rules)
        around = ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1))
        table.append([at[place] for place in around if place in at])
    return table


def _clash(one: Examinee, other: Examinee) -> bool:
    if one.position == other.position or one.unit == other.unit:
        return True
    return one.family == other.family and one.family != ""


def _clashes(people: Sequence[Examinee], index: int, neighbours: list[list[int]]) -> list[int]:
    here = people[index]
    return [seat for seat in neighbours[index] if seat < len(people) and _clash(here, people[seat])]


def _spread(people: list[Examinee], neighbours: list[list[int]]) -> int:
    """Swap clashing people within a room until no swap helps; returns the clashing pairs left."""
    improved = True
    while improved:
        improved = False
        for index in range(len(people)):
            if _clashes(people, index, neighbours):
                improved = _best_swap(people, index, neighbours) or improved
    return sum(len(_clashes(people, index, neighbours)) for index in range(len(people))) // 2


def _best_swap(people: list[Examinee], index: int, neighbours: list[list[int]]) -> bool:
    for other in range(len(people)):
        if other == index:
            continue
        before = len(_clashes(people, index, neighbours)) + len(_clashes(people, other, neighbours))
        people[index], people[other] = people[other], people[index]
        after = len(_clashes(people, index, neighbours)) + len(_clashes(people, other, neighbours))
        if after < before:
            return True
        people[index], people[other] = people[other], people[index]
    return False
