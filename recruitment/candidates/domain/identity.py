"""Opening an ID number in full, on demand and logged."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from foundation.errors import Refused
from recruitment.candidates.models import Candidate
from recruitment.candidates.policies import may_reveal_id_number


@transaction.atomic
def reveal_id_number(*, actor: User, candidate: Candidate, purpose: str) -> str:
    """The 18 characters in full; who asked, when and what for is in the audit trail, the number itself is not.

    Raises NotAllowed outside the roles and units that may read it, Refused without a purpose.
    """
    require(may_reveal_id_number, actor, candidate)
    if not purpose.strip():
        raise Refused(_("Please say what the full ID number is needed for."), code="purpose_required")
    audit.record(actor=actor, action="candidates.reveal_id_number", subject=candidate, reason=purpose.strip())
    return candidate.id_number
