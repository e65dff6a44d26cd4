"""Worker processes on the test's database, started and killed by tests."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings as configured
from django.db import connection

from foundation.jobs.models import Job
from foundation.jobs.progress import progress_of

PATIENCE = 60


def embedded(module):
    """The command of a background process that runs `main` of a module of the tests."""
    code = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'; django.setup();"
    return [sys.executable, "-c", f"{code}from {module} import main; main()"]


def database_url():
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    password = f":{given['PASSWORD']}" if given["PASSWORD"] else ""
    return f"postgres://{given['USER']}{password}@{given['HOST']}:{given['PORT'] or 5432}/{given['NAME']}"


@pytest.fixture
def workers():
    """`workers(command, **environment)` starts a process on the test's database; all are killed at the end."""
    started = []

    def start(command, **environment):
        process = subprocess.Popen(
            command,
            cwd=configured.BASE_DIR,
            env={**os.environ, "DATABASE_URL": database_url(), "DATA_DIR": str(configured.DATA_DIR), **environment},
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        kill(process)


def kill(process):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_for(job, holds):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        job = Job.objects.get(pk=job.pk)
        if holds(job):
            return job
        time.sleep(0.1)
    raise AssertionError(f"waited {PATIENCE} s; the job is {job.state}, {progress_of(job)}, {job.problem}")
