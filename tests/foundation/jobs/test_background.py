import os
import socket
import subprocess
import sys
from datetime import timedelta

import pytest
from celery.schedules import crontab
from django.conf import settings as configured
from django.utils import timezone

from foundation.jobs.background import Schedule
from foundation.jobs.lease import drop_lease, hold_lease, holder_name
from foundation.jobs.models import Lease
from foundation.supervisor import Supervisor, free_port


@pytest.mark.django_db
def test_a_lease_has_one_holder_until_it_is_dropped_or_has_run_out():
    assert hold_lease(name="x", holder="elsewhere:1", seconds=60)
    assert hold_lease(name="x", holder="elsewhere:1", seconds=60)
    assert not hold_lease(name="x", holder="elsewhere:2", seconds=60)
    Lease.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert hold_lease(name="x", holder="elsewhere:2", seconds=60)
    drop_lease(name="x", holder="elsewhere:1")
    assert not hold_lease(name="x", holder="elsewhere:1", seconds=60)
    drop_lease(name="x", holder="elsewhere:2")
    assert hold_lease(name="x", holder="elsewhere:1", seconds=60)


@pytest.mark.django_db
def test_the_lease_of_a_process_that_died_on_this_machine_is_free_at_once():
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert hold_lease(name="x", holder=f"{socket.gethostname()}:{gone.pid}", seconds=60)
    assert hold_lease(name="x", holder=holder_name(), seconds=60)
    parent = f"{socket.gethostname()}:{os.getppid()}"
    assert not hold_lease(name="x", holder=parent, seconds=60)


def test_each_entry_of_the_schedule_is_due_at_the_start_and_then_by_its_own_time():
    entries = {
        "often": {"task": "a.often", "schedule": crontab()},
        "seldom": {"task": "a.seldom", "schedule": crontab(hour=3, minute=0)},
    }
    schedule = Schedule(entries)
    assert sorted(schedule.take_due()) == ["a.often", "a.seldom"]
    assert schedule.take_due() == []
    for name in entries:
        schedule._last_run[name] -= timedelta(seconds=61)
    assert "a.often" in schedule.take_due()


def test_every_scheduled_task_exists():
    from celery import current_app

    current_app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in configured.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled <= set(current_app.tasks)


def test_a_taken_port_is_passed_over():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port("127.0.0.1", port) > port


def test_when_one_process_ends_the_others_are_stopped(monkeypatch):
    monkeypatch.setattr("foundation.supervisor.signal.signal", lambda *_: None)
    supervisor = Supervisor(
        {"ends": [sys.executable, "-c", ""], "stays": [sys.executable, "-c", "import time; time.sleep(60)"]}, {}
    )
    assert supervisor.run(lambda: True, lambda: None) == 1
    assert {child.poll() is not None for child in supervisor._children.values()} == {True}
