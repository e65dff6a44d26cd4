"""Marks in the background, first as a preview that saves nothing; and every act on an exam as a whole."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.policies import Predicate
from campaigns.planning.models import Campaign
from foundation.jobs.domain import JobOutcome, Report
from foundation.jobs.imports import content_of, name_of, outcome_of, table_job
from foundation.jobs.models import Job
from foundation.jobs.work import Left, Work, office_work
from recruitment.examinations import domain
from recruitment.examinations.policies import may_call_up, may_import_marks, may_propose, may_rank
from recruitment.publications.models import Publication
from recruitment.publications.policies import may_prepare
from recruitment.publications.rooms import handed_in

PREVIEW = "examinations.preview_marks"
IMPORT = "examinations.import_marks"
EXAMS = Campaign.objects.select_related("unit")


@table_job(PREVIEW, IMPORT)
def marks(job: Job, report: Report, dry_run: bool) -> JobOutcome:
    """A sheet of marks of one kind."""
    campaign = EXAMS.get(pk=job.arguments["campaign"])
    outcome = domain.import_marks(
        actor=job.owner,
        campaign=campaign,
        content=content_of(job),
        file_name=name_of(job),
        kind=job.arguments["kind"],
        correction=job.arguments.get("correction", ""),
        dry_run=dry_run,
        report=report,
    )
    return outcome_of(job, outcome, url=reverse("exam-marks", args=[campaign.code]))


Run = Callable[[Job, Campaign, Report], Any]


def _act(kind: str, rule: Predicate, verb: Run, done: Promise, page: str = "exam") -> Work:
    """An act on an exam, which ends on `page`; the number of people it returns is shown with its job."""

    @office_work(kind, rows=EXAMS, rule=rule)
    def run(job: Job, exam: Campaign, report: Report) -> Left:
        people = verb(job, exam, report)
        return {"said": str(done), "url": reverse(page, args=[exam.code]), "people": people}

    return run


def _list(kind: str, verb: Callable[..., Publication]) -> Work:
    """A list of an exam, drafted for the press."""

    @office_work(kind, rows=EXAMS, rule=may_prepare)
    def run(job: Job, exam: Campaign, report: Report) -> Left:
        return handed_in(verb(actor=job.owner, campaign=exam, report=report))

    return run


ASSIGN_TICKETS = _act(
    "examinations.assign_tickets", may_import_marks,
    lambda job, exam, report: domain.assign_tickets(
        actor=job.owner, campaign=exam, report=report, **job.arguments["told"]
    ),
    _("The tickets are numbered."), "exam-tickets",
)  # fmt: skip
RANK_WRITTEN = _act(
    "examinations.rank_written", may_rank,
    lambda job, exam, report: domain.rank_written(actor=job.owner, campaign=exam, report=report),
    _("The written ranking is made."),
)  # fmt: skip
MAKE_SHORTLIST = _act(
    "examinations.make_shortlist", may_rank,
    lambda job, exam, report: domain.make_shortlist(actor=job.owner, campaign=exam),
    _("The shortlist is made."), "exam-shortlist",
)  # fmt: skip
REOPEN_RANKING = _act(
    "examinations.reopen_ranking", may_rank,
    lambda job, exam, report: domain.reopen_ranking(actor=job.owner, campaign=exam, **job.arguments["told"]),
    _("Ranking and shortlist are taken back."),
)  # fmt: skip
ISSUE_NOTICES = _act(
    "examinations.issue_interview_notices", may_call_up,
    lambda job, exam, report: domain.issue_interview_notices(actor=job.owner, campaign=exam),
    _("The interview notices are issued."),
)  # fmt: skip
COMPUTE_TOTALS = _act(
    "examinations.compute_totals", may_rank,
    lambda job, exam, report: domain.compute_totals(actor=job.owner, campaign=exam, report=report),
    _("The totals are computed."),
)  # fmt: skip
PROPOSE_HIRES = _act(
    "examinations.propose_hires", may_propose,
    lambda job, exam, report: domain.propose_hires(actor=job.owner, campaign=exam),
    _("The hires are proposed."),
)  # fmt: skip
PREPARE_BONUS = _list("examinations.prepare_bonus", domain.prepare_bonus)
PREPARE_SCORES = _list("examinations.prepare_scores", domain.prepare_scores)
PREPARE_SHORTLIST = _list("examinations.prepare_shortlist", domain.prepare_shortlist)
PREPARE_CALL_UPS = _list("examinations.prepare_call_ups", domain.prepare_call_ups)
PREPARE_TOTALS = _list("examinations.prepare_totals", domain.prepare_totals)
