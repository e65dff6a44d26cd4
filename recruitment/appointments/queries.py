"""Reads over appointments."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise

from accounts.enums import Role
from accounts.models import User
from accounts.policies import in_scope
from campaigns.planning.enums import Track
from campaigns.planning.models import Campaign
from recruitment.applications.enums import ApplicationState as S
from recruitment.applications.models import Application
from recruitment.appointments.enums import AppointmentState, CheckKind, Conclusion
from recruitment.appointments.machine import APPOINTMENTS
from recruitment.appointments.models import Appointment
from recruitment.appointments.policies import READERS
from recruitment.appointments.service import service_of


@dataclass(frozen=True)
class AppointmentStep:
    """One step of a person's way to the post: what, when, whether it lies ahead, and the state it leads to."""

    what: Promise | str
    when: datetime | None
    state: str
    leads_to: str


PASSED = Conclusion.PASSED
ORDER = (
    AppointmentState.OPENED,
    AppointmentState.MEDICAL_PASSED,
    AppointmentState.INSPECTED,
    AppointmentState.NOTICED,
    AppointmentState.APPROVED,
    AppointmentState.ON_POST,
    AppointmentState.CONFIRMED,
)


def appointments_visible_to(user: User) -> QuerySet[Appointment]:
    """Appointments to positions of the units a person covers."""
    rows = Appointment.objects.filter(in_scope(user, *READERS, field="position__unit"))
    return rows.select_related("position__unit", "position__campaign", "candidate", "application", "post")


def waiting_to_open(campaign: Campaign) -> QuerySet[Application]:
    """Who `open_appointments` would take over: proposed in an exam, agreed in a selection (decision 9)."""
    states = (S.AGREED,) if campaign.track == Track.COMPETITIVE_SELECTION else (S.PROPOSED, S.AGREED)
    rows = campaign.applications.filter(state__in=states)
    return rows.select_related("position__unit").order_by("position__code", "pk")


def campaigns_to_take_over(user: User) -> QuerySet[Campaign]:
    """Campaigns of the talent office's scope with somebody to take over; adds `people`."""
    ready = Q(applications__state=S.AGREED) | (
        Q(applications__state=S.PROPOSED) & ~Q(track=Track.COMPETITIVE_SELECTION)
    )
    rows = Campaign.objects.filter(in_scope(user, Role.TALENT_OFFICE))
    return rows.annotate(people=Count("applications", filter=ready)).filter(people__gt=0).order_by("code")


def campaigns_to_notice(user: User) -> QuerySet[Campaign]:
    """Campaigns of the talent office's scope with somebody who passed every check; adds `people`."""
    passed = Q(positions__appointments__state=AppointmentState.INSPECTED)
    rows = Campaign.objects.filter(in_scope(user, Role.TALENT_OFFICE))
    return rows.annotate(people=Count("positions__appointments", filter=passed)).filter(people__gt=0).order_by("code")


def appointments_of(candidate_id: int) -> dict[int, Appointment]:
    """Application id → the person's appointment with its checks and notice, in two queries."""
    rows = Appointment.objects.filter(candidate_id=candidate_id).select_related("notice", "service")
    rows = rows.prefetch_related("checks")
    return {row.application_id: row for row in rows}


def steps_of(application: Application) -> list[AppointmentStep]:
    """What happened to this person since the hand-over and what comes next; empty before it."""
    appointment = Appointment.objects.filter(application=application).select_related("notice").first()
    return steps_of_appointment(appointment) if appointment else []


def steps_of_appointment(appointment: Appointment) -> list[AppointmentStep]:
    """The same of an appointment at hand; costs no query if `checks`, `notice` and `service` are loaded."""
    checks = {check.kind: check.recorded_at for check in appointment.checks.all() if check.conclusion == PASSED}
    service = service_of(appointment)
    moments = {
        AppointmentState.OPENED: appointment.opened_at,
        AppointmentState.MEDICAL_PASSED: checks.get(CheckKind.MEDICAL),
        AppointmentState.INSPECTED: checks.get(CheckKind.INSPECTION),
        AppointmentState.NOTICED: appointment.notice.released_at if appointment.notice else None,
        AppointmentState.APPROVED: appointment.approved_at,
        AppointmentState.ON_POST: appointment.entered_at,
        AppointmentState.CONFIRMED: service.confirmed_at if service else None,
    }
    ended = AppointmentState.ENDED
    steps = []
    for state in ORDER if appointment.entered_at else ORDER[:-1]:
        done = moments[state] is not None
        if not done and appointment.state == ended:
            break
        name = APPOINTMENTS.public_name(state)
        steps.append(AppointmentStep(name, moments[state], "done" if done else "next", state))
    if appointment.state == ended:
        steps.append(AppointmentStep(APPOINTMENTS.public_name(ended), None, "stopped", ended))
    return steps
