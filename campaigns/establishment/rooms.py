"""What the rooms above tell the ledger: what a bound post waits for, and who is engaged without any post."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.functional import Promise

from accounts.enums import Role
from accounts.models import Unit


@dataclass(frozen=True)
class NextStep:
    """What a reserved or held post waits for, whose duty it is for which unit, and its day where one is known."""

    what: Promise | str
    roles: tuple[Role, ...]
    unit: Unit
    deadline: date | None


@dataclass(frozen=True)
class Outside:
    """People who take no post of the ledger: what they are called, why they are outside, how many in some units."""

    label: Promise
    note: Promise
    count: Callable[[QuerySet[Unit]], int]


@dataclass(frozen=True)
class OutsideCount:
    """How many of them some units have."""

    label: Promise
    note: Promise
    number: int


_STEPS: list[Callable[[Collection[int]], Mapping[int, NextStep]]] = []
OUTSIDE: list[Outside] = []


def register_next_steps(
    find: Callable[[Collection[int]], Mapping[int, NextStep]],
) -> Callable[[Collection[int]], Mapping[int, NextStep]]:
    """Decorator: `find(ids of posts)` gives the step of each post the room knows of, in a constant number of queries.

    Rooms register from the lowest to the highest, and a higher one knows better: a person's step before a campaign's.
    """
    _STEPS.append(find)
    return find


def next_steps(posts: Collection[int]) -> dict[int, NextStep]:
    """Post id → the step it waits for; posts that no room knows of are missing."""
    return {post: step for find in _STEPS for post, step in find(posts).items()} if posts else {}


def register_outside(label: Promise, note: Promise) -> Callable[[Callable[[QuerySet[Unit]], int]], object]:
    """Decorator: `count(units)` gives how many people these units have who take no post, in one query."""

    def register(count: Callable[[QuerySet[Unit]], int]) -> Callable[[QuerySet[Unit]], int]:
        OUTSIDE.append(Outside(label, note, count))
        return count

    return register


def outside_of(units: QuerySet[Unit]) -> list[OutsideCount]:
    """Who these units have beside the ledger, the groups without anybody left out; one query for each group."""
    counts = [OutsideCount(group.label, group.note, group.count(units)) for group in OUTSIDE]
    return [group for group in counts if group.number]
