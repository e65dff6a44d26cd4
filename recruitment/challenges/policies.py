"""Who puts challenges on the board, holds the key halves, reads bids and decides. Sealed bids are open to nobody."""

from django.utils.translation import gettext_lazy as _

from accounts.enums import Role, UserKind
from accounts.models import User
from accounts.policies import has_role, predicate
from foundation.files.models import PrivateFile
from foundation.files.policies import opens
from recruitment.challenges.models import Bid

CONSENT = "bid_consent"

may_describe_needs = has_role(Role.UNIT_HR, Role.TALENT_OFFICE)
may_answer_questions = may_describe_needs
may_run_challenges = has_role(Role.TALENT_OFFICE)
may_log_work = may_describe_needs
may_hold_key_half = may_run_challenges
READERS = (Role.TALENT_OFFICE, Role.UNIT_HR, Role.DEPARTMENT, Role.LEADER, Role.AUDITOR)
BID_READERS = (Role.TALENT_OFFICE, Role.AUDITOR)
may_read_challenges = has_role(*READERS)
may_list_bids = has_role(*BID_READERS)


@predicate(_("Bids are sealed until both key halves have been handed in and the bids opened."))
def is_unsealed(actor: User, bid: Bid) -> bool:
    """The bid has been opened."""
    return bid.opened_at is not None


@predicate(_("Only the lead of the bid may do this."))
def is_lead(actor: User, bid: Bid) -> bool:
    """The actor is the candidate who leads the bid."""
    return actor.kind == UserKind.CANDIDATE and bid.candidate.user_id == actor.pk


may_read_bid = (is_lead | may_list_bids) & is_unsealed


@opens(CONSENT)
def may_open_consent(user: User, file: PrivateFile) -> bool:
    """The lead who handed it in; after the opening also those who read bids."""
    bid = Bid.objects.filter(consent=file).select_related("candidate", "challenge__unit").first()
    return bid is not None and bool(is_lead(user, bid) or may_read_bid(user, bid))
