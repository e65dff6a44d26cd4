"""What holds for every act of the office that runs as a job, tried on the real page and the real verb."""

from django.apps import apps
from django.urls import reverse

from accounts.models import AuditEntry, StaffRole
from foundation.jobs.domain import run_job
from foundation.jobs.models import Job, JobState
from foundation.messages.models import Message

ROOMS = ("applications", "examinations", "selection", "publications", "appointments", "establishment", "planning")


def everything():
    """All rows an act could write, by model."""
    models = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values()) for model in (*models, AuditEntry, Message)
    }


class Handed:
    """An act on a page: `start` presses its button, `run` is the worker; `told` is what is filled in."""

    def __init__(self, client, settings, person, url, told=None):
        self.client, self.person, self.url, self.told = client, person, url, told or {}
        settings.TASK_MODE = "embedded"
        client.force_login(person)

    def start(self):
        """The one job that is live after the press."""
        answer = self.client.post(self.url, self.told)
        job = Job.objects.get(state=JobState.WAITING)
        assert (answer.status_code, answer.url) == (302, f"{reverse('job', args=[job.pk])}?follow=1")
        return job

    def run(self, job):
        assert run_job(job_id=job.pk)
        job.refresh_from_db()
        return job

    def page_of(self, job):
        return self.client.get(reverse("job", args=[job.pk]), {"follow": "1"})

    def asks_again_when_it_runs(self):
        """A duty lost between the press and the run: refused, nothing saved."""
        before, job = everything(), self.start()
        duties = list(StaffRole.objects.filter(user=self.person))
        StaffRole.objects.filter(user=self.person).delete()
        self.run(job)
        assert (job.state, bool(job.problem)) == (JobState.REFUSED, True)
        assert everything() == before
        StaffRole.objects.bulk_create(duties)
        return self

    def keeps_nothing_of_a_refusal(self, spoil, mend, words):
        """`spoil()` makes the verb refuse with `words`, read on the page of the job; `mend()` undoes that."""
        job = self.start()
        spoil()
        before = everything()
        self.run(job)
        assert (job.state, everything() == before) == (JobState.REFUSED, True)
        assert words in job.problem
        page = self.page_of(job).content.decode()
        assert (words in page, job.arguments["back"].partition("?")[0] in page) == (True, True)
        mend()
        return self

    def leads_to(self, outcome, done):
        """Pressed twice it is one job, which changes nothing before it runs; then the outcome with the words `done`."""
        before, job = everything(), self.start()
        assert (self.start().pk, everything() == before) == (job.pk, True)
        assert self.page_of(job).status_code == 200
        self.run(job)
        assert (job.state, job.problem) == (JobState.DONE, "")
        assert everything() != before
        address = outcome() if callable(outcome) else outcome
        assert self.page_of(job).url == address
        page = self.client.get(address)
        assert (page.status_code, done in page.content.decode()) == (200, True)
        return job
