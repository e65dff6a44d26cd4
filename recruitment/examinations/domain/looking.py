"""Looking at marks before their release is a logged duty (`accounts.duties.LOGGED`)."""

from collections.abc import Collection

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.planning.models import Campaign
from recruitment.examinations.policies import may_read_marks
from recruitment.publications.queries import released


@transaction.atomic
def look_at_marks(*, actor: User, campaign: Campaign, lists: Collection[str], page: str) -> None:
    """Note that the person opened `page`, which shows what only these lists will make public (R94).

    Nothing is noted once all of them are out. Raises NotAllowed for whoever may not see marks before release.
    """
    require(may_read_marks, actor, campaign)
    out = released().filter(campaign=campaign, kind__in=lists).order_by().values_list("kind", flat=True)
    if hidden := sorted(set(lists) - set(out)):
        audit.record(
            actor=actor, action="examinations.look_at_marks", subject=campaign, after={"page": page, "before": hidden}
        )
