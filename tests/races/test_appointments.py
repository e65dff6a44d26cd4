"""Posts and sequence numbers when several people act at once. Runs on whichever database the session uses."""

import pytest

from campaigns.establishment.models import EstablishedPost
from foundation.errors import DomainError
from recruitment.appointments import domain as appointing
from recruitment.appointments.models import Appointment
from recruitment.publications import domain as press
from recruitment.publications.models import Publication
from tests.applicants import *  # noqa: F403 - a campaign, its positions, people
from tests.examiners import *  # noqa: F403 - the exam and its offices
from tests.races.threads import run_together

pytestmark = pytest.mark.django_db(transaction=True)


def reviewed(exam, number):
    row = press.prepare_free_notice(actor=exam.clerk, campaign=exam.campaign, title=f"公告{number}", text="正文")
    return press.review(actor=exam.second, publication=row)


def test_an_appointment_entered_many_times_at_once_uses_one_post(exam, hired, time_machine):
    row = Appointment.objects.select_related("notice").get(pk=hired[0].pk)
    time_machine.move_to(row.notice.notice_ends_at)
    appointing.approve_appointment(actor=exam.second, appointment=row, approval_number="1号")
    results = run_together(
        4,
        lambda n: appointing.enter_post(
            actor=exam.posts, appointment=Appointment.objects.get(pk=row.pk), ledger_number=f"SM{n}"
        ),
    )
    assert sorted(isinstance(result, DomainError) for result in results) == [False, True, True, True]
    assert sorted(EstablishedPost.objects.values_list("state", flat=True)) == ["held", "used"]


def test_a_list_released_by_several_people_at_once_gets_one_number(exam, hired):
    row = reviewed(exam, 1)
    before = Publication.objects.exclude(sequence=None).count()
    results = run_together(4, lambda _n: press.release(actor=exam.second, publication=row))
    assert sorted(isinstance(result, DomainError) for result in results) == [False, True, True, True]
    numbers = sorted(Publication.objects.exclude(sequence=None).values_list("sequence", flat=True))
    assert numbers == list(range(1, before + 2))


def test_lists_released_at_once_follow_one_another_in_the_chain(exam, hired):
    rows = [reviewed(exam, number) for number in range(4)]
    before = Publication.objects.exclude(sequence=None).count()
    results = run_together(4, lambda n: press.release(actor=exam.second, publication=rows[n]))
    assert [result for result in results if isinstance(result, DomainError)] == []
    numbers = sorted(Publication.objects.exclude(sequence=None).values_list("sequence", flat=True))
    assert numbers == list(range(1, before + 5))
