"""Every verb of an exam starts here: the campaign is locked, and nothing goes on in one that does not run."""

from django.utils.translation import gettext as _

from campaigns.planning.machine import RUNNING
from campaigns.planning.models import Campaign
from foundation.errors import Refused


def lock_running(campaign: Campaign) -> Campaign:
    """The campaign as it is now, locked until the transaction ends.

    Raises Refused if it is not published yet, suspended, closed or voided.
    """
    row = Campaign.objects.select_for_update(of=("self",)).select_related("unit").get(pk=campaign.pk)
    if row.state not in RUNNING:
        raise Refused(
            _("This campaign is in the state “%(state)s”: its exam does not go on. Nothing was saved.")
            % {"state": row.get_state_display()},
            code="not_running",
        )
    return row
