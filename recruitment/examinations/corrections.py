"""How the press asks for a corrected list of an exam: drafted anew from today's marks."""

from recruitment.examinations.domain.lists import prepare_scores, prepare_shortlist, prepare_totals
from recruitment.publications.models import PublicationKind
from recruitment.publications.rooms import register_correction

register_correction(PublicationKind.SCORES, lambda actor, row: prepare_scores(actor=actor, campaign=row.campaign))
register_correction(PublicationKind.SHORTLIST, lambda actor, row: prepare_shortlist(actor=actor, campaign=row.campaign))
register_correction(PublicationKind.TOTALS, lambda actor, row: prepare_totals(actor=actor, campaign=row.campaign))
