"""The life of a challenge and of a bid (tracks, section 2.3)."""

from django.utils.translation import gettext_lazy as _

from foundation.states import Machine, move
from recruitment.challenges.enums import BidState as B
from recruitment.challenges.enums import ChallengeState as C
from recruitment.challenges.enums import EngagementState as E
from recruitment.challenges.enums import MilestoneState as M

CHALLENGES = Machine(
    move("confirm", C.DRAFT, C.CONFIRMED),
    move("publish", C.CONFIRMED, C.PUBLISHED),
    move("start_review", C.PUBLISHED, C.UNDER_REVIEW),
    move("award", C.UNDER_REVIEW, C.AWARDED),
    move("extend", C.PUBLISHED, C.PUBLISHED, needs_reason=True),
    move("fail", [C.PUBLISHED, C.UNDER_REVIEW], C.FAILED, needs_reason=True),
    move("annul", C.AWARDED, C.FAILED, needs_reason=True),
    public_names={
        C.PUBLISHED: _("Bids invited"),
        C.UNDER_REVIEW: _("Under review"),
        C.AWARDED: _("Awarded"),
        C.FAILED: _("No award"),
    },
)

BIDS = Machine(
    move("return", B.SUBMITTED, B.RETURNED, needs_reason=True),
    move("complete", B.RETURNED, B.SUBMITTED),
    move("accept", B.SUBMITTED, B.ACCEPTED),
    move("refuse", B.SUBMITTED, B.REFUSED, needs_reason=True),
    move("refuse_late", [B.SUBMITTED, B.RETURNED], B.REFUSED, needs_reason=True),
    move("award", B.ACCEPTED, B.AWARDED),
    move("annul", B.AWARDED, B.NOT_AWARDED, needs_reason=True),
    move("pass_over", [B.SUBMITTED, B.RETURNED, B.ACCEPTED], B.NOT_AWARDED),
    move("withdraw", [B.SUBMITTED, B.RETURNED, B.ACCEPTED], B.WITHDRAWN),
    public_names={
        B.SUBMITTED: _("Received"),
        B.RETURNED: _("Please complete your bid"),
        B.ACCEPTED: _("Before the experts"),
        B.REFUSED: _("Not admitted"),
        B.AWARDED: _("Awarded"),
        B.NOT_AWARDED: _("Not awarded"),
        B.WITHDRAWN: _("Withdrawn"),
    },
)

ENGAGEMENTS = Machine(
    move("begin", E.AGREED, E.IN_SERVICE),
    move("accept", E.IN_SERVICE, E.ACCEPTED, needs_reason=True),
    move("terminate", [E.AGREED, E.IN_SERVICE], E.TERMINATED, needs_reason=True),
)

# What failed may be reviewed again, as after an extension; what passed stays so.
MILESTONES = Machine(
    move("pass", [M.PENDING, M.FAILED], M.PASSED, needs_reason=True),
    move("fail", M.PENDING, M.FAILED, needs_reason=True),
)
