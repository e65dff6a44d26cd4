"""The one process that does the background work of an embedded installation: jobs, messages and the schedule."""

import logging
import os
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from foundation.jobs.domain import resume_lost_jobs, run_job
from foundation.jobs.lease import drop_lease, hold_lease, holder_name
from foundation.jobs.models import Job, JobState
from foundation.messages.domain import deliver_due_messages

logger = logging.getLogger(__name__)

LEASE = "background"
LEASE_SECONDS = 60
LOOK_SECONDS = 0.5
THREADS = 2
# How long running jobs may still take when the process is asked to stop; a job cut off is resumed at the next start.
GRACE_SECONDS = 5


class Schedule:
    """CELERY_BEAT_SCHEDULE without a broker: each entry is due at the start and then by its own crontab."""

    def __init__(self, entries: dict[str, dict[str, Any]]) -> None:
        self._entries = entries
        self._last_run: dict[str, datetime] = {}

    def take_due(self) -> list[str]:
        """Names of the tasks that are due now; they count as run from now on."""
        now = datetime.now(tz=UTC)
        due = []
        for name, entry in self._entries.items():
            last = self._last_run.get(name)
            if last is None or entry["schedule"].is_due(last).is_due:
                self._last_run[name] = now
                due.append(entry["task"])
        return due


class Background:
    """Works while it holds the lease; a second process waits, so that nothing is done twice."""

    def __init__(self) -> None:
        self.holder = holder_name()
        self._stop = threading.Event()
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="job")
        self._clock = ThreadPoolExecutor(1, thread_name_prefix="schedule")
        self._running: dict[uuid.UUID, Future[None]] = {}
        self._ticking: Future[None] | None = None
        self._schedule = Schedule(settings.CELERY_BEAT_SCHEDULE)

    def stop(self) -> None:
        self._stop.set()

    def run(self) -> None:
        """Until `stop`; then gives running jobs a few seconds and leaves the rest to the next start."""
        works = False
        while not self._stop.wait(LOOK_SECONDS):
            try:
                if not hold_lease(name=LEASE, holder=self.holder, seconds=LEASE_SECONDS):
                    works = False
                    continue
                if not works:
                    works = True
                    resume_lost_jobs(all_running=True)
                self._look()
            except DatabaseError as problem:
                logger.warning("database not available, trying again", extra={"error": type(problem).__name__})
                close_old_connections()
        self._leave()

    def _look(self) -> None:
        self._running = {pk: work for pk, work in self._running.items() if not work.done()}
        waiting = Job.objects.filter(state=JobState.WAITING).order_by("created_at").values_list("pk", flat=True)
        for pk in waiting[: THREADS * 2]:
            if pk not in self._running and len(self._running) < THREADS:
                self._running[pk] = self._pool.submit(self._alone, partial(run_job, job_id=pk))
        if self._ticking is None or self._ticking.done():
            self._ticking = self._clock.submit(self._alone, self._tick)

    def _tick(self) -> None:
        deliver_due_messages(limit=100)
        for name in self._schedule.take_due():
            current_app.tasks[name].apply(throw=False)

    @staticmethod
    def _alone(work: Callable[[], object]) -> None:
        """In a pool thread, with a connection of its own that is closed afterwards."""
        close_old_connections()
        try:
            work()
        except Exception as problem:
            logger.exception("background work failed", extra={"error": type(problem).__name__})
        finally:
            connection.close()

    def _leave(self) -> None:
        for executor in (self._pool, self._clock):
            executor.shutdown(wait=False, cancel_futures=True)
        left = threading.Event()
        for work in self._running.values():
            if not work.done():
                left.wait(GRACE_SECONDS / max(1, len(self._running)))
        drop_lease(name=LEASE, holder=self.holder)
        connection.close()
        if any(not work.done() for work in self._running.values()):
            # The interpreter would wait for the threads; their transactions are rolled back by the database.
            os._exit(0)
