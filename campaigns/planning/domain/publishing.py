"""Going public: rules frozen, posts reserved, positions open, all at once or not at all."""

from itertools import groupby

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Unit, User
from accounts.policies import require
from campaigns.establishment.domain import reserve_posts
from campaigns.establishment.models import EstablishedPost
from campaigns.planning.domain.announcements import newest_announcement, release
from campaigns.planning.domain.locking import locked_campaign, newest_rules
from campaigns.planning.domain.plans import needs_posts
from campaigns.planning.enums import AnnouncementState, PositionState, Track
from campaigns.planning.machine import CAMPAIGNS, RUNNING
from campaigns.planning.models import Announcement, Campaign, Position, PositionSlot
from campaigns.planning.policies import may_publish
from campaigns.planning.signals import campaign_published
from foundation.errors import Refused
from rulebook.ruleset import RuleSet

BATCH = 1000


@transaction.atomic
def publish_campaign(*, actor: User, campaign: Campaign) -> Campaign:
    """Publish an approved campaign (A4, B2): freeze its rules, reserve one post per planned hire, open its positions.

    Asked again for a campaign that is public already, it changes nothing and returns it. Raises Refused: plan not
    approved, announcement not approved on the rules in hand, no window, no positions, and (`shortage`) one sentence
    for each unit without enough posts. Sends `campaign_published`.
    """
    units = list(Unit.objects.select_for_update().filter(positions__campaign=campaign).order_by("pk").values_list("pk"))
    campaign = locked_campaign(campaign)
    require(may_publish, actor, campaign)
    if campaign.published_at and campaign.state in RUNNING:
        return campaign
    positions = list(campaign.positions.select_related("unit").order_by("unit__path", "code"))
    if not {(position.unit_id,) for position in positions} <= set(units):
        raise Refused(_("The positions changed just now: try again. Nothing was saved."), code="try_again")
    announcement = _checked_announcement(campaign, positions)
    now = timezone.now()
    CAMPAIGNS.move("publish", campaign, published_at=now)
    claims = _claim_posts(actor, campaign, positions) if needs_posts(campaign) else 0
    Position.objects.filter(campaign=campaign, state=PositionState.DRAFT).update(state=PositionState.PUBLISHED)
    release(announcement, now)
    campaign.milestones.filter(key="announcement", happened_at=None).update(happened_at=now)
    audit.record(
        actor=actor,
        action="planning.publish_campaign",
        subject=campaign,
        after={"rules": announcement.rule_set.digest, "positions": len(positions), "posts": claims},
    )
    campaign_published.send(sender=Campaign, campaign=campaign, actor=actor)
    return campaign


def _checked_announcement(campaign: Campaign, positions: list[Position]) -> Announcement:
    """The approved announcement. Raises Refused with what is missing for publication."""
    if not CAMPAIGNS.can("publish", campaign.state) or not campaign.plan_document:
        raise Refused(
            _("“%(campaign)s” is in the state “%(state)s”: nothing is published without the approval of its plan. "
              "Nothing was saved.")
            % {"campaign": campaign, "state": campaign.get_state_display()},
            code="plan_not_approved",
        )  # fmt: skip
    if not positions and campaign.track != Track.OPEN_CHALLENGE:
        raise Refused(
            _("“%(campaign)s” has no positions yet. Nothing was saved.") % {"campaign": campaign}, code="no_positions"
        )
    rolling = RuleSet.model_validate(newest_rules(campaign).document).registration.rolling
    needs_end = campaign.track != Track.OPEN_CHALLENGE and not rolling
    if not campaign.registration_opens_at or (needs_end and not campaign.registration_closes_at):
        raise Refused(
            _("“%(campaign)s” does not say when registration opens and closes. Nothing was saved.")
            % {"campaign": campaign},
            code="no_window",
        )
    announcement = newest_announcement(campaign)
    if announcement is None or announcement.state != AnnouncementState.APPROVED:
        raise Refused(
            _("The announcement of “%(campaign)s” is not approved by a second person. Nothing was saved.")
            % {"campaign": campaign},
            code="announcement_not_approved",
        )
    if announcement.rule_set_id != newest_rules(campaign).pk:
        raise Refused(
            _("The rules changed after the announcement was approved: approve it again. Nothing was saved."),
            code="rules_changed",
        )
    return announcement


def _claim_posts(actor: User, campaign: Campaign, positions: list[Position]) -> int:
    """Reserve exactly the headcount of every unit and bind the posts to its positions; returns how many.

    Raises Refused with one sentence for each unit that falls short; nothing of any unit stays reserved then.
    """
    claims: list[PositionSlot] = []
    missing: list[str] = []
    for unit, rows in groupby(positions, key=lambda position: position.unit):
        own = list(rows)
        try:
            with transaction.atomic():
                posts = _reserved(actor, campaign, unit, sum(position.headcount_effective for position in own))
        except Refused as refusal:
            missing.append(refusal.message)
            continue
        waiting = iter(posts)
        claims += [
            PositionSlot(position=position, post=next(waiting))
            for position in own
            for _number in range(position.headcount_effective)
        ]
    if missing:
        raise Refused("\n".join(missing), code="shortage")
    PositionSlot.objects.bulk_create(claims, batch_size=BATCH)
    return len(claims)


def _reserved(actor: User, campaign: Campaign, unit: Unit, count: int) -> list[EstablishedPost]:
    return reserve_posts(
        actor=actor,
        unit=unit,
        count=count,
        on=timezone.localdate(),
        document=campaign.plan_document,
        slot_type=campaign.slot_type,
        purpose=campaign.name,
    )
