"""An appointment that ends: the post goes back with its reason."""

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.establishment.domain import release_posts, unhold_post, vacate_post
from campaigns.establishment.enums import SlotState
from campaigns.planning.models import PositionSlot
from recruitment.appointments.candidate_messages import tell_person
from recruitment.appointments.machine import APPOINTMENTS
from recruitment.appointments.models import Appointment
from recruitment.appointments.policies import may_end


@transaction.atomic
def end_appointment(
    *, actor: User, appointment: Appointment, reason_code: str, reason: str, document: str, replace: bool = True
) -> Appointment:
    """End an appointment with its reason.

    With `replace`, a held post waits for the next person of the position; without, it is released and the position
    gives up its claim. A used post is vacated.
    """
    require(may_end, actor, appointment)
    row = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("candidate", "position")
        .get(pk=appointment.pk)
    )
    end_locked(actor=actor, appointment=row, reason_code=reason_code, reason=reason, document=document, replace=replace)
    appointment.refresh_from_db()
    return appointment


def end_locked(
    *, actor: User, appointment: Appointment, reason_code: str, reason: str, document: str, replace: bool = True
) -> None:
    """The same for a caller that holds the lock and has checked that the actor may."""
    before = APPOINTMENTS.move("end", appointment, reason=reason, ended_reason_code=reason_code, ended_reason=reason)
    tell_person(appointment, "ended", occasion="end")
    post = appointment.post
    why = {"reason_code": reason_code, "reason": reason, "document": document}
    if post is not None and post.state == SlotState.HELD and replace:
        unhold_post(actor=actor, post=post, **why)
    elif post is not None and post.state == SlotState.HELD:
        release_posts(actor=actor, posts=[post], **why)
        _give_up_claim(appointment)
    elif post is not None and post.state == SlotState.USED:
        vacate_post(actor=actor, post=post, **why)
        _give_up_claim(appointment)
    audit.record(
        actor=actor, action="appointments.end", subject=appointment, reason=reason,
        before={"state": before}, after={"reason_code": reason_code},
    )  # fmt: skip


def _give_up_claim(appointment: Appointment) -> None:
    claims = PositionSlot.objects.filter(post=appointment.post, position=appointment.position, released_at=None)
    claims.update(released_at=timezone.now())
