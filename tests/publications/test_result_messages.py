"""A result reaches the person as a message with the release of its list, once, and never before (R94)."""

import pytest

from accounts.models import User
from foundation.messages.models import Message
from recruitment.applications.gateway import move_application
from recruitment.applications.notices import TEXTS
from recruitment.examinations import domain as exams
from recruitment.publications import domain as press
from recruitment.publications.notices import tell_of_release
from recruitment.publications.queries import TAKEN_BACK, TOLD_BY

pytestmark = pytest.mark.django_db


@pytest.fixture
def sitting(exam, make_position):
    """Four people with accounts for one place, the last of them without an address."""
    position = make_position(shortlist_ratio=2)
    for number, person in enumerate(exam.enter(position, 4)):
        email = f"sitter{number}@example.org" if number < 3 else ""
        user = User.objects.create(username=f"sitter{number}", email=email, kind="candidate")
        type(person.candidate).objects.filter(pk=person.candidate_id).update(user=user)
    return exam


def told(since=0):
    """(person, kind) of every message about a result since the given id."""
    rows = Message.objects.filter(kind__startswith="application.", pk__gt=since)
    return set(rows.values_list("recipient__username", "kind"))


def last():
    return Message.objects.order_by("pk").values_list("pk", flat=True).last() or 0


def test_every_move_that_tells_a_result_has_its_sentence():
    assert {*TOLD_BY, *TAKEN_BACK} <= set(TEXTS)


def test_marks_and_the_interview_list_are_told_with_their_release_and_not_before(sitting):
    sitting.written(120, 110, "缺考", 90)
    sitting.shortlist()
    scores = exams.prepare_scores(actor=sitting.clerk, campaign=sitting.campaign)
    press.review(actor=sitting.second, publication=scores)
    assert told() == set()
    press.release(actor=sitting.second, publication=scores)
    assert told() == {
        ("sitter0", "application.mark"), ("sitter1", "application.mark"), ("sitter2", "application.mark_absent"),
    }  # fmt: skip
    before = last()
    sitting.put_out(exams.prepare_shortlist(actor=sitting.clerk, campaign=sitting.campaign))
    assert told(before) == {
        ("sitter0", "application.shortlist"), ("sitter1", "application.shortlist"),
        ("sitter2", "application.leave_out"),
    }  # fmt: skip


def test_totals_tell_who_is_proposed_who_is_not_and_who_stayed_away(sitting):
    sitting.to_totals((120, 110, "缺考", 90), (85, ""))
    kinds = {kind for name, kind in told() if name == "sitter0"}
    assert kinds == {"application.mark", "application.shortlist", "application.propose"}
    assert ("sitter1", "application.listed") in told()


def test_a_proposal_made_after_the_totals_went_out_is_told_at_once(sitting):
    sitting.written(120, 110, 100, 90)
    sitting.put_out(exams.prepare_scores(actor=sitting.clerk, campaign=sitting.campaign))
    sitting.shortlist()
    sitting.put_out(exams.prepare_shortlist(actor=sitting.clerk, campaign=sitting.campaign))
    sitting.interviews(85, 80)
    sitting.put_out(exams.prepare_totals(actor=sitting.clerk, campaign=sitting.campaign))
    before = last()
    sitting.propose()
    assert told(before) == {("sitter0", "application.propose"), ("sitter1", "application.not_select")}


def test_a_result_taken_back_is_told_where_the_result_was(sitting):
    sitting.written(120, 110, 100, 90)
    person = sitting.people[0]
    person.refresh_from_db()
    move_application(actor=sitting.clerk, application=person, move="reopen_marks", reason="复核")
    assert told() == set()
    sitting.put_out(exams.prepare_scores(actor=sitting.clerk, campaign=sitting.campaign))
    assert told() == {("sitter1", "application.mark"), ("sitter2", "application.mark")}
    other = sitting.people[1]
    other.refresh_from_db()
    before = last()
    move_application(actor=sitting.clerk, application=other, move="reopen_marks", reason="复核")
    assert told(before) == {("sitter1", "application.reopen_marks")}


def test_one_release_tells_once_and_its_correction_tells_again(sitting):
    sitting.written(120, 110, 100, 90)
    first = sitting.put_out(exams.prepare_scores(actor=sitting.clerk, campaign=sitting.campaign))
    count = Message.objects.count()
    tell_of_release(publication=first)
    assert Message.objects.count() == count == 3
    sitting.put_out(exams.prepare_scores(actor=sitting.clerk, campaign=sitting.campaign))
    assert Message.objects.count() == 2 * count


def test_who_has_withdrawn_is_told_nothing_more(sitting):
    sitting.written(120, 110, 100, 90)
    person = sitting.people[0]
    person.refresh_from_db()
    move_application(actor=sitting.clerk, application=person, move="withdraw")
    sitting.put_out(exams.prepare_scores(actor=sitting.clerk, campaign=sitting.campaign))
    assert told() == {("sitter1", "application.mark"), ("sitter2", "application.mark")}


def test_no_message_carries_a_name_a_mark_or_a_rank(sitting):
    sitting.to_totals((123, 111, 100, 90), (87.35, 81.25))
    ledger = sitting.people[0]
    ledger.refresh_from_db()
    secrets = {"123", "87.35", "82.00", f"{ledger.total_result.value:.2f}", ledger.candidate.name}
    bodies = [message.body + message.subject for message in Message.objects.filter(recipient__username="sitter0")]
    assert len(bodies) == 3
    assert [(secret, body) for secret in secrets for body in bodies if secret in body] == []


@pytest.mark.parametrize("count", [2, 30])
def test_telling_costs_the_same_for_two_and_for_thirty(exam, make_position, django_assert_num_queries, count):
    for number, person in enumerate(exam.enter(make_position(), count)):
        user = User.objects.create(username=f"sitter{number}", email=f"s{number}@example.org", kind="candidate")
        type(person.candidate).objects.filter(pk=person.candidate_id).update(user=user)
    exam.written(*range(60, 60 + count))
    scores = exam.put_out(exams.prepare_scores(actor=exam.clerk, campaign=exam.campaign))
    Message.objects.all().delete()
    with django_assert_num_queries(4):
        tell_of_release(publication=scores)
    assert Message.objects.count() == count
