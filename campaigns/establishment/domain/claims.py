"""A post on its way to a person: reserved, held, used, and back."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Unit, User
from accounts.policies import require
from campaigns.establishment.domain.moves import locked, locked_units, move_posts
from campaigns.establishment.domain.shortages import check_count, refuse_over_staffed, shortages_of
from campaigns.establishment.enums import SlotType
from campaigns.establishment.models import EstablishedPost
from campaigns.establishment.policies import may_reserve_posts, may_unhold_posts, may_use_posts
from campaigns.establishment.queries import balance_of_unit, permits_valid_on, permitted_now
from foundation.errors import Refused


@transaction.atomic
def reserve_posts(
    *,
    actor: User,
    unit: Unit,
    count: int,
    on: date,
    document: str,
    slot_type: str = SlotType.INSTITUTION,
    purpose: str = "",
) -> list[EstablishedPost]:
    """Reserve `count` posts of a unit for a published announcement (rule Q1); `purpose` names it in later refusals.

    Raises Refused naming the exact shortage if fewer posts are available under a valid permit, or if the unit is
    over-staffed.
    """
    require(may_reserve_posts, actor, unit)
    check_count(count)
    (unit,) = locked_units(unit)
    posts = list(permitted_now([unit.pk], slot_type, on).select_for_update(of=("self",))[:count])
    if missing := shortages_of({unit: count}, slot_type, on).get(unit.pk):
        raise Refused(_("%(shortage)s Nothing was saved.") % {"shortage": missing}, code="shortage")
    move_posts(actor=actor, posts=posts, name="reserve", document=document, purpose=purpose[:200])
    return posts


@transaction.atomic
def release_posts(
    *, actor: User, posts: Iterable[EstablishedPost], reason_code: str, reason: str, document: str
) -> None:
    """Give reserved or held posts back: to `permitted`, or to `allocated` where their permit has run out.

    A post that was bound to another unit than its permit's only stays allocated there.
    """
    rows = locked(posts)
    for post in rows:
        require(may_reserve_posts, actor, post.unit)
    valid = dict(permits_valid_on(timezone.localdate()).filter(posts__in=rows).values_list("pk", "unit"))
    still_permitted = [post for post in rows if post.permit_id and valid.get(post.permit_id) == post.unit_id]
    expired = [post for post in rows if post not in still_permitted]
    common: dict[str, Any] = {
        "actor": actor, "document": document, "reason_code": reason_code, "reason": reason, "purpose": "",
    }  # fmt: skip
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

    Raises Refused without a ledger number, with one that stands on another post, or if the post is not held (someone
    else took or released it).
    """
    (held,) = locked([post])
    require(may_use_posts, actor, held.unit)
    number = checked_ledger_number(ledger_number, held)
    move_posts(actor=actor, posts=[held], name="use", document=document, ledger_number=number)
    return held


def checked_ledger_number(ledger_number: str, post: EstablishedPost) -> str:
    """The number without blanks around it. Raises Refused if empty, or if another post has it: one person, one post."""
    number = ledger_number.strip()
    if not number:
        raise Refused(_("The number in the real-name ledger is needed. Nothing was saved."), code="ledger_required")
    other = EstablishedPost.objects.filter(ledger_number=number).exclude(pk=post.pk).first()
    if other is not None:
        raise Refused(
            _("Number %(number)s of the real-name ledger stands on post %(post)s already: one person, one post. "
              "Nothing was saved.")
            % {"number": number, "post": other.code},
            code="ledger_number_taken",
        )  # fmt: skip
    return number


@transaction.atomic
def bind_post(*, actor: User, post: EstablishedPost, unit: Unit, document: str) -> EstablishedPost:
    """Bind a held post of a campaign pool to the unit the chosen person goes to (post-pooling: person first).

    The post was permitted to a unit above (a department or the county) and stays under that permit. Raises Refused if
    the unit does not lie below the post's present one, if the post is not held, or if the unit is over-staffed (Q1).
    """
    if post.unit is None:
        raise Refused(_("The post has no unit yet: nothing can be bound. Nothing was saved."), code="wrong_state")
    above, unit = locked_units(post.unit, unit)
    (held,) = locked([post])
    require(may_reserve_posts, actor, above)
    if held.unit_id != above.pk or unit.pk == above.pk or not unit.path.startswith(above.path):
        raise Refused(
            _("%(unit)s is no unit below %(above)s, which holds the post. Nothing was saved.")
            % {"unit": unit, "above": held.unit},
            code="unit",
        )
    refuse_over_staffed(unit, balance_of_unit(unit, held.slot_type))
    move_posts(actor=actor, posts=[held], name="bind", document=document, unit=unit)
    return held


@transaction.atomic
def take_post_for_conversion(*, actor: User, unit: Unit, on: date, document: str, purpose: str = "") -> EstablishedPost:
    """A post held for a person whose flexible engagement becomes a full-time post: the same guard as publication.

    Raises Refused with the exact shortage (Q1). The caller, who knows the person, claims and appoints in one
    transaction with this.
    """
    (post,) = reserve_posts(actor=actor, unit=unit, count=1, on=on, document=document, purpose=purpose)
    return hold_post(actor=actor, post=post, document=document)
