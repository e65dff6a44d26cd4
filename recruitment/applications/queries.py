"""Reads over applications that several callers share."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from accounts.enums import UserKind
from accounts.models import User
from accounts.policies import in_scope
from campaigns.planning.enums import CampaignState, PositionState
from campaigns.planning.models import Campaign, Position, RuleSetVersion
from recruitment.applications.enums import CLOSED_STATES, ApplicationState
from recruitment.applications.models import Application
from recruitment.applications.policies import READERS
from rulebook.explanation import Guard
from rulebook.registration import is_open as is_within
from rulebook.registration import may_correct
from rulebook.ruleset import RuleSet

NOT_RECRUITING = (CampaignState.SUSPENDED, CampaignState.VOIDED, CampaignState.CLOSED)


def visible_to(user: User) -> QuerySet[Application]:
    """Applications a person may know of: a candidate's own, or those to positions of the units their roles cover.

    Staff see no drafts: what has not been submitted is the candidate's alone.
    """
    if user.kind == UserKind.CANDIDATE:
        return Application.objects.filter(candidate__user=user)
    scope = in_scope(user, *READERS, field="position__unit")
    return Application.objects.filter(scope).exclude(state=ApplicationState.DRAFT)


def live_application(candidate_id: int, batch_group: str) -> Application | None:
    """The one application that stands for a person in a batch group, if any (R16)."""
    rows = Application.objects.filter(candidate_id=candidate_id, batch_group=batch_group)
    return rows.exclude(state__in=CLOSED_STATES).select_related("position", "campaign").first()


def passed_before(candidate_id: int, batch_group: str) -> Application | None:
    """An application of the batch group that passed review and was withdrawn since: it still binds the person (R19)."""
    rows = Application.objects.filter(candidate_id=candidate_id, batch_group=batch_group)
    return rows.filter(state=ApplicationState.WITHDRAWN, review__verdict="passed").first()


def rule_set_in_force(campaign: Campaign) -> RuleSetVersion | None:
    """The newest frozen version of a campaign's rules; before publication the newest draft."""
    versions = campaign.rule_sets.order_by("-version")
    return versions.filter(frozen_at__isnull=False).first() or versions.first()


def rules_in_force(campaign: Campaign) -> RuleSet:
    """The rules of `rule_set_in_force`, or the defaults of the track where none were entered."""
    version = rule_set_in_force(campaign)
    return RuleSet.model_validate(version.document) if version else RuleSet(track=campaign.track)  # type: ignore[arg-type]


def takes_applications(position: Position, now: datetime) -> bool:
    """True while the position is published and the window of its campaign is open, [opens, closes) (R18)."""
    return is_recruiting(position) and is_open(position.campaign, now)


def is_recruiting(position: Position) -> bool:
    """True if the position and its campaign are published and neither suspended, voided, cancelled nor closed."""
    campaign = position.campaign
    published = campaign.published_at is not None and campaign.state not in NOT_RECRUITING
    return published and position.state == PositionState.PUBLISHED


def is_open(campaign: Campaign, now: datetime) -> bool:
    """R18: open from the first moment on, closed at the last; a campaign without a closing time stays open."""
    opens, closes = campaign.registration_opens_at, campaign.registration_closes_at
    return opens is not None and is_within(now, opens, closes or now + timedelta(days=1))


def open_window(now: datetime, prefix: str = "") -> Q:
    """`takes_applications` as a filter on positions (or on a relation to them, with its prefix)."""
    campaign = f"{prefix}campaign__"
    return Q(
        Q(**{f"{campaign}registration_closes_at": None}) | Q(**{f"{campaign}registration_closes_at__gt": now}),
        **{
            f"{prefix}state": PositionState.PUBLISHED,
            f"{campaign}published_at__isnull": False,
            f"{campaign}registration_opens_at__lte": now,
        },
    ) & ~Q(**{f"{campaign}state__in": NOT_RECRUITING})


def may_correct_now(application: Application, now: datetime) -> Guard:
    """Whether a returned application may come back at `now`: while the window is open, or within the grace (R21)."""
    rules, campaign = rules_in_force(application.campaign).registration, application.campaign
    closes = campaign.registration_closes_at or now + timedelta(days=1)
    return may_correct("returned", now, closes, application.review.reviewed_at or now, rules)
