"""Real worker processes killed half-way: all of a job's writes or none, and the job is done in the end."""

import sys
import time
import uuid
from datetime import timedelta

import pytest
from celery import current_app

from accounts.models import Unit
from foundation.jobs import domain
from foundation.jobs.domain import resume_lost_jobs, start_job
from foundation.jobs.models import JobState, Lease
from foundation.jobs.progress import progress_of
from foundation.jobs.tasks import run_job
from tests.foundation.jobs import slow_kinds
from tests.servers import redis_url
from tests.workers import embedded, kill, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

COUNT = 40
EMBEDDED = embedded("tests.foundation.jobs.slow_kinds")


def is_half_way(job):
    return job.state == JobState.RUNNING and 5 <= progress_of(job).done < COUNT


def is_done(job):
    return job.state == JobState.DONE


def made():
    return Unit.objects.filter(code__startswith="S").count()


def test_a_killed_background_process_leaves_nothing_and_the_next_one_does_the_job_again(staff, settings, workers):
    settings.TASK_MODE = "embedded"
    environment = {"TASK_MODE": "embedded", "REDIS_URL": ""}
    job = start_job(kind=slow_kinds.KIND, title="导入", owner=staff(), arguments={"count": COUNT})
    process = workers(EMBEDDED, **environment)
    wait_for(job, is_half_way)
    kill(process)
    assert made() == 0

    workers(EMBEDDED, **environment)
    job = wait_for(job, is_done)
    assert (made(), job.attempts, job.result) == (COUNT, 2, {"new": COUNT})


def test_of_two_background_processes_one_works_and_the_other_waits(staff, settings, workers):
    settings.TASK_MODE = "embedded"
    first, second = (workers(EMBEDDED, TASK_MODE="embedded", REDIS_URL="") for _number in range(2))
    job = start_job(kind=slow_kinds.KIND, title="导入", owner=staff(), arguments={"count": COUNT})
    wait_for(job, is_half_way)
    holder = int(Lease.objects.get().holder.rpartition(":")[2])
    assert holder in {first.pid, second.pid}
    kill(first if holder == second.pid else second)
    job = wait_for(job, is_done)
    assert (made(), job.attempts) == (COUNT, 1)


@pytest.mark.redis
def test_a_killed_celery_worker_leaves_nothing_and_another_does_the_job_again(staff, settings, workers, monkeypatch):
    settings.TASK_MODE = "celery"
    queue = f"test-{uuid.uuid4()}"
    broker = current_app.connection_for_write(redis_url())
    monkeypatch.setattr(run_job, "delay", lambda pk: run_job.apply_async((pk,), connection=broker, queue=queue))
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-I", "tests.foundation.jobs.slow_kinds"]
    command += ["-Q", queue, "-c", "1", "-l", "warning", "--without-gossip", "--without-mingle"]
    environment = {"TASK_MODE": "celery", "REDIS_URL": redis_url(), "CELERY_BROKER_URL": redis_url()}
    job = start_job(kind=slow_kinds.KIND, title="导入", owner=staff(), arguments={"count": COUNT})
    worker = workers(command, **environment)
    wait_for(job, is_half_way)
    kill(worker)
    assert made() == 0
    assert resume_lost_jobs() == 0

    monkeypatch.setattr(domain, "LOST_AFTER", timedelta(seconds=2))
    time.sleep(2.5)
    assert resume_lost_jobs() == 1
    workers(command, **environment)
    job = wait_for(job, is_done)
    assert (made(), job.attempts) == (COUNT, 2)
    broker.close()
