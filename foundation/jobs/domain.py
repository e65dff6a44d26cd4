"""Long work: started by a person, done in the background, resumed when its worker dies."""

import logging
import uuid
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from foundation.errors import DomainError, NotAllowed, Refused
from foundation.files.models import PrivateFile
from foundation.jobs.kinds import JobOutcome, Kind, Report, job_kind, kind_named
from foundation.jobs.models import STOPPED, Job, JobState
from foundation.jobs.progress import Pulse, progress_of
from foundation.jobs.queries import visible_to

__all__ = ["JobOutcome", "Report", "job_kind", "resume_lost_jobs", "retry_job", "run_job", "start_job"]

logger = logging.getLogger(__name__)

# A run without a sign of life for this long is lost; signs come every second.
LOST_AFTER = timedelta(seconds=30)
# A job nobody took for this long is offered again: its message to the workers may be lost.
OFFERED_AGAIN_AFTER = timedelta(minutes=2)
MOST_ATTEMPTS = 3


class LostClaim(Exception):
    """The run took so long to give a sign of life that another has taken its place; its writes are undone."""


def start_job(
    *,
    kind: str,
    title: str,
    owner: Any,
    arguments: Mapping[str, Any],
    source_file: PrivateFile | None = None,
    lane: str | None = None,
) -> Job:
    """Write a job of `kind` in the caller's transaction; it is run in the background once that is committed.

    `arguments` are plain JSON values and hold no personal data (ids, not names). While a job of the same `lane` waits
    or runs no other is started: that one is given back, whoever owns it. The job speaks the language active now. In
    tests (TASK_MODE=eager) it has been run when this returns. Raises LookupError for a kind that no room declares.
    """
    kind_named(kind)
    job = Job(
        kind=kind, title=title[:200], owner=owner, arguments=dict(arguments), source_file=source_file, lane=lane,
        language=translation.get_language() or settings.LANGUAGE_CODE,
    )  # fmt: skip
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:
        # The live one; if it has ended this very moment, that one.
        ended = F("finished_at").desc(nulls_first=True)
        other = Job.objects.filter(lane=lane).order_by(ended).first() if lane else None
        if other is None:
            raise
        return other
    _offer(job)
    return job


def _offer(job: Job) -> None:
    """Tell who runs jobs that there is one; the background process of an embedded installation looks for itself."""
    if settings.TASK_MODE == "eager":
        run_job(job_id=job.pk)
        job.refresh_from_db()
    elif settings.TASK_MODE == "celery":
        from foundation.jobs.tasks import run_job as task

        transaction.on_commit(partial(task.delay, str(job.pk)))


def run_job(*, job_id: uuid.UUID) -> bool:
    """Run a waiting job to its end; False if it was not waiting (done, or taken by another).

    A refusal or an unexpected error ends the job with a sentence for its owner; nothing of the run is kept then.
    """
    job = _claim(job_id)
    if job is None:
        return False
    with translation.override(job.language):
        _run_claimed(job)
    return True


def _run_claimed(job: Job) -> None:
    try:
        kind = kind_named(job.kind)
        if settings.TASK_MODE == "eager":
            _run(kind, job, partial(_tell_at_once, job))
        else:
            with Pulse(job) as report:
                _run(kind, job, report)
                job.done, job.total = report.done, report.total
    except LostClaim:
        logger.warning("job was taken over while running; its writes were undone", extra={"job_id": str(job.pk)})
    except DomainError as refusal:
        _stop(job, JobState.REFUSED, refusal.message)
    except Exception as problem:
        logger.exception("job failed", extra={"job_id": str(job.pk), "error": type(problem).__name__})
        reference = str(job.pk)[:8]
        _stop(
            job,
            JobState.FAILED,
            _(
                "An unexpected error stopped the work. Nothing was saved. Try again; if it happens again, tell the "
                "system administrator the number %(reference)s."
            )
            % {"reference": reference},
        )


def _claim(job_id: uuid.UUID) -> Job | None:
    now = timezone.now()
    token = uuid.uuid4()
    waiting = Job.objects.filter(pk=job_id, state=JobState.WAITING)
    job = waiting.first()
    if job is None:
        return None
    taken = waiting.update(
        state=JobState.RUNNING,
        claim=token,
        attempts=job.attempts + 1,
        started_at=now,
        heartbeat_at=now,
        done=0,
        total=0,
        problem="",
    )
    return Job.objects.select_related("owner", "source_file").get(pk=job_id) if taken else None


def _tell_at_once(job: Job, done: int, total: int) -> None:
    job.done, job.total = done, total


def _run(kind: Kind, job: Job, report: Report) -> None:
    """One transaction holds the writes of the run and the mark that it is done: both or neither."""
    if kind.in_transaction:
        with transaction.atomic():
            _finish(job, kind.run(job, report), report)
        return
    outcome = kind.run(job, report)
    with transaction.atomic():
        _finish(job, outcome, report)


def _finish(job: Job, outcome: JobOutcome, report: Report) -> None:
    written = outcome.write() if outcome.write else None
    done, total = (report.done, report.total) if isinstance(report, Pulse) else (job.done, job.total)
    marked = Job.objects.filter(pk=job.pk, claim=job.claim, state=JobState.RUNNING).update(
        state=JobState.DONE,
        result={**outcome.result, **(written or {})},
        error_sheet=outcome.error_sheet,
        done=done,
        total=total,
        heartbeat_at=timezone.now(),
        finished_at=timezone.now(),
    )
    if not marked:
        raise LostClaim


def _stop(job: Job, state: JobState, problem: str) -> None:
    Job.objects.filter(pk=job.pk, claim=job.claim, state=JobState.RUNNING).update(
        state=state, problem=problem, finished_at=timezone.now()
    )


def retry_job(*, actor: Any, job: Job) -> Job:
    """Offer a failed or refused job again, with its attempts counted anew.

    Raises NotAllowed unless `actor` sees the job, Refused if it has not failed or another job has taken its lane.
    """
    if not visible_to(actor).filter(pk=job.pk).exists():
        raise NotAllowed(_("Only the person who started this work may start it again."))
    with transaction.atomic():
        if not _offered_anew(job):
            raise Refused(_("This work has not failed, so it can't be started again. Nothing was changed."))
        job.refresh_from_db()
        _offer(job)
    return job


def _offered_anew(job: Job) -> bool:
    try:
        with transaction.atomic():
            again = Job.objects.filter(pk=job.pk, state__in=STOPPED).update(
                state=JobState.WAITING, attempts=0, claim=None, problem="", finished_at=None, created_at=timezone.now()
            )
    except IntegrityError as problem:
        raise Refused(
            _("The same work was started anew and is not finished yet. Nothing was changed."), code="lane_taken"
        ) from problem
    return bool(again)


def resume_lost_jobs(*, all_running: bool = False) -> int:
    """Offer again jobs whose worker died and jobs nobody took; the number offered.

    A job lost `MOST_ATTEMPTS` times has failed. `all_running` is for a process that is the only one to run jobs and has
    just started: whatever is marked as running was interrupted.
    """
    now = timezone.now()
    offered = 0
    for job in Job.objects.filter(state=JobState.RUNNING):
        at = progress_of(job).at
        if all_running or at is None or at < now - LOST_AFTER:
            offered += _resume(job)
    if settings.TASK_MODE == "celery":
        for job in Job.objects.filter(state=JobState.WAITING, created_at__lt=now - OFFERED_AGAIN_AFTER):
            _offer(job)
            offered += 1
    return offered


def _resume(job: Job) -> int:
    """1 if the lost `job` was offered again; 0 if it has come back, ended, or been lost too often."""
    running = Job.objects.filter(pk=job.pk, claim=job.claim, state=JobState.RUNNING)
    if job.attempts >= MOST_ATTEMPTS:
        with translation.override(job.language):
            problem = _("The work was interrupted %(count)d times and was given up. Nothing was saved.")
        running.update(state=JobState.FAILED, problem=problem % {"count": job.attempts}, finished_at=timezone.now())
        return 0
    with transaction.atomic():
        if not running.update(state=JobState.WAITING, claim=None):
            return 0
        job.refresh_from_db()
        _offer(job)
    logger.warning("interrupted job offered again", extra={"job_id": str(job.pk), "attempt": job.attempts})
    return 1
