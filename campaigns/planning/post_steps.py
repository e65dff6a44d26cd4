"""What the posts of a campaign wait for: its next step, whose duty that is, and the day the timeline plans for it."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from campaigns.establishment.rooms import NextStep, register_next_steps
from campaigns.planning.enums import CampaignState, PositionState
from campaigns.planning.models import Position, PositionSlot
from campaigns.planning.queries import timeline_of

# Whose duty a step of the timeline is, for the unit of the position; the talent office's unless said here.
DUTIES: Mapping[str, tuple[Role, ...]] = {
    "review": (Role.UNIT_HR, Role.DEPARTMENT),
    "written_exam": (Role.EXAM_CENTRE,),
    "scores": (Role.EXAM_CENTRE,),
    "shortlist": (Role.EXAM_CENTRE,),
    "interview": (Role.EXAM_CENTRE,),
    "totals": (Role.EXAM_CENTRE,),
    "medical": (Role.MEDICAL_RECORDER,),
    "inspection": (Role.TALENT_OFFICE, Role.DEPARTMENT),
}
TALENT_OFFICE = (Role.TALENT_OFFICE,)
OVER = (CampaignState.CLOSED, CampaignState.VOIDED)
DECIDED = (PositionState.CANCELLED, PositionState.UNFILLED, PositionState.PARTLY_FILLED, PositionState.FILLED)


@register_next_steps
def steps_of_campaigns(posts: Collection[int]) -> dict[int, NextStep]:
    """Post id → the next step of the campaign whose position claims it; two queries, three with the timelines."""
    claims = PositionSlot.objects.filter(post__in=posts, released_at=None)
    claims = claims.select_related("position__unit", "position__campaign")
    now = timezone.now()
    return {
        claim.post_id: _step(claim.position, now) for claim in claims.prefetch_related("position__campaign__milestones")
    }


def _step(position: Position, now: datetime) -> NextStep:
    campaign = position.campaign
    if campaign.state in OVER or position.state in DECIDED:
        return NextStep(_("Give the post back"), TALENT_OFFICE, position.unit, None)
    if campaign.state == CampaignState.SUSPENDED:
        return NextStep(_("Resume the campaign or void it"), TALENT_OFFICE, position.unit, None)
    ahead = next((step for step in timeline_of(campaign, now) if step.state in ("now", "next")), None)
    if ahead is None:
        return NextStep(_("Close the campaign"), TALENT_OFFICE, position.unit, None)
    duty = DUTIES.get(ahead.key, TALENT_OFFICE)
    return NextStep(ahead.what, duty, position.unit, day_of(ahead.ends_at or ahead.starts_at))


def day_of(moment: datetime | None) -> date | None:
    """The local day of a moment, if there is one."""
    return timezone.localdate(moment) if moment else None
