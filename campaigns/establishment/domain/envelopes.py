"""Envelopes, the county pool, and what moves between them and the units."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Unit, User
from accounts.policies import require
from campaigns.establishment.domain.moves import create_posts, locked_units, move_posts
from campaigns.establishment.domain.shortages import check_count, need_available
from campaigns.establishment.enums import ExitEnd, SlotState, SlotType
from campaigns.establishment.models import Envelope, EstablishedPost, PlannedExit
from campaigns.establishment.policies import may_manage_posts
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


def locked_envelope(envelope: Envelope) -> Envelope:
    """The envelope read again under lock."""
    return Envelope.objects.select_for_update().get(pk=envelope.pk)


def _some(state: str, count: int, **which: object) -> list[EstablishedPost]:
    """Up to `count` posts of a state, locked, in the order of their ids."""
    rows = EstablishedPost.objects.select_for_update().filter(state=state, **which)
    return list(rows.order_by("pk")[:count])


def _short(where: object, count: int, have: int) -> Refused:
    return Refused(
        _("%(count)s posts are needed, but %(where)s has only %(have)s of them. Nothing was saved.")
        % {"count": count, "where": where, "have": have},
        code="shortage",
    )


@transaction.atomic
def allocate_posts(*, actor: User, envelope: Envelope, unit: Unit, count: int, document: str) -> list[EstablishedPost]:
    """Give `count` free posts of an envelope to a unit. Raises Refused with the number still free if short."""
    require(may_manage_posts, actor, unit)
    check_count(count)
    locked_envelope(envelope)
    posts = _some(SlotState.FREE, count, envelope=envelope)
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


@transaction.atomic
def allocate_from_pool(*, actor: User, unit: Unit, count: int, document: str) -> list[EstablishedPost]:
    """Lend `count` posts of the county pool to a unit; they return to the pool when their people leave.

    Raises NotAllowed unless the county's establishment office acts, Refused with the number the pool still has.
    """
    require(may_manage_posts, actor, county())
    check_count(count)
    posts = _some(SlotState.POOL, count)
    if len(posts) < count:
        raise _short(_("the county pool"), count, len(posts))
    move_posts(actor=actor, posts=posts, name="allocate", document=document, unit=unit)
    audit.record(
        actor=actor, action="establishment.allocate_from_pool", subject=unit,
        after={"count": count, "document": document},
    )  # fmt: skip
    return posts


def county() -> Unit:
    """The root of the tree, whose establishment office keeps the pool."""
    return Unit.objects.get(parent=None)


@transaction.atomic
def give_back_posts(
    *,
    actor: User,
    unit: Unit,
    count: int,
    reason_code: str,
    reason: str,
    document: str,
    envelope: Envelope | None = None,
) -> list[EstablishedPost]:
    """Take `count` allocated posts away from a unit: free again in their envelope, or into the pool.

    With an envelope, posts of that envelope; without, lent pool posts first, then the unit's own, both into the pool.
    Raises Refused with the exact shortage if the unit has promised, published or permitted too many of them.
    """
    require(may_manage_posts, actor, unit)
    check_count(count)
    if envelope:
        envelope = locked_envelope(envelope)
    (unit,) = locked_units(unit)
    need_available(unit, SlotType.INSTITUTION, count)
    mine = EstablishedPost.objects.select_for_update(of=("self",)).filter(
        unit=unit, slot_type=SlotType.INSTITUTION, state=SlotState.ALLOCATED
    )
    lent = PlannedExit.objects.filter(end=ExitEnd.OPEN, lent_post__isnull=False).values("lent_post")
    if envelope:
        rows = mine.filter(envelope=envelope, is_pool=False)
    else:
        rows = mine.filter(Q(is_pool=True) | Q(envelope=None)).exclude(pk__in=lent)
    posts = list(rows.order_by("-is_pool", "pk")[:count])
    if len(posts) < count:
        raise _short(unit, count, len(posts))
    _send_back(actor, posts, {"reason_code": reason_code, "reason": reason, "document": document})
    audit.record(
        actor=actor, action="establishment.give_back_posts", subject=unit, reason=reason,
        after={"count": count, "envelope": envelope.code if envelope else "", "document": document},
    )  # fmt: skip
    return posts


def _send_back(actor: User, posts: list[EstablishedPost], papers: dict[str, str]) -> None:
    """Posts of an envelope become free, lent ones and the unit's own lie in the pool."""
    free = [post for post in posts if post.envelope_id and not post.is_pool]
    pool = [post for post in posts if post not in free]
    if free:
        move_posts(actor=actor, posts=free, name="give_back", unit=None, **papers)
    if pool:
        move_posts(actor=actor, posts=pool, name="give_back_to_pool", unit=None, is_pool=True, **papers)


@transaction.atomic
def move_to_pool(
    *, actor: User, envelope: Envelope, count: int, reason_code: str, reason: str, document: str
) -> list[EstablishedPost]:
    """Move `count` free posts of an envelope into the county pool; they stay posts of the envelope (both ledgers)."""
    return _change_drawer(actor, envelope, count, "to_pool", reason_code, reason, document)


@transaction.atomic
def take_from_pool(
    *, actor: User, envelope: Envelope, count: int, reason_code: str, reason: str, document: str
) -> list[EstablishedPost]:
    """Move `count` posts of an envelope that lie in the pool back to its free ones."""
    return _change_drawer(actor, envelope, count, "from_pool", reason_code, reason, document)


def _change_drawer(
    actor: User, envelope: Envelope, count: int, name: str, reason_code: str, reason: str, document: str
) -> list[EstablishedPost]:
    require(may_manage_posts, actor, envelope)
    check_count(count)
    envelope = locked_envelope(envelope)
    into_pool = name == "to_pool"
    posts = _some(SlotState.FREE if into_pool else SlotState.POOL, count, envelope=envelope)
    if len(posts) < count:
        raise _short(envelope, count, len(posts))
    papers = {"reason_code": reason_code, "reason": reason, "document": document}
    move_posts(actor=actor, posts=posts, name=name, is_pool=into_pool, **papers)
    audit.record(
        actor=actor, action=f"establishment.{'move_to_pool' if into_pool else 'take_from_pool'}", subject=envelope,
        reason=reason, after={"count": count, "document": document},
    )  # fmt: skip
    return posts
