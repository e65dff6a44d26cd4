"""Who puts challenges on the board, reads bids and decides; bids stay closed to everyone while the window is open."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import User
from accounts.policies import has_role, predicate
from recruitment.challenges.models import Bid

may_describe_needs = has_role(Role.UNIT_HR, Role.TALENT_OFFICE)
may_run_challenges = has_role(Role.TALENT_OFFICE)
READERS = (Role.TALENT_OFFICE, Role.UNIT_HR, Role.DEPARTMENT, Role.LEADER, Role.AUDITOR)
may_read_challenges = has_role(*READERS)


@predicate(_("Bids are sealed until the window has closed."))
def is_unsealed(actor: User, bid: Bid) -> bool:
    """The bid's window has closed."""
    closes_at = bid.challenge.bids_close_at
    return closes_at is not None and closes_at <= timezone.now()


@predicate(_("Only the lead of the bid may do this."))
def is_lead(actor: User, bid: Bid) -> bool:
    """The actor is the candidate who leads the bid."""
    return bid.candidate.user_id == actor.pk


may_read_bid = is_lead | (has_role(Role.TALENT_OFFICE, Role.AUDITOR) & is_unsealed)
