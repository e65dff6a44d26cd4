"""What originals showed at the inspection: the education of people whom a result file brought without any."""

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
from recruitment.appointments.enums import AppointmentState
from recruitment.appointments.models import Appointment
from recruitment.appointments.policies import may_record_inspection
from recruitment.candidates.models import Education


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


def _education(candidate_id: int, diploma: Diploma) -> Education:
    return Education(
        candidate_id=candidate_id,
        level=diploma.level,
        degree=diploma.degree,
        school=diploma.school,
        major=diploma.major,
        graduated_on=diploma.graduated_on,
    )
