"""Marks are locked by one second person, and no ranking is made on marks that change meanwhile."""

import time
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEntry
from foundation.errors import Refused
from recruitment.examinations import domain as marking
from recruitment.examinations.models import MarkBatch, WrittenLine, WrittenResult
from tests.applicants import *  # noqa: F403 - a campaign, its positions, people
from tests.examiners import *  # noqa: F403 - the exam and its offices
from tests.examiners import sheet, ticket
from tests.races.threads import run_together

pytestmark = pytest.mark.django_db(transaction=True)
HEADER = ["准考证号", "职测", "综应"]
PEOPLE = 6


@pytest.fixture
def waiting(exam, position):
    """A batch that waits for its lock."""
    exam.enter(position, 3)
    exam.take(sheet(HEADER, *[(ticket(number), 90 + number, 90) for number in range(3)]))
    return exam, MarkBatch.objects.get()


def test_of_many_people_who_lock_a_batch_at_once_one_does(waiting):
    exam, batch = waiting
    people = [exam.checker, exam.clerk] * (PEOPLE // 2)
    results = run_together(PEOPLE, lambda number: marking.lock_marks(actor=people[number], batch=batch))
    assert sum(isinstance(result, MarkBatch) for result in results) == 1
    batch.refresh_from_db()
    assert batch.locked_by == exam.checker
    assert AuditEntry.objects.filter(action="examinations.lock_marks").count() == 1


def test_looking_whether_a_batch_is_open_without_a_lock_locks_it_many_times(waiting):
    """The negative control: read, wait, believe what was read."""
    _exam, batch = waiting
    locked = []

    def lock(number):
        if MarkBatch.objects.get(pk=batch.pk).locked_at is None:
            time.sleep(0.3)
            locked.append((number, timezone.now()))

    run_together(PEOPLE, lock)
    assert len(locked) > 1


def test_a_ranking_during_an_import_sees_all_of_its_marks_or_is_refused(waiting):
    """A second import and a ranking at once: never a ranking beside marks that nobody locked."""
    exam, batch = waiting
    marking.lock_marks(actor=exam.checker, batch=batch)
    late = exam.enter(exam.people[0].position, 1)[0]
    content = sheet(HEADER, [late.ticket_no, 120, 120])
    acts = (
        lambda: exam.take(content),
        lambda: marking.rank_written(actor=exam.office, campaign=exam.campaign),
    )
    _imported, ranked = run_together(2, lambda number: acts[number]())
    if isinstance(ranked, Refused):
        assert (ranked.code, WrittenResult.objects.count()) == ("not_locked", 0)
        return
    # The ranking came first: the marks that came after it keep its people from being called.
    assert ranked == 3
    assert WrittenResult.objects.get(application=late).value is None
    with pytest.raises(Refused) as caught:
        marking.make_shortlist(actor=exam.office, campaign=exam.campaign)
    assert caught.value.code == "not_locked"


def test_of_many_who_draw_seats_at_once_one_does(exam, position, time_machine):
    exam.enter(position, 3)
    exam.campaign.applications.update(ticket_no=None)
    exam.campaign.registration_closes_at = exam.campaign.registration_opens_at.replace(day=20)
    exam.campaign.save()
    results = run_together(
        PEOPLE,
        lambda number: marking.assign_tickets(
            actor=exam.clerk, campaign=exam.campaign, area="5115", seed=f"seed {number}"
        ),
    )
    assert sorted(str(result) for result in results if not isinstance(result, Refused)) == ["3"]
    assert {result.code for result in results if isinstance(result, Refused)} == {"tickets_given"}
    assert AuditEntry.objects.filter(action="examinations.assign_tickets").count() == 1


def test_of_many_who_hand_a_list_in_at_once_one_does(waiting):
    exam, batch = waiting
    marking.lock_marks(actor=exam.checker, batch=batch)
    marking.rank_written(actor=exam.clerk, campaign=exam.campaign)
    results = run_together(PEOPLE, lambda _number: marking.prepare_scores(actor=exam.clerk, campaign=exam.campaign))
    assert [result.code for result in results if isinstance(result, Refused)] == ["list_waits"] * (PEOPLE - 1)


@pytest.fixture
def lined(waiting):
    """A ranked exam whose line waits for a second person."""
    exam, batch = waiting
    marking.lock_marks(actor=exam.checker, batch=batch)
    marking.rank_written(actor=exam.clerk, campaign=exam.campaign)
    told = {"value": Decimal(60), "document": "函8号", "reason": "成绩分布"}
    return exam, marking.set_line(actor=exam.office, campaign=exam.campaign, **told), told


def test_of_many_people_who_confirm_a_line_at_once_one_does(lined, staff):
    exam, line, _told = lined
    people = [exam.second, *(staff(Role.TALENT_OFFICE, username=f"more{number}") for number in range(PEOPLE - 1))]
    results = run_together(PEOPLE, lambda number: marking.confirm_line(actor=people[number], line=line))
    assert sum(isinstance(result, WrittenLine) for result in results) == 1
    assert {result.code for result in results if isinstance(result, Refused)} == {"confirmed"}
    assert AuditEntry.objects.filter(action="examinations.confirm_line").count() == 1


def test_looking_whether_a_line_waits_without_a_lock_confirms_it_many_times(lined):
    """The negative control: read, wait, believe what was read."""
    _exam, line, _told = lined
    confirmed = []

    def confirm(number):
        if WrittenLine.objects.get(pk=line.pk).confirmed_at is None:
            time.sleep(0.3)
            confirmed.append(number)

    run_together(PEOPLE, confirm)
    assert len(confirmed) > 1


def test_a_line_confirmed_while_another_is_set_is_never_the_one_in_force_beside_it(lined):
    """Whichever comes first, the line set last is the current one, and nobody confirmed it unseen."""
    exam, line, told = lined
    acts = (
        lambda: marking.confirm_line(actor=exam.second, line=line),
        lambda: marking.set_line(actor=exam.office, campaign=exam.campaign, **{**told, "value": Decimal(70)}),
    )
    confirmed, later = run_together(2, lambda number: acts[number]())
    current = WrittenLine.objects.get(superseded_at=None)
    assert (current.pk, current.confirmed_at) == (later.pk, None)
    assert isinstance(confirmed, WrittenLine) or confirmed.code == "superseded"
