"""Until when a person must report for duty, by the rules or by consent (R80)."""

from datetime import date

from django.utils import timezone

from campaigns.planning.queries import rules_of
from recruitment.appointments.models import Appointment, Service
from rulebook.ruleset import RuleSet
from rulebook.ruleset.hiring import ServiceRules
from rulebook.service import report_deadline


def rules_for(appointment: Appointment) -> RuleSet:
    """The rules in force for an appointment, read once for each loaded row: acts, effects and sentences need them."""
    found: RuleSet | None = getattr(appointment, "_rules", None)
    if found is None:
        found = rules_of(appointment.position.campaign)
        appointment._rules = found  # type: ignore[attr-defined]
    return found


def report_by(appointment: Appointment, rules: ServiceRules) -> date | None:
    """The last day for reporting for duty: the unit may agree to a later one; None before the approval.

    The approval calls the person, so its day starts the period.
    """
    if appointment.report_agreed_until is not None:
        return appointment.report_agreed_until
    approved = appointment.approved_at
    return report_deadline(timezone.localdate(approved), rules) if approved else None


def service_of(appointment: Appointment) -> Service | None:
    """What was recorded when the person reported for duty; None before."""
    return getattr(appointment, "service", None)
