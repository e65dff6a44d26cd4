"""A verb of the office that touches any number of rows, run as a job: one at a time for each subject.

@office_work("examinations.rank_written", rows=Campaign.objects.all(), rule=may_rank)
def rank(job: Job, campaign: Campaign, report: Report) -> Left:
    counted = rank_written(actor=job.owner, campaign=campaign, report=report)
    return {"said": _("The written ranking is made."), "url": reverse("exam", args=[campaign.code]), "people": counted}
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from foundation.errors import NotAllowed, Refused
from foundation.jobs.domain import start_job
from foundation.jobs.kinds import JobOutcome, Report, job_kind
from foundation.jobs.models import Job

__all__ = ["Left", "Report", "Work", "office_work", "start_work"]

Rule = Callable[..., Any]
# What the run leaves for the page of its job: `said` in words, `url` of the outcome, perhaps plain values.
Left = dict[str, Any]


@dataclass(frozen=True)
class Work:
    """A kind of job on one row of `rows`, for those whom `rule(person, row)` allows."""

    kind: str
    rule: Rule


def office_work(kind: str, *, rows: QuerySet[Any], rule: Rule) -> Callable[[Callable[[Job, Any, Report], Left]], Work]:
    """Decorator: `run(job, subject, report)` does the work in the transaction that marks the job as done.

    What the person entered is `job.arguments["told"]`. The rule is asked when the work is started and again when it
    runs; the verb's own refusals end the job with their words.
    """

    def declare(run: Callable[[Job, Any, Report], Left]) -> Work:
        @job_kind(kind)
        @wraps(run)
        def checked(job: Job, report: Report) -> JobOutcome:
            subject = rows.filter(pk=job.arguments["subject"]).first()
            if subject is None:
                raise Refused(_("What this work is about is gone. Nothing was saved."), code="gone")
            _require(rule, job.owner, subject)
            return JobOutcome(run(job, subject, report))

        return Work(kind, rule)

    return declare


def _require(rule: Rule, person: Any, subject: Model) -> None:
    decision = rule(person, subject)
    if not (person.is_active and decision):
        raise NotAllowed(getattr(decision, "reason", "") or _("You may not do this any more. Nothing was saved."))


def start_work(
    work: Work, *, actor: Any, subject: Model, title: str, back: str, told: Mapping[str, Any] | None = None
) -> Job:
    """The job that does this work on `subject`: a new one, or the one that waits or runs already, whoever owns it.

    `told` is what the person entered, as plain JSON values; `back` is the page that shows what the work would change.
    Raises NotAllowed with the reason of the rule.
    """
    _require(work.rule, actor, subject)
    return start_job(
        kind=work.kind,
        title=title,
        owner=actor,
        arguments={"subject": subject.pk, "told": dict(told or {}), "back": back},
        lane=f"{work.kind}:{subject.pk}",
    )
