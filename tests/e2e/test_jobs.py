"""An act in the background: the person waits on its page and is led to the outcome, with and without script."""

import time

import pytest

from foundation.jobs.domain import run_job
from foundation.jobs.models import Job
from tests.applicants import *  # noqa: F403 - a campaign, its positions, people
from tests.e2e.conftest import check_page
from tests.e2e.desks import Desk
from tests.examiners import *  # noqa: F403 - the exam and its offices

pytestmark = pytest.mark.e2e
A_MOMENT = 5_000


@pytest.fixture
def frozen_clock():
    """The clock runs here: people wait."""


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
@pytest.mark.django_db(transaction=True)
def test_whoever_waits_is_led_to_the_outcome(windows, exam, position, settings, script):
    settings.TASK_MODE = "embedded"
    exam.enter(position, 3)
    exam.written(120, 110, 100)
    desk = Desk(windows.open(exam.clerk, java_script_enabled=script))
    desk.open("/admin/exams/C1/act/list-scores/").press("Hand the list to the press").says("Progress", "Waiting")
    if script:
        check_page(desk.page)
    job = Job.objects.get()
    assert desk.page.url.endswith(f"/jobs/{job.pk}/?follow=1")
    assert run_job(job_id=job.pk)
    done = time.monotonic()
    desk.page.wait_for_url("**/admin/press/*/", timeout=A_MOMENT)
    assert time.monotonic() - done < A_MOMENT / 1000
    desk.says("The draft is ready. A second person reviews it.")


@pytest.mark.django_db(transaction=True)
def test_whoever_is_refused_reads_why_and_gets_back_to_what_they_started_from(windows, exam, position, settings):
    settings.TASK_MODE = "embedded"
    exam.enter(position, 3)
    desk = Desk(windows.open(exam.clerk))
    desk.open("/admin/exams/C1/act/rank/").press("Rank now").says("Waiting")
    assert run_job(job_id=Job.objects.get().pk)
    back = desk.page.get_by_role("link", name="返回")
    back.wait_for(timeout=A_MOMENT)
    desk.says("What stopped it").reads("未保存任何内容")
    check_page(desk.page)
    back.click()
    desk.page.wait_for_url("**/admin/exams/C1/act/rank/")
