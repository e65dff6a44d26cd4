"""Verbs of competitive selection: panels over its applicants, the ranking, the extra test, agreements."""

from recruitment.selection.domain.agreements import record_degree, sign_agreement
from recruitment.selection.domain.competition import record_votes
from recruitment.selection.domain.ranking import RankedPosition, preview_ranking, rank_selection, record_extra_test
from recruitment.selection.domain.starting import least_judges, start_panel, to_draw

__all__ = [
    "RankedPosition",
    "least_judges",
    "preview_ranking",
    "rank_selection",
    "record_degree",
    "record_extra_test",
    "record_votes",
    "sign_agreement",
    "start_panel",
    "to_draw",
]
