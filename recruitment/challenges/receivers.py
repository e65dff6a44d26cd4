"""What challenges hear from the press."""

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from foundation.errors import Refused
from recruitment.challenges.enums import BidState, ChallengeState
from recruitment.challenges.lists import corrected_challenge
from recruitment.challenges.models import Bid, Challenge
from recruitment.challenges.notices import tell_all
from recruitment.publications.models import Publication, PublicationKind
from recruitment.publications.signals import publication_released

DECIDED = (BidState.AWARDED, BidState.NOT_AWARDED)


@receiver(publication_released)
def tell_leads(publication: Publication, **_named: Any) -> None:
    """With the notice of an award, and not before, everyone who was before the experts learns the result.

    A correction takes the place of the notice it replaces at this moment, and they are told again. Raises Refused,
    which keeps the list in, if the award does not stand any more.
    """
    if publication.kind != PublicationKind.AWARD:
        return
    challenge = corrected_challenge(publication) or Challenge.objects.filter(notice=publication).first()
    if challenge is None:
        return
    if challenge.state != ChallengeState.AWARDED:
        raise Refused(_("This award does not stand any more; discard its notice."), code="wrong_state")
    Challenge.objects.filter(pk=challenge.pk).update(notice=publication)
    bids = Bid.objects.filter(challenge=challenge, state__in=DECIDED)
    tell_all(bids.select_related("candidate__user", "challenge"), "decided")
