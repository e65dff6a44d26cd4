"""Verbs of the public exam: tickets, marks, ranking, shortlist, totals, proposals, and their lists."""

from recruitment.examinations.domain.lists import prepare_scores, prepare_shortlist, prepare_totals
from recruitment.examinations.domain.marking import import_marks, lock_marks
from recruitment.examinations.domain.ranking import make_shortlist, rank_written, shortlists
from recruitment.examinations.domain.tickets import assign_tickets
from recruitment.examinations.domain.totals import compute_totals, propose_hires

__all__ = [
    "assign_tickets",
    "compute_totals",
    "import_marks",
    "lock_marks",
    "make_shortlist",
    "prepare_scores",
    "prepare_shortlist",
    "prepare_totals",
    "propose_hires",
    "rank_written",
    "shortlists",
]
