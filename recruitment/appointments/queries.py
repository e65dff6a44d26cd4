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
from recruitment.appointments.enums import AppointmentState, Conclusion
from recruitment.appointments.machine import APPOINTMENTS
from recruitment.appointments.models import Appointment
from recruitment.appointments.policies import READERS


@dataclass(frozen=True)
class AppointmentStep:
    """One step of a person's way to the post, for their timeline: what, when, and whether it lies ahead."""

    what: Promise | str
    when: datetime | None
    state: str


ORDER = (
    AppointmentState.OPENED,
    AppointmentState.MEDICAL_PASSED,
    AppointmentState.INSPECTED,
    AppointmentState.NOTICED,
    AppointmentState.APPROVED,
    AppointmentState.ON_POST,
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


def steps_of(application: Application) -> list[AppointmentStep]:
    """What happened to this person since the hand-over and what comes next; empty before it."""
    appointment = Appointment.objects.filter(application=application).select_related("notice").first()
    if appointment is None:
        return []
    checks = {check.kind: check.recorded_at for check in appointment.checks.filter(conclusion=Conclusion.PASSED)}
    moments = {
        AppointmentState.OPENED: appointment.opened_at,
        AppointmentState.MEDICAL_PASSED: checks.get("medical"),
        AppointmentState.INSPECTED: checks.get("inspection"),
        AppointmentState.NOTICED: appointment.notice.released_at if appointment.notice else None,
        AppointmentState.APPROVED: appointment.approved_at,
        AppointmentState.ON_POST: appointment.entered_at,
    }
    steps = []
    for state in ORDER:
        done = moments[state] is not None
        if not done and appointment.state == AppointmentState.ENDED:
            steps.append(AppointmentStep(APPOINTMENTS.public_name(AppointmentState.ENDED), None, "stopped"))
            break
        steps.append(AppointmentStep(APPOINTMENTS.public_name(state), moments[state], "done" if done else "next"))
    return steps
