from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from accounts.models import Unit
from foundation.errors import NotAllowed, Refused
from foundation.files.domain import store_file
from foundation.jobs import domain, kinds
from foundation.jobs.domain import JobOutcome, job_kind, resume_lost_jobs, retry_job, run_job, start_job
from foundation.jobs.models import Job, JobState
from foundation.jobs.policies import ERROR_SHEET

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_kinds_of_this_test(monkeypatch):
    monkeypatch.setattr(kinds, "_KINDS", dict(kinds._KINDS))


@pytest.fixture
def owner(staff):
    return staff()


def counting(job, report):
    for number in range(job.arguments["count"]):
        report(number + 1, job.arguments["count"])
        Unit.objects.create(code=f"J{number}", name=f"单位{number}")
    return JobOutcome({"new": job.arguments["count"], "url": "/admin/"})


def start(owner, run=counting, **arguments):
    job_kind("test.kind")(run)
    return start_job(kind="test.kind", title="导入单位", owner=owner, arguments={"count": 3, **arguments})


def test_a_job_runs_and_keeps_its_result_and_progress(owner):
    job = start(owner)
    assert (job.state, job.result, job.done, job.total, job.attempts) == (
        JobState.DONE,
        {"new": 3, "url": "/admin/"},
        3,
        3,
        1,
    )
    assert Unit.objects.filter(code__startswith="J").count() == 3


@pytest.mark.parametrize("problem", [Refused("表中缺少“岗位代码”列。"), RuntimeError("440524188001010014")])
def test_a_job_that_fails_half_way_leaves_none_of_its_writes_and_a_sentence(owner, problem):
    def failing(job, report):
        counting(job, report)
        raise problem

    job = start(owner, failing)
    assert job.state == (JobState.REFUSED if isinstance(problem, Refused) else JobState.FAILED)
    assert not Unit.objects.filter(code__startswith="J").exists()
    if isinstance(problem, Refused):
        assert job.problem == "表中缺少“岗位代码”列。"
    else:
        assert str(job.pk)[:8] in job.problem
        assert "440524" not in job.problem


def test_what_is_prepared_outside_is_written_with_the_mark_that_it_is_done(owner):
    def prepare(job, report):
        def write():
            counting(job, report)
            return {"new": 3}

        return JobOutcome({"rows": 9}, write=write)

    job_kind("test.prepared", in_transaction=False)(prepare)
    job = start_job(kind="test.prepared", title="导入", owner=owner, arguments={"count": 3})
    assert (job.state, job.result) == (JobState.DONE, {"rows": 9, "new": 3})


def test_a_run_whose_place_was_taken_undoes_its_writes(owner):
    def slow(job, report):
        outcome = counting(job, report)
        Job.objects.filter(pk=job.pk).update(claim="00000000-0000-0000-0000-000000000001")
        return outcome

    job = start(owner, slow)
    assert not Unit.objects.filter(code__startswith="J").exists()
    assert job.state == JobState.RUNNING


def test_a_job_runs_once_however_often_it_is_offered(owner):
    job = start(owner)
    assert run_job(job_id=job.pk) is False
    assert Job.objects.get().attempts == 1


def test_an_unknown_kind_is_not_started(owner):
    with pytest.raises(LookupError):
        start_job(kind="test.unheard", title="x", owner=owner, arguments={})
    assert not Job.objects.exists()


@pytest.mark.parametrize(("silent", "resumed"), [(29, 0), (31, 1)])
def test_a_job_without_a_sign_of_life_for_half_a_minute_is_resumed(owner, silent, resumed):
    job = start(owner)
    Unit.objects.filter(code__startswith="J").delete()
    at = timezone.now() - timedelta(seconds=silent)
    Job.objects.update(
        state=JobState.RUNNING, claim="00000000-0000-0000-0000-000000000001", heartbeat_at=at, finished_at=None
    )
    assert resume_lost_jobs() == resumed
    job.refresh_from_db()
    assert (job.state, job.attempts) == ((JobState.DONE, 2) if resumed else (JobState.RUNNING, 1))


def test_a_job_lost_three_times_is_given_up_with_a_sentence(owner):
    job = start(owner)
    Job.objects.update(
        state=JobState.RUNNING,
        claim="00000000-0000-0000-0000-000000000001",
        heartbeat_at=timezone.now() - timedelta(hours=1),
        finished_at=None,
        attempts=3,
    )
    assert resume_lost_jobs() == 0
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "3" in job.problem


def test_a_failed_job_can_be_tried_again_by_its_owner_and_by_nobody_else(owner, staff):
    succeed = []

    def sometimes(job, report):
        if not succeed:
            raise Refused("还不行。")
        return JobOutcome({})

    job = start(owner, sometimes)
    with pytest.raises(NotAllowed):
        retry_job(actor=staff(), job=job)
    succeed.append(True)
    assert retry_job(actor=owner, job=job).state == JobState.DONE
    with pytest.raises(Refused):
        retry_job(actor=owner, job=job)


def pages_of(job):
    return [reverse("job", args=[job.pk]), reverse("job-state", args=[job.pk])]


def test_only_the_owner_and_those_who_may_see_all_jobs_see_a_job(client, owner, staff, django_user_model):
    job = start(owner)
    administrator = staff()
    administrator.user_permissions.add(Permission.objects.get(codename="view_job"))
    answers = {}
    for name, user in (("owner", owner), ("administrator", administrator), ("colleague", staff())):
        client.force_login(user)
        answers[name] = [client.get(page).status_code for page in pages_of(job)]
        answers[name].append(client.post(reverse("job-retry", args=[job.pk])).status_code)
    assert answers == {"owner": [200, 200, 302], "administrator": [200, 200, 302], "colleague": [404, 404, 404]}
    client.logout()
    assert {client.get(page).status_code for page in pages_of(job)} == {302}


def test_the_page_shows_progress_result_and_problem(client, owner):
    client.force_login(owner)
    job = start(owner)
    page = client.get(reverse("job", args=[job.pk])).content.decode()
    assert 'value="100"' in page
    assert 'href="/admin/"' in page
    assert "job.js" not in page

    Job.objects.update(state=JobState.WAITING, finished_at=None)
    page = client.get(reverse("job", args=[job.pk])).content.decode()
    assert 'http-equiv="refresh"' in page
    assert "job.js" in page

    Job.objects.update(state=JobState.FAILED, finished_at=timezone.now(), problem="第 3 行没有代码。")
    page = client.get(reverse("job", args=[job.pk])).content.decode()
    assert "第 3 行没有代码。" in page
    assert reverse("job-retry", args=[job.pk]) in page


def test_the_error_sheet_opens_to_whoever_sees_the_job(client, owner, staff):
    def with_sheet(job, report):
        sheet = store_file(content=b"row,problem\n3,x", name="错误.csv", purpose=ERROR_SHEET, owner=None, kinds=["csv"])
        return JobOutcome({"refused": 1}, error_sheet=sheet)

    job = start(owner, with_sheet)
    address = reverse("private-file", args=[job.error_sheet_id])
    client.force_login(owner)
    assert address in client.get(reverse("job", args=[job.pk])).content.decode()
    assert client.get(address).status_code == 200
    client.force_login(staff())
    assert client.get(address).status_code == 404


def test_a_result_never_links_to_another_site(client, owner):
    client.force_login(owner)
    for url in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        job = start(owner, lambda job, report, url=url: JobOutcome({"url": url}))
        assert "evil" not in client.get(reverse("job", args=[job.pk])).content.decode()


def test_the_list_asks_the_same_number_of_queries_for_one_and_for_thirty_jobs(client, owner, django_assert_num_queries):
    client.force_login(owner)
    start(owner, lambda job, report: JobOutcome())
    client.get(reverse("jobs:index"))
    counts = []
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for more in (0, 30):
        for _number in range(more):
            start_job(kind="test.kind", title="x", owner=owner, arguments={})
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("jobs:index"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_workers_get_the_job_only_after_the_commit(owner, settings, monkeypatch, django_capture_on_commit_callbacks):
    from foundation.jobs.tasks import run_job as task

    settings.TASK_MODE = "celery"
    offered = []
    monkeypatch.setattr(task, "delay", offered.append)
    with django_capture_on_commit_callbacks(execute=True):
        job = start(owner)
        assert offered == []
    assert offered == [str(job.pk)]
    assert domain.Job.objects.get().state == JobState.WAITING
