"""Reads over applications that several callers share."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet

from accounts.enums import UserKind
from accounts.models import User
from accounts.policies import in_scope
from campaigns.planning.enums import PositionState
from campaigns.planning.machine import RUNNING
from campaigns.planning.models import Campaign, Position
from campaigns.planning.queries import rule_set_in_force as rule_set_in_force
from campaigns.planning.queries import rules_of as rules_in_force
from recruitment.applications.enums import CLOSED_STATES, ApplicationState
from recruitment.applications.models import Application
from recruitment.applications.policies import READERS
from rulebook.explanation import Guard, RuleError
from rulebook.registration import (
    Review,
    confirm_until,
    correction_closes,
    may_change_post,
    may_correct,
    may_submit_another,
    review_due,
)
from rulebook.ruleset import RuleSet
from rulebook.ruleset.registration import RegistrationRules
from rulebook.working_days import WorkingCalendar

# How far the review of an application is; in any other state it passed.
REVIEWS: dict[str, Review] = {
    ApplicationState.DRAFT: "none",
    ApplicationState.SUBMITTED: "pending",
    ApplicationState.RETURNED: "returned",
    ApplicationState.REJECTED: "rejected",
}


def visible_to(user: User) -> QuerySet[Application]:
    """Applications a person may know of: a candidate's own, or those to positions of the units their roles cover.

    Staff see no drafts: what has not been submitted is the candidate's alone.
    """
    if user.kind == UserKind.CANDIDATE:
        return Application.objects.filter(candidate__user=user)
    scope = in_scope(user, *READERS, field="position__unit")
    return Application.objects.filter(scope).exclude(state=ApplicationState.DRAFT)


def batch_group_of(campaign: Campaign, position: Position, rules: RegistrationRules) -> str:
    """What an application to this position holds for its person alone (R16): the campaign's batch group, or, where the
    rules allow several posts, the position; the database keeps one live application of a person in each."""
    return campaign.batch_group if rules.one_post else f"position {position.pk}"


def _in_batch(candidate_id: int, campaign: Campaign) -> QuerySet[Application]:
    return Application.objects.filter(candidate_id=candidate_id, campaign__batch_group=campaign.batch_group)


def live_in_batch(candidate_id: int, campaign: Campaign) -> list[Application]:
    """Everything a person has under way in the campaign's batch group, the oldest first (R16)."""
    rows = _in_batch(candidate_id, campaign).exclude(state__in=CLOSED_STATES)
    return list(rows.select_related("position", "campaign").order_by("pk"))


def may_start_another(live: Iterable[Application], position: Position, rules: RegistrationRules) -> Guard:
    """Whether a person with these live applications in the batch group may have one for this position too (R16)."""
    return may_submit_another(str(position.pk), {str(row.position_id): row.registration_no for row in live}, rules)


def bound_by(candidate_id: int, position: Position, rules: RegistrationRules) -> list[Application]:
    """Ended applications that may still bind the person (R19): withdrawn after the review had passed, and the newest
    that was rejected; of the whole batch group, or, where several posts are allowed, of this position."""
    rows = _in_batch(candidate_id, position.campaign).select_related("campaign").order_by("-pk")
    if not rules.one_post:
        rows = rows.filter(position=position)
    passed = rows.filter(state=ApplicationState.WITHDRAWN, review__verdict="passed").first()
    rejected = rows.filter(state=ApplicationState.REJECTED).first()
    return [row for row in (passed, rejected) if row]


def is_recruiting(position: Position) -> bool:
    """True if the position is published in a campaign that runs."""
    campaign = position.campaign
    running = campaign.published_at is not None and campaign.state in RUNNING
    return running and position.state == PositionState.PUBLISHED


def may_correct_now(application: Application, now: datetime) -> Guard:
    """Whether a returned application may come back at `now`: while the window is open, or within the grace (R21)."""
    rules, campaign = rules_in_force(application.campaign).registration, application.campaign
    closes = campaign.registration_closes_at or now + timedelta(days=1)
    return may_correct("returned", now, closes, application.review.reviewed_at or now, rules)


def may_change_now(application: Application, window: Campaign, now: datetime) -> Guard:
    """Whether another position may be chosen in place of this application's own: by how far its review is, by its
    rules, and while registration for the campaign `window` is open (R19)."""
    review = REVIEWS.get(application.state, "passed")
    opens = window.registration_opens_at or now
    closes = window.registration_closes_at or now + timedelta(days=1)
    return may_change_post(review, now, opens, closes, rules_in_force(application.campaign).registration)


def applications_of(candidate_id: int) -> QuerySet[Application]:
    """A person's applications, newest first, with all that their pages show."""
    rows = Application.objects.filter(candidate_id=candidate_id).order_by("-created_at")
    return rows.select_related("position__unit", "campaign__unit", "review", "candidate__user").prefetch_related(
        "transitions", "campaign__milestones"
    )


def rules_by_campaign(applications: Iterable[Application]) -> dict[int, RuleSet]:
    """Campaign id → rules in force, read once for each campaign."""
    campaigns = {application.campaign_id: application.campaign for application in applications}
    return {key: rules_in_force(campaign) for key, campaign in campaigns.items()}


def deadline_of(application: Application, rules: RuleSet, days: WorkingCalendar) -> datetime | None:
    """Until when the applicant must submit, correct or confirm, or the reviewer answer (R18–R22); None: nobody."""
    closes, decided_at = application.campaign.registration_closes_at, _decided_at(application)
    if application.state == ApplicationState.DRAFT:
        return closes
    if application.state == ApplicationState.RETURNED and closes and decided_at:
        return correction_closes(closes, decided_at, rules.registration)
    if application.state == ApplicationState.EFFECTIVE and decided_at and rules.registration.two_stage_confirm:
        return None if application.confirmed_at else confirm_until(closes, decided_at, rules.registration)
    if application.state == ApplicationState.SUBMITTED and application.submitted_at:
        try:
            return review_due(application.submitted_at, rules.registration, days, closes)
        except RuleError:
            return None  # the working-day calendar does not reach that far yet
    return None


def _decided_at(application: Application) -> datetime | None:
    review = getattr(application, "review", None)
    return review.reviewed_at if review else None
