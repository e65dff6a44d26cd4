"""A scenario played on 1,239 and on 50,000 posts, against the simplest loop that looks for every post and person anew.

    python -m benchmarks.what_if

The loop plays the same events (a failed ratio, a withdrawal with its replacement, an entry) over plain lists; both must
end with the same posts in the same states. The loop over 50,000 posts takes some minutes.
"""

from __future__ import annotations

import time
import tracemalloc
from collections import Counter
from decimal import Decimal

from rulebook.opening_ratio import PostCounts, effective_headcount, valid_applicants
from rulebook.replacement import Waiting, next_replacement
from rulebook.ruleset import OpeningRatioRules, ReplacementRules
from rulebook.slots import SlotState as S
from rulebook.what_if import (
    CampaignRules,
    CheckRatio,
    Drop,
    Enter,
    Event,
    Outcome,
    Person,
    Position,
    Situation,
    Slot,
    simulate,
)

HEADS = 2
LINE = 2


def county(size: int) -> Situation:
    """Positions of two places: one in three takes applications, one is under checks, one under notice."""
    slots, positions, people = [], [], []
    for number in range(size // HEADS):
        key, kind = f"P{number:06d}", number % 3
        campaign = "NEW" if kind == 0 else "OLD"
        positions.append(
            Position(key, campaign, f"U{number % 500:03d}", HEADS, HEADS, PostCounts(HEADS, paid=number % 9))
        )
        for place in range(HEADS):
            name = f"{key}-{place}"
            held = kind == 2
            slots.append(
                Slot(name, S.HELD if held else S.RESERVED, f"U{number % 500:03d}", key, name if held else "", "P1")
            )
            if kind:
                people.append(Person(name, key, "notice" if held else "medical", place + 1, Decimal(80)))
        if kind:
            people += [Person(f"{key}-w{n}", key, "line", HEADS + 1 + n, Decimal(70)) for n in range(LINE)]
    slots += [Slot(f"free-{n}", S.PERMITTED, "U000", permit="P1") for n in range(size % HEADS)]
    rules = (
        CampaignRules("NEW", "public_exam", OpeningRatioRules(basis="paid"), ratio_due=True),
        CampaignRules("OLD", "public_exam"),
    )
    return Situation(tuple(slots), tuple(positions), tuple(people), rules)


def scenario(start: Situation, most: int) -> list[Event]:
    """The ratio at 2:1, `most` people out under medical exam, `most` entered."""
    out = [row.key for row in start.people if row.place == "medical" and row.rank == 1][:most]
    into = [row.key for row in start.people if row.place == "notice" and row.rank == 1][:most]
    return [CheckRatio("NEW", 2), *map(Drop, out), *map(Enter, into)]


def simplest(start: Situation, events: list[Event]) -> Counter[tuple[str, S]]:
    """Lists searched from the start for each event; returns posts by unit and state."""
    slots = [[slot.key, slot.state, slot.position, slot.person, slot.unit] for slot in start.slots]
    people = [[row.key, row.position, row.place, row.rank, row.score] for row in start.people]
    rules, rounds = ReplacementRules(), Counter[str]()
    for event in events:
        if isinstance(event, CheckRatio):
            opening = start.campaigns[0].opening
            for position in start.positions:
                if position.campaign != event.campaign:
                    continue
                valid = valid_applicants(position.counts, opening)
                left = effective_headcount(position.planned, valid, opening, event.k).effective
                own = [row for row in slots if row[2] == position.key and row[1] == S.RESERVED]
                for row in own[left:]:
                    row[1], row[2] = S.PERMITTED, ""
        elif isinstance(event, Drop):
            who = next(row for row in people if row[0] == event.person)
            line = [Waiting(row[0], row[3], row[4]) for row in people if row[1] == who[1] and row[2] == "line"]
            found = next_replacement(line, "medical", "withdrew", rounds[who[1]], rules)
            who[2] = "gone"
            if found.called:
                rounds[who[1]] += 1
                next(row for row in people if row[0] == found.called)[2] = "medical"
            else:
                post = [row for row in slots if row[2] == who[1] and row[1] == S.RESERVED][-1]
                post[1], post[2] = S.PERMITTED, ""
        elif isinstance(event, Enter):
            post = next(row for row in slots if row[3] == event.person)
            post[1] = S.USED
    return Counter((row[4], row[1]) for row in slots)


def measure(size: int, most: int) -> None:
    """One line of the table."""
    start = county(size)
    events = scenario(start, most)
    begun = time.perf_counter()
    outcome = simulate(start, events)
    mine = time.perf_counter() - begun
    begun = time.perf_counter()
    counted = simplest(start, events)
    loop = time.perf_counter() - begun
    if Counter((slot.unit, slot.state) for slot in outcome.after.slots) != counted:
        raise SystemExit("the two ways disagree")
    memory = _memory(start, events)
    print(f"| {size:,} | {len(events):,} | {mine:.3f} s | {memory:.0f} MiB | {loop:.2f} s | {loop / mine:.0f} |")


def _memory(start: Situation, events: list[Event]) -> float:
    tracemalloc.start()
    kept: Outcome = simulate(start, events)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert kept.moves
    return peak / 1024 / 1024


def main() -> None:
    print("| posts | events | simulation | memory | simplest loop | times as fast |\n|---|---|---|---|---|---|")
    measure(1_239, 200)
    measure(50_000, 200)


if __name__ == "__main__":
    main()
