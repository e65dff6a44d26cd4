"""Positions without competition (R62): the mean of one panel in one session, the line, and the vote of the panel."""

from decimal import Decimal

import pytest
from django.urls import reverse

from foundation.errors import Refused
from recruitment.examinations import domain
from recruitment.examinations.models import Mark, MarkBatch, MarkKind, TotalResult
from recruitment.examinations.queries import score_ledger
from rulebook.ruleset.examination import NoCompetitionRules
from rulebook.ruleset.profiles import COUNTY_EXAM
from tests.examiners import sheet, signed_sheet, ticket
from tests.panelists import set_rules

pytestmark = pytest.mark.django_db
SITTING = ["准考证号", "面试成绩", "考官组", "场次"]
VOTES = ["准考证号", "面试成绩", "同意票数", "考官人数"]


@pytest.fixture
def alone(exam, make_position):
    """One person on a position of their own, ticket 0, and four who compete for another one; `rules` apply."""

    def call(**rules):
        interview = COUNTY_EXAM.interview.model_copy(update={"no_competition": NoCompetitionRules(**rules)})
        set_rules(exam.campaign, COUNTY_EXAM.model_copy(update={"interview": interview}))
        exam.enter(make_position("0101"), 1)
        exam.enter(make_position("0102", shortlist_ratio=4), 4)
        exam.written(120, 110, 105, 100, 95)
        exam.shortlist()
        return exam

    return call


def interviewed(exam, header, *rows, **more):
    outcome = exam.take(signed_sheet(header, *rows), MarkKind.INTERVIEW, actor=exam.office, **more)
    exam.lock()
    return outcome


def totals(exam):
    return domain.compute_totals(actor=exam.clerk, campaign=exam.campaign)


def first_rank():
    return TotalResult.objects.get(application__ticket_no=ticket(0)).rank


# 78.2 + 81.4 + 75.6 + 84.0 + 79.8 = 399 over five is 79.80, the example of R62.
@pytest.mark.parametrize(("mark", "rank"), [("78.2", None), ("79.79", None), ("79.8", 1)])
def test_a_mark_is_held_against_everyone_of_its_panel_and_session_and_nobody_else(alone, mark, rank):
    exam = alone(at_least_panel_mean=True)
    others = Decimal("399") - Decimal(mark) - Decimal("81.4") - Decimal("75.6") - Decimal("84.0")
    interviewed(
        exam, SITTING,
        (ticket(0), mark, "一组", "上午"), (ticket(1), "81.4", "一组", "上午"), (ticket(2), "75.6", "一组", "上午"),
        (ticket(3), "84.0", "一组", "上午"), (ticket(4), str(others), "一组", "上午"),
    )  # fmt: skip
    totals(exam)
    assert first_rank() == rank


@pytest.mark.parametrize(
    ("panel", "session", "rank"), [("一组", "上午", None), ("一组", "下午", 1), ("二组", "上午", 1)]
)
def test_another_panel_or_another_session_is_not_in_the_mean(alone, panel, session, rank):
    """70 with 90 beside it has a mean of 80 to reach; 65 beside it gives 67.5."""
    exam = alone(at_least_panel_mean=True)
    interviewed(
        exam, SITTING,
        (ticket(0), "70", panel, session), (ticket(1), "90", "一组", "上午"), (ticket(2), "65", "一组", "下午"),
        (ticket(3), "65", "二组", "上午"), (ticket(4), "缺考", "二组", "上午"),
    )  # fmt: skip
    totals(exam)
    assert first_rank() == rank


def test_who_left_after_the_interview_stays_in_the_mean_of_the_session(alone):
    exam = alone(at_least_panel_mean=True)
    interviewed(exam, SITTING, (ticket(0), "70", "一组", "上午"), (ticket(1), "90", "一组", "上午"))
    exam.campaign.applications.filter(ticket_no=ticket(1)).update(state="withdrawn")
    totals(exam)
    assert first_rank() is None


def test_the_pages_say_the_mean_of_how_many_marks_it_is_and_the_verdict(alone, client, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    exam = alone(at_least_panel_mean=True, line=Decimal(70))
    exam.put_out(domain.prepare_scores(actor=exam.clerk, campaign=exam.campaign))
    exam.put_out(domain.prepare_shortlist(actor=exam.clerk, campaign=exam.campaign))
    interviewed(exam, SITTING, (ticket(0), "78.2", "一组", "上午"), (ticket(1), "81.4", "一组", "上午"))
    totals(exam)
    client.force_login(exam.clerk)
    person = exam.people[0]
    url = reverse("exam-result", args=["C1", person.pk])
    zh = client.get(url).content.decode()
    assert "面试成绩78.20，未形成竞争时的最低分为70.00" in zh
    assert "面试成绩78.20，当场次同一考官组共2人，平均分为79.80" in zh
    assert "未形成竞争，附加条件未满足，不进入下一环节" in zh
    en = TotalResult.objects.get(application=person).explanation["en"]
    assert "interview mark 78.20; mean of the marks (2) of this panel in this session 79.80" in en
    exam.put_out(domain.prepare_totals(actor=exam.clerk, campaign=exam.campaign))
    person = type(person).objects.get(pk=person.pk)
    assert "面试成绩78.20，当场次同一考官组共2人，平均分为79.80" in score_ledger(person)[-1].steps


def test_without_a_panel_the_totals_wait_and_a_correction_brings_it(alone):
    exam = alone(at_least_panel_mean=True)
    interviewed(exam, SITTING[:2], (ticket(0), "78.2"), (ticket(1), "90"), (ticket(2), "80"))
    with pytest.raises(Refused) as refusal:
        totals(exam)
    assert (refusal.value.code, TotalResult.objects.count()) == ("no_session", 0)
    assert ticket(0) in refusal.value.message
    assert ticket(1) not in refusal.value.message
    rows = [(ticket(0), "78.2", "一组", "上午"), (ticket(1), "90", "一组", "上午"), (ticket(2), "80", "二组", "上午")]
    assert interviewed(exam, SITTING, *rows, correction="补录1号").sheets[0].changed == 3
    totals(exam)
    assert first_rank() is None


def test_a_corrected_mark_keeps_the_panel_that_the_first_sheet_gave(alone):
    exam = alone(at_least_panel_mean=True)
    interviewed(exam, SITTING, (ticket(0), "78.2", "一组", "上午"), (ticket(1), "81.4", "一组", "上午"))
    interviewed(exam, SITTING[:2], (ticket(0), "84"), correction="复核1号")
    assert Mark.objects.filter(application=exam.people[0], panel="一组", session="上午").count() == 2
    totals(exam)
    assert first_rank() == 1


@pytest.mark.parametrize(
    ("mark", "votes", "rank"), [("71", 5, 1), ("71", 4, None), ("69.99", 7, None), ("70", 5, 1), ("69.99", 4, None)]
)
def test_line_and_vote_must_both_hold(alone, mark, votes, rank):
    exam = alone(line=Decimal(70), two_thirds_vote=True)
    interviewed(exam, VOTES, (ticket(0), mark, votes, 7), (ticket(1), "90", "", ""), (ticket(2), "80", "", ""))
    totals(exam)
    assert first_rank() == rank


def test_without_a_vote_the_totals_wait(alone):
    exam = alone(line=Decimal(70), two_thirds_vote=True)
    interviewed(exam, VOTES[:2], (ticket(0), "71"), (ticket(1), "90"), (ticket(2), "80"))
    with pytest.raises(Refused) as refusal:
        totals(exam)
    assert (refusal.value.code, ticket(0) in refusal.value.message) == ("no_votes", True)
    assert ticket(1) not in refusal.value.message


@pytest.mark.parametrize(("votes", "judges"), [(8, 7), (5, ""), ("", 7), ("五", 7), (0, 0)])
def test_a_vote_that_is_none_is_refused_with_its_row(alone, votes, judges):
    exam = alone(line=Decimal(70), two_thirds_vote=True)
    outcome = exam.take(sheet(VOTES, (ticket(0), "71", votes, judges)), MarkKind.INTERVIEW, actor=exam.office)
    assert [one.row for one in outcome.sheets[0].refused] == [2]
    assert MarkBatch.objects.filter(kind=MarkKind.INTERVIEW).count() == 0


def test_the_upload_names_the_columns_the_rules_need_and_the_batch_shows_what_was_given(alone, client, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    exam = alone(at_least_panel_mean=True, two_thirds_vote=True)
    client.force_login(exam.office)
    page = client.get(reverse("exam-import", args=["C1", "interview"])).content.decode()
    assert "考官组、场次" in page
    assert "同意票数、考官人数" in page
    assert "考官组、场次" not in client.get(reverse("exam-import", args=["C1", "extra_test"])).content.decode()
    interviewed(exam, [*SITTING, *VOTES[2:]], (ticket(0), "78.2", "一组", "上午", 5, 7))
    page = client.get(reverse("exam-batch", args=["C1", MarkBatch.objects.latest("pk").pk])).content.decode()
    assert "一组 上午" in page
    assert "7名考官中5票同意" in page


def test_the_work_of_the_verdicts_does_not_grow_with_the_positions(exam, make_position, django_assert_max_num_queries):
    interview = COUNTY_EXAM.interview.model_copy(
        update={"no_competition": NoCompetitionRules(at_least_panel_mean=True)}
    )
    set_rules(exam.campaign, COUNTY_EXAM.model_copy(update={"interview": interview}))
    for number in range(12):
        exam.enter(make_position(f"03{number:02d}"), 1)
    exam.written(*range(100, 112))
    exam.shortlist()
    interviewed(exam, SITTING, *((ticket(number), 70 + number, "一组", "上午") for number in range(12)))
    with django_assert_max_num_queries(30):
        assert totals(exam) == 6
