"""Balances of posts (quota.md 5.1): one query for a unit, a subtree, an envelope or the county, now or at any moment.

The ledger is kept in double entry: each movement takes a post out of one unit and state and puts it into another. The
balance of a moment is therefore the sum of the movements up to it, and no snapshot is ever stored.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.db.models import BigIntegerField, CharField, Count, F, Q, QuerySet, Sum, Value
from django.utils import timezone

from accounts.models import Unit
from campaigns.establishment.enums import ExitEnd, SlotType, StaffingPart
from campaigns.establishment.models import (
    Envelope,
    EstablishedPost,
    PlannedExit,
    SlotMovement,
    StaffingChange,
    UnitStaffing,
)
from rulebook import slots

# Exits further away are plans, not forecasts.
EXIT_HORIZON = timedelta(days=365)


@dataclass(frozen=True)
class Balance:
    """Counts of posts by state, for one unit, one envelope or a sum of them; all in posts."""

    free: int = 0
    pool: int = 0
    allocated: int = 0
    permitted: int = 0
    reserved: int = 0
    held: int = 0
    used: int = 0
    vacated: int = 0
    extra: int = 0
    committed: int = 0
    planned_exits: int = 0
    over_sum: int | None = None
    available_sum: int | None = None

    @property
    def authorised(self) -> int:
        """A: every row the unit or envelope owns."""
        return (
            self.free
            + self.pool
            + self.allocated
            + self.permitted
            + self.reserved
            + self.held
            + self.used
            + self.vacated
        )

    @property
    def on_board(self) -> int:
        """O: people registered on posts, and those who have none."""
        return self.used + self.extra

    @cached_property
    def over(self) -> int:
        """max(0, O − A); of several units the sum, since one unit's vacancies don't heal another's excess."""
        return slots.over_establishment(self.counts) if self.over_sum is None else self.over_sum

    @property
    def vacant(self) -> int:
        """V: authorised posts nobody is on."""
        return self.authorised - self.on_board + self.over

    @cached_property
    def available(self) -> int:
        """F = A − O − R − H − C, never shown below 0 (Q2); over-staffing is shown on its own. Summed unit by unit."""
        return slots.available(self.counts) if self.available_sum is None else self.available_sum

    @property
    def shortfall(self) -> int:
        """How far A − O − R − H − C lies below what over-staffing explains; anything but 0 is an error."""
        free = self.authorised - self.on_board - self.reserved - self.held - self.committed
        return max(0, -free - self.over)

    @property
    def counts(self) -> slots.UnitCounts:
        """The same figures as the rule book takes them."""
        return slots.UnitCounts(
            self.authorised, self.on_board, self.reserved, self.held, self.committed, self.planned_exits
        )

    @property
    def is_empty(self) -> bool:
        return not (self.authorised or self.on_board or self.committed)


COUNTED = tuple(item.name for item in fields(Balance) if not item.name.endswith("_sum"))
NOTHING = Balance()


def total(balances: Iterable[Balance]) -> Balance:
    """The sum of several units' balances."""
    rows = list(balances)
    if len(rows) == 1:
        return rows[0]
    return Balance(
        **{name: sum(getattr(row, name) for row in rows) for name in COUNTED},
        over_sum=sum(row.over for row in rows),
        available_sum=sum(row.available for row in rows),
    )


def end_of(day: date) -> datetime:
    """The last moment of a day here, as `at` of a balance."""
    start = datetime.combine(day + timedelta(days=1), time.min)
    return timezone.make_aware(start) - timedelta(microseconds=1)


@dataclass(frozen=True)
class Part:
    """Which units: one, several by id, everything below one (itself included), prefixes of paths, or the county."""

    unit: Unit | None = None
    ids: Sequence[int] | None = None
    under: Unit | None = None
    paths: Sequence[str] | None = None

    @property
    def is_county(self) -> bool:
        """True if nothing is left out, posts without a unit included."""
        return self == Part()

    def within(self, field: str) -> Q:
        """The filter on a foreign key to the unit, by its name."""
        if self.unit is not None:
            return Q(**{field: self.unit})
        if self.ids is not None:
            return Q(**{f"{field}__in": self.ids})
        prefixes = [self.under.path] if self.under is not None else self.paths
        if prefixes is None:
            return Q()
        found = Q(pk__in=[])
        for prefix in prefixes:
            found |= Q(**{f"{field}__path__startswith": prefix})
        return found


def balances(
    part: Part = Part(),
    *,
    slot_type: str = SlotType.INSTITUTION,
    envelope: Envelope | None = None,
    at: datetime | None = None,
) -> dict[int | None, Balance]:
    """Unit id → balance, in one query; posts no unit has are under None. `at`: as it was then, inclusive.

    With an envelope only its posts are counted; people without a post, promises and planned exits are none of its.
    """
    rows = _now(part, slot_type, envelope) if at is None else _then(part, slot_type, envelope, at)
    first, *others = (some.order_by() for some in rows)
    sums: dict[int | None, dict[str, int]] = {}
    for left, came_from, unit, name, number in first.union(*others, all=True):
        if name:
            counts = sums.setdefault(unit, {})
            counts[name] = counts.get(name, 0) + number
        if came_from:
            counts = sums.setdefault(left, {})
            counts[came_from] = counts.get(came_from, 0) - number
    found = {unit: Balance(**counts) for unit, counts in sums.items()}
    return {unit: balance for unit, balance in found.items() if balance != NOTHING}


# Every part of a balance is read as (unit and count it leaves, unit and count it reaches, how many).
NO_UNIT = Value(None, output_field=BigIntegerField())


def _named(part: str) -> Value:
    return Value(part, output_field=CharField())


def _reached(rows: QuerySet[Any], unit: str, name: Any, number: Any) -> QuerySet[Any, Any]:
    """Rows counted for `unit` under `name`, without a unit they left."""
    named = rows.order_by().annotate(nowhere=NO_UNIT, nothing=_named(""), reached=name)
    return named.values_list("nowhere", "nothing", unit, "reached").annotate(number=number)


def _now(part: Part, slot_type: str, envelope: Envelope | None) -> list[QuerySet[Any, Any]]:
    posts = EstablishedPost.objects.filter(part.within("unit"), slot_type=slot_type)
    if envelope is not None:
        posts = posts.filter(envelope=envelope)
    rows = [_reached(posts, "unit_id", F("state"), Count("pk"))]
    if envelope is not None:
        return rows
    staffing = UnitStaffing.objects.filter(part.within("unit"), slot_type=slot_type)
    for name in StaffingPart.values:
        rows.append(_reached(staffing, "unit_id", _named(name), Sum(f"{name}_count")))
    return [*rows, _exits(part, slot_type, timezone.now(), Q(end=ExitEnd.OPEN))]


def _exits(part: Part, slot_type: str, at: datetime, still_open: Q) -> QuerySet[Any, Any]:
    horizon = timezone.localdate(at) + EXIT_HORIZON
    rows = PlannedExit.objects.filter(part.within("post__unit"), post__slot_type=slot_type, expected_on__lte=horizon)
    return _reached(rows.filter(still_open), "post__unit_id", _named("planned_exits"), Count("pk"))


def _then(part: Part, slot_type: str, envelope: Envelope | None, at: datetime) -> list[QuerySet[Any, Any]]:
    moved = SlotMovement.objects.filter(slot_type=slot_type, at__lte=at).order_by()
    if envelope is not None:
        moved = moved.filter(post__envelope=envelope)
    rows = _moves(moved, part)
    if envelope is not None:
        return rows
    changes = StaffingChange.objects.filter(part.within("unit"), slot_type=slot_type, at__lte=at)
    still_open = Q(ended_at=None) | Q(ended_at__gt=at)
    exits = _exits(part, slot_type, at, still_open & Q(registered_at__lte=at))
    return [*rows, _reached(changes, "unit_id", F("part"), Sum("change")), exits]


def _moves(moved: QuerySet[SlotMovement], part: Part) -> list[QuerySet[Any, Any]]:
    """The county in one pass over one index; a part of it by what reached it and what left it."""
    if part.is_county:
        both = moved.values_list("from_unit_id", "from_state", "to_unit_id", "to_state")
        return [both.annotate(number=Count("pk"))]
    left = moved.filter(part.within("from_unit")).exclude(from_state="").annotate(nowhere=NO_UNIT, nothing=_named(""))
    return [
        _reached(moved.filter(part.within("to_unit")), "to_unit_id", F("to_state"), Count("pk")),
        left.values_list("from_unit_id", "from_state", "nowhere", "nothing").annotate(number=Count("pk")),
    ]


def balance_of_unit(unit: Unit, slot_type: str = SlotType.INSTITUTION, at: datetime | None = None) -> Balance:
    """The balance of one unit (not its subtree) for one type of post."""
    return balances(Part(unit=unit), slot_type=slot_type, at=at).get(unit.pk, NOTHING)


def balance_of_subtree(unit: Unit, slot_type: str = SlotType.INSTITUTION, at: datetime | None = None) -> Balance:
    """The balance of a unit and everything below it."""
    return total(balances(Part(under=unit), slot_type=slot_type, at=at).values())


def balance_of_envelope(envelope: Envelope, at: datetime | None = None) -> Balance:
    """The balance of an envelope's posts, wherever they were allocated."""
    return total(balances(envelope=envelope, at=at).values())
