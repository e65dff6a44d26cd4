"""Permits of the establishment office."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Unit, User
from accounts.policies import require
from campaigns.establishment.domain.envelopes import allocate_posts
from campaigns.establishment.domain.moves import move_posts
from campaigns.establishment.enums import SlotState, SlotType
from campaigns.establishment.models import Envelope, EstablishedPost, Permit
from campaigns.establishment.policies import may_manage_posts
from campaigns.establishment.queries import Balance, balance_of_unit
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
            % {"number": number, "slots": slots, "unit": unit, "have": len(posts), "shortage": figures(balance)},
            code="shortage",
        )
    permit = Permit.objects.create(
        number=number, unit=unit, envelope=envelope, slot_type=slot_type, slots=slots,
        issued_on=issued_on, expires_on=expires_on, document=document, created_by=actor,
    )  # fmt: skip
    move_posts(actor=actor, posts=posts, name="permit", document=number, permit=permit)
    audit.record(
        actor=actor,
        action="establishment.issue_permit",
        subject=permit,
        after={"unit": unit.code, "slots": slots, "expires_on": expires_on.isoformat()},
    )
    return permit


def figures(balance: Balance) -> str:
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
