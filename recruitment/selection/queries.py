"""Reads over competitive selections: campaigns, results, and who is to sign an agreement."""

from datetime import date

from django.db.models import Count, Q, QuerySet

from accounts.duties import Duty, scope
from accounts.models import User
from accounts.policies import in_scope
from campaigns.planning.enums import Track
from campaigns.planning.models import Campaign
from recruitment.applications.enums import ApplicationState as S
from recruitment.applications.models import Application
from recruitment.selection.models import Agreement, SelectionResult
from recruitment.selection.policies import READERS


def selections_visible_to(user: User) -> QuerySet[Campaign]:
    """Published selections of the units a person covers, or with positions in them; the newest first."""
    mine = in_scope(user, *READERS) | Q(positions__in=_positions(user))
    rows = Campaign.objects.filter(mine, track=Track.COMPETITIVE_SELECTION).exclude(published_at=None)
    return rows.select_related("unit").distinct().order_by("-published_at", "-pk")


def _positions(user: User) -> QuerySet[Application]:
    rows = Application.objects.filter(in_scope(user, *READERS, field="position__unit"))
    return rows.order_by().values("position")  # type: ignore[return-value]


def with_counts(campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """Adds `standing` (passed the review or further), `ranked`, `proposed` and `agreed`, in people."""
    gone = (S.DRAFT, S.SUBMITTED, S.RETURNED, S.REJECTED, S.WITHDRAWN, S.DISQUALIFIED)
    result = Q(applications__selection_result__isnull=False)
    return campaigns.annotate(
        standing=Count("applications", filter=~Q(applications__state__in=gone), distinct=True),
        ranked=Count("applications", filter=result, distinct=True),
        proposed=Count("applications", filter=Q(applications__state=S.PROPOSED), distinct=True),
        agreed=Count("applications", filter=Q(applications__agreement__isnull=False), distinct=True),
    )


def drawn_but_open(campaigns: QuerySet[Campaign]) -> QuerySet[Application]:
    """Ids of the campaigns with people who were drawn for a panel and not decided on."""
    rows = Application.objects.filter(campaign__in=campaigns.values("pk"), state=S.EFFECTIVE)
    return rows.filter(panel_subjects__isnull=False).order_by().values("campaign")  # type: ignore[return-value]


def results_of(campaign: Campaign, user: User) -> QuerySet[SelectionResult]:
    """The saved results of a selection by position and rank, for those who may see marks before they are released."""
    allowed = scope(Duty.SEE_SCORES_BEFORE_RELEASE, user, "application__campaign__unit")
    rows = SelectionResult.objects.filter(allowed, application__campaign=campaign)
    return rows.select_related("application__position__unit").order_by(
        "application__position__code", "round", "rank", "application__registration_no"
    )


def to_agree(campaign: Campaign, user: User) -> QuerySet[Application]:
    """People proposed or agreed in a selection, for the units a person covers, those without an agreement first."""
    rows = campaign.applications.filter(in_scope(user, *READERS, field="position__unit"))
    rows = rows.filter(Q(state=S.PROPOSED) | Q(agreement__isnull=False))
    return rows.select_related("candidate", "position__unit", "agreement", "campaign").order_by(
        "agreement__signed_on", "position__code", "pk"
    )


def degrees_due(user: User, by: date) -> QuerySet[Agreement]:
    """Agreements whose degree is due by `by` and has not been shown, for the units a person covers; earliest first."""
    rows = Agreement.objects.filter(in_scope(user, *READERS, field="application__position__unit"))
    waiting = rows.filter(degree_due_on__lte=by, degree_shown_on=None)
    return waiting.filter(application__state__in=(S.AGREED, S.HANDED_OVER)).order_by("degree_due_on")
