"""A need becomes a challenge on the board."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Unit, User
from accounts.policies import require
from campaigns.planning.enums import Track
from campaigns.planning.models import Campaign
from foundation.errors import NotAllowed, Refused
from recruitment.applications.queries import rules_in_force
from recruitment.challenges.machine import CHALLENGES
from recruitment.challenges.models import Challenge
from recruitment.challenges.policies import may_describe_needs, may_run_challenges
from recruitment.challenges.signals import challenge_published


@transaction.atomic
def describe_need(
    *,
    actor: User,
    campaign: Campaign,
    unit: Unit,
    code: str,
    title: str,
    problem: str,
    indicators: str,
    budget: Decimal,
    ends_on: date,
    days_per_year: int = 0,
    field_name: str = "",
) -> Challenge:
    """A unit's problem with measurable indicators, an amount in yuan and the date of the result (C1).

    Raises Refused if the campaign is on another track, the board number is taken, or indicators are missing.
    """
    require(may_describe_needs, actor, unit)
    if campaign.track != Track.OPEN_CHALLENGE:
        raise Refused(_("This campaign is not an open challenge. Nothing was saved."), code="wrong_track")
    if not indicators.strip():
        raise Refused(_("Say how the result will be measured. Nothing was saved."), code="indicators")
    if Challenge.objects.filter(code=code).exists():
        raise Refused(_("Board number %(code)s is taken. Nothing was saved.") % {"code": code}, code="duplicate")
    challenge = Challenge.objects.create(
        campaign=campaign, unit=unit, code=code, title=title, problem=problem, indicators=indicators, budget=budget,
        ends_on=ends_on, days_per_year=days_per_year, field_name=field_name, created_by=actor,
    )  # fmt: skip
    audit.record(actor=actor, action="challenges.describe_need", subject=challenge, after={"budget": str(budget)})
    return challenge


@transaction.atomic
def confirm_need(*, actor: User, challenge: Challenge) -> Challenge:
    """The talent office confirms a need as real and new (C2); never the person who wrote it down."""
    require(may_run_challenges, actor, challenge)
    if actor.pk == challenge.created_by_id:
        raise NotAllowed(_("The person who described the need can't confirm it; ask a colleague."), code="two_persons")
    before = CHALLENGES.move("confirm", challenge, confirmed_by=actor)
    audit.record(actor=actor, action="challenges.confirm_need", subject=challenge, before={"state": before})
    return challenge


@transaction.atomic
def publish_challenge(*, actor: User, challenge: Challenge, opens_at: datetime | None = None) -> Challenge:
    """Put the challenge on the board; bids are open for the rule set's days, the last second excluded (C3, C4).

    Raises Refused unless the campaign itself has been published, since its announcement fixes the rules.
    """
    require(may_run_challenges, actor, challenge)
    if challenge.campaign.published_at is None:
        raise Refused(_("Publish the campaign's announcement first. Nothing was saved."), code="not_published")
    rules = rules_in_force(challenge.campaign).challenge
    opens_at = opens_at or timezone.now()
    closes_at = opens_at + timedelta(days=rules.window_days)
    CHALLENGES.move("publish", challenge, published_at=timezone.now(), bids_open_at=opens_at, bids_close_at=closes_at)
    audit.record(
        actor=actor, action="challenges.publish", subject=challenge, after={"bids_close_at": closes_at.isoformat()}
    )
    challenge_published.send(sender=Challenge, challenge=challenge)
    return challenge
