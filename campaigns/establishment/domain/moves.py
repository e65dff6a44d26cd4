"""The one way a post moves: all rows or none, each with its movement."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Unit, User
from campaigns.establishment.enums import SlotMove, SlotState
from campaigns.establishment.machine import SLOTS
from campaigns.establishment.models import EstablishedPost, SlotMovement
from foundation.errors import Refused

BATCH = 1000


def move_posts(
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
    check_papers(document, reason_code, reason, needs_reason=declared.needs_reason)
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
    after = [_moved_copy(post, declared.target, now, fields) for post in posts]
    papers = {"actor": actor, "document": document.strip(), "reason_code": reason_code, "reason": reason.strip()}
    _record(name, list(zip(posts, after, strict=True)), now, papers)
    for post, new in zip(posts, after, strict=True):
        for key in ("state", "state_since", *fields):
            setattr(post, key, getattr(new, key))


def check_papers(document: str, reason_code: str = "", reason: str = "", *, needs_reason: bool = False) -> None:
    """No move without its document and, where the move asks for one, its reason with a code."""
    if not document.strip():
        raise Refused(_("A document number is needed to move a post. Nothing was saved."), code="document_required")
    if needs_reason and not (reason.strip() and reason_code.strip()):
        raise Refused(_("A reason is needed to move a post. Nothing was saved."), code="reason_required")


def _moved_copy(post: EstablishedPost, state: str, now: datetime, fields: dict[str, object]) -> EstablishedPost:
    """The post as it is after the move, in memory only."""
    after = EstablishedPost(
        pk=post.pk, unit_id=post.unit_id, permit_id=post.permit_id, slot_type=post.slot_type, purpose=post.purpose
    )
    for key, value in {"state": state, "state_since": now, **fields}.items():
        setattr(after, key, value)
    return after


def _record(
    name: str,
    pairs: Iterable[tuple[EstablishedPost, EstablishedPost]],
    now: datetime,
    papers: dict[str, object],
) -> None:
    SlotMovement.objects.bulk_create(
        [
            SlotMovement(
                post_id=after.pk,
                move=name,
                from_state=before.state,
                to_state=after.state,
                from_unit_id=before.unit_id,
                to_unit_id=after.unit_id,
                slot_type=before.slot_type,
                permit_id=after.permit_id or before.permit_id,
                purpose=after.purpose or before.purpose,
                at=now,
                **papers,
            )
            for before, after in pairs
        ],
        batch_size=BATCH,
    )


def locked(posts: Iterable[EstablishedPost]) -> list[EstablishedPost]:
    """The same posts read again under lock, in the order of their ids."""
    keys = [post.pk for post in posts]
    rows = EstablishedPost.objects.select_for_update(of=("self",)).select_related("unit")
    return list(rows.filter(pk__in=keys).order_by("pk"))


def locked_units(*units: Unit) -> list[Unit]:
    """The units read again under lock, in the order of their ids; returned in the order asked for."""
    rows = Unit.objects.select_for_update().filter(pk__in=[unit.pk for unit in units]).order_by("pk")
    found = {row.pk: row for row in rows}
    return [found[unit.pk] for unit in units]


def create_posts(
    *, actor: User, codes: Iterable[str], state: SlotState, document: str, **fields: object
) -> list[EstablishedPost]:
    """New rows with their first movement."""
    check_papers(document)
    now = timezone.now()
    posts = EstablishedPost.objects.bulk_create(
        [EstablishedPost(code=code, state=state, state_since=now, **fields) for code in codes],  # type: ignore[misc]
        batch_size=BATCH,
    )
    SlotMovement.objects.bulk_create(
        [
            SlotMovement(
                post=post, move=SlotMove.CREATE, to_state=state, to_unit_id=post.unit_id, slot_type=post.slot_type,
                at=now, actor=actor, document=document.strip(),
            )
            for post in posts
        ],
        batch_size=BATCH,
    )  # fmt: skip
    return posts
