"""The one way a post moves: all rows or none, each with its movement."""

from collections.abc import Iterable, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.establishment.enums import SlotState
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


def locked(posts: Iterable[EstablishedPost]) -> list[EstablishedPost]:
    """The same posts read again under lock, in the order of their ids."""
    keys = [post.pk for post in posts]
    return list(EstablishedPost.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def create_posts(
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
