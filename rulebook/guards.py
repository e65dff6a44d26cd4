"""What must be true before a step of a recruitment is taken (tracks 2.1 and 2.5; Order 35 Art. 15).

The other guards stand with their step: ranking waits for open mark checks in ``score_check``, approval for the notice
and its objections in ``notice_period``, every list for the one before it in ``traceability``.
"""

from __future__ import annotations

from typing import Literal

from rulebook.explanation import Explanation, Guard

Change = Literal["widens", "narrows", "neutral"]


def may_publish(*, quota_reviewed: bool, plan_approved: bool) -> Guard:
    """Whether an announcement may be published: never without both approvals (A4 needs A2 and A3)."""
    if not quota_reviewed:
        return Guard(False, Explanation("guard.no_quota_review"))
    if not plan_approved:
        return Guard(False, Explanation("guard.no_plan_approval"))
    return Guard(True, Explanation("guard.publish"))


def may_propose(*, medical_passed: bool, inspection_passed: bool) -> Guard:
    """Whether a person may be put on the proposed-hire notice (A19; R82)."""
    if not medical_passed:
        return Guard(False, Explanation("guard.medical_not_passed"))
    if not inspection_passed:
        return Guard(False, Explanation("guard.inspection_not_passed"))
    return Guard(True, Explanation("guard.proposed"))


def duties_of_amendment(change: Change, *, registration_open: bool, has_applications: bool) -> tuple[Explanation, ...]:
    """What a change of the rules or conditions after publication obliges to, besides its own notice (tracks 2.5)."""
    duties = [Explanation("guard.new_notice")]
    if change == "widens" and registration_open:
        duties.append(Explanation("guard.extend_window"))
    if change == "narrows" and has_applications:
        duties.append(Explanation("guard.tell_affected"))
    return tuple(duties)
