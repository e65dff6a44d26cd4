"""Verbs of open challenges (揭榜挂帅): board, sealed bids, review, award, engagement. No post is ever used."""

from recruitment.challenges.domain.asking import answer_question, ask_question
from recruitment.challenges.domain.awarding import award_challenge, fail_challenge, start_review
from recruitment.challenges.domain.bidding import (
    Offer,
    Upload,
    complete_bid,
    replace_bid,
    submit_bid,
    withdraw_bid,
)
from recruitment.challenges.domain.board import (
    Need,
    change_need,
    confirm_need,
    describe_need,
    extend_window,
    publish_challenge,
)
from recruitment.challenges.domain.checking import accept_bid, refuse_bid, return_bid
from recruitment.challenges.domain.engaging import (
    accept_work,
    begin_engagement,
    sign_engagement,
    terminate_engagement,
)
from recruitment.challenges.domain.objecting import decide_award_objection, object_to_award
from recruitment.challenges.domain.opening import discard_key_half, hand_in_key_half, make_key_half, open_bids
from recruitment.challenges.domain.serving import add_team_member, decide_milestone, extend_engagement, log_work

__all__ = [
    "Need",
    "Offer",
    "Upload",
    "accept_bid",
    "accept_work",
    "add_team_member",
    "answer_question",
    "ask_question",
    "award_challenge",
    "begin_engagement",
    "change_need",
    "complete_bid",
    "confirm_need",
    "decide_award_objection",
    "decide_milestone",
    "describe_need",
    "discard_key_half",
    "extend_engagement",
    "extend_window",
    "fail_challenge",
    "hand_in_key_half",
    "log_work",
    "make_key_half",
    "object_to_award",
    "open_bids",
    "publish_challenge",
    "refuse_bid",
    "replace_bid",
    "return_bid",
    "sign_engagement",
    "start_review",
    "submit_bid",
    "terminate_engagement",
    "withdraw_bid",
]
