"""A unit's own posts and people: entered, promised to other channels, filled from them, moved between units."""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Unit, User
from accounts.policies import require
from campaigns.establishment.domain.claims import checked_ledger_number
from campaigns.establishment.domain.moves import check_papers, create_posts, locked_units, move_posts
from campaigns.establishment.domain.shortages import check_count, need_available
from campaigns.establishment.enums import ExitEnd, SlotState, SlotType, StaffingPart
from campaigns.establishment.models import EstablishedPost, PlannedExit, StaffingChange, UnitStaffing
from campaigns.establishment.policies import may_manage_posts
from campaigns.establishment.queries import Balance, balance_of_unit
from foundation.errors import Refused


@transaction.atomic
def register_unit_posts(
    *,
    actor: User,
    unit: Unit,
    authorised: int,
    on_board: int,
    recorded_on: date,
    document: str,
    slot_type: str = SlotType.INSTITUTION,
) -> Balance:
    """Enter a unit's authorised posts (A) with its incumbents (O), one row for each authorised post.

    Rows are named `<unit code>-Z0001` (or `-X0001` for the civil service) and on. People above A are kept as a count,
    since no post is theirs. Raises Refused if the unit's posts were entered before.
    """
    require(may_manage_posts, actor, unit)
    (unit,) = locked_units(unit)
    letter = "Z" if slot_type == SlotType.INSTITUTION else "X"
    if EstablishedPost.objects.filter(code__startswith=f"{unit.code}-{letter}", slot_type=slot_type).exists():
        raise Refused(
            _("The posts of %(unit)s were entered before; change them one by one. Nothing was saved.") % {"unit": unit},
            code="already_registered",
        )
    codes = [f"{unit.code}-{letter}{number:04d}" for number in range(1, authorised + 1)]
    taken = min(authorised, on_board)
    common = {"unit": unit, "slot_type": slot_type}
    create_posts(actor=actor, codes=codes[:taken], state=SlotState.USED, document=document, **common)
    create_posts(actor=actor, codes=codes[taken:], state=SlotState.ALLOCATED, document=document, **common)
    if on_board > authorised:
        change_staffing(actor, unit, slot_type, StaffingPart.EXTRA, on_board - authorised, document)
    audit.record(
        actor=actor,
        action="establishment.register_unit_posts",
        subject=unit,
        after={
            "authorised": authorised, "on_board": on_board, "slot_type": slot_type, "document": document,
            "as_of": recorded_on.isoformat(),
        },
    )  # fmt: skip
    return balance_of_unit(unit, slot_type)


def change_staffing(
    actor: User,
    unit: Unit,
    slot_type: str,
    part: str,
    change: int,
    document: str,
    *,
    channel: str = "",
    reason: str = "",
) -> None:
    """Add to a count of the unit, under its lock; raises Refused if the count would fall below 0."""
    row, _new = UnitStaffing.objects.select_for_update().get_or_create(unit=unit, slot_type=slot_type)
    name = f"{part}_count"
    after = getattr(row, name) + change
    if after < 0:
        raise Refused(
            _("%(unit)s has only %(have)s %(what)s. Nothing was saved.")
            % {"unit": unit, "have": getattr(row, name), "what": StaffingPart(part).label},
            code="shortage",
        )
    setattr(row, name, after)
    row.save(update_fields=[name])
    StaffingChange.objects.create(
        unit=unit, slot_type=slot_type, part=part, change=change, channel=channel, actor=actor, reason=reason,
        document=document.strip(),
    )  # fmt: skip


@transaction.atomic
def commit_posts(*, actor: User, unit: Unit, channel: str, count: int, document: str) -> Balance:
    """Promise `count` available posts of a unit to another channel (C): no publication may take them any more.

    Raises Refused with the exact shortage unless as many are available.
    """
    require(may_manage_posts, actor, unit)
    check_count(count)
    check_papers(document)
    (unit,) = locked_units(unit)
    need_available(unit, SlotType.INSTITUTION, count)
    change_staffing(actor, unit, SlotType.INSTITUTION, StaffingPart.COMMITTED, count, document, channel=channel)
    audit.record(
        actor=actor, action="establishment.commit_posts", subject=unit,
        after={"count": count, "channel": channel, "document": document},
    )  # fmt: skip
    return balance_of_unit(unit)


@transaction.atomic
def withdraw_commitment(*, actor: User, unit: Unit, channel: str, count: int, reason: str, document: str) -> Balance:
    """Take a promise back; the posts are available again. Raises Refused beyond what is promised."""
    require(may_manage_posts, actor, unit)
    check_count(count)
    check_papers(document, "withdrawn", reason, needs_reason=True)
    (unit,) = locked_units(unit)
    part = StaffingPart.COMMITTED
    change_staffing(actor, unit, SlotType.INSTITUTION, part, -count, document, channel=channel, reason=reason)
    audit.record(
        actor=actor, action="establishment.withdraw_commitment", subject=unit, reason=reason,
        after={"count": count, "channel": channel, "document": document},
    )  # fmt: skip
    return balance_of_unit(unit)


@transaction.atomic
def enter_from_channel(
    *, actor: User, unit: Unit, channel: str, ledger_number: str, document: str, promised: bool = True
) -> EstablishedPost:
    """A person comes by another channel and is entered on an allocated post of the unit.

    With `promised` the post comes out of those promised (C−1, O+1), otherwise it must be available (F ≥ 1). Raises
    Refused if there is none, or if the ledger number stands on another post.
    """
    require(may_manage_posts, actor, unit)
    (unit,) = locked_units(unit)
    if promised:
        change_staffing(actor, unit, SlotType.INSTITUTION, StaffingPart.COMMITTED, -1, document or " ", channel=channel)
    else:
        need_available(unit, SlotType.INSTITUTION, 1)
    post = _seat(actor, unit, ledger_number, document, channel)
    audit.record(
        actor=actor, action="establishment.enter_from_channel", subject=post,
        after={"unit": unit.code, "channel": channel, "promised": promised, "document": document},
    )  # fmt: skip
    return post


@transaction.atomic
def seat_extra_person(*, actor: User, unit: Unit, ledger_number: str, document: str) -> EstablishedPost:
    """A person above the authorised number gets a post that has become vacant: the excess falls by one."""
    require(may_manage_posts, actor, unit)
    (unit,) = locked_units(unit)
    check_papers(document)
    change_staffing(actor, unit, SlotType.INSTITUTION, StaffingPart.EXTRA, -1, document)
    post = _seat(actor, unit, ledger_number, document, "extra")
    audit.record(
        actor=actor, action="establishment.seat_extra_person", subject=post,
        after={"unit": unit.code, "document": document},
    )  # fmt: skip
    return post


def _seat(actor: User, unit: Unit, ledger_number: str, document: str, code: str) -> EstablishedPost:
    """The first allocated post of the unit, its own before those lent, with the person on it."""
    check_papers(document)
    lent = PlannedExit.objects.filter(end=ExitEnd.OPEN, lent_post__isnull=False).values("lent_post")
    rows = EstablishedPost.objects.select_for_update(of=("self",)).filter(
        unit=unit, slot_type=SlotType.INSTITUTION, state=SlotState.ALLOCATED
    )
    post = rows.exclude(pk__in=lent).order_by("is_pool", "pk").first()
    if post is None:
        raise Refused(
            _("%(unit)s has no allocated post that is neither permitted nor published. Nothing was saved.")
            % {"unit": unit},
            code="shortage",
        )
    number = checked_ledger_number(ledger_number, post)
    move_posts(actor=actor, posts=[post], name="enter", document=document, reason_code=code, ledger_number=number)
    return post


def _vacant(unit: Unit, slot_type: str) -> QuerySet[EstablishedPost]:
    """Posts of a unit that may move to another, to be locked: allocated or permitted, not lent against an exit."""
    lent = PlannedExit.objects.filter(end=ExitEnd.OPEN, lent_post__isnull=False).values("lent_post")
    vacant = EstablishedPost.objects.select_for_update(of=("self",)).filter(
        unit=unit, slot_type=slot_type, state__in=[SlotState.ALLOCATED, SlotState.PERMITTED]
    )
    return vacant.exclude(pk__in=lent)


@transaction.atomic
def transfer_posts(
    *,
    actor: User,
    source: Unit,
    target: Unit,
    count: int,
    reason_code: str,
    reason: str,
    document: str,
    slot_type: str = SlotType.INSTITUTION,
) -> list[EstablishedPost]:
    """Move `count` vacant posts from one unit to another (划转): allocated there, they need a permit of their own.

    Posts no permit covers go first; a permitted one loses its permit, which was the other unit's. Posts published, held
    or used never move. Raises Refused with the exact shortage, and NotAllowed unless the office covers both units.
    """
    for unit in (source, target):
        require(may_manage_posts, actor, unit)
    check_count(count)
    if source.pk == target.pk:
        raise Refused(_("Choose two different units. Nothing was saved."), code="unit")
    source, target = locked_units(source, target)
    need_available(source, slot_type, count)
    posts = list(_vacant(source, slot_type).order_by("state", "pk")[:count])
    if len(posts) < count:
        raise Refused(
            _("%(unit)s has only %(have)s vacant posts that can move, not %(count)s. Nothing was saved.")
            % {"unit": source, "have": len(posts), "count": count},
            code="shortage",
        )
    move_posts(
        actor=actor, posts=posts, name="transfer", document=document, reason_code=reason_code, reason=reason,
        unit=target, permit=None,
    )  # fmt: skip
    audit.record(
        actor=actor, action="establishment.transfer_posts", subject=source, reason=reason,
        after={"to": target.code, "count": count, "document": document},
    )  # fmt: skip
    return posts
