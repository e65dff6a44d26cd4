"""Positions with so few interviewees that an extra condition applies (R62), and the panel's recorded vote on them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.planning.models import Campaign
from foundation.errors import Refused
from recruitment.panels.enums import Purpose
from recruitment.panels.models import ScoreSheet, Subject
from recruitment.selection.domain.starting import check_track
from recruitment.selection.models import SelectionResult
from recruitment.selection.policies import may_run_selection
from rulebook.explanation import Explanation
from rulebook.interview import has_no_competition, no_competition_verdict
from rulebook.ruleset import RuleSet


def interviewed(campaign: Campaign) -> dict[int, Subject]:
    """Application id → the number of the interview, with `marks`, the totals of the judges; two queries."""
    rows = Subject.objects.filter(panel__campaign=campaign, panel__purpose=Purpose.INTERVIEW)
    found = {row.application_id: row for row in rows.select_related("application") if row.application_id}
    marks: dict[int, int] = {}
    sheets = ScoreSheet.objects.filter(subject__in=rows.values("pk"), total__isnull=False)
    for subject_id in sheets.values_list("subject_id", flat=True):
        marks[subject_id] = marks.get(subject_id, 0) + 1
    for subject in found.values():
        subject.judges = marks.get(subject.pk, 0)  # type: ignore[attr-defined]
    return found


def judge_alone(
    results: Sequence[SelectionResult],
    headcount: int,
    subjects: Mapping[int, Subject],
    interviews: Mapping[int, Decimal],
    rules: RuleSet,
) -> tuple[dict[int, Explanation], list[SelectionResult]]:
    """Who misses the extra condition of a position without competition, by application, and whose vote lacks.

    `interviews` are the marks of everyone interviewed, by application, for the mean of those of the same panel.
    Nobody where the condition does not apply.
    """
    came = [(row, row.interview) for row in results if row.interview is not None]
    extra = rules.interview.no_competition
    failed: dict[int, Explanation] = {}
    to_vote: list[SelectionResult] = []
    if not came or not has_no_competition(len(came), headcount, extra):
        return failed, to_vote
    for row, mark in came:
        subject = subjects[row.application_id]
        if extra.two_thirds_vote and subject.votes is None:
            to_vote.append(row)
            continue
        judges = subject.judges  # type: ignore[attr-defined]
        session = [value for pk, value in interviews.items() if subjects[pk].panel_id == subject.panel_id]
        verdict = no_competition_verdict(mark, extra, session_marks=session, votes=subject.votes, panel=judges)
        if not verdict.met:
            failed[row.application_id] = verdict.explanation
    return failed, to_vote


@transaction.atomic
def record_votes(*, actor: User, campaign: Campaign, votes: Mapping[str, int]) -> int:
    """Enter how many judges of the interview were in favour, registration number → votes (R62).

    Returns how many were entered. Raises Refused before the marks are closed, for who was not interviewed, for a vote
    that was entered before, or for more votes than judges who marked the person.
    """
    require(may_run_selection, actor, campaign)
    check_track(campaign)
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    by_number = {row.application.registration_no: row for row in interviewed(campaign).values() if row.application}
    for number, count in votes.items():
        subject = by_number.get(number)
        if subject is None or subject.panel.locked_at is None or subject.votes is not None:
            raise Refused(_("%(number)s: no vote can be entered. Nothing was saved.") % {"number": number}, code="vote")
        most = subject.judges  # type: ignore[attr-defined]
        if not 0 <= count <= most:
            raise Refused(
                _("%(number)s: from 0 to %(most)s votes. Nothing was saved.") % {"number": number, "most": most},
                code="votes",
            )
        subject.votes = count
    Subject.objects.bulk_update([by_number[number] for number in votes], ["votes"])
    audit.record(actor=actor, action="selection.record_votes", subject=campaign, after={"votes": dict(votes)})
    return len(votes)
