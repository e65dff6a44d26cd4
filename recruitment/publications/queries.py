"""Reading publications: the public sees released lists only, the release team and auditors also what is coming."""

from django.db.models import QuerySet
from django.utils import timezone

from accounts.duties import Duty, scope
from accounts.models import User
from recruitment.publications.models import Publication, PublicationState


def released() -> QuerySet[Publication]:
    """Lists the public may read, the newest first. Withdrawn ones are gone from here, not from the chain."""
    rows = Publication.objects.filter(state=PublicationState.RELEASED, released_at__lte=timezone.now())
    return rows.select_related("campaign").order_by("-released_at", "-pk")


def visible_to(user: User) -> QuerySet[Publication]:
    """Every list of the campaigns a member of the release team or an auditor covers."""
    rows = Publication.objects.filter(scope(Duty.SEE_SCORES_BEFORE_RELEASE, user, "campaign__unit"))
    return rows.select_related("campaign", "prepared_by", "reviewed_by").order_by("-prepared_at")


def is_released(campaign_id: int, kind: str) -> bool:
    """True once a list of this kind is out for the campaign: until then nobody outside may see what is in it."""
    return released().filter(campaign_id=campaign_id, kind=kind).exists()
