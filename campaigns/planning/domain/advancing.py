"""A published campaign on its way: steps that happened, suspension, end."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.establishment.domain import release_posts
from campaigns.establishment.enums import ReleaseReason, SlotState
from campaigns.establishment.models import EstablishedPost
from campaigns.planning.domain.locking import locked_campaign
from campaigns.planning.enums import PositionState
from campaigns.planning.machine import ADVANCES, CAMPAIGNS
from campaigns.planning.milestones import LABELS
from campaigns.planning.models import Campaign, Milestone, PositionSlot
from campaigns.planning.policies import may_advance, may_publish
from campaigns.planning.signals import campaign_voided
from foundation.errors import Refused


@transaction.atomic
def advance_campaign(*, actor: User, campaign: Campaign, move: str, reason: str = "") -> Campaign:
    """Make one of the moves `ADVANCES` after publication; the rooms above call it when their step is done.

    Raises Refused if the campaign's state does not allow it, or a reason is missing where the move needs one.
    """
    campaign = locked_campaign(campaign)
    require(may_advance, actor, campaign)
    if move not in ADVANCES:
        raise Refused(_("There is no step “%(move)s”. Nothing was saved.") % {"move": move}, code="move")
    return _moved(actor, campaign, move, reason)


def _moved(actor: User, campaign: Campaign, move: str, reason: str, **fields: object) -> Campaign:
    before = CAMPAIGNS.move(move, campaign, reason=reason, **fields)
    audit.record(
        actor=actor, action=f"planning.{move}", subject=campaign, reason=reason,
        before={"state": before}, after={"state": campaign.state},
    )  # fmt: skip
    return campaign


def close_campaign(*, actor: User, campaign: Campaign, reason: str) -> Campaign:
    """End a campaign whose work is done, with a reason such as the number of people hired."""
    return advance_campaign(actor=actor, campaign=campaign, move="close", reason=reason)


@transaction.atomic
def mark_happened(*, actor: User, campaign: Campaign, key: str, at: datetime | None = None) -> Milestone:
    """Record when a step of the timeline happened (now unless said otherwise); asked again, the first time stands.

    Raises Refused for a step the campaign does not have.
    """
    campaign = locked_campaign(campaign)
    require(may_advance, actor, campaign)
    milestone = Milestone.objects.filter(campaign=campaign, key=key).first()
    if milestone is None:
        raise Refused(
            _("“%(campaign)s” has no step “%(step)s”. Nothing was saved.")
            % {"campaign": campaign, "step": LABELS.get(key, key)},
            code="step",
        )
    if milestone.happened_at is None:
        milestone.happened_at = at or timezone.now()
        milestone.save(update_fields=["happened_at"])
        audit.record(
            actor=actor, action="planning.mark_happened", subject=campaign,
            after={key: milestone.happened_at.isoformat()},
        )  # fmt: skip
    return milestone


@transaction.atomic
def suspend_campaign(*, actor: User, campaign: Campaign, reason: str) -> Campaign:
    """Stop a running campaign for a while, with a reason; its window counts as closed meanwhile."""
    campaign = locked_campaign(campaign)
    require(may_publish, actor, campaign)
    return _moved(actor, campaign, "suspend", reason, suspended_from=campaign.state)


@transaction.atomic
def resume_campaign(*, actor: User, campaign: Campaign, reason: str) -> Campaign:
    """Take a suspended campaign up again where it was. Raises Refused if it is not suspended."""
    campaign = locked_campaign(campaign)
    require(may_publish, actor, campaign)
    if not campaign.suspended_from:
        raise Refused(_("“%(campaign)s” is not suspended. Nothing was saved.") % {"campaign": campaign})
    return _moved(actor, campaign, f"resume_{campaign.suspended_from}", reason, suspended_from="")


@transaction.atomic
def void_campaign(*, actor: User, campaign: Campaign, reason: str) -> Campaign:
    """End a campaign for good: positions cancelled, reserved posts given back. Sends `campaign_voided`.

    Raises Refused without a reason, and while a post is held for a person or used.
    """
    campaign = locked_campaign(campaign)
    require(may_publish, actor, campaign)
    claims = PositionSlot.objects.filter(position__campaign=campaign, released_at=None)
    if claims.filter(post__state__in=[SlotState.HELD, SlotState.USED]).exists():
        raise Refused(
            _("Posts of “%(campaign)s” are held or used by people. Nothing was saved.") % {"campaign": campaign},
            code="posts_in_use",
        )
    posts = list(EstablishedPost.objects.filter(claims__in=claims).order_by("pk"))
    _moved(actor, campaign, "void", reason)
    if posts:
        release_posts(
            actor=actor, posts=posts, reason_code=ReleaseReason.ANNOUNCEMENT_VOIDED, reason=reason,
            document=campaign.plan_document or campaign.code,
        )  # fmt: skip
        claims.update(released_at=timezone.now())
    campaign.positions.update(state=PositionState.CANCELLED)
    campaign_voided.send(sender=Campaign, campaign=campaign, actor=actor)
    return campaign
