"""Envelopes, the posts of units, and their allocation."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Unit, User
from accounts.policies import require
from campaigns.establishment.domain.moves import create_posts, move_posts
from campaigns.establishment.enums import SlotState, SlotType
from campaigns.establishment.models import Envelope, EstablishedPost, UnitStaffing
from campaigns.establishment.policies import may_manage_posts
from campaigns.establishment.queries import Balance, balance_of_unit
from foundation.errors import Refused


@transaction.atomic
def create_envelope(*, actor: User, code: str, name: str, size: int, unit: Unit, document: str) -> Envelope:
    """An envelope of `size` free posts, one row each, named `<code>-0001` and on.

    Raises NotAllowed unless the establishment office of `unit` acts, Refused if `size` is not positive or the code is
    taken.
    """
    require(may_manage_posts, actor, unit)
    if size < 1:
        raise Refused(_("An envelope holds at least 1 post, not %(size)s. Nothing was saved.") % {"size": size})
    if Envelope.objects.filter(code=code).exists():
        raise Refused(_("There is already an envelope with the code %(code)s. Nothing was saved.") % {"code": code})
    envelope = Envelope.objects.create(code=code, name=name, size=size, unit=unit, document=document)
    create_posts(
        actor=actor,
        codes=(f"{code}-{number:04d}" for number in range(1, size + 1)),
        state=SlotState.FREE,
        document=document,
        envelope=envelope,
    )
    audit.record(actor=actor, action="establishment.create_envelope", subject=envelope, after={"size": size})
    return envelope


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
    Unit.objects.select_for_update().get(pk=unit.pk)
    own = EstablishedPost.objects.filter(unit=unit, slot_type=slot_type, envelope=None)
    if own.exists():
        raise Refused(
            _("The posts of %(unit)s were entered before; change them one by one. Nothing was saved.") % {"unit": unit},
            code="already_registered",
        )
    letter = "Z" if slot_type == SlotType.INSTITUTION else "X"
    codes = [f"{unit.code}-{letter}{number:04d}" for number in range(1, authorised + 1)]
    taken = min(authorised, on_board)
    common = {"unit": unit, "slot_type": slot_type}
    create_posts(actor=actor, codes=codes[:taken], state=SlotState.USED, document=document, **common)
    create_posts(actor=actor, codes=codes[taken:], state=SlotState.ALLOCATED, document=document, **common)
    UnitStaffing.objects.update_or_create(
        unit=unit,
        slot_type=slot_type,
        defaults={"over_count": max(0, on_board - authorised), "recorded_on": recorded_on, "document": document},
    )
    audit.record(
        actor=actor,
        action="establishment.register_unit_posts",
        subject=unit,
        after={"authorised": authorised, "on_board": on_board, "slot_type": slot_type, "document": document},
    )
    return balance_of_unit(unit, slot_type)


@transaction.atomic
def allocate_posts(*, actor: User, envelope: Envelope, unit: Unit, count: int, document: str) -> list[EstablishedPost]:
    """Give `count` free posts of an envelope to a unit. Raises Refused with the number still free if short."""
    require(may_manage_posts, actor, unit)
    Envelope.objects.select_for_update().get(pk=envelope.pk)
    posts = list(
        EstablishedPost.objects.select_for_update()
        .filter(envelope=envelope, state=SlotState.FREE)
        .order_by("pk")[:count]
    )
    if len(posts) < count:
        raise Refused(
            _("%(unit)s needs %(count)s posts, but %(envelope)s has only %(free)s free. Nothing was saved.")
            % {"unit": unit, "count": count, "envelope": envelope, "free": len(posts)},
            code="shortage",
        )
    move_posts(actor=actor, posts=posts, name="allocate", document=document, unit=unit)
    audit.record(
        actor=actor,
        action="establishment.allocate_posts",
        subject=unit,
        after={"count": count, "envelope": envelope.code, "document": document},
    )
    return posts
