"""An appointment that ends: the post goes back with its reason."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.establishment.domain import release_posts, unhold_post, vacate_post
from campaigns.establishment.enums import SlotState
from campaigns.establishment.models import EstablishedPost
from campaigns.planning.models import PositionSlot
from foundation.errors import Refused
from recruitment.appointments.candidate_messages import tell_person
from recruitment.appointments.enums import AppointmentState as S
from recruitment.appointments.enums import EndReason, Stage
from recruitment.appointments.machine import APPOINTMENTS
from recruitment.appointments.models import Appointment, Replacement
from recruitment.appointments.policies import may_end
from recruitment.appointments.sentences import kept
from rulebook.explanation import Explanation

STAGES = {
    S.OPENED: Stage.MEDICAL,
    S.MEDICAL_PASSED: Stage.INSPECTION,
    S.INSPECTED: Stage.INSPECTION,
    S.NOTICED: Stage.NOTICE,
    S.ON_HOLD: Stage.NOTICE,
}
ON_THE_POST = (S.ON_POST, S.CONFIRMED)


@transaction.atomic
def end_appointment(
    *, actor: User, appointment: Appointment, reason_code: str, reason: str, document: str, replace: bool = True
) -> Appointment:
    """End an appointment with its reason, a code of `EndReason`.

    With `replace`, a held post waits for the next person of the position; without, it is released, the position gives
    up its claim and nobody is called to the place. A used post is vacated. Raises NotAllowed, also for a used post
    unless the establishment office acts, and Refused without words, a document number or a known code.
    """
    row = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("candidate", "position", "post")
        .get(pk=appointment.pk)
    )
    require(may_end, actor, row)
    if not document.strip():
        raise Refused(_("Give the number of the document. Nothing was saved."), code="document_required")
    if reason_code not in EndReason.values:
        raise Refused(_("Choose the reason from the list. Nothing was saved."), code="reason_code")
    end_locked(actor=actor, appointment=row, reason_code=reason_code, reason=reason, document=document, replace=replace)
    appointment.refresh_from_db()
    return appointment


def end_locked(
    *,
    actor: User,
    appointment: Appointment,
    reason_code: str,
    reason: str,
    document: str,
    replace: bool = True,
    why: Explanation | None = None,
) -> None:
    """The same for a caller that holds the lock and has checked that the actor may; `why` are the rules' own words."""
    stage = STAGES.get(S(appointment.state), Stage.AFTER)
    before = APPOINTMENTS.move(
        "end", appointment, reason=reason, ended_reason_code=reason_code, ended_reason=reason, ended_stage=stage,
        ended_explanation=kept(why) if why else {}, ended_at=timezone.now(),
    )  # fmt: skip
    tell_person(appointment, "ended", occasion="end")
    post = appointment.post
    papers = {"reason_code": reason_code, "reason": reason, "document": document}
    if post is not None and post.state == SlotState.HELD and replace:
        unhold_post(actor=actor, post=post, **papers)
    elif post is not None and post.state == SlotState.HELD:
        release_posts(actor=actor, posts=[post], **papers)
        give_up_claim(appointment, post)
    elif post is not None and post.state == SlotState.USED:
        vacate_post(actor=actor, post=post, **papers)
        give_up_claim(appointment, post)
    if not replace and before not in ON_THE_POST:
        Replacement.objects.create(
            place=appointment, stage=stage, explanation=appointment.ended_explanation, document=document,
            decided_by=actor,
        )  # fmt: skip
    audit.record(
        actor=actor, action="appointments.end", subject=appointment, reason=reason,
        before={"state": before}, after={"reason_code": reason_code, "replace": replace},
    )  # fmt: skip


def give_up_claim(appointment: Appointment, post: EstablishedPost) -> None:
    """The position of this appointment no longer stands for the post."""
    claims = PositionSlot.objects.filter(post=post, position=appointment.position, released_at=None)
    claims.update(released_at=timezone.now())
