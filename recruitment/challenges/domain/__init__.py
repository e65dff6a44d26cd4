"""Verbs of open challenges (揭榜挂帅): the board, bids, review and award, the engagement. No post is ever used."""

from recruitment.challenges.domain.awarding import (
    award_challenge,
    fail_challenge,
    sign_engagement,
    start_review,
    terminate_engagement,
)
from recruitment.challenges.domain.bidding import (
    accept_bid,
    complete_bid,
    refuse_bid,
    return_bid,
    submit_bid,
    withdraw_bid,
)
from recruitment.challenges.domain.board import confirm_need, describe_need, publish_challenge

__all__ = [
    "accept_bid",
    "award_challenge",
    "complete_bid",
    "confirm_need",
    "describe_need",
    "fail_challenge",
    "publish_challenge",
    "refuse_bid",
    "return_bid",
    "sign_engagement",
    "start_review",
    "submit_bid",
    "terminate_engagement",
    "withdraw_bid",
]
