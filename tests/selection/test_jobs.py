"""Ranking a selection and handing its result in are jobs; the result is drafted once."""

import pytest
from django.urls import reverse

from campaigns.planning.models import Campaign
from foundation.errors import Refused
from foundation.jobs.models import JobState
from recruitment.applications.models import Application
from recruitment.publications.models import Publication
from recruitment.selection import domain
from recruitment.selection.lists import prepare_selection
from recruitment.selection.models import SelectionResult
from tests.office_works import Handed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def marked(mark):
    mark(R1=30, R2=38, R3=20)


def at(name):
    return reverse(name, args=["SEL"])


def gone(back=None):
    """Everyone withdraws, so that nobody is left to be ranked."""
    Application.objects.update(state=back or "withdrawn")


def test_the_ranking_is_one_job(client, settings, office, selection, marked):
    handed = Handed(client, settings, office, at("selection-ranking")).asks_again_when_it_runs()
    handed.keeps_nothing_of_a_refusal(gone, lambda: gone("effective"), "未保存任何内容")
    job = handed.leads_to(at("selection"), "排名已完成")
    assert (job.result["people"], job.done, job.total, SelectionResult.objects.count()) == (3, 1, 1, 3)


def test_the_result_is_handed_in_by_one_job_and_drafted_once(client, settings, office, selection, marked):
    domain.rank_selection(actor=office, campaign=selection)
    handed = Handed(client, settings, office, at("selection-to-press")).asks_again_when_it_runs()
    waiting = []

    def somebody_was_faster():
        waiting.append(prepare_selection(actor=office, campaign=selection))

    handed.keeps_nothing_of_a_refusal(somebody_was_faster, lambda: waiting[0].delete(), "发布")
    draft = lambda: reverse("press-publication", args=[Publication.objects.get().pk])  # noqa: E731
    handed.leads_to(draft, "草稿已生成，请另一人复核。")
    again = handed.run(handed.start())
    assert (again.state, Publication.objects.count()) == (JobState.REFUSED, 1)


def test_without_a_ranking_there_is_nothing_to_hand_in(office, selection, people):
    with pytest.raises(Refused) as caught:
        prepare_selection(actor=office, campaign=Campaign.objects.get(pk=selection.pk))
    assert (caught.value.code, Publication.objects.exists()) == ("nobody", False)
