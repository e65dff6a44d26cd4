"""How far a running job is, and that it still lives: told outside the transaction in which the job writes.

A job's writes are one transaction, so nothing it writes there is seen before the end. A second thread therefore tells
the progress every second: over its own connection where several may write at once, and into a small file beside the
database on SQLite, where one writer keeps out all others.
"""

import json
import threading
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from django.conf import settings
from django.db import connection
from django.utils import timezone

from foundation.jobs.kinds import Report
from foundation.jobs.models import Job, JobState

SECONDS = 1.0
Row = TypeVar("Row")


def one_by_one(rows: Sequence[Row], report: Report | None) -> Iterator[Row]:
    """The rows one by one; `report`, if there is one, learns after each how many are done."""
    for number, row in enumerate(rows, start=1):
        yield row
        if report:
            report(number, len(rows))


@dataclass(frozen=True)
class Progress:
    done: int
    total: int
    at: datetime | None


def _file(job_id: uuid.UUID) -> Path:
    return Path(settings.DATA_DIR) / "progress" / f"{job_id}.json"


def progress_of(job: Job) -> Progress:
    """The latest sign of life of `job`, as read from its row and, on SQLite, from the file of its current run."""
    told = Progress(job.done, job.total, job.heartbeat_at)
    if connection.vendor != "sqlite" or job.state != JobState.RUNNING:
        return told
    try:
        path = _file(job.pk)
        written = json.loads(path.read_text())
        at = datetime.fromtimestamp(path.stat().st_mtime, tz=timezone.get_default_timezone())
    except (OSError, ValueError):
        return told
    if written["claim"] != str(job.claim):
        return told
    return Progress(written["done"], written["total"], at)


class Pulse:
    """While open, tells the progress of one run each second; call it with (done, total)."""

    def __init__(self, job: Job) -> None:
        self.job_id, self.claim = job.pk, job.claim
        self.done, self.total = 0, 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"pulse-{job.pk}", daemon=True)
        self._to_file = connection.vendor == "sqlite"

    def __call__(self, done: int, total: int) -> None:
        self.done, self.total = done, total

    def __enter__(self) -> "Pulse":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._thread.join()
        if self._to_file:
            _file(self.job_id).unlink(missing_ok=True)

    def _beat(self) -> None:
        try:
            while True:
                self._tell()
                if self._stopped.wait(SECONDS):
                    return
        finally:
            connection.close()

    def _tell(self) -> None:
        if self._to_file:
            path = _file(self.job_id)
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_suffix(".partial")
            partial.write_text(json.dumps({"claim": str(self.claim), "done": self.done, "total": self.total}))
            partial.rename(path)
            return
        Job.objects.filter(pk=self.job_id, claim=self.claim, state=JobState.RUNNING).update(
            done=self.done, total=self.total, heartbeat_at=timezone.now()
        )
