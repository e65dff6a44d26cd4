"""The way of a challenge as staff and the public read it, and of a bid as its lead reads it."""

from datetime import datetime

from django.utils.translation import gettext as _

from foundation.dates import moment
from foundation.ui.components import StepState, TimelineStep
from recruitment.challenges.enums import BidState, ChallengeState, EngagementState
from recruitment.challenges.models import Bid, Challenge, Engagement
from recruitment.challenges.queries import is_result_public, told_bid_state, told_challenge_state

ENGAGED: dict[EngagementState, StepState] = {
    EngagementState.ACCEPTED: "done",
    EngagementState.TERMINATED: "stopped",
}


def _step(what: str, happened: datetime | None, *, now: bool = False, note: str = "") -> TimelineStep:
    state: StepState = "done" if happened else "now" if now else "next"
    return TimelineStep(what, happened, state, note)


def _window(challenge: Challenge, now: datetime) -> list[TimelineStep]:
    opens, closes = challenge.bids_open_at, challenge.bids_close_at
    if opens is None or closes is None:
        return [TimelineStep(_("Bids are taken, sealed"), None, "next")]
    running = opens <= now < closes and challenge.state == ChallengeState.PUBLISHED
    state: StepState = "now" if running else "done" if now >= closes else "next"
    return [
        TimelineStep(_("Bids are taken, sealed"), opens, state),
        TimelineStep(_("Bids close"), closes, "done" if now >= closes else "next"),
    ]


def steps_of_challenge(challenge: Challenge, now: datetime) -> list[TimelineStep]:
    """For staff: from the need to the notice of the award."""
    steps = [
        _step(_("Need described"), challenge.created_at),
        _step(_("Need confirmed by a second person"), challenge.confirmed_at, now=challenge.confirmed_at is None),
        _step(
            _("On the board"),
            challenge.published_at,
            now=challenge.state == ChallengeState.CONFIRMED,
            note="" if challenge.published_at else _("Two officers make their key halves first."),
        ),
    ]
    if challenge.published_at:
        steps += _window(challenge, now)
    if challenge.state == ChallengeState.FAILED:
        return [*_past(steps), TimelineStep(_("Ended without an award"), challenge.decided_at, "stopped",
                                            challenge.decision)]  # fmt: skip
    closed = challenge.bids_close_at is not None and now >= challenge.bids_close_at
    published = challenge.state == ChallengeState.PUBLISHED
    opened = challenge.opened_at is not None
    review = challenge.state == ChallengeState.UNDER_REVIEW
    steps += [
        _step(_("Both key halves handed in, bids opened together"), challenge.opened_at, now=closed and not opened),
        _step(_("Formal check done, experts review"), challenge.review_started_at, now=published and opened),
        _step(_("Leading group decides"), challenge.decided_at, now=review, note=challenge.decision),
    ]
    return [*steps, *_after_award(challenge, now)]


def _past(steps: list[TimelineStep]) -> list[TimelineStep]:
    return [step for step in steps if step.state in ("done", "now")]


def _after_award(challenge: Challenge, now: datetime) -> list[TimelineStep]:
    notice = challenge.notice
    out = notice.released_at if notice else None
    ends = notice.notice_ends_at if notice and out else None
    awarded = challenge.state == ChallengeState.AWARDED
    over = ends is not None and now >= ends
    steps = [
        _step(_("Public notice of the award"), out, now=awarded and out is None),
        TimelineStep(_("Notice period ends"), ends, "done" if over else "now" if ends else "next"),
    ]
    engagement = Engagement.objects.filter(bid__challenge=challenge).first() if over else None
    if engagement is None:
        return [*steps, TimelineStep(_("Agreement on the flexible engagement"), None, "now" if over else "next")]
    state: StepState = ENGAGED.get(EngagementState(engagement.state), "now")
    return [
        *steps,
        TimelineStep(_("Agreement on the flexible engagement"), engagement.recorded_at),
        TimelineStep(engagement.get_state_display(), None, state),
    ]


def public_steps(challenge: Challenge, now: datetime) -> list[TimelineStep]:
    """For everyone: nothing of the award before its notice."""
    steps = [_step(_("On the board"), challenge.published_at), *_window(challenge, now)]
    state = told_challenge_state(challenge)
    if state == ChallengeState.FAILED:
        return [*_past(steps), TimelineStep(_("Ended without an award"), challenge.decided_at, "stopped",
                                            challenge.decision)]  # fmt: skip
    closed = challenge.bids_close_at is not None and now >= challenge.bids_close_at
    steps += [
        _step(_("All bids are opened together"), challenge.opened_at, now=closed and challenge.opened_at is None),
        _step(_("Experts review"), challenge.review_started_at, now=challenge.opened_at is not None),
    ]
    if is_result_public(challenge):
        return [*steps, *_after_award(challenge, now)]
    return [*steps, TimelineStep(_("Public notice of the award"), None, "next")]


def steps_of_bid(bid: Bid, now: datetime) -> list[TimelineStep]:
    """For its lead: what happened to the bid, what is now, what comes next and by when."""
    challenge, state = bid.challenge, told_bid_state(bid)
    note = _("Number %(number)s, sealed.") % {"number": bid.number}
    steps = [TimelineStep(_("You handed in your bid"), bid.submitted_at, "done", note)]
    if state == BidState.WITHDRAWN:
        return [*steps, TimelineStep(_("You took the bid back"), None, "stopped")]
    closes = challenge.bids_close_at
    if closes and now < closes and challenge.state == ChallengeState.PUBLISHED:
        steps.append(TimelineStep(_("You can replace it or take it back"), None, "now",
                                  _("Until %(when)s") % {"when": moment(closes)}))  # fmt: skip
    if challenge.state == ChallengeState.FAILED and state == BidState.NOT_AWARDED:
        ended = TimelineStep(_("Ended without an award"), challenge.decided_at, "stopped", challenge.decision)
        return [*steps, *([_step(_("All bids were opened together"), bid.opened_at)] if bid.opened_at else []), ended]
    steps.append(_opening(bid, now))
    return [*steps, *_check(bid, state), *_result(bid, state, now)]


def _opening(bid: Bid, now: datetime) -> TimelineStep:
    if bid.opened_at:
        return TimelineStep(_("All bids were opened together"), bid.opened_at)
    closes = bid.challenge.bids_close_at
    over = closes is not None and now >= closes
    note = _("Two officers hand in their key halves; until then nobody can read your bid.")
    return TimelineStep(_("All bids are opened together"), None if over else closes, "now" if over else "next", note)


def _check(bid: Bid, state: str) -> list[TimelineStep]:
    steps = []
    if bid.returned_at:
        steps.append(
            TimelineStep(
                _("Returned to you for completion"),
                bid.returned_at,
                "done",
                "" if state == BidState.REFUSED else bid.reason,
            )
        )
    if state == BidState.RETURNED:
        note = _("Until %(when)s") % {"when": moment(bid.complete_by)} if bid.complete_by else ""
        return [*steps, TimelineStep(_("Complete your bid"), None, "now", note)]
    if state == BidState.REFUSED:
        return [*steps, TimelineStep(_("Formal check not passed"), bid.checked_at, "stopped", bid.reason)]
    if bid.checked_at:
        return [*steps, TimelineStep(_("Formal check passed"), bid.checked_at)]
    return [*steps, TimelineStep(_("Formal check"), None, "now" if bid.opened_at else "next")]


def _result(bid: Bid, state: str, now: datetime) -> list[TimelineStep]:
    if state in (BidState.REFUSED, BidState.RETURNED):
        return [] if state == BidState.REFUSED else [TimelineStep(_("Experts review"), None, "next")]
    if state == BidState.AWARDED:
        return [
            TimelineStep(_("Experts review"), bid.challenge.review_started_at),
            TimelineStep(_("Your bid is to be awarded"), bid.challenge.decided_at),
            *_after_award(bid.challenge, now),
        ]
    if state == BidState.NOT_AWARDED:
        return [
            TimelineStep(_("Experts review"), bid.challenge.review_started_at),
            TimelineStep(_("Another bid is to be awarded"), bid.challenge.decided_at, "stopped"),
        ]
    reviewed = state == BidState.ACCEPTED
    return [
        TimelineStep(_("Experts review"), bid.challenge.review_started_at, "now" if reviewed else "next"),
        TimelineStep(_("Public notice of the award"), None, "next"),
    ]
