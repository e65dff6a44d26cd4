"""A release by hand and a correction from today's data are jobs on the list."""

import pytest
from django.urls import reverse

from recruitment.appointments.domain import prepare_notice
from recruitment.appointments.models import Appointment
from recruitment.examinations import domain as exams
from recruitment.publications import domain
from recruitment.publications.models import Publication
from tests.office_works import Handed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def reviewed(exam, position):
    exam.enter(position, 3)
    exam.written(120, 110, 100)
    draft = exams.prepare_scores(actor=exam.clerk, campaign=exam.campaign)
    return domain.review(actor=exam.second, publication=draft)


def test_a_release_is_one_job(client, settings, exam, reviewed):
    rows = Publication.objects.filter(pk=reviewed.pk)
    handed = Handed(client, settings, exam.second, reverse("press-act", args=[reviewed.pk, "release"]))
    handed.asks_again_when_it_runs()
    handed.keeps_nothing_of_a_refusal(
        lambda: rows.update(state="draft"), lambda: rows.update(state="reviewed"), "只有复核过的名单"
    )
    job = handed.leads_to(reverse("press-publication", args=[reviewed.pk]), "名单已公布。")
    assert (rows.get().state, rows.get().released_by, job.result["rows"]) == ("released", exam.second, 3)


def test_a_release_that_can_hold_no_post_for_one_of_two_holds_none(client, settings, exam, make_position):
    position = make_position(headcount_planned=2, headcount_effective=2)
    exam.enter(position, 4)
    (first, _second) = exam.claim_posts(position, 2)
    exam.to_totals((120, 110, 100, 90), (90, 85, 80, 75))
    exam.hand_over()
    draft = domain.review(actor=exam.second, publication=prepare_notice(actor=exam.office, campaign=exam.campaign))
    claim = position.slots.get(post=first)
    handed = Handed(client, settings, exam.second, reverse("press-act", args=[draft.pk, "release"]))
    handed.keeps_nothing_of_a_refusal(lambda: position.slots.filter(pk=claim.pk).delete(), claim.save, "编制")
    assert set(Appointment.objects.values_list("state", "post")) == {("inspected", None)}


def test_a_correction_is_one_job_and_made_once(client, settings, exam, reviewed):
    domain.release(actor=exam.second, publication=reviewed)
    handed = Handed(client, settings, exam.office, reverse("press-correct", args=[reviewed.pk]))
    handed.asks_again_when_it_runs()
    faster = []
    handed.keeps_nothing_of_a_refusal(
        lambda: faster.append(exams.prepare_scores(actor=exam.clerk, campaign=exam.campaign)),
        lambda: faster[0].delete(),
        "发布",
    )
    new = Publication.objects.filter(supersedes=reviewed)
    handed.leads_to(lambda: reverse("press-publication", args=[new.get().pk]), "草稿已生成，请另一人复核。")
