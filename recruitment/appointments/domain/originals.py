"""What originals showed: certificates in time or not (R12), and the education of people whom a result file brought."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.planning.models import Campaign
from foundation.errors import Refused
from recruitment.applications.gateway import BATCH
from recruitment.applications.judging import reference_day
from recruitment.appointments.domain.checks import locked
from recruitment.appointments.enums import BEFORE_APPROVAL, AppointmentState
from recruitment.appointments.models import Appointment, Originals
from recruitment.appointments.policies import may_record_inspection
from recruitment.appointments.sentences import kept
from recruitment.appointments.service import rules_for
from recruitment.candidates.models import Education
from rulebook.conditions.experience import certificates_in_time
from rulebook.conditions.profile import Schooling
from rulebook.eligibility import certificate_limits


@dataclass(frozen=True)
class Diploma:
    """The highest schooling a person showed; `level` and `degree` are values of EducationLevel and Degree."""

    appointment_id: int
    level: str
    degree: str
    school: str
    major: str
    graduated_on: date


@transaction.atomic
def record_diplomas(*, actor: User, campaign: Campaign, diplomas: Sequence[Diploma]) -> int:
    """Record diplomas seen in the original, all or none, a statement per thousand; returns how many were recorded.

    People who told us their education keep it: what they submitted is not overwritten. Raises Refused for an
    appointment of another campaign or one that has ended, for a person named twice, and for a date in the future.
    """
    require(may_record_inspection, actor, campaign)
    wanted = {diploma.appointment_id: diploma for diploma in diplomas}
    if len(wanted) != len(diplomas):
        raise Refused(_("A person stands in the list twice. Nothing was saved."), code="duplicate")
    if any(diploma.graduated_on > timezone.localdate() for diploma in diplomas):
        raise Refused(_("The date lies in the future. Nothing was saved."), code="future")
    rows = Appointment.objects.select_for_update().filter(position__campaign=campaign)
    standing = dict(rows.exclude(state=AppointmentState.ENDED).order_by("pk").values_list("pk", "candidate_id"))
    if not wanted.keys() <= standing.keys():
        raise Refused(
            _("%(n)s persons have no open appointment in this campaign. Nothing was saved.")
            % {"n": len(wanted.keys() - standing.keys())},
            code="not_standing",
        )
    told = set(Education.objects.filter(candidate__appointments__in=rows).values_list("candidate_id", flat=True))
    fresh = [(standing[pk], diploma) for pk, diploma in sorted(wanted.items()) if standing[pk] not in told]
    Education.objects.bulk_create([_education(person, diploma) for person, diploma in fresh], batch_size=BATCH)
    after = {"count": len(fresh), "digest": audit.digest_of([person for person, _diploma in fresh])}
    audit.record(actor=actor, action="appointments.record_diplomas", subject=campaign, after=after)
    return len(fresh)


@transaction.atomic
def record_originals(
    *, actor: User, appointment: Appointment, diploma_on: date, degree_on: date | None = None
) -> Originals:
    """Record the dates on the certificates shown, judged by the last days of the rules or of the agreement (R12).

    Who is late is not ended by this: the approval is refused until a person decides or in-time originals are recorded.
    Raises NotAllowed for anyone but the inspecting offices, Refused after the approval and for a date in the future.
    """
    require(may_record_inspection, actor, appointment)
    row = locked(appointment)
    if row.state not in BEFORE_APPROVAL:
        raise Refused(
            _("The appointment is in the state “%(state)s”, which does not allow this. Nothing was saved.")
            % {"state": row.get_state_display()},
            code="wrong_state",
        )
    if max(diploma_on, degree_on or diploma_on) > timezone.localdate():
        raise Refused(_("The date lies in the future. Nothing was saved."), code="future")
    shown = Schooling(level="bachelor", finished_on=diploma_on, degree_on=degree_on)
    finding = certificates_in_time(shown, *last_days(row))
    originals, _is_new = Originals.objects.update_or_create(
        appointment=row,
        defaults={
            "diploma_on": diploma_on, "degree_on": degree_on, "is_in_time": finding.verdict == "met",
            "explanation": kept(finding.reason), "recorded_by": actor, "recorded_at": timezone.now(),
        },
    )  # fmt: skip
    dates = [date.isoformat() for date in (diploma_on, degree_on) if date]
    audit.record(actor=actor, action="appointments.record_originals", subject=row, after={"dates": dates})
    return originals


def last_days(row: Appointment) -> tuple[date, date]:
    """The last days for diploma and degree: those of the agreement, if it names one, or of the rules."""
    agreement = getattr(row.application, "agreement", None)
    if agreement is not None and agreement.degree_due_on:
        return agreement.degree_due_on, agreement.degree_due_on
    rules = rules_for(row)
    return certificate_limits(reference_day(row.position.campaign, rules), rules.eligibility)


def _education(candidate_id: int, diploma: Diploma) -> Education:
    return Education(
        candidate_id=candidate_id,
        level=diploma.level,
        degree=diploma.degree,
        school=diploma.school,
        major=diploma.major,
        graduated_on=diploma.graduated_on,
    )
