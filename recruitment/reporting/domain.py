"""The one thing reporting keeps: the definition of high-level for a year."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from foundation.errors import Refused
from recruitment.candidates.enums import Degree, TitleLevel
from recruitment.reporting.models import HighLevelYear
from recruitment.reporting.policies import may_define_high_level

MARKS = (Degree.DOCTOR, Degree.MASTER, TitleLevel.SENIOR, TitleLevel.ASSOCIATE)


@transaction.atomic
def define_high_level(
    *, actor: User, year: int, tiers: Sequence[Sequence[str]], document: str, counted_before: int = 0
) -> HighLevelYear:
    """Keep what high-level means in `year` by a document, or correct it; the audit trail keeps what stood before (R92).

    `tiers` are lists of `MARKS`, the highest first. Raises Refused without a mark, with one named twice, or without a
    document.
    """
    require(may_define_high_level, actor)
    named = [mark for tier in tiers for mark in tier]
    if not named or not set(named) <= set(MARKS):
        raise Refused(_("Name at least one degree or title. Nothing was saved."), code="marks")
    if len(set(named)) < len(named):
        raise Refused(_("A degree or title belongs to one tier only. Nothing was saved."), code="twice")
    if not document.strip():
        raise Refused(_("Give the number of the document. Nothing was saved."), code="document")
    earlier = HighLevelYear.objects.select_for_update().filter(year=year).first()
    values = {
        "tiers": [[str(mark) for mark in tier] for tier in tiers if tier], "document": document.strip(),
        "counted_before": counted_before,
    }  # fmt: skip
    before = {name: getattr(earlier, name) for name in values} if earlier else {}
    row, _made = HighLevelYear.objects.update_or_create(
        year=year, defaults={**values, "recorded_by": actor, "recorded_at": timezone.now()}
    )
    audit.record(actor=actor, action="reporting.define_high_level", subject=row, before=before, after=values)
    return row
