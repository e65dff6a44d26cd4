"""A panel over everyone who passed the review, with the draw made."""

from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policies import require
from campaigns.planning.enums import Track
from campaigns.planning.models import Campaign
from foundation.errors import Refused
from recruitment.applications.effect import effective
from recruitment.applications.enums import ApplicationState
from recruitment.applications.models import Application
from recruitment.applications.queries import rules_in_force
from recruitment.panels.domain import create_panel, draw_subjects, seat_member
from recruitment.panels.enums import Purpose
from recruitment.panels.models import Panel, Subject
from recruitment.panels.progress import seats_needed
from recruitment.selection.parts import purposes_of
from recruitment.selection.policies import may_run_selection


def check_track(campaign: Campaign) -> None:
    """Raises Refused for a campaign of another track."""
    if campaign.track != Track.COMPETITIVE_SELECTION:
        raise Refused(_("This campaign is not a competitive selection. Nothing was saved."), code="wrong_track")


def least_judges(campaign: Campaign, purpose: str) -> int:
    """How many judges the rules ask for: reviewers of material (R83), or the panel of an interview (R55)."""
    return seats_needed(purpose, rules_in_force(campaign))


def to_draw(campaign: Campaign, purpose: str) -> QuerySet[Application]:
    """Who passed the review and waits for a draw of this purpose.

    Later panels draw only people of the first: whoever passed the review after a draw waits for the next first one,
    since nobody is ranked on half of the marks (rolling applications, tracks B3).
    """
    rules = rules_in_force(campaign)
    rows = effective(campaign.applications.filter(state=ApplicationState.EFFECTIVE), rules.registration)
    first = purposes_of(rules)[:1]
    drawn = Subject.objects.filter(panel__campaign=campaign, application__isnull=False).order_by()
    rows = rows.exclude(pk__in=drawn.filter(panel__purpose=purpose).values("application"))
    return (
        rows if purpose in first else rows.filter(pk__in=drawn.filter(panel__purpose__in=first).values("application"))
    )


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
    """A panel over everyone who waits for this draw (`to_draw`), made with it; the first judge takes the chair.

    Raises Refused if the campaign is on another track, nobody waits, there are too few judges, or the panel of an
    interview is not what the rules want: odd, with judges from outside (R55, R56).
    """
    require(may_run_selection, actor, campaign)
    check_track(campaign)
    _check_judges(campaign, purpose, judges)
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    standing = list(to_draw(campaign, purpose).order_by("pk"))
    earlier = campaign.panels.filter(purpose=purpose).count()
    if not standing and earlier:
        raise Refused(
            _("This panel has been set up before, and nobody waits for another draw. Nothing was saved."),
            code="duplicate",
        )
    if not standing:
        raise Refused(_("No application has passed the review yet. Nothing was saved."), code="nobody")
    label = str(Purpose(purpose).label)
    numbered = _("%(panel)s, draw %(n)s") % {"panel": label, "n": earlier + 1} if earlier else label
    panel = create_panel(actor=actor, campaign=campaign, name=name or numbered, purpose=purpose)
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
