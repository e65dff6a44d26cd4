"""What appointments hear from the press."""

from typing import Any

from django.dispatch import receiver

from accounts.models import User
from recruitment.appointments.domain import start_notice
from recruitment.publications.models import Publication, PublicationKind
from recruitment.publications.signals import publication_released


@receiver(publication_released)
def begin_notice(publication: Publication, actor: User, **_named: Any) -> None:
    """The notice begins with the release, in one transaction: no list goes out for which posts are missing."""
    if publication.kind == PublicationKind.PROPOSED_HIRES:
        start_notice(actor=actor, publication=publication)
