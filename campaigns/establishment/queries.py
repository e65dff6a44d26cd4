"""Reads over established posts: balances of units and envelopes, in one query each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.models import Unit, User
from accounts.policies import in_scope, roles_of
from campaigns.establishment.enums import SlotState, SlotType
from campaigns.establishment.models import Envelope, EstablishedPost, Permit, UnitStaffing
from campaigns.establishment.policies import READERS
from rulebook import slots


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
    over: int = 0
    committed: int = 0

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
        """O: people registered on posts, those above the authorised number included."""
        return self.used + self.over

    @property
    def available(self) -> int:
        """F = A − O − R − H − C, never shown below 0 (Q2); over-staffing is shown on its own."""
        return slots.available(self.counts)

    @property
    def counts(self) -> slots.UnitCounts:
        """The same figures as the rule book takes them."""
        return slots.UnitCounts(self.authorised, self.on_board, self.reserved, self.held, self.committed)


STATE_COUNTS = {state: Count("pk", filter=Q(state=state)) for state in SlotState.values}


def balance_of_posts(posts: QuerySet[EstablishedPost]) -> Balance:
    """The balance of a set of posts, in one query."""
    return Balance(**posts.aggregate(**STATE_COUNTS))


def balance_of_unit(unit: Unit, slot_type: str = SlotType.INSTITUTION) -> Balance:
    """The balance of one unit (not its subtree) for one type of post, with over-staffing and commitments."""
    posts = EstablishedPost.objects.filter(unit=unit, slot_type=slot_type)
    staffing = UnitStaffing.objects.filter(unit=unit, slot_type=slot_type).first()
    return Balance(
        **posts.aggregate(**STATE_COUNTS),
        over=staffing.over_count if staffing else 0,
        committed=staffing.committed_count if staffing else 0,
    )


def balances_by_unit(posts: QuerySet[EstablishedPost]) -> dict[int, Balance]:
    """Unit id → balance of the given posts, in two queries whatever the number of units."""
    rows = list(posts.filter(unit__isnull=False).order_by().values("unit_id").annotate(**STATE_COUNTS))
    staffing = UnitStaffing.objects.filter(slot_type=SlotType.INSTITUTION)
    beside = {row.unit_id: {"over": row.over_count, "committed": row.committed_count} for row in staffing}
    return {row["unit_id"]: Balance(**_counts(row), **beside.get(row["unit_id"], {})) for row in rows}


def _counts(row: Mapping[str, Any]) -> dict[str, int]:
    return {state: row[state] for state in SlotState.values}


def balance_of_envelope(envelope: Envelope) -> Balance:
    """The balance of an envelope's posts, wherever they were allocated."""
    return balance_of_posts(EstablishedPost.objects.filter(envelope=envelope))


def permits_valid_on(day: date) -> QuerySet[Permit]:
    """Permits that are neither revoked nor outside their dates on `day`."""
    return Permit.objects.filter(revoked_at=None, issued_on__lte=day, expires_on__gte=day)


def posts_visible_to(user: User) -> QuerySet[EstablishedPost]:
    """Posts of the units a person covers; the county's own offices also see posts no unit has yet."""
    scope = in_scope(user, *READERS)
    if in_scope_of_county(user):
        scope |= Q(unit=None)
    return EstablishedPost.objects.filter(scope)


def in_scope_of_county(user: User) -> bool:
    """True if one of the person's roles covers the root of the tree."""
    roots = set(Unit.objects.filter(parent=None).values_list("path", flat=True))
    return any(path in roots for role, path in roles_of(user) if role in READERS)
