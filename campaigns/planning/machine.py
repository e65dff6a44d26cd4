"""Where a campaign may go from where (tracks.md 2.1 and 2.2); open and closed windows are computed, never stored."""

from campaigns.planning.enums import CampaignState
from foundation.states import Machine, move

S = CampaignState

PREPARING = (S.PLAN_DRAFTING, S.QUOTA_REVIEW, S.PLAN_APPROVAL, S.APPROVED)
RUNNING = (
    S.PUBLISHED,
    S.RATIO_CHECKED,
    S.SCORING,
    S.SCORE_PUBLISHED,
    S.SHORTLIST_PUBLISHED,
    S.INTERVIEWING,
    S.TOTAL_PUBLISHED,
    S.CHECKING,
    S.NOTICE,
    S.FILING,
)

# A selection or a challenge has no written exam, so its interviews and lists follow the publication directly.
CAMPAIGNS = Machine(
    move("submit_plan", S.PLAN_DRAFTING, S.QUOTA_REVIEW),
    move("submit_plan_without_posts", S.PLAN_DRAFTING, S.PLAN_APPROVAL),
    move("confirm_posts", S.QUOTA_REVIEW, S.PLAN_APPROVAL),
    move("return_plan", [S.QUOTA_REVIEW, S.PLAN_APPROVAL, S.APPROVED], S.PLAN_DRAFTING, needs_reason=True),
    move("approve_plan", [S.QUOTA_REVIEW, S.PLAN_APPROVAL], S.APPROVED),
    move("publish", S.APPROVED, S.PUBLISHED),
    move("check_ratio", S.PUBLISHED, S.RATIO_CHECKED),
    move("start_scoring", [S.PUBLISHED, S.RATIO_CHECKED], S.SCORING),
    move("publish_scores", [S.PUBLISHED, S.RATIO_CHECKED, S.SCORING], S.SCORE_PUBLISHED),
    move("publish_shortlist", [S.PUBLISHED, S.SCORE_PUBLISHED], S.SHORTLIST_PUBLISHED),
    move("start_interviews", [S.PUBLISHED, S.SHORTLIST_PUBLISHED], S.INTERVIEWING),
    move("publish_totals", [S.PUBLISHED, S.SHORTLIST_PUBLISHED, S.INTERVIEWING], S.TOTAL_PUBLISHED),
    move("start_checks", [S.PUBLISHED, S.TOTAL_PUBLISHED], S.CHECKING),
    move("publish_notice", [S.PUBLISHED, S.TOTAL_PUBLISHED, S.CHECKING], S.NOTICE),
    move("start_filing", [S.CHECKING, S.NOTICE], S.FILING),
    move("close", list(RUNNING), S.CLOSED, needs_reason=True),
    move("suspend", list(RUNNING), S.SUSPENDED, needs_reason=True),
    *(move(f"resume_{state}", S.SUSPENDED, state, needs_reason=True) for state in RUNNING),
    move("void", [*PREPARING, *RUNNING, S.SUSPENDED], S.VOIDED, needs_reason=True),
)

ADVANCES = (
    "check_ratio",
    "start_scoring",
    "publish_scores",
    "publish_shortlist",
    "start_interviews",
    "publish_totals",
    "start_checks",
    "publish_notice",
    "start_filing",
    "close",
)
