"""Hand-over: a proposed person, or one who signed an agreement, becomes an appointment."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.planning.models import Campaign
from campaigns.planning.queries import rules_of
from foundation.errors import Refused
from foundation.jobs.kinds import Report
from foundation.jobs.progress import one_by_one
from recruitment.applications.enums import ApplicationState
from recruitment.applications.gateway import move_application
from recruitment.applications.models import Application
from recruitment.appointments.candidate_messages import tell_person
from recruitment.appointments.domain.holding import hold_for
from recruitment.appointments.models import Appointment
from recruitment.appointments.policies import may_open
from recruitment.appointments.queries import waiting_to_open


@transaction.atomic
def open_appointment(*, actor: User, application: Application) -> Appointment:
    """Take a person over from their track (decision 9); where the rules hold the post at the agreement, it is held now.

    A person handed over before gives the same appointment back. Raises Refused for anyone not proposed or agreed, and
    for a person who has another active appointment.
    """
    require(may_open, actor, application)
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("candidate", "position__campaign")
        .get(pk=application.pk)
    )
    if application.state == ApplicationState.HANDED_OVER:
        return Appointment.objects.get(application=application)
    appointment = hand_over(actor, application)
    if rules_of(application.position.campaign).slots.hold_point == "agreement_signed":
        hold_for(actor=actor, appointment=appointment, document=_document(application))
    tell_person(appointment, "opened", occasion="opening")
    audit.record(
        actor=actor, action="appointments.open", subject=appointment, after={"position": application.position.code}
    )
    return appointment


def hand_over(actor: User, application: Application, **fields: Any) -> Appointment:
    """The appointment of a locked application, with `fields`. Raises Refused for a person with another active one."""
    move_application(actor=actor, application=application, move="hand_over")
    try:
        with transaction.atomic():
            return Appointment.objects.create(
                application=application,
                candidate=application.candidate,
                position=application.position,
                opened_by=actor,
                **fields,
            )
    except IntegrityError as problem:
        raise Refused(
            _("This person has another appointment under way. Nothing was saved."), code="other_appointment"
        ) from problem


def _document(application: Application) -> str:
    agreement = getattr(application, "agreement", None)
    return agreement.number if agreement else application.registration_no


@transaction.atomic
def open_appointments(*, actor: User, campaign: Campaign, report: Report | None = None) -> list[Appointment]:
    """Take over everyone proposed (exam) or agreed (selection) in a campaign."""
    waiting = list(waiting_to_open(campaign))
    return [open_appointment(actor=actor, application=row) for row in one_by_one(waiting, report)]
