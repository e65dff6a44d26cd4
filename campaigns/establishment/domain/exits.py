"""People who leave: planned exits, posts lent against them, vacated posts and their return."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Unit, User
from accounts.policies import require
from campaigns.establishment.domain.envelopes import county
from campaigns.establishment.domain.moves import check_papers, locked, locked_units, move_posts
from campaigns.establishment.enums import ExitEnd, SlotState
from campaigns.establishment.models import EstablishedPost, PlannedExit
from campaigns.establishment.policies import may_manage_posts
from foundation.errors import Refused


@transaction.atomic
def plan_exit(*, actor: User, post: EstablishedPost, expected_on: date, reason_code: str, document: str) -> PlannedExit:
    """Note that a person will leave their post (X). Raises Refused unless used, on a past day, or noted twice."""
    (used,) = locked([post])
    require(may_manage_posts, actor, used.unit)
    check_papers(document)
    if used.state != SlotState.USED:
        raise Refused(_("Nobody is on this post. Nothing was saved."), code="wrong_state")
    if expected_on < timezone.localdate():
        raise Refused(_("The day of a planned exit lies ahead. Nothing was saved."), code="date")
    if used.planned_exits.filter(end=ExitEnd.OPEN).exists():
        raise Refused(_("An exit is planned for this post already. Nothing was saved."), code="duplicate")
    planned = PlannedExit.objects.create(
        post=used, expected_on=expected_on, reason_code=reason_code, document=document.strip(), registered_by=actor
    )
    audit.record(
        actor=actor, action="establishment.plan_exit", subject=used,
        after={"expected_on": expected_on.isoformat(), "reason_code": reason_code, "document": document},
    )  # fmt: skip
    return planned


@transaction.atomic
def withdraw_exit(*, actor: User, planned: PlannedExit, reason: str, document: str) -> PlannedExit:
    """The person stays. Raises Refused while a pool post is lent against the exit: give it back first."""
    (post,) = locked([planned.post])
    require(may_manage_posts, actor, post.unit)
    check_papers(document, "withdrawn", reason, needs_reason=True)
    planned = PlannedExit.objects.select_for_update(of=("self",)).get(pk=planned.pk)
    if planned.end != ExitEnd.OPEN:
        raise Refused(_("This planned exit is settled. Nothing was saved."), code="wrong_state")
    if planned.lent_post_id:
        raise Refused(
            _("Post %(post)s was lent against this exit: return it to the pool first. Nothing was saved.")
            % {"post": planned.lent_post},
            code="lent",
        )
    _settle(planned, ExitEnd.WITHDRAWN)
    audit.record(
        actor=actor, action="establishment.withdraw_exit", subject=post, reason=reason, after={"document": document}
    )
    return planned


def _settle(planned: PlannedExit, end: str) -> None:
    planned.end, planned.ended_at = end, timezone.now()
    planned.save(update_fields=["end", "ended_at"])


@transaction.atomic
def lend_against_exits(*, actor: User, unit: Unit, count: int, document: str) -> list[EstablishedPost]:
    """Pre-use of planned exits (出一进一): pool posts lent to a unit, each against one planned exit that repays it.

    When that person leaves, the vacated post goes to the pool and the lent one becomes the unit's own. Raises Refused
    where the county does not allow it (PRE_USE_OF_EXITS), beyond the planned exits, or beyond what the pool has.
    """
    require(may_manage_posts, actor, county())
    if not settings.PRE_USE_OF_EXITS:
        raise Refused(
            _("This county does not allow planned exits to be used before. Nothing was saved."), code="county"
        )
    (unit,) = locked_units(unit)
    open_exits = PlannedExit.objects.select_for_update(of=("self",)).filter(
        post__unit=unit, end=ExitEnd.OPEN, lent_post=None, post__is_pool=False
    )
    exits = list(open_exits.order_by("expected_on", "pk")[:count])
    posts = list(EstablishedPost.objects.select_for_update().filter(state=SlotState.POOL).order_by("pk")[:count])
    if count < 1 or min(len(exits), len(posts)) < count:
        raise Refused(
            _("%(count)s posts are asked for; %(unit)s plans %(exits)s exits, the pool has %(pool)s posts. "
              "Nothing was saved.")
            % {"count": count, "unit": unit, "exits": len(exits), "pool": len(posts)},
            code="shortage",
        )  # fmt: skip
    move_posts(actor=actor, posts=posts, name="allocate", document=document, reason_code="pre_use", unit=unit)
    for planned, post in zip(exits, posts, strict=True):
        planned.lent_post = post
        planned.save(update_fields=["lent_post"])
    audit.record(
        actor=actor, action="establishment.lend_against_exits", subject=unit,
        after={"count": count, "document": document},
    )  # fmt: skip
    return posts


@transaction.atomic
def return_lent_post(*, actor: User, planned: PlannedExit, reason: str, document: str) -> EstablishedPost:
    """Return a pool post lent against an exit, while nothing has been published on it."""
    if planned.lent_post is None:
        raise Refused(_("No post is lent against this exit. Nothing was saved."), code="wrong_state")
    (post,) = locked([planned.lent_post])
    require(may_manage_posts, actor, post.unit)
    move_posts(
        actor=actor, posts=[post], name="give_back_to_pool", document=document, reason_code="pre_use", reason=reason,
        unit=None,
    )  # fmt: skip
    PlannedExit.objects.filter(pk=planned.pk).update(lent_post=None)
    planned.lent_post = None
    audit.record(
        actor=actor, action="establishment.return_lent_post", subject=post, reason=reason, after={"document": document}
    )
    return post


@transaction.atomic
def vacate_post(*, actor: User, post: EstablishedPost, reason_code: str, reason: str, document: str) -> EstablishedPost:
    """The person left the post: pool posts return to the county pool, unit posts stay with the unit.

    A planned exit is thereby fulfilled; where a pool post was lent against it, that one becomes the unit's own and this
    one goes to the pool.
    """
    planned = PlannedExit.objects.filter(post=post, end=ExitEnd.OPEN).select_related("lent_post").first()
    lent = planned.lent_post if planned else None
    rows = {row.pk: row for row in locked([post, *([lent] if lent else [])])}
    left = rows[post.pk]
    require(may_manage_posts, actor, left.unit)
    papers: dict[str, Any] = {"actor": actor, "document": document, "reason_code": reason_code, "reason": reason}
    move_posts(posts=[left], name="vacate", permit=None, ledger_number="", purpose="", reconciled_on=None, **papers)
    if planned:
        _settle(planned, ExitEnd.HAPPENED)
    if lent:
        EstablishedPost.objects.filter(pk=lent.pk).update(is_pool=False)
    if left.is_pool or lent:
        move_posts(posts=[left], name="return_to_pool", unit=None, is_pool=True, **papers)
    audit.record(
        actor=actor, action="establishment.vacate_post", subject=left, reason=reason,
        after={"reason_code": reason_code, "document": document, "state": left.state},
    )  # fmt: skip
    return left


@transaction.atomic
def refill_posts(*, actor: User, posts: Iterable[EstablishedPost], document: str) -> list[EstablishedPost]:
    """Open vacated posts of a unit to be filled again: they are allocated and may be permitted anew."""
    rows = locked(posts)
    for post in rows:
        require(may_manage_posts, actor, post.unit)
    move_posts(actor=actor, posts=rows, name="refill", document=document)
    for post in rows[:1]:
        audit.record(
            actor=actor, action="establishment.refill_posts", subject=post.unit or post,
            after={"count": len(rows), "document": document},
        )  # fmt: skip
    return rows
