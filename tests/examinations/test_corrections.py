"""A locked mark is corrected by a decision and a second person; nobody is called by an outdated ranking."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command

from accounts.models import AuditEntry
from foundation.errors import Refused
from recruitment.examinations import domain
from recruitment.examinations.models import Mark, MarkBatch, MarkKind, TotalResult, WrittenResult
from recruitment.examinations.queries import newest_marks, score_ledger
from recruitment.examinations.standing import standings
from recruitment.examinations.steps import next_step, steps_of
from tests.applicants import NOW
from tests.examiners import sheet, ticket

pytestmark = pytest.mark.django_db
HEADER = ["准考证号", "职测", "综应"]
DECISION = "复核决定1号"


@pytest.fixture
def ranked(exam, position, time_machine):
    exam.enter(position, 4)
    exam.written(120, 110, 100, 90)
    time_machine.move_to(NOW + timedelta(minutes=1), tick=False)
    return exam


def current(exam, number):
    person = exam.people[number]
    return {mark.paper: mark.value for mark in newest_marks(type(person).objects.get(pk=person.pk))}


def step_now(exam):
    return next_step(steps_of(standings([exam.campaign])[exam.campaign.pk])).key


def correct(exam, *row, **more):
    return exam.take(sheet(HEADER, row), correction=DECISION, **more)


def test_without_a_decision_a_locked_mark_is_refused_and_with_one_the_newer_mark_counts(ranked):
    plain = ranked.take(sheet(HEADER, [ticket(3), 90, 150]))
    assert ([one.row for one in plain.sheets[0].refused], plain.saved) == ([2], False)
    outcome = correct(ranked, ticket(3), 90, 150)
    assert (outcome.refused, outcome.sheets[0].changed) == (False, 1)
    assert current(ranked, 3) == {"职测": Decimal("90.00"), "综应": Decimal("150.00")}
    old = Mark.objects.filter(application=ranked.people[3], paper="综应").order_by("pk")
    assert [(mark.value, bool(mark.batch.locked_at)) for mark in old] == [(90, True), (150, False)]
    assert AuditEntry.objects.filter(action="examinations.import_marks").latest("pk").reason == DECISION


def test_a_plain_import_takes_no_lock_away_by_way_of_an_open_correction(ranked):
    correct(ranked, ticket(3), 90, 150)
    outcome = ranked.take(sheet(HEADER, [ticket(3), 90, 149]))
    assert [one.row for one in outcome.sheets[0].refused] == [2]
    assert current(ranked, 3)["综应"] == Decimal("150.00")


def test_only_papers_that_differ_get_a_new_mark(ranked):
    correct(ranked, ticket(3), 90, 150)
    batch = MarkBatch.objects.latest("pk")
    assert [(mark.paper, mark.value) for mark in batch.marks.all()] == [("综应", Decimal("150.00"))]


def test_a_correction_is_locked_by_a_second_person_then_ranked(ranked):
    correct(ranked, ticket(3), 150, 150)
    assert step_now(ranked) == "lock"
    with pytest.raises(Refused) as caught:
        domain.rank_written(actor=ranked.clerk, campaign=ranked.campaign)
    assert caught.value.code == "not_locked"
    ranked.lock()
    assert step_now(ranked) == "rank"
    domain.rank_written(actor=ranked.clerk, campaign=ranked.campaign)
    assert WrittenResult.objects.get(application=ranked.people[3]).rank == 1
    assert step_now(ranked) == "scores"


def test_nobody_is_called_and_no_list_goes_out_by_a_ranking_older_than_the_marks(ranked):
    correct(ranked, ticket(3), 150, 150)
    ranked.lock()
    for verb in (domain.make_shortlist, domain.prepare_scores):
        with pytest.raises(Refused) as caught:
            verb(actor=ranked.clerk, campaign=ranked.campaign)
        assert caught.value.code == "old_ranking"


def test_after_the_shortlist_ranking_again_means_taking_it_back_first(ranked):
    ranked.shortlist()
    with pytest.raises(Refused) as caught:
        domain.rank_written(actor=ranked.clerk, campaign=ranked.campaign)
    assert caught.value.code == "shortlisted"
    correct(ranked, ticket(3), 150, 150)
    ranked.lock()
    with pytest.raises(Refused):
        domain.reopen_ranking(actor=ranked.clerk, campaign=ranked.campaign, reason=" ")
    assert domain.reopen_ranking(actor=ranked.clerk, campaign=ranked.campaign, reason=DECISION) == 4
    domain.rank_written(actor=ranked.clerk, campaign=ranked.campaign)
    ranked.shortlist()
    called = WrittenResult.objects.filter(is_called=True).values_list("application__ticket_no", flat=True)
    assert set(called) == {ticket(3), ticket(0), ticket(1)}


def test_once_interview_marks_are_in_written_marks_and_shortlist_stay(ranked):
    ranked.shortlist()
    ranked.interviews(80, 70, 90)
    acts = [
        lambda: correct(ranked, ticket(3), 150, 150),
        lambda: domain.make_shortlist(actor=ranked.clerk, campaign=ranked.campaign),
        lambda: domain.reopen_ranking(actor=ranked.clerk, campaign=ranked.campaign, reason="x"),
    ]
    before = list(WrittenResult.objects.values_list("application", "value", "is_called"))
    for act in acts:
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.code == "interviewed"
    assert list(WrittenResult.objects.values_list("application", "value", "is_called")) == before


def test_corrected_interview_marks_need_new_totals_and_decided_positions_keep_theirs(ranked, time_machine):
    ranked.shortlist()
    ranked.interviews(80, 70, 90)
    time_machine.move_to(NOW + timedelta(minutes=2), tick=False)
    rows = sheet(["准考证号", "面试成绩"], [ticket(1), 99])
    take = lambda: ranked.take(rows, MarkKind.INTERVIEW, actor=ranked.office, correction=DECISION)  # noqa: E731
    assert take().saved
    ranked.lock()
    with pytest.raises(Refused) as caught:
        ranked.propose()
    assert caught.value.code == "old_totals"
    domain.compute_totals(actor=ranked.clerk, campaign=ranked.campaign)
    assert TotalResult.objects.get(application=ranked.people[1]).rank == 1
    ranked.propose()
    rows = sheet(["准考证号", "面试成绩"], [ticket(1), 60])
    outcome = ranked.take(rows, MarkKind.INTERVIEW, actor=ranked.office, correction=DECISION)
    assert ([one.row for one in outcome.sheets[0].refused], outcome.saved) == ([2], False)


def test_a_person_reads_the_corrected_mark_only(ranked):
    correct(ranked, ticket(3), 150, 150)
    ranked.lock()
    domain.rank_written(actor=ranked.clerk, campaign=ranked.campaign)
    ranked.put_out(domain.prepare_scores(actor=ranked.clerk, campaign=ranked.campaign))
    person = type(ranked.people[3]).objects.get(pk=ranked.people[3].pk)
    (written,) = score_ledger(person)
    assert [line.shown for line in written.lines] == ["150.00", "150.00", "100.00"]


def test_the_command_corrects_by_the_same_verb(ranked, tmp_path):
    path = tmp_path / "marks.csv"
    path.write_bytes(sheet(HEADER, [ticket(3), 150, 150]))
    call_command("import_marks", path, campaign="C1", format="json")
    assert MarkBatch.objects.count() == 1
    call_command("import_marks", path, campaign="C1", format="json", correction=DECISION)
    assert MarkBatch.objects.latest("pk").correction == DECISION


def test_a_list_of_a_kind_waits_only_once_with_the_press(ranked):
    domain.prepare_scores(actor=ranked.clerk, campaign=ranked.campaign)
    with pytest.raises(Refused) as caught:
        domain.prepare_scores(actor=ranked.office, campaign=ranked.campaign)
    assert caught.value.code == "list_waits"


def test_a_list_that_shows_an_earlier_ranking_is_to_be_replaced(ranked):
    ranked.put_out(domain.prepare_scores(actor=ranked.clerk, campaign=ranked.campaign))
    assert step_now(ranked) == "line"
    correct(ranked, ticket(3), 150, 150)
    ranked.lock()
    domain.rank_written(actor=ranked.clerk, campaign=ranked.campaign)
    released = standings([ranked.campaign])[ranked.campaign.pk]
    # Prepared in the same frozen minute as the new ranking, so not older: the clock decides.
    assert released.list_is_old("scores") is False
    WrittenResult.objects.update(computed_at=NOW + timedelta(minutes=5))
    assert step_now(ranked) == "scores"
