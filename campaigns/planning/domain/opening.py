"""The headcount that is left to each position once the opening ratio is checked (A8, R26–R31)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.establishment.domain import release_posts
from campaigns.establishment.enums import ReleaseReason, SlotState
from campaigns.establishment.models import EstablishedPost
from campaigns.planning.domain.locking import locked_campaign
from campaigns.planning.enums import PositionState
from campaigns.planning.models import Campaign, Milestone, PositionSlot
from campaigns.planning.policies import may_publish

RECHOOSE = "rechoose"


@transaction.atomic
def cut_headcounts(*, actor: User, campaign: Campaign, left: Mapping[int, int], document: str, reason: str) -> int:
    """Set the effective headcount of positions (id → people, 0 cancels) and release the reserved posts beyond it.

    Returns how many posts were released; they go back to their permit, the newest claims first. A headcount is only
    ever lowered, and posts held or used stay.
    """
    campaign = locked_campaign(campaign)
    require(may_publish, actor, campaign)
    positions = list(campaign.positions.select_for_update(of=("self",)).filter(pk__in=left).order_by("pk"))
    before = {}
    freed: list[EstablishedPost] = []
    for position in positions:
        if left[position.pk] >= position.headcount_effective:
            continue
        before[position.code] = position.headcount_effective
        freed += _beyond(position.pk, left[position.pk])
        position.headcount_effective = left[position.pk]
        position.state = position.state if position.headcount_effective else PositionState.CANCELLED
        position.save(update_fields=["headcount_effective", "state"])
    if freed:
        release_posts(
            actor=actor, posts=freed, reason_code=ReleaseReason.OPENING_RATIO, reason=reason, document=document
        )
        PositionSlot.objects.filter(post__in=freed, released_at=None).update(released_at=timezone.now())
    after = {position.code: position.headcount_effective for position in positions if position.code in before}
    audit.record(
        actor=actor, action="planning.cut_headcounts", subject=campaign, before=before,
        after={**after, "posts_released": len(freed)}, reason=reason,
    )  # fmt: skip
    return len(freed)


def _beyond(position_id: int, headcount: int) -> list[EstablishedPost]:
    posts = EstablishedPost.objects.filter(claims__position=position_id, claims__released_at=None)
    taken = posts.filter(state__in=[SlotState.HELD, SlotState.USED]).count()
    return list(posts.filter(state=SlotState.RESERVED).order_by("pk")[max(0, headcount - taken) :])


def open_rechoosing(*, campaign: Campaign, until: datetime) -> Milestone:
    """Put the time in which applicants of cancelled positions may choose again on the campaign's timeline (R30)."""
    after = campaign.milestones.filter(key="review").values_list("order", flat=True).first() or 0
    return Milestone.objects.update_or_create(
        campaign=campaign,
        key=RECHOOSE,
        defaults={"starts_at": timezone.now(), "ends_at": until, "happened_at": timezone.now(), "order": after},
    )[0]
