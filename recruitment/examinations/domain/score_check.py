"""A person asks for a check of their own mark; the exam centre answers, and corrects it by a decision (R47)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.planning.models import Campaign
from foundation.errors import Refused
from foundation.language import rule_language
from recruitment.applications.models import Application
from recruitment.applications.policies import is_applicant, is_not_recused
from recruitment.examinations.candidate_messages import tell_of_check
from recruitment.examinations.domain.running import lock_running
from recruitment.examinations.models import CheckOutcome, Mark, MarkBatch, ScoreCheck
from recruitment.examinations.policies import may_answer_checks
from recruitment.examinations.score_checks import open_checks, papers_to_check
from rulebook.score_check import may_rank


@transaction.atomic
def ask_score_check(*, actor: User, application: Application, paper: str, reason: str) -> ScoreCheck:
    """Ask for a check of one's own mark in a paper, within the days the rules give from the release of the marks.

    Raises NotAllowed for anyone but the applicant; Refused before the release, for a mark the rules do not have
    checked, too late, a second time, without words, and in a campaign that does not run.
    """
    require(is_applicant, actor, application)
    lock_running(application.campaign)
    row = Application.objects.select_related("campaign", "position__unit", "candidate__user").get(pk=application.pk)
    asked = {one.paper: one for one in papers_to_check(row)}.get(paper)
    if asked is None:
        raise Refused(_("Your mark in this paper is not out, or you did not sit it. Nothing was saved."), code="paper")
    if not asked.guard:
        raise Refused(
            f"{asked.guard.explanation.text(rule_language())} {_('Nothing was saved.')}",
            code=asked.guard.explanation.code,
        )
    if not reason.strip():
        raise Refused(_("Say what should be checked. Nothing was saved."), code="reason_required")
    check = ScoreCheck.objects.create(application=row, paper=paper, status=asked.status, reason=reason.strip())
    audit.record(actor=actor, action="examinations.ask_score_check", subject=check, after={"paper": paper})
    tell_of_check(check, "asked")
    return check


@transaction.atomic
def answer_score_check(*, actor: User, check: ScoreCheck, outcome: str, answer: str) -> ScoreCheck:
    """The result of a check, told to the person: unchanged, or corrected by marks imported and locked since.

    Raises NotAllowed for who is recused from the person, Refused for a check answered before, without words, where a
    correction is claimed that no locked batch of marks holds, and where one was imported although nothing changed.
    """
    lock_running(check.application.campaign)
    row = ScoreCheck.objects.select_for_update(of=("self",)).select_related("application__candidate").get(pk=check.pk)
    require(may_answer_checks, actor, row.application)
    require(is_not_recused, actor, row.application)
    if row.answered_at:
        raise Refused(_("This check was answered before. Nothing was saved."), code="answered")
    if outcome not in CheckOutcome.values or not answer.strip():
        raise Refused(_("Choose the outcome and say how it was found. Nothing was saved."), code="answer")
    batch = _correction_of(row)
    _refuse_mismatch(batch, outcome)
    row.outcome, row.answer, row.correction = outcome, answer.strip(), batch
    row.answered_by, row.answered_at = actor, timezone.now()
    row.save(update_fields=["outcome", "answer", "correction", "answered_by", "answered_at"])
    audit.record(
        actor=actor, action="examinations.answer_score_check", subject=row, reason=answer.strip(),
        after={"outcome": outcome, "correction": batch.correction if batch else ""},
    )  # fmt: skip
    tell_of_check(row, "answered")
    return row


def _correction_of(check: ScoreCheck) -> MarkBatch | None:
    """The newest batch that corrected this mark since it was asked about, locked or not."""
    marks = Mark.objects.filter(
        application=check.application_id, paper=check.paper, batch__imported_at__gte=check.asked_at
    )
    newest = marks.exclude(batch__correction="").select_related("batch").order_by("pk").last()
    return newest.batch if newest else None


def _refuse_mismatch(batch: MarkBatch | None, outcome: str) -> None:
    if outcome == CheckOutcome.CORRECTED and (batch is None or batch.locked_at is None):
        raise Refused(
            _(
                "No corrected mark is locked yet: import it with the number of the decision and have a second person "
                "lock it, then answer. Nothing was saved."
            ),
            code="no_correction",
        )
    if outcome == CheckOutcome.UNCHANGED and batch is not None:
        raise Refused(_("The mark has been corrected since it was asked about. Nothing was saved."), code="corrected")


def refuse_open_checks(campaign: Campaign) -> None:
    """Raises Refused while a check of a mark is open: nothing is ranked meanwhile (R47, guard A16)."""
    rows = open_checks(campaign).values_list("application__ticket_no", "paper")
    guard = may_rank(f"{ticket} {paper}" for ticket, paper in rows)
    if not guard:
        raise Refused(f"{guard.explanation.text(rule_language())} {_('Nothing was saved.')}", code="open_checks")
