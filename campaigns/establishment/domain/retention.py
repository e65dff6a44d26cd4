"""Uploaded sheets of the official ledger hold names and ID numbers: they go once nobody needs to look at them again."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.establishment.domain.envelopes import county
from campaigns.establishment.models import Reconciliation
from campaigns.establishment.policies import may_manage_posts
from foundation.files.domain import drop_file
from foundation.files.models import PrivateFile
from foundation.jobs.models import Job

LEDGER_PURPOSE = "establishment.ledger"


@transaction.atomic
def forget_ledger_sheets(*, actor: User, now: datetime) -> int:
    """Remove sheets `LEDGER_SHEET_DAYS` after their comparison was closed; returns how many.

    A sheet that led to no comparison goes so many days after its upload, one whose comparison is open stays. What was
    compared remains: numbers, units, decisions and the digest of the sheet, never a name.
    """
    require(may_manage_posts, actor, county())
    before = now - timedelta(days=settings.LEDGER_SHEET_DAYS)
    needed = Reconciliation.objects.filter(Q(closed_at=None) | Q(closed_at__gt=before), digest=OuterRef("sha256"))
    old = PrivateFile.objects.filter(~Exists(needed), purpose=LEDGER_PURPOSE, created_at__lte=before)
    files = list(old.select_for_update(of=("self",)).order_by("pk"))
    Job.objects.filter(source_file__in=files).update(source_file=None)
    for file in files:
        drop_file(file=file)
    if files:
        digests = [file.sha256 for file in files]
        audit.record(actor=actor, action="establishment.forget_sheets", subject=county(), after={"sheets": digests})
    return len(files)
