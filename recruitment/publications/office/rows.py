"""What the pages of the press show of a list: its printed rows, its timeline, its tone."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.language import rule_language
from foundation.ui.components import StepState, TimelineStep
from recruitment.publications.gate import Problem
from recruitment.publications.models import Publication, PublicationState
from recruitment.publications.queries import page_of

ROWS_SHOWN = 100
TONES = {
    PublicationState.DRAFT: "warn",
    PublicationState.REVIEWED: "now",
    PublicationState.RELEASED: "done",
    PublicationState.WITHDRAWN: "fail",
}


@dataclass(frozen=True)
class ShownProblem:
    """A problem of the gate with the page of the printed list on which its row stands."""

    problem: Problem
    page: int


def printed(publication: Publication, number: str | None) -> Page:  # type: ignore[type-arg]
    """One page of the printed rows; each row a list of (cell, column)."""
    page = Paginator(publication.rows, ROWS_SHOWN).get_page(number)
    page.object_list = [list(zip(row, publication.columns, strict=True)) for row in page.object_list]
    return page


def shown_problems(problems: list[Problem]) -> list[ShownProblem]:
    return [ShownProblem(problem, max(0, problem.row - 1) // ROWS_SHOWN + 1) for problem in problems]


def timeline_of(publication: Publication) -> list[TimelineStep]:
    """Prepared, reviewed, released, end of the notice, withdrawn: what happened and what is still to come."""
    row, now = publication, timezone.now()
    steps = [TimelineStep(_("Prepared"), row.prepared_at, "done", _by(row.prepared_by))]
    if row.reviewed_by:
        steps.append(TimelineStep(_("Reviewed"), row.reviewed_at, "done", _by(row.reviewed_by)))
    elif row.sequence is None:
        steps.append(TimelineStep(_("Review by a second person"), None, "now"))
    if row.released_at:
        steps.append(TimelineStep(_("Released"), row.released_at, "done", _by(row.released_by)))
    elif row.release_at:
        steps.append(TimelineStep(_("Goes out by itself"), row.release_at, "now", _by(row.scheduled_by)))
    else:
        steps.append(TimelineStep(_("Release"), None, "now" if row.reviewed_by else "next"))
    withdrawn = row.state == PublicationState.WITHDRAWN
    over: StepState = "done" if row.notice_ends_at and row.notice_ends_at <= now else "now"
    if row.notice_ends_at and not (withdrawn and row.withdrawn_at and row.withdrawn_at < row.notice_ends_at):
        steps.append(TimelineStep(_("Notice period ends"), row.notice_ends_at, over))
    page = None if withdrawn else page_of(row, now)
    if page:
        steps.append(TimelineStep(page.explanation.text(rule_language()), None, "next"))
    elif page is not None:
        steps.append(TimelineStep(page.explanation.text(rule_language()), None, "done"))
    if withdrawn:
        note = f"{_by(row.withdrawn_by)} {row.withdrawal_reason}".strip()
        steps.append(TimelineStep(_("Withdrawn"), row.withdrawn_at, "stopped", note))
    return steps


def _by(user: object) -> str:
    return _("by %(who)s") % {"who": user} if user else ""
