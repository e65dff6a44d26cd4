"""Of many people who start the same act at once, one starts it: a verb of the office has one live job for each row."""

import time

import pytest
from django.urls import reverse

from foundation.jobs.domain import run_job
from foundation.jobs.models import Job, JobState
from foundation.jobs.work import start_work
from recruitment.examinations.tasks import PREPARE_SCORES
from recruitment.publications.models import Publication
from tests.applicants import *  # noqa: F403 - a campaign, its positions, people
from tests.examiners import *  # noqa: F403 - the exam and its offices
from tests.races.threads import run_together

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 6


@pytest.fixture
def ranked(exam, position, settings):
    exam.enter(position, 3)
    exam.written(120, 110, 100)
    settings.TASK_MODE = "embedded"
    return exam


def start(exam):
    back = reverse("exam", args=["C1"])
    return start_work(PREPARE_SCORES, actor=exam.clerk, subject=exam.campaign, title="成绩名单", back=back)


def test_of_many_who_start_an_act_at_once_all_get_the_same_job(ranked):
    jobs = run_together(PEOPLE, lambda _number: start(ranked).pk)
    assert set(jobs) == set(Job.objects.values_list("pk", flat=True))
    assert Job.objects.count() == 1


def test_of_many_workers_that_take_the_same_job_one_runs_it(ranked):
    job = start(ranked)
    taken = run_together(PEOPLE, lambda _number: run_job(job_id=job.pk))
    job.refresh_from_db()
    assert (taken.count(True), job.state, job.attempts, Publication.objects.count()) == (1, JobState.DONE, 1, 1)


def test_looking_for_a_live_job_without_the_constraint_starts_several(ranked):
    """The negative control: look, wait, believe what was seen. If it ever gives one, the tests above prove nothing."""

    def start_if_none_is_seen(_number):
        if not Job.objects.filter(kind=PREPARE_SCORES.kind, state=JobState.WAITING).exists():
            time.sleep(0.3)
            Job.objects.create(kind=PREPARE_SCORES.kind, title="成绩名单", owner=ranked.clerk, lane=None)

    run_together(PEOPLE, start_if_none_is_seen)
    assert Job.objects.count() > 1
