"""Checking the opening ratio is a job on the campaign."""

import pytest
from django.urls import reverse

from campaigns.planning.models import Campaign, Position
from tests.applicants import CLOSES
from tests.examiners import Exam
from tests.office_works import Handed

pytestmark = pytest.mark.django_db
TOLD = {"document": "调整1号", "reason": "未达到开考比例"}


def test_the_opening_ratio_is_checked_by_one_job(client, settings, staff, campaign, make_position, time_machine):
    settings.SECOND_FACTOR_REQUIRED = False
    exam = Exam(staff, campaign)
    position = make_position(headcount_planned=2, headcount_effective=2)
    exam.enter(position, 4)
    exam.claim_posts(position, 2)
    time_machine.move_to(CLOSES)
    rows, opens = Campaign.objects.filter(pk=campaign.pk), campaign.registration_closes_at
    url = reverse("opening-ratio", args=[campaign.code])
    handed = Handed(client, settings, exam.office, url, TOLD).asks_again_when_it_runs()
    handed.keeps_nothing_of_a_refusal(
        lambda: rows.update(registration_closes_at=CLOSES.replace(year=2027)),
        lambda: rows.update(registration_closes_at=opens),
        "报名",
    )
    job = handed.leads_to(url, "开考比例")
    assert (job.result["positions"], Position.objects.get().headcount_effective) == (1, 1)
