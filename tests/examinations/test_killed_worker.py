"""A worker killed in the middle of a real verb of the office: none of its writes, then all of them, once."""

import time

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from foundation.jobs.models import Job, JobState
from foundation.jobs.progress import progress_of
from recruitment.applications.models import Transition
from recruitment.examinations.models import WrittenResult
from tests.examiners import sheet, ticket
from tests.workers import PATIENCE, embedded, kill, wait_for

pytestmark = pytest.mark.django_db(transaction=True)
WORKER = embedded("tests.examinations.halting_ranking")
PEOPLE = 4


def written():
    """What a ranking leaves: results, moves, states, entries of the audit trail."""
    return (
        WrittenResult.objects.count(),
        Transition.objects.filter(move="mark").count(),
        AuditEntry.objects.filter(action="examinations.rank_written").count(),
    )


def test_a_worker_killed_within_the_written_ranking_leaves_nothing_and_the_next_one_ranks_once(
    exam, position, client, settings, workers, tmp_path
):
    settings.SECOND_FACTOR_REQUIRED = False
    settings.TASK_MODE = "embedded"
    exam.enter(position, PEOPLE)
    exam.take(sheet(["准考证号", "职测", "综应"], *[(ticket(number), 90 + number, 90) for number in range(PEOPLE)]))
    exam.lock()
    client.force_login(exam.clerk)
    page = client.post(reverse("exam-act", args=["C1", "rank"])).url
    job, halted = Job.objects.get(), tmp_path / "halted"

    environment = {"TASK_MODE": "embedded", "REDIS_URL": ""}
    process = workers(WORKER, HALT=str(halted), **environment)
    end = time.monotonic() + PATIENCE
    while not halted.exists() and time.monotonic() < end:
        time.sleep(0.1)
    assert halted.read_text() == f"{PEOPLE} moved"
    job.refresh_from_db()
    assert (job.state, written(), client.get(page).status_code) == (JobState.RUNNING, (0, 0, 0), 200)
    kill(process)
    assert written() == (0, 0, 0)

    workers(WORKER, **environment)
    job = wait_for(job, lambda row: row.state == JobState.DONE)
    assert (job.attempts, progress_of(job).done, written()) == (2, PEOPLE, (PEOPLE, PEOPLE, 1))
    assert client.get(page).url == reverse("exam", args=["C1"])
