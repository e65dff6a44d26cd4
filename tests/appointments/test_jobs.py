"""Taking over everyone of a campaign and drafting the list of proposed hires are jobs."""

import pytest
from django.urls import reverse

from campaigns.planning.models import CalendarDay
from foundation.jobs.models import JobState
from recruitment.applications.models import Application
from recruitment.appointments import domain
from recruitment.appointments.models import Appointment
from recruitment.publications.models import Publication
from tests.office_works import Handed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _office(settings, db):
    settings.SECOND_FACTOR_REQUIRED = False
    CalendarDay.objects.get_or_create(date="2026-01-01", defaults={"is_working": False, "name": "元旦"})


@pytest.fixture
def proposed(exam, make_position):
    """Two people for two places with their posts, proposed, the list of totals out."""
    position = make_position(headcount_planned=2, headcount_effective=2)
    exam.enter(position, 4)
    exam.claim_posts(position, 2)
    exam.to_totals((120, 110, 100, 90), (90, 85, 80, 75))
    return exam


def test_the_take_over_is_one_job(client, settings, proposed):
    """The second of two has another appointment: the first, already handed over in that run, is not kept either."""
    settings.TASK_MODE = "embedded"
    people = list(Application.objects.filter(state="proposed").order_by("pk"))
    other = Application.objects.filter(state="not_selected").first()
    blocking = []

    def has_another():
        blocking.append(
            Appointment.objects.create(
                application=other, candidate=people[1].candidate, position=other.position, opened_by=proposed.office
            )
        )

    handed = Handed(client, settings, proposed.office, reverse("appointments-take-over", args=["C1"]))
    handed.asks_again_when_it_runs()
    handed.keeps_nothing_of_a_refusal(has_another, lambda: blocking[0].delete(), "另有")
    outcome = f"{reverse('appointments')}?campaign=C1"
    job = handed.leads_to(outcome, "已转入聘用办理")
    assert (job.done, job.total, job.result["people"], Appointment.objects.count()) == (2, 2, 2, 2)
    again = handed.run(handed.start())
    assert (again.state, again.result["people"], Appointment.objects.count()) == (JobState.DONE, 0, 2)


def test_the_list_of_proposed_hires_is_one_job_and_drafted_once(client, settings, proposed):
    proposed.hand_over()
    handed = Handed(client, settings, proposed.office, reverse("appointments-to-notice", args=["C1"]))
    handed.asks_again_when_it_runs()
    faster = []

    def somebody_was_faster():
        faster.append(domain.prepare_notice(actor=proposed.office, campaign=proposed.campaign))

    handed.keeps_nothing_of_a_refusal(somebody_was_faster, lambda: faster[0].delete(), "发布")
    lists = Publication.objects.filter(kind="proposed_hires")
    handed.leads_to(lambda: reverse("press-publication", args=[lists.get().pk]), "草稿已生成，请另一人复核。")
    again = handed.run(handed.start())
    assert (again.state, lists.count()) == (JobState.REFUSED, 1)
