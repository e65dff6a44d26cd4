"""Education, work and relatives: the rows of a profile that may be several."""

from datetime import date
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import F, Model
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from foundation.errors import Refused
from recruitment.candidates.domain.profile import ProfileRefused
from recruitment.candidates.enums import Degree, EducationLevel
from recruitment.candidates.models import Candidate, Education, Relative, WorkPeriod
from recruitment.candidates.policies import is_oneself

Row = TypeVar("Row", Education, WorkPeriod, Relative)
MOST_ROWS = 20
_LEVEL_OF_DEGREE = {
    Degree.BACHELOR: (EducationLevel.BACHELOR,),
    Degree.MASTER: (EducationLevel.MASTER,),
    Degree.DOCTOR: (EducationLevel.DOCTOR,),
}


@transaction.atomic
def save_education(*, actor: User, candidate: Candidate, pk: int | None = None, **fields: Any) -> Education:
    """Add one level of schooling, or change the one with `pk`; `fields` are those of Education.

    Raises ProfileRefused if the degree does not belong to the level, Refused if the same level is entered twice.
    """
    degree, level = fields.get("degree", Degree.NONE), fields["level"]
    if degree in _LEVEL_OF_DEGREE and level not in _LEVEL_OF_DEGREE[degree]:
        raise ProfileRefused(
            _("The degree does not belong to this level of education. Please check both."), field="degree"
        )
    return _save(Education, actor=actor, candidate=candidate, pk=pk, fields=fields)


@transaction.atomic
def save_work_period(*, actor: User, candidate: Candidate, pk: int | None = None, **fields: Any) -> WorkPeriod:
    """Add or change a period of work; `ended_on` None means it still runs.

    Raises ProfileRefused if it ends before it starts or starts in the future.
    """
    started_on: date = fields["started_on"]
    ended_on: date | None = fields.get("ended_on")
    if ended_on and ended_on < started_on:
        raise ProfileRefused(_("This period ends before it starts. Please check both dates."), field="ended_on")
    if started_on > timezone.localdate():
        raise ProfileRefused(_("This period starts in the future. Please check the date."), field="started_on")
    return _save(WorkPeriod, actor=actor, candidate=candidate, pk=pk, fields=fields)


@transaction.atomic
def save_relative(*, actor: User, candidate: Candidate, pk: int | None = None, **fields: Any) -> Relative:
    """Add or change a relative in public service (R15)."""
    return _save(Relative, actor=actor, candidate=candidate, pk=pk, fields=fields)


@transaction.atomic
def remove_record(*, actor: User, candidate: Candidate, record: Education | WorkPeriod | Relative) -> None:
    """Take a row off the profile; applications keep what was submitted. A row of someone else is not found."""
    require(is_oneself, actor, candidate)
    if record.candidate_id != candidate.pk:
        raise Refused(_("This entry is not part of your profile. Nothing was saved."), code="not_found")
    audit.record(
        actor=actor, action="candidates.remove_record", subject=candidate, before={"kind": record._meta.model_name}
    )
    record.delete()
    _count(candidate)


def _save(kind: type[Row], *, actor: User, candidate: Candidate, pk: int | None, fields: dict[str, Any]) -> Row:
    require(is_oneself, actor, candidate)
    Candidate.objects.select_for_update().get(pk=candidate.pk)
    rows = kind._default_manager.filter(candidate=candidate)
    if pk is None and rows.count() >= MOST_ROWS:
        raise Refused(_("At most %(most)s entries fit here. Nothing was saved.") % {"most": MOST_ROWS})
    row = rows.filter(pk=pk).first() if pk else kind(candidate=candidate)
    if row is None:
        raise Refused(_("This entry is not part of your profile. Nothing was saved."), code="not_found")
    for name, value in fields.items():
        setattr(row, name, value)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as problem:
        raise Refused(
            _("The same entry is already there. Please change it instead; nothing was saved."), code="duplicate"
        ) from problem
    _count(candidate)
    audit.record(actor=actor, action="candidates.save_record", subject=candidate, after=_kind(row))
    return row


def _kind(row: Model) -> dict[str, str | None]:
    return {"kind": row._meta.model_name}


def _count(candidate: Candidate) -> None:
    """A new revision, so that a page opened before is told that the profile has changed."""
    Candidate.objects.filter(pk=candidate.pk).update(revision=F("revision") + 1)
    candidate.refresh_from_db(fields=["revision"])
