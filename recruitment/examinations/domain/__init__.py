"""Verbs of the public exam: tickets, marks, ranking, shortlist, totals, proposals, and their lists."""

from recruitment.examinations.domain.bonus import (
    accept_claim,
    claim_bonus,
    claim_with_new_proof,
    reject_claim,
    reopen_claim,
    withdraw_claim,
)
from recruitment.examinations.domain.conduct import decide_case, drop_case, make_statement, report_misconduct
from recruitment.examinations.domain.line import LineEffect, confirm_line, line_effect, set_line
from recruitment.examinations.domain.lists import (
    prepare_bonus,
    prepare_call_ups,
    prepare_scores,
    prepare_shortlist,
    prepare_totals,
)
from recruitment.examinations.domain.looking import look_at_marks
from recruitment.examinations.domain.marking import import_marks, lock_marks
from recruitment.examinations.domain.ranking import make_shortlist, rank_written, reopen_ranking, shortlists
from recruitment.examinations.domain.recheck import (
    call_up,
    issue_interview_notices,
    pass_rechecks,
    record_recheck,
    take_back_recheck,
)
from recruitment.examinations.domain.score_check import answer_score_check, ask_score_check
from recruitment.examinations.domain.tickets import assign_tickets, draw_seats
from recruitment.examinations.domain.totals import compute_totals, proposals_of, propose_hires

__all__ = [
    "LineEffect",
    "accept_claim",
    "answer_score_check",
    "ask_score_check",
    "assign_tickets",
    "call_up",
    "claim_bonus",
    "claim_with_new_proof",
    "compute_totals",
    "confirm_line",
    "decide_case",
    "draw_seats",
    "drop_case",
    "import_marks",
    "issue_interview_notices",
    "line_effect",
    "lock_marks",
    "look_at_marks",
    "make_shortlist",
    "make_statement",
    "pass_rechecks",
    "prepare_bonus",
    "prepare_call_ups",
    "prepare_scores",
    "prepare_shortlist",
    "prepare_totals",
    "proposals_of",
    "propose_hires",
    "rank_written",
    "record_recheck",
    "reject_claim",
    "reopen_claim",
    "reopen_ranking",
    "report_misconduct",
    "set_line",
    "shortlists",
    "take_back_recheck",
    "withdraw_claim",
]
