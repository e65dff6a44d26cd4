"""What a list must pass before it goes public: no identity in any cell, every person traceable to an earlier list."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from recruitment.publications.models import Publication, PublicationEntry, PublicationKind
from rulebook.masking import find_identities

# Each list may name only people of one of these earlier lists (R82).
COMES_AFTER: dict[str, tuple[str, ...]] = {
    PublicationKind.TOTALS: (PublicationKind.SHORTLIST,),
    PublicationKind.PROPOSED_HIRES: (PublicationKind.TOTALS, PublicationKind.SELECTION),
}

# Before the proposed hires a list knows people by their numbers; then by name. Nothing else of a person is ever printed
# (R95).
NAMES = frozenset({"name", "sex"})
NAMES_FROM = (PublicationKind.PROPOSED_HIRES, PublicationKind.AWARD, PublicationKind.OTHER)
NEVER = frozenset({"id_number", "phone", "email", "address", "born_on", "birth_date", "photo"})

# A notice in free words has headings of its own: what in them names a bar of NEVER, as a part or as the whole.
NEVER_IN_HEADINGS = ("身份证", "证件号", "手机", "出生", "住址", "邮箱", "照片")
NEVER_AS_HEADING = frozenset({"电话", "联系电话", "地址", "通讯地址", "联系地址", "家庭地址"})


@dataclass(frozen=True)
class Problem:
    """Why a list may not go out: the row (from 1, 0 for the head), the column, and what is wrong."""

    row: int
    column: str
    message: str


def problems_of(publication: Publication) -> list[Problem]:
    """Everything that keeps the list from being released; empty when it may go."""
    return [*_columns(publication), *_identities(publication), *_untraceable(publication)]


def _columns(publication: Publication) -> list[Problem]:
    """Columns that a list of this kind must not have."""
    barred = NEVER if publication.kind in NAMES_FROM else NEVER | NAMES
    return [
        Problem(0, str(column["label"]), _("A list of this kind must not have this column (R95)."))
        for column in publication.columns
        if column["code"] in barred or _is_barred_heading(str(column["label"]))
    ]


def _is_barred_heading(label: str) -> bool:
    plain = "".join(label.split())
    return plain in NEVER_AS_HEADING or any(word in plain for word in NEVER_IN_HEADINGS)


def _identities(publication: Publication) -> list[Problem]:
    """ID numbers and private mobile numbers anywhere in the list (decision 16)."""
    offices = frozenset(settings.OFFICE_MOBILES)
    head = [("", publication.title), ("", publication.intro)]
    cells = [(0, name, text) for name, text in head]
    for number, row in enumerate(publication.rows, start=1):
        cells += [(number, label, str(cell)) for label, cell in zip(_labels(publication), row, strict=False)]
    return [
        Problem(row, column, _("%(found)s looks like personal data. Remove it.") % {"found": found.masked})
        for row, column, text in cells
        for found in find_identities(text, offices)
    ]


def _labels(publication: Publication) -> Sequence[str]:
    return [str(column["label"]) for column in publication.columns]


def _untraceable(publication: Publication) -> list[Problem]:
    """People who stand on no earlier list of the campaign (R82)."""
    before = COMES_AFTER.get(publication.kind)
    if not before:
        return []
    named = PublicationEntry.objects.filter(
        publication__campaign=publication.campaign, publication__kind__in=before, publication__state="released"
    ).values("application_id")
    strangers = publication.entries.exclude(application_id__in=named).select_related("application")
    return [
        Problem(
            entry.row,
            "",
            _("%(number)s is on no earlier list of this campaign.") % {"number": entry.application.registration_no},
        )
        for entry in strangers
    ]
