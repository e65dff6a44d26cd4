"""A panel over everyone who passed the review, with the draw made."""

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policies import require
from campaigns.planning.enums import Track
from campaigns.planning.models import Campaign
from foundation.errors import Refused
from recruitment.applications.enums import ApplicationState
from recruitment.applications.queries import rules_in_force
from recruitment.panels.domain import create_panel, draw_subjects, seat_member
from recruitment.panels.enums import Purpose
from recruitment.panels.models import Panel
from recruitment.panels.progress import seats_needed
from recruitment.selection.policies import may_run_selection


def check_track(campaign: Campaign) -> None:
    """Raises Refused for a campaign of another track."""
    if campaign.track != Track.COMPETITIVE_SELECTION:
        raise Refused(_("This campaign is not a competitive selection. Nothing was saved."), code="wrong_track")


def least_judges(campaign: Campaign, purpose: str) -> int:
    """How many judges the rules ask for: reviewers of material (R83), or the panel of an interview (R55)."""
    return seats_needed(purpose, rules_in_force(campaign))


@transaction.atomic
def start_panel(
    *,
    actor: User,
    campaign: Campaign,
    purpose: str,
    judges: Sequence[User],
    external: Collection[User] = (),
    name: str = "",
) -> Panel:
    """A panel over everyone whose application is effective, with the draw made; the first judge takes the chair.

    Raises Refused if the campaign is on another track, nobody stands, the panel exists, there are too few judges, or
    the panel of an interview is not what the rules want: odd, with judges from outside (R55, R56).
    """
    require(may_run_selection, actor, campaign)
    check_track(campaign)
    _check_judges(campaign, purpose, judges)
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    if campaign.panels.filter(purpose=purpose).exists():
        raise Refused(_("This panel has been set up before. Nothing was saved."), code="duplicate")
    standing = list(campaign.applications.filter(state=ApplicationState.EFFECTIVE).order_by("pk"))
    if not standing:
        raise Refused(_("No application has passed the review yet. Nothing was saved."), code="nobody")
    panel = create_panel(actor=actor, campaign=campaign, name=name or str(Purpose(purpose).label), purpose=purpose)
    for number, judge in enumerate(judges):
        seat_member(actor=actor, panel=panel, user=judge, is_chair=number == 0, is_external=judge in external)
    draw_subjects(actor=actor, panel=panel, applications=standing)
    return panel


def _check_judges(campaign: Campaign, purpose: str, judges: Sequence[User]) -> None:
    least = least_judges(campaign, purpose)
    if len(judges) < least:
        raise Refused(
            _("At least %(least)s judges are needed, not %(given)s. Nothing was saved.")
            % {"least": least, "given": len(judges)},
            code="too_few_judges",
        )
