"""Verbs of the office as jobs: one at a time for each subject, permission asked twice, led on to the outcome."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from accounts.models import Unit
from foundation.errors import NotAllowed, Refused
from foundation.jobs import kinds
from foundation.jobs.domain import retry_job, run_job
from foundation.jobs.models import Job, JobState
from foundation.jobs.work import office_work, start_work

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_kinds_of_this_test(monkeypatch):
    monkeypatch.setattr(kinds, "_KINDS", dict(kinds._KINDS))


@pytest.fixture
def allowed():
    return []


@pytest.fixture
def rename(allowed):
    @office_work("test.rename", rows=Unit.objects.all(), rule=lambda person, _unit: person.pk in allowed)
    def run(job, unit, report):
        report(1, 1)
        Unit.objects.filter(pk=unit.pk).update(name=job.arguments["told"]["name"])
        if job.arguments["told"]["name"] == "不行":
            raise Refused("这个名称不行。")
        return {"said": "改好了。", "url": "/admin/", "people": 1}

    return run


@pytest.fixture
def begin(rename, county):
    def start(actor, name="新名"):
        return start_work(rename, actor=actor, subject=county, title="改名", back="/admin/back/", told={"name": name})

    return start


def name_of(county):
    return Unit.objects.get(pk=county.pk).name


def test_the_rule_is_asked_at_the_start_and_again_at_the_run(begin, allowed, staff, county, settings):
    owner = staff()
    with pytest.raises(NotAllowed):
        begin(owner)
    assert not Job.objects.exists()
    allowed.append(owner.pk)
    settings.TASK_MODE = "embedded"
    job = begin(owner)
    allowed.clear()
    run_job(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, name_of(county)) == (JobState.REFUSED, "云岫县")
    assert job.problem


def test_while_one_is_live_a_second_start_gives_the_same_job(begin, allowed, staff, settings):
    first, second = staff(), staff()
    allowed += [first.pk, second.pk]
    settings.TASK_MODE = "embedded"
    job = begin(first)
    assert {begin(first, "别名").pk, begin(second).pk} == {job.pk}
    Job.objects.update(state=JobState.RUNNING, claim="00000000-0000-0000-0000-000000000001")
    assert begin(first).pk == job.pk
    Job.objects.update(state=JobState.DONE, finished_at=timezone.now())
    assert begin(first).pk != job.pk


def test_the_database_keeps_a_lane_to_one_live_job(begin, allowed, staff, settings):
    owner = staff()
    allowed.append(owner.pk)
    settings.TASK_MODE = "embedded"
    job = begin(owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind=job.kind, title="x", owner=owner, lane=job.lane)


def test_a_refused_work_keeps_nothing_and_is_not_tried_again_beside_a_newer_one(
    begin, allowed, staff, county, settings, client
):
    owner = staff()
    allowed.append(owner.pk)
    job = begin(owner, "不行")
    assert (job.state, job.problem, name_of(county)) == (JobState.REFUSED, "这个名称不行。", "云岫县")
    client.force_login(owner)
    page = client.get(reverse("job", args=[job.pk]), {"follow": "1"}).content.decode()
    assert 'href="/admin/back/"' in page
    assert "这个名称不行。" in page
    assert reverse("job-retry", args=[job.pk]) not in page
    settings.TASK_MODE = "embedded"
    begin(owner)
    with pytest.raises(Refused) as caught:
        retry_job(actor=owner, job=job)
    assert caught.value.code == "lane_taken"


def test_a_subject_that_is_gone_is_said_so(begin, allowed, staff, settings):
    owner = staff()
    allowed.append(owner.pk)
    settings.TASK_MODE = "embedded"
    job = begin(owner)
    Job.objects.update(arguments={**job.arguments, "subject": 0})
    run_job(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == JobState.REFUSED


def test_whoever_waits_is_led_on_and_whoever_comes_later_reads_the_result(begin, allowed, staff, client):
    owner = staff()
    allowed.append(owner.pk)
    job = begin(owner)
    client.force_login(owner)
    page = reverse("job", args=[job.pk])
    assert client.get(page, {"follow": "1"}).headers["Location"] == "/admin/"
    assert "改好了。" in client.get(page).content.decode()


def test_the_job_speaks_the_language_it_was_started_in(begin, allowed, staff, settings):
    owner = staff()
    allowed.append(owner.pk)
    settings.TASK_MODE = "embedded"
    with translation.override("en"):
        job = begin(owner)
    allowed.clear()
    run_job(job_id=job.pk)
    job.refresh_from_db()
    with translation.override("en"):
        assert job.problem == gettext("You may not do this any more. Nothing was saved.")
