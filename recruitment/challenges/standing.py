"""Whether the agreement with the winner may be signed: the rule of every notice and its objections (C9, R74, R76)."""

from datetime import date

from recruitment.challenges.models import Challenge
from recruitment.publications.models import PublicationState
from recruitment.publications.queries import notice_period_of
from rulebook.explanation import Guard
from rulebook.notice_period import ObjectionState, may_approve


def may_sign(challenge: Challenge, today: date) -> Guard | None:
    """The rule's answer and why; None while no notice of the award is out."""
    notice = challenge.notice
    if notice is None or notice.released_at is None or notice.state != PublicationState.RELEASED:
        return None
    waits = challenge.objections.filter(decided_at=None).exists()
    state: ObjectionState = "open" if waits else "none"
    return may_approve(today, notice_period_of(notice, notice.released_at), state)
