"""Which post a person gets: the first reserved one of the position that nobody else stands for."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.establishment.domain import hold_post
from campaigns.establishment.enums import SlotState, SlotType
from campaigns.establishment.models import EstablishedPost
from foundation.errors import Refused
from recruitment.appointments.models import Appointment


def needs_post(appointment: Appointment) -> bool:
    """False for the civil service, whose posts are outside the ledger of institutions (decision 23)."""
    return appointment.position.campaign.slot_type == SlotType.INSTITUTION


def hold_for(*, actor: User, appointment: Appointment, document: str) -> EstablishedPost | None:
    """Hold a reserved post of the position for this person; the post they have already, if any.

    Raises Refused if every post of the position is taken: the headcount is used up.
    """
    if appointment.post_id or not needs_post(appointment):
        return appointment.post
    post = next(iter(locked_posts_of([appointment.position_id])), None)
    if post is None:
        raise Refused(
            _("All posts of position %(code)s are taken. Nothing was saved.") % {"code": appointment.position.code},
            code="no_post_left",
        )
    held = hold_post(actor=actor, post=post, document=document)
    appointment.post = held
    appointment.save(update_fields=["post"])
    return held


def locked_posts_of(positions: Collection[int]) -> list[EstablishedPost]:
    """The reserved posts of these positions (ids), all of them locked in the order of their ids.

    Whoever is to hold several posts locks those of every position first: two lists that took them one by one, each in
    the order of its people, would wait for each other.
    """
    claimed = EstablishedPost.objects.filter(
        claims__position__in=positions, claims__released_at=None, state=SlotState.RESERVED
    )
    return list(claimed.select_for_update(of=("self",)).order_by("pk"))
