"""Publishing a campaign and voiding it are jobs: every post is reserved or given back, or none."""

import pytest
from django.urls import reverse

from campaigns.establishment.models import EstablishedPost
from campaigns.planning.models import Campaign
from tests.office_works import Handed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


def url(name):
    return reverse("planning-act", args=["C1", name])


def posts():
    return sorted(EstablishedPost.objects.values_list("state", flat=True))


def test_a_campaign_is_published_by_one_job(
    client, settings, make_campaign, add, approve, permit, hospital, school, second
):
    """The school has no permit when the job runs: the hospital's posts, reserved before, are not kept either."""
    campaign = make_campaign()
    add(campaign, hospital, "A01", headcount=2)
    add(campaign, school, "A02")
    permit(hospital, 2)
    permit(school, 1)
    approve(campaign)
    schools = EstablishedPost.objects.filter(unit=school)
    handed = Handed(client, settings, second, url("publish")).asks_again_when_it_runs()
    permitted = list(schools.values("id", "state", "permit_id"))
    handed.keeps_nothing_of_a_refusal(
        lambda: schools.update(state="allocated", permit=None),
        lambda: [schools.filter(pk=row["id"]).update(**row) for row in permitted],
        "第一中学",
    )
    assert posts() == ["permitted"] * 3
    job = handed.leads_to(reverse("planning-campaign", args=["C1"]), "已公开发布")
    assert (posts(), job.result["positions"], Campaign.objects.get().state) == (["reserved"] * 3, 2, "published")


def test_a_campaign_is_voided_by_one_job(client, settings, published, second):
    held = EstablishedPost.objects.filter(state="reserved")
    handed = Handed(client, settings, second, url("void"), {"reason": "计划调整"}).asks_again_when_it_runs()
    one = held.first().pk
    handed.keeps_nothing_of_a_refusal(
        lambda: EstablishedPost.objects.filter(pk=one).update(state="held"),
        lambda: EstablishedPost.objects.filter(pk=one).update(state="reserved"),
        "未保存任何内容",
    )
    handed.leads_to(reverse("planning-campaign", args=["C1"]), "作废")
    assert (posts(), Campaign.objects.get().state) == (["permitted"] * 2, "voided")
