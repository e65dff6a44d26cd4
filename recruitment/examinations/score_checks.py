"""Checks of marks: which of their own marks a person may ask about, and what the exam centre has to answer (R47)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.duties import Duty, scope
from accounts.models import User
from campaigns.planning.machine import RUNNING
from campaigns.planning.models import Campaign
from campaigns.planning.queries import calendar, rules_of
from foundation.language import rule_language
from recruitment.applications.enums import CLOSED_STATES
from recruitment.applications.models import Application
from recruitment.examinations.models import MarkStatus, ScoreCheck
from recruitment.examinations.queries import newest_marks
from recruitment.publications.models import PublicationKind
from recruitment.publications.queries import released_kinds_of
from rulebook import marks as rule_marks
from rulebook.explanation import Guard
from rulebook.score_check import last_day, may_ask


@dataclass(frozen=True)
class PaperToCheck:
    """One's own mark in a paper: its status, whether a check may be asked for now or why not, and until when."""

    paper: str
    status: str
    guard: Guard
    last_day: date
    check: ScoreCheck | None

    @property
    def note(self) -> str:
        """Until when a check may be asked for, or why it may not."""
        return self.guard.explanation.text(rule_language())


def papers_to_check(application: Application) -> list[PaperToCheck]:
    """Every written paper of the person once their marks are out; empty before (R94) and once they left."""
    out = released_kinds_of(application).get(PublicationKind.SCORES)
    if out is None or application.state in CLOSED_STATES:
        return []
    rules = rules_of(application.campaign)
    asked = {check.paper: check for check in application.score_checks.all()}
    check_rules, published_on, today = rules.written.score_check, timezone.localdate(out), timezone.localdate()
    days = calendar() if check_rules.unit == "working_days" else None
    return [
        PaperToCheck(
            paper,
            status,
            may_ask(rule_marks.MarkStatus(status), today, published_on, int(paper in asked), check_rules, days),
            last_day(published_on, check_rules, days),
            asked.get(paper),
        )
        for paper, status in _statuses(application, [paper.name for paper in rules.written.papers]).items()
    ]


def _statuses(application: Application, papers: list[str]) -> dict[str, str]:
    """Paper → status of the mark that counts; one without a mark was missed, if the person counts as absent."""
    given = {mark.paper: mark.status for mark in newest_marks(application)}
    result = getattr(application, "written_result", None)
    missed = result is not None and result.status == MarkStatus.ABSENT
    return {paper: given.get(paper, str(MarkStatus.ABSENT)) for paper in papers if paper in given or missed}


def open_checks(campaign: Campaign) -> QuerySet[ScoreCheck]:
    """Checks of a campaign that wait for an answer, of people who still stand."""
    rows = ScoreCheck.objects.filter(application__campaign=campaign, answered_at=None)
    return rows.exclude(application__state__in=CLOSED_STATES).order_by("application__ticket_no", "paper")


def checks_of(campaign: Campaign) -> QuerySet[ScoreCheck]:
    """Every check of a campaign, those that wait first, with person and position."""
    rows = ScoreCheck.objects.filter(application__campaign=campaign)
    rows = rows.select_related("application__position", "answered_by", "correction")
    return rows.order_by(F("answered_at").asc(nulls_first=True), "asked_at", "pk")


def checks_to_answer(user: User) -> QuerySet[ScoreCheck]:
    """Open checks in the running campaigns whose marks the person takes in."""
    rows = ScoreCheck.objects.filter(scope(Duty.IMPORT_MARKS, user, "application__campaign__unit"), answered_at=None)
    rows = rows.filter(application__campaign__state__in=RUNNING).exclude(application__state__in=CLOSED_STATES)
    return rows.select_related("application__campaign")
