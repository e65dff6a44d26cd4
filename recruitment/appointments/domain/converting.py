"""Conversion: a flexible engagement becomes a full-time post (decision 10), under the guard of any hire."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.establishment.domain import take_post_for_conversion
from campaigns.planning.domain import add_converted_position
from foundation.errors import Refused
from recruitment.applications.domain import enter_for_conversion
from recruitment.appointments.candidate_messages import tell_person
from recruitment.appointments.domain.opening import hand_over
from recruitment.appointments.enums import ENDED_STATES
from recruitment.appointments.models import Appointment
from recruitment.appointments.policies import may_convert
from recruitment.challenges.enums import EngagementState
from recruitment.challenges.models import Engagement

CONVERTIBLE = (EngagementState.IN_SERVICE, EngagementState.ACCEPTED)


@transaction.atomic
def convert_engagement(*, actor: User, engagement: Engagement, name: str, document: str) -> Appointment:
    """Take a post for the person of a flexible engagement and open their appointment to it, all or nothing.

    `name` is that of the position, `document` the number of the decision. From here on the person goes the way of
    every hire: medical exam, inspection, notice, approval, entry. Asked again it gives the same appointment back.
    Raises Refused with the exact shortage (Q1), before the work has begun or after a termination, without a document,
    for a person with another appointment under way, and once a conversion has ended.
    """
    row = (
        Engagement.objects.select_for_update(of=("self",))
        .select_related("bid__candidate", "bid__challenge__unit", "bid__challenge__campaign")
        .get(pk=engagement.pk)
    )
    challenge, candidate = row.bid.challenge, row.bid.candidate
    require(may_convert, actor, challenge)
    if known := Appointment.objects.filter(engagement=row).first():
        return _still_going(known)
    if row.state not in CONVERTIBLE:
        raise Refused(
            _("The engagement is in the state “%(state)s”; it can be converted while it runs or after the work was "
              "accepted. Nothing was saved.")
            % {"state": row.get_state_display()},
            code="wrong_state",
        )  # fmt: skip
    if not name.strip():
        raise Refused(_("Give the name of the position. Nothing was saved."), code="name")
    post = take_post_for_conversion(
        actor=actor, unit=challenge.unit, on=timezone.localdate(), document=document, purpose=row.number
    )
    position = add_converted_position(
        actor=actor, campaign=challenge.campaign, unit=challenge.unit, code=challenge.code, name=name.strip(), post=post
    )
    application = enter_for_conversion(actor=actor, candidate=candidate, position=position)
    appointment = hand_over(actor, application, post=post, engagement=row)
    tell_person(appointment, "opened", occasion="opening")
    audit.record(
        actor=actor, action="appointments.convert", subject=appointment,
        after={"engagement": row.number, "post": post.code, "document": document.strip()},
    )  # fmt: skip
    return appointment


def _still_going(appointment: Appointment) -> Appointment:
    if appointment.state in ENDED_STATES:
        raise Refused(
            _("The conversion of this engagement was begun before and has ended. Nothing was saved."), code="ended"
        )
    return appointment
