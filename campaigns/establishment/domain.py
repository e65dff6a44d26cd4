"""Verbs of the establishment room. Locks are taken in the order envelope → unit → posts by id.

Over-hiring is impossible because a hire takes a row under lock, and there is no row left to take.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import audit
from accounts.models import Unit, User
from accounts.policies import require
from campaigns.establishment.enums import SlotState, SlotType
from campaigns.establishment.machine import SLOTS
from campaigns.establishment.models import Envelope, EstablishedPost, Permit, SlotMovement, UnitStaffing
from campaigns.establishment.policies import may_manage_posts, may_reserve_posts, may_use_posts
from campaigns.establishment.queries import Balance, balance_of_unit
from foundation.errors import Refused
from foundation.files.models import PrivateFile

BATCH = 1000


def _move_posts(
    *,
    actor: User,
    posts: Sequence[EstablishedPost],
    name: str,
    document: str,
    reason_code: str = "",
    reason: str = "",
    **fields: object,
) -> None:
    """Move every post or none, by compare-and-swap, with a movement row for each.

    Raises Refused when a document or a required reason is missing, or when a post has left the source states meanwhile.
    """
    declared = SLOTS.moves[name]
    if not document.strip():
        raise Refused(_("A document number is needed to move a post. Nothing was saved."), code="document_required")
    if declared.needs_reason and not reason.strip():
        raise Refused(_("A reason is needed to move a post. Nothing was saved."), code="reason_required")
    now = timezone.now()
    moved = EstablishedPost.objects.filter(pk__in=[post.pk for post in posts], state__in=declared.sources).update(
        state=declared.target, state_since=now, **fields
    )
    if moved != len(posts):
        raise Refused(
            _("%(wrong)s of %(all)s posts are no longer in a state that allows this. Nothing was saved.")
            % {"wrong": len(posts) - moved, "all": len(posts)},
            code="wrong_state",
        )
    SlotMovement.objects.bulk_create(
        [
            SlotMovement(
                post=post,
                move=name,
                from_state=post.state,
                to_state=declared.target,
                at=now,
                actor=actor,
                reason_code=reason_code,
                reason=reason,
                document=document,
            )
            for post in posts
        ],
        batch_size=BATCH,
    )
    for post in posts:
        post.state, post.state_since = declared.target, now
        for key, value in fields.items():
            setattr(post, key, value)


def _locked(posts: Iterable[EstablishedPost]) -> list[EstablishedPost]:
    """The same posts read again under lock, in the order of their ids."""
    keys = [post.pk for post in posts]
    return list(EstablishedPost.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def _create_posts(
    *, actor: User, codes: Iterable[str], state: SlotState, document: str, **fields: object
) -> list[EstablishedPost]:
    """New rows with their first movement."""
    posts = EstablishedPost.objects.bulk_create(
        [EstablishedPost(code=code, state=state, **fields) for code in codes],  # type: ignore[misc]
        batch_size=BATCH,
    )
    SlotMovement.objects.bulk_create(
        [SlotMovement(post=post, move="create", to_state=state, actor=actor, document=document) for post in posts],
        batch_size=BATCH,
    )
    return posts


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
    _create_posts(
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
    _create_posts(actor=actor, codes=codes[:taken], state=SlotState.USED, document=document, **common)
    _create_posts(actor=actor, codes=codes[taken:], state=SlotState.ALLOCATED, document=document, **common)
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
    _move_posts(actor=actor, posts=posts, name="allocate", document=document, unit=unit)
    audit.record(
        actor=actor,
        action="establishment.allocate_posts",
        subject=unit,
        after={"count": count, "envelope": envelope.code, "document": document},
    )
    return posts


def _check_permit(number: str, slots: int, issued_on: date, expires_on: date) -> None:
    if slots < 1:
        raise Refused(_("A permit is for at least 1 post, not %(slots)s. Nothing was saved.") % {"slots": slots})
    if expires_on < issued_on:
        raise Refused(
            _("Permit %(number)s would end on %(end)s, before it is issued on %(start)s. Nothing was saved.")
            % {"number": number, "end": expires_on, "start": issued_on}
        )
    if Permit.objects.filter(number=number).exists():
        raise Refused(
            _("Permit %(number)s was entered before. Nothing was saved.") % {"number": number}, code="duplicate"
        )


@transaction.atomic
def issue_permit(
    *,
    actor: User,
    number: str,
    unit: Unit,
    slots: int,
    issued_on: date,
    expires_on: date,
    envelope: Envelope | None = None,
    slot_type: str = SlotType.INSTITUTION,
    document: PrivateFile | None = None,
) -> Permit:
    """Permit a unit to use `slots` posts until `expires_on`: that many of its allocated posts become permitted.

    With an envelope, posts of that envelope are taken, and its free posts are allocated to the unit first as needed.
    Raises Refused with the exact shortage, on an over-staffed unit (Q1), and on a permit number entered before.
    """
    require(may_manage_posts, actor, unit)
    if envelope:
        envelope = Envelope.objects.select_for_update().get(pk=envelope.pk)
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    _check_permit(number, slots, issued_on, expires_on)
    balance = balance_of_unit(unit, slot_type)
    if balance.over:
        raise Refused(
            _("%(unit)s has %(over)s people above its authorised number and may not hire. Nothing was saved.")
            % {"unit": unit, "over": balance.over},
            code="over_staffed",
        )
    posts = list(
        EstablishedPost.objects.select_for_update()
        .filter(unit=unit, envelope=envelope, slot_type=slot_type, state=SlotState.ALLOCATED)
        .order_by("pk")[:slots]
    )
    missing = slots - len(posts)
    if missing and envelope:
        posts += allocate_posts(actor=actor, envelope=envelope, unit=unit, count=missing, document=number)
    elif missing:
        raise Refused(
            _(
                "Permit %(number)s is for %(slots)s posts, but %(unit)s has only %(have)s vacant ones: "
                "%(shortage)s. Nothing was saved."
            )
            % {"number": number, "slots": slots, "unit": unit, "have": len(posts), "shortage": _figures(balance)},
            code="shortage",
        )
    permit = Permit.objects.create(
        number=number, unit=unit, envelope=envelope, slot_type=slot_type, slots=slots,
        issued_on=issued_on, expires_on=expires_on, document=document, created_by=actor,
    )  # fmt: skip
    _move_posts(actor=actor, posts=posts, name="permit", document=number, permit=permit)
    audit.record(
        actor=actor,
        action="establishment.issue_permit",
        subject=permit,
        after={"unit": unit.code, "slots": slots, "expires_on": expires_on.isoformat()},
    )
    return permit


def _figures(balance: Balance) -> str:
    """The figures behind a shortage, in words (quota rules, 5.1)."""
    parts = [
        _("%(n)s authorised") % {"n": balance.authorised},
        _("%(n)s on board") % {"n": balance.on_board},
        _("%(n)s reserved") % {"n": balance.reserved},
        _("%(n)s held") % {"n": balance.held},
    ]
    if balance.committed:
        parts.append(_("%(n)s promised to other channels") % {"n": balance.committed})
    return _(", ").join(parts)


def _permitted_now(unit: Unit, slot_type: str, on: date) -> list[EstablishedPost]:
    """The unit's permitted posts whose permit is valid on the day, locked, the permit that ends first first."""
    return list(
        EstablishedPost.objects.select_for_update(of=("self",))
        .filter(
            unit=unit,
            slot_type=slot_type,
            state=SlotState.PERMITTED,
            permit__revoked_at=None,
            permit__issued_on__lte=on,
            permit__expires_on__gte=on,
        )
        .order_by("permit__expires_on", "pk")
    )


@transaction.atomic
def reserve_posts(
    *, actor: User, unit: Unit, count: int, on: date, document: str, slot_type: str = SlotType.INSTITUTION
) -> list[EstablishedPost]:
    """Reserve `count` posts of a unit for a published announcement (rule Q1).

    Raises Refused naming the exact shortage if fewer posts are available under a valid permit, or if the unit is
    over-staffed.
    """
    require(may_reserve_posts, actor, unit)
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    permitted = _permitted_now(unit, slot_type, on)
    balance = balance_of_unit(unit, slot_type)
    available = min(len(permitted), balance.available) if not balance.over else 0
    if available < count:
        raise Refused(
            ngettext(
                "%(unit)s needs %(count)s post, available under a valid permit: %(available)s (%(figures)s). "
                "Nothing was saved.",
                "%(unit)s needs %(count)s posts, available under a valid permit: %(available)s (%(figures)s). "
                "Nothing was saved.",
                count,
            )
            % {"unit": unit, "count": count, "available": available, "figures": _figures(balance)},
            code="shortage",
        )
    posts = permitted[:count]
    _move_posts(actor=actor, posts=posts, name="reserve", document=document)
    return posts


@transaction.atomic
def release_posts(
    *, actor: User, posts: Iterable[EstablishedPost], reason_code: str, reason: str, document: str
) -> None:
    """Give reserved or held posts back: to `permitted`, or to `allocated` where their permit has run out."""
    locked = _locked(posts)
    for post in locked:
        require(may_reserve_posts, actor, post.unit)
    today = timezone.localdate()
    valid = set(
        Permit.objects.filter(
            posts__in=locked, revoked_at=None, issued_on__lte=today, expires_on__gte=today
        ).values_list("pk", flat=True)
    )
    still_permitted = [post for post in locked if post.permit_id in valid]
    expired = [post for post in locked if post.permit_id not in valid]
    common = {"actor": actor, "document": document, "reason_code": reason_code, "reason": reason}
    if still_permitted:
        _move_posts(posts=still_permitted, name="release", **common)
    if expired:
        _move_posts(posts=expired, name="release_expired", permit=None, **common)


@transaction.atomic
def hold_post(*, actor: User, post: EstablishedPost, document: str) -> EstablishedPost:
    """Hold a reserved post for a named person, at the hold point of the rule set."""
    (locked,) = _locked([post])
    require(may_use_posts, actor, locked.unit)
    _move_posts(actor=actor, posts=[locked], name="hold", document=document)
    return locked


@transaction.atomic
def unhold_post(*, actor: User, post: EstablishedPost, reason_code: str, reason: str, document: str) -> EstablishedPost:
    """The person dropped out and a replacement is allowed: the post is reserved again for the position."""
    (locked,) = _locked([post])
    require(may_use_posts, actor, locked.unit)
    _move_posts(actor=actor, posts=[locked], name="unhold", document=document, reason_code=reason_code, reason=reason)
    return locked


@transaction.atomic
def use_post(*, actor: User, post: EstablishedPost, ledger_number: str, document: str) -> EstablishedPost:
    """Enter a person on the held post (入编), with the number of the official real-name ledger.

    Raises Refused without a ledger number, or if the post is not held (someone else took or released it).
    """
    (locked,) = _locked([post])
    require(may_use_posts, actor, locked.unit)
    if not ledger_number.strip():
        raise Refused(_("The number in the real-name ledger is needed. Nothing was saved."), code="ledger_required")
    _move_posts(actor=actor, posts=[locked], name="use", document=document, ledger_number=ledger_number.strip())
    return locked


@transaction.atomic
def vacate_post(*, actor: User, post: EstablishedPost, reason_code: str, reason: str, document: str) -> EstablishedPost:
    """The person left the post: pool posts return to the county pool, unit posts stay with the unit."""
    (locked,) = _locked([post])
    require(may_manage_posts, actor, locked.unit)
    name, fields = ("return_to_pool", {"unit": None}) if locked.is_pool else ("vacate", {})
    _move_posts(
        actor=actor, posts=[locked], name=name, document=document, reason_code=reason_code, reason=reason,
        permit=None, ledger_number="", **fields,
    )  # fmt: skip
    return locked
