"""A need becomes a challenge on the board."""

from dataclasses import asdict, dataclass
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
from foundation.language import rule_language
from recruitment.applications.queries import rules_in_force
from recruitment.challenges.enums import BidState, ChallengeState
from recruitment.challenges.machine import CHALLENGES
from recruitment.challenges.models import Challenge
from recruitment.challenges.policies import may_describe_needs, may_run_challenges
from recruitment.challenges.signals import challenge_published
from rulebook.challenge import board_outcome, outcome_explanation


@dataclass(frozen=True)
class Need:
    """What a unit asks for: the problem, how its solution is measured, the amount in yuan, days on site a year."""

    title: str
    problem: str
    indicators: str
    budget: Decimal
    ends_on: date
    days_per_year: int = 0
    field_name: str = ""


def locked(challenge: Challenge) -> Challenge:
    """The challenge as it is now, locked in the database."""
    return Challenge.objects.select_for_update(of=("self",)).select_related("campaign", "unit").get(pk=challenge.pk)


def _check_need(need: Need) -> None:
    if not need.indicators.strip():
        raise Refused(_("Say how the result will be measured. Nothing was saved."), code="indicators")
    if need.budget <= 0:
        raise Refused(_("The amount must be more than 0 yuan. Nothing was saved."), code="budget")


@transaction.atomic
def describe_need(*, actor: User, campaign: Campaign, unit: Unit, code: str, need: Need) -> Challenge:
    """A unit's problem with measurable indicators, an amount in yuan and the date of the result (C1).

    Raises Refused if the campaign is on another track, the board number is taken, or indicators are missing.
    """
    require(may_describe_needs, actor, unit)
    if campaign.track != Track.OPEN_CHALLENGE:
        raise Refused(_("This campaign is not an open challenge. Nothing was saved."), code="wrong_track")
    if code.strip() in ("", "new") or "/" in code:
        raise Refused(_("Give a board number without a slash. Nothing was saved."), code="code")
    if Challenge.objects.filter(code=code).exists():
        raise Refused(_("Board number %(code)s is taken. Nothing was saved.") % {"code": code}, code="duplicate")
    _check_need(need)
    challenge = Challenge.objects.create(campaign=campaign, unit=unit, code=code, created_by=actor, **asdict(need))
    audit.record(actor=actor, action="challenges.describe_need", subject=challenge, after={"budget": str(need.budget)})
    return challenge


@transaction.atomic
def change_need(*, actor: User, challenge: Challenge, need: Need) -> Challenge:
    """Correct a need nobody has confirmed yet. Raises Refused afterwards, or for what `describe_need` refuses."""
    challenge = locked(challenge)
    require(may_describe_needs, actor, challenge)
    if challenge.state != ChallengeState.DRAFT:
        raise Refused(_("The need has been confirmed and stays as it is. Nothing was saved."), code="wrong_state")
    _check_need(need)
    changed = {name: value for name, value in asdict(need).items() if getattr(challenge, name) != value}
    before = {name: str(getattr(challenge, name)) for name in changed}
    for name, value in changed.items():
        setattr(challenge, name, value)
    challenge.save(update_fields=list(changed))
    after = {name: str(value) for name, value in changed.items()}
    audit.record(actor=actor, action="challenges.change_need", subject=challenge, before=before, after=after)
    return challenge


@transaction.atomic
def confirm_need(*, actor: User, challenge: Challenge) -> Challenge:
    """The talent office confirms a need as real and new (C2); never the person who wrote it down."""
    require(may_run_challenges, actor, challenge)
    if actor.pk == challenge.created_by_id:
        raise NotAllowed(_("The person who described the need can't confirm it; ask a colleague."), code="two_persons")
    before = CHALLENGES.move("confirm", challenge, confirmed_by=actor, confirmed_at=timezone.now())
    audit.record(actor=actor, action="challenges.confirm_need", subject=challenge, before={"state": before})
    return challenge


@transaction.atomic
def publish_challenge(*, actor: User, challenge: Challenge, opens_at: datetime | None = None) -> Challenge:
    """Put the challenge on the board; bids are open for the rule set's days, the last second excluded (C3, C4).

    Raises Refused unless the campaign itself has been published, since its announcement fixes the rules, and two
    officers hold the halves of the key, since bids are sealed with it.
    """
    challenge = locked(challenge)
    require(may_run_challenges, actor, challenge)
    if challenge.campaign.published_at is None:
        raise Refused(_("Publish the campaign's announcement first. Nothing was saved."), code="not_published")
    if challenge.key_halves.count() < 2:
        raise Refused(
            _("Two officers must each make their key half first; bids are sealed with them. Nothing was saved."),
            code="no_key",
        )
    rules = rules_in_force(challenge.campaign).challenge
    opens_at = opens_at or timezone.now()
    closes_at = opens_at + timedelta(days=rules.window_days)
    CHALLENGES.move("publish", challenge, published_at=timezone.now(), bids_open_at=opens_at, bids_close_at=closes_at)
    audit.record(
        actor=actor, action="challenges.publish", subject=challenge, after={"bids_close_at": closes_at.isoformat()}
    )
    challenge_published.send(sender=Challenge, challenge=challenge)
    return challenge


@transaction.atomic
def extend_window(*, actor: User, challenge: Challenge, reason: str) -> Challenge:
    """Open the window once more for the rule set's days from now: too few bids, and the rules say so (R87).

    Raises Refused before the close, once a key half has been handed in, or if the rules give another answer to so few
    bids. Bids handed in before stay sealed and count.
    """
    challenge = locked(challenge)
    require(may_run_challenges, actor, challenge)
    rules = rules_in_force(challenge.campaign).challenge
    if challenge.bids_close_at is None or timezone.now() < challenge.bids_close_at:
        raise Refused(_("The window has not closed yet. Nothing was saved."), code="not_closed")
    if challenge.key_halves.exclude(handed_in_at=None).exists():
        raise Refused(
            _("A key half has been handed in, so the window stays closed. Nothing was saved."), code="opening"
        )
    live = challenge.bids.exclude(state=BidState.WITHDRAWN).count()
    if board_outcome(live, rules) != "extend":
        told = outcome_explanation(live, rules).text(rule_language())
        raise Refused(f"{told} {_('Nothing was saved.')}", code="no_extension")
    before, closes_at = challenge.bids_close_at, timezone.now() + timedelta(days=rules.window_days)
    CHALLENGES.move("extend", challenge, reason=reason, bids_close_at=closes_at)
    audit.record(
        actor=actor, action="challenges.extend_window", subject=challenge, reason=reason,
        before={"bids_close_at": before.isoformat()}, after={"bids_close_at": closes_at.isoformat()},
    )  # fmt: skip
    return challenge
