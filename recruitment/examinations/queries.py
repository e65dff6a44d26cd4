"""Reads over marks: a person's own ledger once the lists are out, and what the release team may see before."""

from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.duties import Duty, scope
from accounts.enums import Role
from accounts.models import User
from accounts.policies import in_scope
from campaigns.planning.enums import Track
from campaigns.planning.machine import RUNNING
from campaigns.planning.models import Campaign
from campaigns.planning.queries import rules_of
from foundation.ui.components import LedgerLine, LedgerPart
from recruitment.applications.models import Application
from recruitment.examinations.mark_layout import EXTRA_TEST, INTERVIEW, paper_name
from recruitment.examinations.models import (
    Mark,
    MarkBatch,
    MarkKind,
    MarkStatus,
    TotalResult,
    WrittenLine,
    WrittenResult,
)
from recruitment.publications.models import PublicationKind
from recruitment.publications.queries import released, released_kinds_of
from rulebook.explanation import number_text


def shown(value: Decimal | None, status: str = MarkStatus.NORMAL) -> str:
    """A mark with 2 decimals or as many as it has up to 4, never rounded anew (R45), or the word for why there is none
    (R69: an absent person is listed as such)."""
    if value is not None:
        return number_text(value)
    return str(MarkStatus(status).label) if status != MarkStatus.NORMAL else "—"


def absent_from_interview(campaign: Campaign) -> set[int]:
    """People with a total result who were called and did not come: no interview mark but an absence (R69)."""
    others = Mark.objects.filter(application=OuterRef("pk"), paper=INTERVIEW).exclude(status=MarkStatus.ABSENT)
    rows = campaign.applications.filter(~Exists(others), total_result__isnull=False, total_result__interview=None)
    return set(rows.values_list("pk", flat=True))


def totals_listed(campaign: Campaign) -> Q:
    """Who stands on the list of totals: everyone called, the absent only where the rules list them (R69)."""
    listed = Q(total_result__isnull=False)
    if rules_of(campaign).publication.absent_shown:
        return listed
    return listed & ~Q(pk__in=absent_from_interview(campaign))


def score_ledger(application: Application) -> list[LedgerPart]:
    """The person's own marks, line by line, as far as the lists that name them are out; nothing before (R94)."""
    out = released_kinds_of(application)
    marks = newest_marks(application)
    parts = []
    written = getattr(application, "written_result", None)
    if written is not None and PublicationKind.SCORES in out:
        lines = [_line(mark.paper, mark) for mark in marks if mark.paper not in (INTERVIEW, EXTRA_TEST)]
        is_called_out = PublicationKind.SHORTLIST in out or _shortlist_is_out(application)
        if written.bonus and not written.carried_bonus:
            lines.append(LedgerLine(_("Bonus points"), shown(written.bonus)))
        if written.line is not None and is_called_out:
            lines.append(LedgerLine(_("Lowest written mark"), number_text(written.line.normalize())))
        lines.append(LedgerLine(written_label(written), shown(written.value, written.status)))
        steps = in_language(written.explanation)
        if is_called_out:
            steps = [*steps, *in_language(written.call_explanation)]
        parts.append(LedgerPart(_("Written exam"), lines, steps, written.rank, out[PublicationKind.SCORES]))
    total = getattr(application, "total_result", None)
    told_at = out.get(PublicationKind.TOTALS)
    if total is not None and total.value is None:
        told_at = told_at or _totals_out_at(application)
    if total is not None and told_at:
        lines = [_line(paper_name(mark.paper), mark) for mark in marks if mark.paper in (INTERVIEW, EXTRA_TEST)]
        if any(mark.paper == INTERVIEW and mark.value != total.interview for mark in marks):
            lines.append(LedgerLine(_("Interview mark evened out over rooms"), shown(total.interview)))
        if written is not None and written.carried_bonus:
            lines.append(LedgerLine(_("Bonus points"), shown(written.carried_bonus)))
        lines.append(LedgerLine(_("Total mark"), shown(total.value)))
        parts.append(LedgerPart(_("Interview and total"), lines, in_language(total.explanation), total.rank, told_at))
    return parts


def _totals_out_at(application: Application) -> datetime | None:
    """When the list of totals went out that leaves out who did not come (R69)."""
    rows = released().filter(campaign=application.campaign_id, kind=PublicationKind.TOTALS)
    return rows.values_list("released_at", flat=True).first()


def _shortlist_is_out(application: Application) -> bool:
    """Also for who is not on it: the line, or their place, is what kept them off."""
    return released().filter(campaign=application.campaign_id, kind=PublicationKind.SHORTLIST).exists()


def written_label(result: WrittenResult) -> str:
    """What the written mark is called: with or without bonus must be explicit where there is any."""
    return _("Written mark with bonus") if result.bonus > result.carried_bonus else _("Written mark")


def bonus_labels(results: QuerySet[WrittenResult]) -> tuple[str, str]:
    """Names of the column of bonus, empty if nobody of these has any, and of the written mark beside it; one query."""
    entering = results.filter(bonus__gt=0).order_by()
    carried = list(entering.values_list("carried_bonus", flat=True).distinct())
    if not carried:
        return "", _("Written mark")
    if 0 in carried:
        return _("Bonus points"), _("Written mark with bonus")
    return _("Bonus points, added to the total"), _("Written mark")


def newest_marks(application: Application) -> list[Mark]:
    """The marks that count, by paper as they came in: of several in one paper the newest. Uses what was prefetched."""
    return list({mark.paper: mark for mark in application.marks.all()}.values())


def _line(name: str, mark: object) -> LedgerLine:
    return LedgerLine(name, shown(mark.value, mark.status))  # type: ignore[attr-defined]


def in_language(explanation: dict[str, list[str]]) -> list[str]:
    """The stored lines in the reader's language."""
    return explanation.get("en" if (get_language() or "").startswith("en") else "zh", [])


def exams_visible_to(user: User) -> QuerySet[Campaign]:
    """Public exams whose marks the person may see before release, newest first."""
    rows = Campaign.objects.filter(scope(Duty.SEE_SCORES_BEFORE_RELEASE, user), track=Track.PUBLIC_EXAM)
    rows = rows.exclude(published_at=None)
    return rows.select_related("unit").order_by("-published_at", "-pk")


def written_results(campaign: Campaign) -> QuerySet[WrittenResult]:
    """Everyone's written result by position, rank and ticket number, with position and paper marks."""
    rows = WrittenResult.objects.filter(application__campaign=campaign).select_related("application__position")
    order = ("application__position__code", F("rank").asc(nulls_last=True), "application__ticket_no")
    return rows.prefetch_related("application__marks").order_by(*order)


def total_results(campaign: Campaign) -> QuerySet[TotalResult]:
    """Everyone's total by position, rank and ticket number, with position, written result and marks."""
    rows = TotalResult.objects.filter(application__campaign=campaign)
    rows = rows.select_related("application__position", "application__written_result")
    order = ("application__position__code", F("rank").asc(nulls_last=True), "application__ticket_no")
    return rows.prefetch_related("application__marks").order_by(*order)


def batches_to_lock(user: User) -> list[MarkBatch]:
    """Open batches that hold marks, imported by somebody else, of a kind and unit on which the person may lock."""
    written = Q(kind=MarkKind.WRITTEN) & scope(Duty.LOCK_MARKS, user, "campaign__unit")
    others = scope(Duty.ENTER_INTERVIEW_MARKS, user, "campaign__unit") | scope(Duty.LOCK_MARKS, user, "campaign__unit")
    held = Exists(Mark.objects.filter(batch=OuterRef("pk")))
    rows = MarkBatch.objects.filter(held, written | (~Q(kind=MarkKind.WRITTEN) & others), locked_at=None)
    rows = rows.filter(campaign__state__in=RUNNING, campaign__published_at__isnull=False)
    return list(rows.exclude(imported_by=user).select_related("campaign"))


def lines_to_confirm(user: User) -> list[WrittenLine]:
    """Lines that somebody else set and that wait for a second person, in the units where the person may confirm."""
    rows = WrittenLine.objects.filter(in_scope(user, Role.TALENT_OFFICE, field="campaign__unit"))
    rows = rows.filter(campaign__state__in=RUNNING, confirmed_at=None, superseded_at=None)
    return list(rows.exclude(set_by=user).select_related("campaign"))


def lines_of(campaign: Campaign) -> QuerySet[WrittenLine]:
    """Every line that was ever set, the current ones first, then the newest."""
    rows = campaign.written_lines.select_related("set_by", "confirmed_by", "attachment")
    return rows.order_by(F("superseded_at").asc(nulls_first=True), "exam_category", "-set_at", "-pk")
