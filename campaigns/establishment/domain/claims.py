"""A post on its way to a person: reserved, held, used, and back."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Unit, User
from accounts.policies import require
from campaigns.establishment.domain.moves import locked, move_posts
from campaigns.establishment.domain.permits import figures
from campaigns.establishment.enums import SlotState, SlotType
from campaigns.establishment.models import EstablishedPost, Permit
from campaigns.establishment.policies import may_manage_posts, may_reserve_posts, may_unhold_posts, may_use_posts
from campaigns.establishment.queries import balance_of_unit
from foundation.errors import Refused
from foundation.language import rule_language
from rulebook.slots import PermitState, check_publication


def _permitted_now(unit: Unit, slot_type: str, on: date) -> list[EstablishedPost]:
    """The unit's permitted posts whose permit is valid on the day, locked, the permit that ends first first."""
    return list(
        EstablishedPost.objects.select_for_update(of=("self",))
        .select_related("permit")
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
    permit = (
        PermitState(len(permitted), max(post.permit.expires_on for post in permitted if post.permit))
        if permitted
        else None
    )
    check = check_publication(balance.counts, count, permit, on)
    if not check.allowed:
        raise Refused(
            ngettext(
                "%(unit)s needs %(count)s post, available: %(available)s (%(figures)s). %(reasons)s Nothing saved.",
                "%(unit)s needs %(count)s posts, available: %(available)s (%(figures)s). %(reasons)s Nothing saved.",
                count,
            )
            % {
                "unit": unit,
                "count": count,
                "available": min(check.available, len(permitted)),
                "figures": figures(balance),
                "reasons": " ".join(reason.text(rule_language()) for reason in check.reasons),
            },
            code="shortage",
        )
    posts = permitted[:count]
    move_posts(actor=actor, posts=posts, name="reserve", document=document)
    return posts


@transaction.atomic
def release_posts(
    *, actor: User, posts: Iterable[EstablishedPost], reason_code: str, reason: str, document: str
) -> None:
    """Give reserved or held posts back: to `permitted`, or to `allocated` where their permit has run out."""
    rows = locked(posts)
    for post in rows:
        require(may_reserve_posts, actor, post.unit)
    today = timezone.localdate()
    valid = set(
        Permit.objects.filter(posts__in=rows, revoked_at=None, issued_on__lte=today, expires_on__gte=today).values_list(
            "pk", flat=True
        )
    )
    still_permitted = [post for post in rows if post.permit_id in valid]
    expired = [post for post in rows if post.permit_id not in valid]
    common: dict[str, Any] = {"actor": actor, "document": document, "reason_code": reason_code, "reason": reason}
    if still_permitted:
        move_posts(posts=still_permitted, name="release", **common)
    if expired:
        move_posts(posts=expired, name="release_expired", permit=None, **common)


@transaction.atomic
def hold_post(*, actor: User, post: EstablishedPost, document: str) -> EstablishedPost:
    """Hold a reserved post for a named person, at the hold point of the rule set."""
    (held,) = locked([post])
    require(may_use_posts, actor, held.unit)
    move_posts(actor=actor, posts=[held], name="hold", document=document)
    return held


@transaction.atomic
def unhold_post(*, actor: User, post: EstablishedPost, reason_code: str, reason: str, document: str) -> EstablishedPost:
    """The person dropped out and a replacement is allowed: the post is reserved again for the position."""
    (held,) = locked([post])
    require(may_unhold_posts, actor, held.unit)
    move_posts(actor=actor, posts=[held], name="unhold", document=document, reason_code=reason_code, reason=reason)
    return held


@transaction.atomic
def use_post(*, actor: User, post: EstablishedPost, ledger_number: str, document: str) -> EstablishedPost:
    """Enter a person on the held post (入编), with the number of the official real-name ledger.

    Raises Refused without a ledger number, or if the post is not held (someone else took or released it).
    """
    (held,) = locked([post])
    require(may_use_posts, actor, held.unit)
    if not ledger_number.strip():
        raise Refused(_("The number in the real-name ledger is needed. Nothing was saved."), code="ledger_required")
    move_posts(actor=actor, posts=[held], name="use", document=document, ledger_number=ledger_number.strip())
    return held


@transaction.atomic
def vacate_post(*, actor: User, post: EstablishedPost, reason_code: str, reason: str, document: str) -> EstablishedPost:
    """The person left the post: pool posts return to the county pool, unit posts stay with the unit."""
    (held,) = locked([post])
    require(may_manage_posts, actor, held.unit)
    name, fields = ("return_to_pool", {"unit": None}) if held.is_pool else ("vacate", {})
    move_posts(
        actor=actor, posts=[held], name=name, document=document, reason_code=reason_code, reason=reason,
        permit=None, ledger_number="", **fields,
    )  # fmt: skip
    return held
