"""Which acts a person may start on a challenge as it stands. The verbs judge again; this decides what is offered."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from recruitment.applications.queries import rules_in_force
from recruitment.challenges.enums import BidState, ChallengeState, EngagementState
from recruitment.challenges.models import Challenge, Engagement, KeyHalf
from recruitment.challenges.policies import (
    may_answer_questions,
    may_describe_needs,
    may_hold_key_half,
    may_log_work,
    may_run_challenges,
)
from recruitment.challenges.queries import is_correction_waiting, is_notice_over, is_open_for_bids, is_under_notice
from recruitment.publications.models import PublicationState
from rulebook.challenge import board_outcome

LABELS: dict[str, Promise] = {
    "answer": _("Answer a question"),
    "decide": _("Decide an objection"),
    "edit": _("Correct the need"),
    "confirm": _("Confirm the need"),
    "key": _("Make my key half"),
    "publish": _("Put it on the board"),
    "hand-in": _("Hand in my key half"),
    "open": _("Open all bids"),
    "extend": _("Extend the window"),
    "review": _("Start the review"),
    "award": _("Award"),
    "notice": _("Prepare the notice"),
    "sign": _("Enter the agreement"),
    "begin": _("Record the start"),
    "milestone": _("Decide a milestone"),
    "work": _("Log days on site"),
    "accept": _("Record the acceptance"),
    "member": _("Add a team member"),
    "extend-term": _("Extend the term"),
    "correct-notice": _("Correct the notice"),
    "objection": _("Record an objection"),
    "terminate": _("Terminate the agreement"),
    "fail": _("End without an award"),
}
QUIET = ("edit", "member", "extend-term", "correct-notice", "objection", "terminate", "fail")


@dataclass(frozen=True)
class Act:
    """An act that is offered: its name in the address, its label, and whether it is an exception, not the next step."""

    name: str
    label: Promise
    url: str
    is_quiet: bool


def acts_of(user: User, challenge: Challenge, halves: list[KeyHalf], now: datetime) -> list[Act]:
    """The acts this person is offered now, the next step first."""
    names = _by_state(user, challenge, halves, now)
    acts = [
        Act(name, LABELS[name], reverse("challenges-act", args=[challenge.code, name]), name in QUIET)
        for name in LABELS
        if name in names
    ]
    return sorted(acts, key=lambda act: act.is_quiet)


def _by_state(user: User, challenge: Challenge, halves: list[KeyHalf], now: datetime) -> set[str]:
    runs = bool(may_run_challenges(user, challenge))
    state = challenge.state
    if state == ChallengeState.DRAFT:
        return _draft(user, challenge, runs)
    if is_open_for_bids(challenge, now):
        waits = challenge.questions.filter(answered_at=None).exists()
        answer = {"answer"} if waits and may_answer_questions(user, challenge) else set()
        return answer | ({"fail"} if runs else set())
    if not runs:
        return {"work"} & _awarded(challenge, now) if may_log_work(user, challenge) else set()
    if state == ChallengeState.CONFIRMED:
        return _confirmed(user, challenge, halves)
    if state == ChallengeState.PUBLISHED:
        return _published(user, challenge, halves, now) | {"fail"}
    if state == ChallengeState.UNDER_REVIEW:
        return {"fail"} | ({"award"} if challenge.panel is not None and challenge.panel.locked_at else set())
    return _awarded(challenge, now)


def _draft(user: User, challenge: Challenge, runs: bool) -> set[str]:
    confirm = {"confirm"} if runs and challenge.created_by_id != user.pk else set()
    return confirm | ({"edit"} if may_describe_needs(user, challenge) else set())


def _confirmed(user: User, challenge: Challenge, halves: list[KeyHalf]) -> set[str]:
    mine = any(half.holder_id == user.pk for half in halves)
    names = {"key"} if may_hold_key_half(user, challenge) and (mine or len(halves) < 2) else set()
    if len(halves) == 2 and challenge.campaign.published_at is not None:
        names.add("publish")
    return names


def _published(user: User, challenge: Challenge, halves: list[KeyHalf], now: datetime) -> set[str]:
    if challenge.bids_close_at is None or now < challenge.bids_close_at:
        return set()
    if challenge.opened_at:
        unchecked = challenge.bids.filter(state__in=[BidState.SUBMITTED, BidState.RETURNED]).exists()
        accepted = challenge.bids.filter(state=BidState.ACCEPTED).count()
        outcome = board_outcome(accepted, rules_in_force(challenge.campaign).challenge)
        return {"review"} if outcome in ("review", "accept_with_two_thirds") and not unchecked else set()
    given = [half for half in halves if half.handed_in_at]
    names = {"hand-in"} if any(half.holder_id == user.pk and not half.handed_in_at for half in halves) else set()
    live = challenge.bids.exclude(state=BidState.WITHDRAWN).count()
    if len(given) == 2 and live:
        names.add("open")
    if not given and board_outcome(live, rules_in_force(challenge.campaign).challenge) == "extend":
        names.add("extend")
    return names


def _awarded(challenge: Challenge, now: datetime) -> set[str]:
    if challenge.state != ChallengeState.AWARDED:
        return set()
    engagement = Engagement.objects.filter(bid__challenge=challenge).first()
    if engagement is not None:
        return {
            EngagementState.AGREED.value: {"begin", "terminate"},
            EngagementState.IN_SERVICE.value: {"milestone", "work", "member", "extend-term", "accept", "terminate"},
        }.get(engagement.state, set())
    notice = challenge.notice
    if notice is None:
        return {"notice"}
    corrected = is_correction_waiting(challenge)
    waits = challenge.objections.filter(decided_at=None).exists()
    names = {"decide"} if waits else {"sign"} if is_notice_over(challenge, now) and not corrected else set()
    if notice.sequence is not None and not corrected:
        names.add("notice" if notice.state == PublicationState.WITHDRAWN else "correct-notice")
    return names | ({"objection"} if is_under_notice(challenge, now) else set())
