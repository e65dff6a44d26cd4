"""The rule book against the simplest loop that gets the same answer: folding, ranking, shortlisting, seating.

    python -m benchmarks.rulebook [--scale 0.1]

Every case runs in a process of its own. Times are of the CPU, which other work on the machine does not lengthen. Memory
is what the case needed beyond its input. The answers of both ways are compared by digest. There are many good ways to
seat people, so the answer there is who has a seat, whether categories mix, and how many neighbours know each other.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

from rulebook.marks import PaperMark, fold_written
from rulebook.ranking import Entry, rank
from rulebook.ruleset.profiles import COUNTY_EXAM
from rulebook.seating import Examinee, count_conflicts, room_sizes, seat_everyone
from rulebook.shortlist import shortlist

MARKS, POSITIONS, EXAMINEES, FOLDED = 1_000_000, 9_000, 100_000, 100_000
HEADCOUNT = 2
CHAIN = COUNTY_EXAM.ranking.tie_chain[:2]
CENT = Decimal("0.01")
SEED = 20261123


def groups(scale: float) -> list[list[Entry]]:
    """Marks of invented people, spread over positions, with the values that break ties."""
    random = Random(SEED)
    positions: list[list[Entry]] = [[] for _ in range(max(1, int(POSITIONS * scale)))]
    for number in range(int(MARKS * scale)):
        tie_values = {"written": Decimal(random.randrange(100, 200)) / 2, "职测": Decimal(random.randrange(60, 140))}
        entry = Entry(f"{number:08d}", Decimal(random.randrange(3000, 9500)) / 100, tie_values)
        positions[random.randrange(len(positions))].append(entry)
    return positions


def examinees(scale: float) -> list[Examinee]:
    random = Random(SEED)
    return [
        Examinee(f"{number:08d}", "ABCDE"[number % 5], f"p{random.randrange(9_000)}", f"u{random.randrange(900)}")
        for number in range(int(EXAMINEES * scale))
    ]


def papers(scale: float) -> list[tuple[Decimal, Decimal]]:
    random = Random(SEED)
    return [
        (Decimal(random.randrange(1, 300)) / 2, Decimal(random.randrange(1, 300)) / 2)
        for _ in range(int(FOLDED * scale))
    ]


def fold_ours(marks: list[tuple[Decimal, Decimal]]) -> Iterable[object]:
    rules = COUNTY_EXAM.written
    return [fold_written((PaperMark("职测", one), PaperMark("综应", two)), rules).value for one, two in marks]


def fold_plain(marks: list[tuple[Decimal, Decimal]]) -> Iterable[object]:
    return [((one + two) / 3).quantize(CENT, rounding=ROUND_HALF_UP) for one, two in marks]


def rank_ours(positions: list[list[Entry]]) -> Iterable[object]:
    found: list[tuple[str, int]] = []
    for entries in positions:
        found.extend((place.key, place.rank) for place in rank(entries, COUNTY_EXAM.ranking).places)
    return sorted(found)


def rank_plain(positions: list[list[Entry]]) -> Iterable[object]:
    found: list[tuple[str, int]] = []
    for entries in positions:
        keys = [(entry.value, *(entry.tie_values[link] for link in CHAIN)) for entry in entries]
        for entry, mine in zip(entries, keys, strict=True):
            found.append((entry.key, 1 + sum(other > mine for other in keys)))  # type: ignore[operator]
    return sorted(found)


def shortlist_ours(positions: list[list[Entry]]) -> Iterable[object]:
    return [sorted(shortlist(entries, HEADCOUNT, COUNTY_EXAM.shortlist).called) for entries in positions]


def shortlist_plain(positions: list[list[Entry]]) -> Iterable[object]:
    called: list[list[str]] = []
    for entries in positions:
        values = sorted((entry.value or Decimal(0) for entry in entries), reverse=True)
        last = values[min(HEADCOUNT * 3, len(values)) - 1] if values else None
        called.append(sorted(entry.key for entry in entries if last is not None and (entry.value or 0) >= last))
    return called


def seat_ours(people: list[Examinee]) -> Iterable[object]:
    plan = seat_everyone(people, COUNTY_EXAM.seating, "seed")
    rooms: dict[int, list[Examinee]] = {}
    by_key = {person.key: person for person in people}
    for seat in plan.seats:
        rooms.setdefault(seat.room, []).append(by_key[seat.key])
    return _seated(list(rooms.values()), plan.conflicts)


def seat_plain(people: list[Examinee]) -> Iterable[object]:
    """Each next seat goes to the first of those still standing, in the drawn order, who makes no pair of neighbours."""
    rules = COUNTY_EXAM.seating
    rooms: list[list[Examinee]] = []
    for category in sorted({person.category for person in people}):
        crowd = [person for person in people if person.category == category]
        crowd.sort(key=lambda person: hashlib.sha256(f"seed\x1f{person.key}".encode()).digest())
        for size in room_sizes(len(crowd), rules):
            room: list[Examinee] = []
            for _seat in range(size):
                known = count_conflicts(room, rules)
                fits = (place for place, one in enumerate(crowd) if count_conflicts([*room, one], rules) == known)
                room.append(crowd.pop(next(fits, 0)))
            rooms.append(room)
    return _seated(rooms, sum(count_conflicts(room, rules) for room in rooms))


def _seated(rooms: list[list[Examinee]], conflicts: int) -> list[object]:
    mixed = sum(len({person.category for person in room}) > 1 for room in rooms)
    keys = {person.key for room in rooms for person in room}
    return [sum(map(len, rooms)), len(keys), len(rooms), mixed, conflicts]


Case = tuple[str, Callable[[float], Any], Callable[[Any], Iterable[object]], Callable[[Any], Iterable[object]]]
CASES: dict[str, Case] = {
    "fold": ("fold {:,} written marks, each explained", papers, fold_ours, fold_plain),
    "rank": ("rank {:,} marks, ties broken", groups, rank_ours, rank_plain),
    "shortlist": ("shortlist {:,} marks", groups, shortlist_ours, shortlist_plain),
    "seat": ("seat {:,} people", examinees, seat_ours, seat_plain),
}
SIZES = {"fold": FOLDED, "rank": MARKS, "shortlist": MARKS, "seat": EXAMINEES}


def measure(case: str, way: str, scale: float) -> dict[str, Any]:
    """Run one way of one case here: CPU seconds, MiB beyond the input, and the digest of the answer."""
    _, build, ours, plain = CASES[case]
    given = build(scale)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    answer = list((ours if way == "ours" else plain)(given))
    seconds = time.process_time() - started
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    digest = hashlib.sha256(repr([str(part) for part in answer]).encode()).hexdigest()
    return {"seconds": seconds, "memory": memory, "answer": digest}


def measure_apart(case: str, way: str, scale: float) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.rulebook", "--case", case, "--way", way, "--scale", str(scale)]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    result: dict[str, Any] = json.loads(output)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0, help="part of the full size, 1 for all")
    parser.add_argument("--case", choices=CASES)
    parser.add_argument("--way", choices=("ours", "plain"))
    options = parser.parse_args()
    if options.case:
        print(json.dumps(measure(options.case, options.way, options.scale)))
        return
    print("| case | rule book | memory | simplest loop | memory | time against the loop |\n|---|---|---|---|---|---|")
    for case, (label, *_) in CASES.items():
        ours, plain = (measure_apart(case, way, options.scale) for way in ("ours", "plain"))
        if ours["answer"] != plain["answer"]:
            raise SystemExit(f"{case}: the two ways disagree")
        times = (
            f"{ours['seconds']:.2f} s | {ours['memory']:.0f} MiB | {plain['seconds']:.2f} s | {plain['memory']:.0f} MiB"
        )
        ratio = ours["seconds"] / plain["seconds"]
        print(f"| {label.format(int(SIZES[case] * options.scale))} | {times} | × {ratio:.2f} |")


if __name__ == "__main__":
    main()
