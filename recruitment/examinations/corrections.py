"""How the press has a list of the exam drafted anew: from today's marks and ranking."""

from accounts.models import User
from recruitment.examinations.domain import (
    prepare_bonus,
    prepare_call_ups,
    prepare_scores,
    prepare_shortlist,
    prepare_totals,
)
from recruitment.examinations.queries import absent_from_interview
from recruitment.publications.models import Publication, PublicationKind
from recruitment.publications.rooms import register_absent, register_correction


def _bonus(actor: User, publication: Publication) -> Publication:
    return prepare_bonus(actor=actor, campaign=publication.campaign)


def _scores(actor: User, publication: Publication) -> Publication:
    return prepare_scores(actor=actor, campaign=publication.campaign)


def _shortlist(actor: User, publication: Publication) -> Publication:
    return prepare_shortlist(actor=actor, campaign=publication.campaign)


def _call_ups(actor: User, publication: Publication) -> Publication:
    return prepare_call_ups(actor=actor, campaign=publication.campaign)


def _totals(actor: User, publication: Publication) -> Publication:
    return prepare_totals(actor=actor, campaign=publication.campaign)


register_correction(PublicationKind.BONUS, _bonus)
register_correction(PublicationKind.SCORES, _scores)
register_correction(PublicationKind.SHORTLIST, _shortlist)
register_correction(PublicationKind.CALL_UPS, _call_ups)
register_correction(PublicationKind.TOTALS, _totals)
register_absent(PublicationKind.TOTALS, absent_from_interview)
