"""Reads over marks: a person's own ledger once the lists are out, and what the release team may see before."""

from decimal import Decimal

from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.duties import Duty, scope
from accounts.models import User
from campaigns.planning.enums import Track
from campaigns.planning.models import Campaign
from foundation.ui.components import LedgerLine, LedgerPart
from recruitment.applications.models import Application
from recruitment.examinations.mark_layout import EXTRA_TEST, INTERVIEW
from recruitment.examinations.models import MarkStatus
from recruitment.publications.models import PublicationKind
from recruitment.publications.queries import released_kinds_of


def shown(value: Decimal | None, status: str = MarkStatus.NORMAL) -> str:
    """A mark with 2 decimals, or the word for why there is none (R69: an absent person is listed as such)."""
    if value is not None:
        return f"{value:.2f}"
    return str(MarkStatus(status).label) if status != MarkStatus.NORMAL else "—"


def score_ledger(application: Application) -> list[LedgerPart]:
    """The person's own marks, line by line, as far as the lists that name them are out; nothing before (R94)."""
    out = released_kinds_of(application)
    marks = list(application.marks.order_by("pk"))
    parts = []
    written = getattr(application, "written_result", None)
    if written is not None and PublicationKind.SCORES in out:
        lines = [_line(mark.paper, mark) for mark in marks if mark.paper not in (INTERVIEW, EXTRA_TEST)]
        lines.append(LedgerLine(_("Written mark"), shown(written.value, written.status)))
        steps = in_language(written.explanation)
        parts.append(LedgerPart(_("Written exam"), lines, steps, written.rank, out[PublicationKind.SCORES]))
    total = getattr(application, "total_result", None)
    if total is not None and PublicationKind.TOTALS in out:
        names = {INTERVIEW: _("Interview mark"), EXTRA_TEST: _("Extra test")}
        lines = [_line(names[mark.paper], mark) for mark in marks if mark.paper in names]
        lines.append(LedgerLine(_("Total mark"), shown(total.value)))
        parts.append(
            LedgerPart(
                _("Interview and total"), lines, in_language(total.explanation), total.rank, out[PublicationKind.TOTALS]
            )
        )
    return parts


def _line(name: str, mark: object) -> LedgerLine:
    return LedgerLine(name, shown(mark.value, mark.status))  # type: ignore[attr-defined]


def in_language(explanation: dict[str, list[str]]) -> list[str]:
    """The stored lines in the reader's language."""
    return explanation.get("en" if (get_language() or "").startswith("en") else "zh", [])


def exams_visible_to(user: User) -> QuerySet[Campaign]:
    """Public exams whose marks the person may see before release, newest first, with counts for a list."""
    rows = Campaign.objects.filter(scope(Duty.SEE_SCORES_BEFORE_RELEASE, user), track=Track.PUBLIC_EXAM)
    rows = rows.exclude(published_at=None)
    return rows.select_related("unit").order_by("-published_at", "-pk")


def with_exam_counts(campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """Adds `entered` (people with a ticket), `marked` and `called`."""
    return campaigns.annotate(
        entered=Count("applications", filter=Q(applications__ticket_no__isnull=False), distinct=True),
        marked=Count("applications", filter=Q(applications__written_result__value__isnull=False), distinct=True),
        called=Count("applications", filter=Q(applications__written_result__is_called=True), distinct=True),
    )
