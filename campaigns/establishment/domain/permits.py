"""Permits of the establishment office: issued, renewed, revoked, expired."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Unit, User
from accounts.policies import require
from campaigns.establishment.domain.envelopes import allocate_posts, locked_envelope
from campaigns.establishment.domain.moves import check_papers, locked_units, move_posts
from campaigns.establishment.domain.shortages import figures, refuse_over_staffed
from campaigns.establishment.enums import ReleaseReason, SlotState, SlotType
from campaigns.establishment.models import Envelope, EstablishedPost, Permit
from campaigns.establishment.policies import may_manage_posts
from campaigns.establishment.queries import Balance, balance_of_unit, permit_use, reserved_for
from foundation.errors import Refused
from foundation.files.models import PrivateFile


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


def _refuse_civil_service(slot_type: str) -> None:
    if slot_type == SlotType.CIVIL_SERVICE:
        raise Refused(_("Posts of the civil service stand outside every envelope. Nothing was saved."), code="civil")


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
        _refuse_civil_service(slot_type)
        envelope = locked_envelope(envelope)
    (unit,) = locked_units(unit)
    _check_permit(number, slots, issued_on, expires_on)
    balance = balance_of_unit(unit, slot_type)
    refuse_over_staffed(unit, balance)
    posts = _allocated(unit, envelope, slot_type, slots)
    missing = slots - len(posts)
    if missing and envelope:
        posts += allocate_posts(actor=actor, envelope=envelope, unit=unit, count=missing, document=number)
    elif missing:
        raise _too_few(number, unit, slots, len(posts), balance, slot_type)
    permit = Permit.objects.create(
        number=number, unit=unit, envelope=envelope, slot_type=slot_type, slots=slots,
        issued_on=issued_on, expires_on=expires_on, document=document, created_by=actor,
    )  # fmt: skip
    move_posts(actor=actor, posts=posts, name="permit", document=number, permit=permit)
    after = {"unit": unit.code, "slots": slots, "expires_on": expires_on.isoformat()}
    audit.record(actor=actor, action="establishment.issue_permit", subject=permit, after=after)
    return permit


def _allocated(unit: Unit, envelope: Envelope | None, slot_type: str, count: int) -> list[EstablishedPost]:
    """Up to `count` allocated posts of the unit, locked: those of the envelope, or its own and those lent to it."""
    rows = EstablishedPost.objects.select_for_update(of=("self",)).filter(
        unit=unit, slot_type=slot_type, state=SlotState.ALLOCATED
    )
    rows = rows.filter(envelope=envelope) if envelope else rows.exclude(envelope__isnull=False, is_pool=False)
    return list(rows.order_by("pk")[:count])


def _too_few(number: str, unit: Unit, slots: int, have: int, balance: Balance, slot_type: str) -> Refused:
    return Refused(
        _(
            "Permit %(number)s is for %(slots)s posts, but %(unit)s has only %(have)s vacant ones: "
            "%(shortage)s. Nothing was saved."
        )
        % {
            "number": number,
            "slots": slots,
            "unit": unit,
            "have": have,
            "shortage": figures(balance, reserved_for([unit.pk], slot_type).get(unit.pk, ())),
        },
        code="shortage",
    )


def _locked_permit(permit: Permit) -> Permit:
    """The permit read again under lock, with its unit locked first; and how its posts stand (`permit_use`)."""
    locked_units(permit.unit)
    Permit.objects.select_for_update(of=("self",)).get(pk=permit.pk)
    return permit_use(Permit.objects.filter(pk=permit.pk)).select_related("unit", "envelope").get()


@transaction.atomic
def renew_permit(*, actor: User, permit: Permit, expires_on: date, reason: str, document: str) -> Permit:
    """Let a permit run until a later day, also one that has expired; posts under way on it are covered again.

    Posts it had lost by expiry are permitted again as far as the unit still has them allocated, never above its number.
    Raises Refused for a revoked permit, and for a day that is not later or lies in the past.
    """
    permit = _locked_permit(permit)
    require(may_manage_posts, actor, permit)
    check_papers(document, "renewed", reason, needs_reason=True)
    if permit.revoked_at:
        raise Refused(
            _("Permit %(number)s was revoked: issue a new one. Nothing was saved.") % {"number": permit.number},
            code="revoked",
        )
    if expires_on <= permit.expires_on or expires_on < timezone.localdate():
        raise Refused(
            _("Permit %(number)s ends on %(end)s; the new last day must be later and not past. Nothing was saved.")
            % {"number": permit.number, "end": permit.expires_on},
            code="date",
        )
    before, permit.expires_on = permit.expires_on, expires_on
    permit.save(update_fields=["expires_on"])
    posts = _allocated(permit.unit, permit.envelope, permit.slot_type, rest_of(permit))
    if posts:
        move_posts(actor=actor, posts=posts, name="permit", document=document, permit=permit)
    audit.record(
        actor=actor, action="establishment.renew_permit", subject=permit, reason=reason,
        before={"expires_on": before.isoformat()},
        after={"expires_on": expires_on.isoformat(), "document": document, "permitted_again": len(posts)},
    )  # fmt: skip
    return permit


def rest_of(permit: Permit) -> int:
    """How many posts a permit read with `permit_use` still covers beyond those under way and those people entered."""
    under_way = permit.waiting + permit.reserved + permit.held + permit.spent  # type: ignore[attr-defined]
    return max(0, permit.slots - under_way)


@transaction.atomic
def revoke_permit(*, actor: User, permit: Permit, reason: str, document: str) -> Permit:
    """Withdraw a permit: posts not published yet are only allocated again; published and held ones are listed as stuck.

    Raises Refused if it was revoked before.
    """
    permit = _locked_permit(permit)
    require(may_manage_posts, actor, permit)
    check_papers(document, "revoked", reason, needs_reason=True)
    if permit.revoked_at:
        raise Refused(
            _("Permit %(number)s was revoked before. Nothing was saved.") % {"number": permit.number}, code="revoked"
        )
    permit.revoked_at = timezone.now()
    permit.save(update_fields=["revoked_at"])
    moved = _withdraw(actor, permit, ReleaseReason.PERMIT_REVOKED, reason, document)
    audit.record(
        actor=actor, action="establishment.revoke_permit", subject=permit, reason=reason,
        after={"document": document, "posts": moved},
    )  # fmt: skip
    return permit


def _withdraw(actor: User, permit: Permit, code: str, reason: str, document: str) -> int:
    posts = list(
        EstablishedPost.objects.select_for_update(of=("self",))
        .filter(permit=permit, state=SlotState.PERMITTED)
        .order_by("pk")
    )
    if posts:
        move_posts(
            actor=actor, posts=posts, name="withdraw_permit", document=document, reason_code=code, reason=reason,
            permit=None,
        )  # fmt: skip
    return len(posts)


def expire_permits(*, actor: User, on: date) -> int:
    """Posts of permits that ended before `on` and were not published are only allocated again; returns how many.

    Posts published or held under such a permit stay as they are: a person renews the permit or gives them back. Run
    again it finds nothing.
    """
    moved = 0
    ended = Permit.objects.filter(expires_on__lt=on, posts__state=SlotState.PERMITTED).distinct().order_by("pk")
    for permit in ended.select_related("unit"):
        moved += _expire(actor, permit, on)
    return moved


@transaction.atomic
def _expire(actor: User, permit: Permit, on: date) -> int:
    permit = _locked_permit(permit)
    require(may_manage_posts, actor, permit)
    if permit.expires_on >= on:
        return 0
    reason = _("Permit %(number)s ended on %(end)s.") % {"number": permit.number, "end": permit.expires_on}
    moved = _withdraw(actor, permit, ReleaseReason.PERMIT_EXPIRED, reason, permit.number)
    if moved:
        audit.record(
            actor=actor, action="establishment.expire_permit", subject=permit, reason=reason, after={"posts": moved}
        )
    return moved
