"""What challenges hear from the press."""

from typing import Any

from django.dispatch import receiver

from recruitment.challenges.enums import BidState
from recruitment.challenges.models import Bid
from recruitment.challenges.notices import tell_all
from recruitment.publications.models import Publication, PublicationKind
from recruitment.publications.signals import publication_released

DECIDED = (BidState.AWARDED, BidState.NOT_AWARDED)


@receiver(publication_released)
def tell_leads(publication: Publication, **_named: Any) -> None:
    """With the notice of an award, and not before, everyone who was before the experts learns the result."""
    if publication.kind == PublicationKind.AWARD:
        bids = Bid.objects.filter(challenge__notice=publication, state__in=DECIDED)
        tell_all(bids.select_related("candidate__user", "challenge"), "decided")
