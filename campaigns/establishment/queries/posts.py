"""Posts, permits and movements: who may see which, and the lists behind the figures."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import UnitQuerySet, User
from accounts.policies import covers_county, in_scope, roles_of
from accounts.queries import units_in_scope
from campaigns.establishment.enums import Decision, RowKind, SlotMove, SlotState
from campaigns.establishment.models import EstablishedPost, Permit, Reconciliation, ReconciliationRow, SlotMovement
from campaigns.establishment.policies import READERS


def readable_units(user: User) -> UnitQuerySet:
    """Units whose posts the person may see, in tree order."""
    return units_in_scope(user, *READERS).order_by("path")


def readable_paths(user: User) -> list[str]:
    """Prefixes of the paths of those units."""
    return sorted({path for role, path in roles_of(user) if role in READERS})


def permits_valid_on(day: date) -> QuerySet[Permit]:
    """Permits that are neither revoked nor outside their dates on `day`."""
    return Permit.objects.filter(revoked_at=None, issued_on__lte=day, expires_on__gte=day)


def permits_visible_to(user: User) -> QuerySet[Permit]:
    """Permits of the units a person covers."""
    return Permit.objects.filter(in_scope(user, *READERS)).select_related("unit", "envelope")


def posts_visible_to(user: User) -> QuerySet[EstablishedPost]:
    """Posts of the units a person covers; the county's own offices also see posts no unit has yet."""
    if in_scope_of_county(user):
        return EstablishedPost.objects.all()
    return EstablishedPost.objects.filter(in_scope(user, *READERS))


def reconciliations_visible_to(user: User) -> QuerySet[Reconciliation]:
    """Comparisons made for the units a person covers."""
    return Reconciliation.objects.filter(in_scope(user, *READERS)).select_related("unit", "created_by", "closed_by")


def posts_as_of(at: datetime) -> QuerySet[EstablishedPost]:
    """Every post there was at a moment, with `then_state` and `then_unit` (an id), by its last movement up to it."""
    last = SlotMovement.objects.filter(post=OuterRef("pk"), at__lte=at).order_by("-at", "-pk")
    return EstablishedPost.objects.annotate(
        then_state=Subquery(last.values("to_state")[:1]), then_unit=Subquery(last.values("to_unit")[:1])
    ).exclude(then_state=None)


def in_scope_of_county(user: User) -> bool:
    """True if one of the person's roles covers the root of the tree."""
    return covers_county(user, *READERS)


def permit_use(permits: QuerySet[Permit]) -> QuerySet[Permit]:
    """Permits with how their posts stand: `waiting` (permitted), `reserved`, `held` and `spent` (people entered).

    Each is counted for itself along an index: joined, the people entered would be counted anew for every post.
    """
    posts = EstablishedPost.objects.filter(permit=OuterRef("pk"))
    used = SlotMovement.objects.filter(permit=OuterRef("pk"), move=SlotMove.USE)
    return permits.annotate(
        waiting=_number(posts.filter(state=SlotState.PERMITTED)),
        reserved=_number(posts.filter(state=SlotState.RESERVED)),
        held=_number(posts.filter(state=SlotState.HELD)),
        spent=_number(used, Count("post", distinct=True)),
    )


def _number(rows: QuerySet[Any], count: Count = Count("pk")) -> Coalesce:  # noqa: B008
    """How many of the rows of a subquery there are, 0 for none."""
    return Coalesce(Subquery(rows.order_by().annotate(one=Value(1)).values("one").annotate(n=count).values("n")), 0)


def permitted_now(units: Iterable[int], slot_type: str, on: date) -> QuerySet[EstablishedPost]:
    """Permitted posts of these units (ids) whose permit is valid on the day, the permit that ends first first."""
    rows = EstablishedPost.objects.filter(unit__in=units, slot_type=slot_type, state=SlotState.PERMITTED)
    return rows.filter(permit__in=permits_valid_on(on)).order_by("permit__expires_on", "pk")


def reserved_for(units: Iterable[int], slot_type: str) -> dict[int, list[tuple[str, int]]]:
    """Unit id → what its reserved posts are reserved for and how many, largest first; one query."""
    rows = (
        EstablishedPost.objects.filter(unit__in=units, slot_type=slot_type, state=SlotState.RESERVED)
        .order_by()
        .values_list("unit_id", "purpose")
        .annotate(number=Count("pk"))
        .order_by("unit_id", F("number").desc(), "purpose")
    )
    found: dict[int, list[tuple[str, int]]] = {}
    for unit, purpose, number in rows:
        found.setdefault(unit, []).append((purpose, number))
    return found


def with_open_rows(rows: QuerySet[Reconciliation]) -> QuerySet[Reconciliation]:
    """Comparisons with how many rows they have, and how many of them nobody has decided yet."""
    own = ReconciliationRow.objects.filter(reconciliation=OuterRef("pk"))
    undecided = own.filter(decision=Decision.OPEN).exclude(kind=RowKind.MATCH)
    return rows.annotate(row_count=_number(own), undecided=_number(undecided)).order_by("-created_at", "-pk")
