"""The plan of a campaign: submitted, its posts confirmed, approved by a second person with a document."""

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Unit, User
from accounts.policies import require
from campaigns.establishment.domain.shortages import shortages_of
from campaigns.establishment.enums import SlotType
from campaigns.planning.domain.locking import locked_campaign
from campaigns.planning.enums import CampaignState, Track
from campaigns.planning.machine import CAMPAIGNS
from campaigns.planning.models import Campaign
from campaigns.planning.policies import may_approve_plan, may_confirm_posts, may_plan
from foundation.errors import Refused


def needs_posts(campaign: Campaign) -> bool:
    """Whether publication waits for established posts: civil-service tables and challenges never do (decision 23)."""
    return campaign.slot_type == SlotType.INSTITUTION and campaign.track != Track.OPEN_CHALLENGE


def shortages(campaign: Campaign) -> list[str]:
    """The sentence of a refused publication for each unit that falls short (Q1), in the units' order."""
    if not needs_posts(campaign):
        return []
    heads = dict(campaign.positions.order_by().values_list("unit_id").annotate(heads=Sum("headcount_effective")))
    units = Unit.objects.filter(pk__in=heads).order_by("path")
    needs = {unit: heads[unit.pk] for unit in units if heads[unit.pk]}
    missing = shortages_of(needs, campaign.slot_type, timezone.localdate())
    return [missing[unit.pk] for unit in needs if unit.pk in missing]


def _refuse_shortages(campaign: Campaign) -> None:
    if missing := shortages(campaign):
        raise Refused(" ".join([*missing, _("Nothing was saved.")]), code="shortage")


@transaction.atomic
def submit_plan(*, actor: User, campaign: Campaign) -> Campaign:
    """Hand in the plan: to the establishment office where it needs posts, otherwise straight to approval.

    Raises Refused without positions (an open challenge needs none).
    """
    campaign = locked_campaign(campaign)
    require(may_plan, actor, campaign)
    if campaign.track != Track.OPEN_CHALLENGE and not campaign.positions.exists():
        raise Refused(
            _("“%(campaign)s” has no positions yet. Nothing was saved.") % {"campaign": campaign}, code="no_positions"
        )
    name = "submit_plan" if needs_posts(campaign) else "submit_plan_without_posts"
    CAMPAIGNS.move(name, campaign, plan_submitted_by=actor)
    audit.record(actor=actor, action="planning.submit_plan", subject=campaign, after={"state": campaign.state})
    return campaign


@transaction.atomic
def confirm_posts(*, actor: User, campaign: Campaign) -> Campaign:
    """The establishment office confirms that permits cover every unit (A2). Raises Refused naming each shortage."""
    campaign = locked_campaign(campaign)
    require(may_confirm_posts, actor, campaign)
    _refuse_shortages(campaign)
    CAMPAIGNS.move("confirm_posts", campaign)
    audit.record(actor=actor, action="planning.confirm_posts", subject=campaign, after={"state": campaign.state})
    return campaign


@transaction.atomic
def return_plan(*, actor: User, campaign: Campaign, reason: str) -> Campaign:
    """Send a plan back for correction, with the reason; an approval given before is void."""
    campaign = locked_campaign(campaign)
    require(may_approve_plan | may_confirm_posts, actor, campaign)
    before = CAMPAIGNS.move(
        "return_plan", campaign, reason=reason, plan_submitted_by=None, plan_approved_by=None, plan_document=""
    )
    audit.record(
        actor=actor, action="planning.return_plan", subject=campaign, reason=reason,
        before={"state": before}, after={"state": campaign.state},
    )  # fmt: skip
    return campaign


@transaction.atomic
def approve_plan(*, actor: User, campaign: Campaign, document: str) -> Campaign:
    """Approve the plan with the number of the approval (A3, Order 35 Art. 15); never by whoever submitted it.

    Where permits cover all posts already, the approval confirms that too. Raises Refused without a document, by the
    same person, on the wrong state, and with the shortage of each unit.
    """
    campaign = locked_campaign(campaign)
    require(may_approve_plan, actor, campaign)
    if not document.strip():
        raise Refused(_("The approval needs the number of its document. Nothing was saved."), code="document_required")
    if campaign.plan_submitted_by_id == actor.pk:
        raise Refused(
            _("Whoever submitted the plan can't approve it: this needs a second person. Nothing was saved."),
            code="second_person",
        )
    if campaign.state == CampaignState.QUOTA_REVIEW:
        _refuse_shortages(campaign)
    CAMPAIGNS.move("approve_plan", campaign, plan_document=document.strip(), plan_approved_by=actor)
    audit.record(
        actor=actor, action="planning.approve_plan", subject=campaign,
        after={"state": campaign.state, "document": document.strip()},
    )  # fmt: skip
    return campaign
