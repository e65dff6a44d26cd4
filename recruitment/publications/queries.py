"""Reading publications: the public sees released lists only, the release team and auditors also what is coming."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from accounts.duties import Duty, scope
from accounts.models import User
from recruitment.applications.models import Application
from recruitment.publications.models import Publication, PublicationEntry, PublicationKind, PublicationState


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


def lists_naming(application: Application) -> QuerySet[Publication]:
    """Released lists with a row about this application, the newest first."""
    return released().filter(entries__application=application)


def released_kinds_of(application: Application) -> dict[str, datetime]:
    """Kind → when the list that names this application went out. What is missing here the person must not learn yet."""
    rows = PublicationEntry.objects.filter(application=application, publication__in=released())
    return {
        kind: at for kind, at in rows.order_by("publication__released_at").values_list(
            "publication__kind", "publication__released_at"
        ) if at
    }  # fmt: skip


# Moves of an application that tell a result, and the list with which the result becomes public (R94).
TOLD_BY: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("mark", "mark_absent"), (PublicationKind.SCORES,)),
    **dict.fromkeys(("shortlist", "leave_out"), (PublicationKind.SHORTLIST,)),
    **dict.fromkeys(("rank", "propose", "not_select"), (PublicationKind.TOTALS, PublicationKind.SELECTION)),
}


# Moves that take a result back: told wherever the result was.
TAKEN_BACK: dict[str, str] = {"reopen_marks": "mark", "unpropose": "propose"}


def embargoed_moves(campaign_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """Campaign → moves of its applications that nobody outside the release team may learn of yet."""
    out = set(released().filter(campaign__in=campaign_ids).order_by().values_list("campaign_id", "kind"))
    return {
        campaign: frozenset(
            move for move, kinds in TOLD_BY.items() if not any((campaign, kind) in out for kind in kinds)
        )
        for campaign in campaign_ids
    }
