"""The lock every verb that changes a campaign takes, and what may be changed when."""

from django.utils.translation import gettext as _

from campaigns.planning.enums import CampaignState
from campaigns.planning.models import Campaign, RuleSetVersion
from foundation.errors import Refused


def locked_campaign(campaign: Campaign) -> Campaign:
    """The campaign read again under lock, with its programme and unit."""
    return Campaign.objects.select_for_update(of=("self",)).select_related("programme", "unit").get(pk=campaign.pk)


def refuse_unless_drafting(campaign: Campaign) -> None:
    """Raises Refused once the plan has been submitted: what was approved is what is published."""
    if campaign.state != CampaignState.PLAN_DRAFTING:
        raise Refused(
            _("The positions of “%(campaign)s” can't be changed in the state “%(state)s”. Return the plan first. "
              "Nothing was saved.")
            % {"campaign": campaign, "state": campaign.get_state_display()},
            code="wrong_state",
        )  # fmt: skip


def newest_rules(campaign: Campaign) -> RuleSetVersion:
    """The newest version of a campaign's rules, frozen or not."""
    return campaign.rule_sets.order_by("-version")[:1].get()
