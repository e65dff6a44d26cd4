"""What a list must pass before it goes public: no identity in a cell, everyone on an earlier list, nobody left out."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from campaigns.planning.queries import rules_of
from foundation.language import rule_language
from recruitment.applications.enums import ApplicationState
from recruitment.applications.models import Application
from recruitment.publications.models import Publication, PublicationEntry, PublicationKind
from recruitment.publications.rooms import ABSENT
from rulebook.masking import find_identities
from rulebook.traceability import ListChain, omitted, violations

# Who left before the interview is no interviewee.
GONE = (ApplicationState.WITHDRAWN, ApplicationState.DISQUALIFIED)

# Each list may name only people of one of these earlier lists (R82).
COMES_AFTER: dict[str, tuple[str, ...]] = {
    PublicationKind.TOTALS: (PublicationKind.SHORTLIST, PublicationKind.CALL_UPS),
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
    return [*_columns(publication), *_identities(publication), *_untraceable(publication), *_omitted(publication)]


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
    if publication.kind not in COMES_AFTER:
        return []
    rows = {entry.application_id: entry for entry in publication.entries.select_related("application")}
    chain = _chain(publication.kind, set(rows), set(_named_before(publication)))
    return [
        Problem(
            rows[key].row,
            "",
            _("%(number)s is on no earlier list of this campaign.") % {"number": rows[key].application.registration_no},
        )
        for violation in violations(chain)
        for key in sorted(int(key) for key in violation.keys)
    ]


def _named_before(publication: Publication) -> QuerySet[PublicationEntry, int]:
    """Applications on the released lists that this kind of list comes after."""
    kinds = COMES_AFTER[PublicationKind(publication.kind)]
    entries = PublicationEntry.objects.filter(publication__campaign=publication.campaign, publication__kind__in=kinds)
    return entries.filter(publication__state="released").values_list("application_id", flat=True)


def _chain(kind: str, listed: set[int], before: set[int]) -> ListChain:
    """The two lists in the words of the rule book: totals are of the interviewed, proposed hires had their medical."""
    now, earlier = ({str(key) for key in keys} for keys in (listed, before))
    if kind == PublicationKind.TOTALS:
        return ListChain(shortlist=earlier, interview=now)
    return ListChain(shortlist=earlier, interview=earlier, medical=now)


def _omitted(publication: Publication) -> list[Problem]:
    """People called to the interview who stay in the procedure and are not on the list of totals (R69).

    Where the rules leave the absent out, those who did not come may be missing.
    """
    if publication.kind != PublicationKind.TOTALS:
        return []
    called = Application.objects.filter(pk__in=_named_before(publication)).exclude(state__in=GONE)
    numbers = dict(called.values_list("pk", "registration_no"))
    listed = set(publication.entries.values_list("application__registration_no", flat=True))
    find, rules = ABSENT.get(publication.kind), rules_of(publication.campaign).publication
    absent = {numbers[pk] for pk in find(publication.campaign) & set(numbers)} if find else set()
    return [
        Problem(0, "", breach.explanation.text(rule_language()))
        for breach in omitted(listed, set(numbers.values()), absent, rules)
    ]
