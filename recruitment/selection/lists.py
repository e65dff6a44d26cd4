"""The public result of a selection, handed to the press as a draft: registration numbers, no names (R95)."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.planning.models import Campaign
from campaigns.planning.queries import rule_set_in_force
from foundation.errors import Refused
from foundation.jobs.kinds import Report
from foundation.jobs.progress import one_by_one
from recruitment.publications.domain import prepare, refuse_second_draft
from recruitment.publications.models import Publication, PublicationKind
from recruitment.publications.rooms import register_correction
from recruitment.selection.models import SelectionResult


def _shown(value: Decimal | None) -> str:
    return "—" if value is None else f"{value:.2f}"


@transaction.atomic
def prepare_selection(
    *, actor: User, campaign: Campaign, supersedes: Publication | None = None, report: Report | None = None
) -> Publication:
    """Everyone's marks, rank and whether they were selected, by position and rank; `supersedes` is corrected by it.

    Raises Refused if a list of the result waits with the press already, or before there is a result.
    """
    refuse_second_draft(campaign, PublicationKind.SELECTION)
    columns = [
        ("number", _("Registration number")),
        ("position", _("Position code")),
        ("material", _("Material mark")),
        ("interview", _("Interview mark")),
        ("total", _("Total mark")),
        ("rank", _("Rank")),
        ("selected", _("Selected")),
    ]
    results = list(
        SelectionResult.objects.filter(application__campaign=campaign)
        .select_related("application__position")
        .order_by("application__position__code", "round", "rank", "application__registration_no")
    )
    if not results:
        raise Refused(_("There is nobody to be listed yet. Nothing was saved."), code="nobody")
    rows = [
        [
            result.application.registration_no,
            result.application.position.code,
            _shown(result.material),
            _shown(result.interview),
            _shown(result.total),
            str(result.rank or "—"),
            _("yes") if result.is_selected else "",
        ]
        for result in one_by_one(results, report)
    ]
    return prepare(
        actor=actor,
        campaign=campaign,
        kind=PublicationKind.SELECTION,
        title=_("%(campaign)s: result of the selection") % {"campaign": campaign},
        columns=[{"code": code, "label": label} for code, label in columns],
        rows=rows,
        entries={number: result.application_id for number, result in enumerate(results, start=1)},
        rule_set=rule_set_in_force(campaign),
        supersedes=supersedes,
    )


def _correct(actor: User, publication: Publication) -> Publication:
    return prepare_selection(actor=actor, campaign=publication.campaign, supersedes=publication)


register_correction(PublicationKind.SELECTION, _correct)
