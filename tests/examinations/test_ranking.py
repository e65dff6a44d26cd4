"""From locked marks to the proposal: ranks, ties, the shortlist, totals, an extra test, and a person's own ledger."""

import json
from decimal import Decimal

import pytest
from django.core.management import call_command

from foundation.errors import NotAllowed, Refused
from recruitment.examinations import domain
from recruitment.examinations.models import MarkKind, TotalResult, WrittenResult
from recruitment.examinations.queries import score_ledger, shown
from rulebook.rounding import half_up
from rulebook.ruleset import Rounding, TotalPart, TotalRules
from rulebook.ruleset.profiles import COUNTY_EXAM
from tests.examiners import sheet, ticket
from tests.panelists import set_rules

pytestmark = pytest.mark.django_db


def ranks(model):
    return dict(model.objects.values_list("application__ticket_no", "rank"))


def states(exam):
    return [row.state for row in exam.campaign.applications.order_by("ticket_no")]


def test_equal_marks_share_a_rank_and_the_next_one_is_skipped(exam, position):
    exam.enter(position, 5)
    assert exam.written(120, 120, 130, 90, "缺考") == 4
    assert ranks(WrittenResult) == {ticket(0): 2, ticket(1): 2, ticket(2): 1, ticket(3): 4, ticket(4): None}
    assert states(exam) == ["scored", "scored", "scored", "scored", "absent"]
    assert WrittenResult.objects.get(application__ticket_no=ticket(2)).value == Decimal("86.670")


def test_nothing_is_ranked_before_every_batch_is_locked(exam, position):
    exam.enter(position, 2)
    with pytest.raises(Refused) as nothing:
        domain.rank_written(actor=exam.clerk, campaign=exam.campaign)
    exam.take(sheet(["准考证号", "职测", "综应"], [ticket(0), 90, 90]))
    with pytest.raises(Refused) as unlocked:
        domain.rank_written(actor=exam.clerk, campaign=exam.campaign)
    assert (nothing.value.code, unlocked.value.code) == ("no_marks", "not_locked")
    assert WrittenResult.objects.count() == 0


@pytest.mark.parametrize(("fourth", "called"), [("99.9", 3), ("100", 4), ("100.1", 3)])
def test_three_to_one_with_everyone_tied_at_the_last_place(exam, position, fourth, called):
    exam.enter(position, 4)
    exam.written(120, 110, 100, fourth)
    assert exam.shortlist() == called
    expected = {ticket(0), ticket(1), ticket(2), ticket(3)}
    expected -= {"99.9": {ticket(3)}, "100": set(), "100.1": {ticket(2)}}[fourth]
    rows = WrittenResult.objects.filter(is_called=True).values_list("application__ticket_no", flat=True)
    assert set(rows) == expected


def test_the_command_prints_the_shortlist_with_its_cut_off(exam, position, capsys):
    exam.enter(position, 4)
    exam.written(120, 110, 100, 90)
    exam.line(50)
    call_command("shortlist", campaign="C1", format="json")
    assert json.loads(capsys.readouterr().out) == {
        "positions": [
            {"code": "0101", "headcount": 1, "called": [ticket(0), ticket(1), ticket(2)], "cutoff": "66.67"},
        ]
    }


def test_totals_rank_and_the_first_places_are_proposed(exam, make_position):
    exam.enter(make_position(headcount_planned=2, headcount_effective=2), 5)
    exam.written(120, 110, 100, 90, 80)
    exam.shortlist()
    assert exam.interviews(70, 80, 90, 85, "缺考") == 4
    assert ranks(TotalResult) == {ticket(0): 3, ticket(1): 2, ticket(2): 1, ticket(3): 4, ticket(4): None}
    assert exam.propose() == 2
    assert states(exam) == ["not_selected", "proposed", "proposed", "not_selected", "shortlisted"]


def test_whoever_is_below_the_pass_line_gets_no_place(exam, make_position):
    exam.enter(make_position(headcount_planned=2, headcount_effective=2), 3)
    exam.written(120, 110, 100)
    exam.shortlist()
    exam.interviews("59.99", 60, 80)
    assert ranks(TotalResult) == {ticket(0): None, ticket(1): 2, ticket(2): 1}
    below = TotalResult.objects.get(application__ticket_no=ticket(0))
    assert (below.value, below.explanation["zh"]) == (None, ["面试成绩低于合格线，不计总成绩"])


def tied_at_the_last_place(exam, make_position):
    """A first place, two who are equal in everything at the second and last, and another position without ties."""
    exam.enter(make_position(headcount_planned=2, headcount_effective=2), 4)
    exam.enter(make_position("0102"), 2)
    exam.written(130, 110, 110, 90, 120, 100)
    exam.shortlist()
    exam.interviews(90, 80, 80, 70, 80, 85)


def test_a_tie_over_the_last_place_makes_the_position_wait_and_no_other(exam, make_position):
    tied_at_the_last_place(exam, make_position)
    assert exam.propose() == 1
    assert states(exam) == ["ranked"] * 4 + ["proposed", "not_selected"]


def test_an_extra_test_decides_and_nobody_is_hired_beyond_the_headcount(exam, make_position):
    tied_at_the_last_place(exam, make_position)
    exam.propose()
    rows = [(ticket(1), 70), (ticket(2), 75)]
    assert not exam.take(sheet(["准考证号", "加试成绩"], *rows), MarkKind.EXTRA_TEST, actor=exam.office).refused
    with pytest.raises(Refused):
        domain.compute_totals(actor=exam.clerk, campaign=exam.campaign)
    exam.lock()
    domain.compute_totals(actor=exam.clerk, campaign=exam.campaign)
    assert ranks(TotalResult)[ticket(2)] == 2
    assert exam.propose() == 2
    assert states(exam) == ["proposed", "not_selected", "proposed", "not_selected", "proposed", "not_selected"]
    assert set(TotalResult.objects.filter(is_proposed=True).values_list("application__ticket_no", flat=True)) == {
        ticket(0), ticket(2), ticket(4),
    }  # fmt: skip


SURPLUS = {
    ratio: COUNTY_EXAM.replaced(ranking=COUNTY_EXAM.ranking.model_copy(update={"surplus_ratio": Decimal(ratio)}))
    for ratio in ("1", "1.5")
}


@pytest.mark.parametrize(
    ("ratio", "proposed", "third"),
    [("1", 2, "前2名进入下一环节：第3名未进入"), ("1.5", 3, "前3名进入下一环节：第3名进入")],
)
def test_r68_the_list_that_goes_on_is_as_long_as_the_announced_ratio_makes_it(
    exam, make_position, client, ratio, proposed, third
):
    set_rules(exam.campaign, SURPLUS[ratio])
    exam.enter(make_position(headcount_planned=2, headcount_effective=2), 5)
    exam.written(120, 110, 100, 90, 80)
    exam.shortlist()
    exam.interviews(95, 90, 85, 80, 75)
    client.force_login(exam.office)
    page = client.get(f"/admin/exams/{exam.campaign.code}/proposals/").context
    assert [places for _row, _total, places in page["rows"]] == [proposed] * proposed
    assert exam.propose() == proposed
    assert states(exam) == ["proposed"] * proposed + ["not_selected"] * (5 - proposed)
    assert TotalResult.objects.get(rank=3).explanation["zh"][-1] == f"本次招聘2人，{third}"


@pytest.mark.parametrize(("ratio", "waiting"), [("1", 2), ("1.5", 0)])
def test_r68_a_tie_waits_only_where_it_crosses_the_last_place_of_the_list(exam, make_position, ratio, waiting):
    set_rules(exam.campaign, SURPLUS[ratio])
    tied_at_the_last_place(exam, make_position)
    assert TotalResult.objects.filter(needs_extra_test=True).count() == waiting
    said = TotalResult.objects.get(application__ticket_no=ticket(1)).explanation["en"][-1]
    assert said.endswith("not decided before the extra test" if waiting else "place 2 goes on")


def test_computing_again_after_the_proposal_changes_no_place(exam, make_position):
    exam.enter(make_position(), 3)
    exam.written(120, 110, 100)
    exam.shortlist()
    exam.interviews(90, 80, 70)
    exam.propose()
    before = ranks(TotalResult)
    domain.compute_totals(actor=exam.clerk, campaign=exam.campaign)
    assert ranks(TotalResult) == before
    with pytest.raises(Refused):
        exam.propose()


def test_ranking_and_proposing_need_their_offices(exam, position, staff):
    exam.enter(position, 1)
    exam.written(100)
    for person in (exam.posts, exam.medical, staff()):
        for verb in (domain.rank_written, domain.make_shortlist, domain.compute_totals, domain.propose_hires):
            with pytest.raises(NotAllowed):
                verb(actor=person, campaign=exam.campaign)
    with pytest.raises(NotAllowed):
        domain.propose_hires(actor=exam.clerk, campaign=exam.campaign)


def test_a_person_reads_their_marks_when_the_list_is_out_and_not_a_moment_before(exam, position):
    (person, *_others) = exam.enter(position, 3)
    exam.written(120, 110, 100)
    assert score_ledger(person) == []
    scores = domain.prepare_scores(actor=exam.clerk, campaign=exam.campaign)
    person.refresh_from_db()
    assert score_ledger(person) == []
    exam.put_out(scores)
    (written,) = score_ledger(person)
    assert [line.shown for line in written.lines] == ["120.00", "120.00", "80.00"]
    assert written.rank == 1
    assert written.steps
    exam.shortlist()
    exam.put_out(domain.prepare_shortlist(actor=exam.clerk, campaign=exam.campaign))
    exam.interviews(80, 85, 70)
    exam.propose()
    person = type(person).objects.get(pk=person.pk)
    assert len(score_ledger(person)) == 1
    exam.put_out(domain.prepare_totals(actor=exam.clerk, campaign=exam.campaign))
    assert [part.rank for part in score_ledger(person)] == [1, 1]


def test_the_work_of_a_ranking_does_not_grow_with_the_people(exam, make_position, django_assert_max_num_queries):
    for number in range(12):
        exam.enter(make_position(f"02{number:02d}"), 5)
    rows = [(ticket(number), 80 + number % 50, 90) for number in range(60)]
    exam.take(sheet(["准考证号", "职测", "综应"], *rows))
    exam.lock()
    with django_assert_max_num_queries(25):
        domain.rank_written(actor=exam.clerk, campaign=exam.campaign)
    exam.line()
    with django_assert_max_num_queries(39):
        exam.shortlist()


@pytest.mark.parametrize(
    ("mode", "first", "second"),
    [("half_up", "70.00", "70.00"), ("truncate", "70.00", "69.99"), ("none", "70.00", "69.996")],
)
def test_r45_a_mark_rounded_only_in_the_total_is_kept_exactly_until_then(exam, make_position, mode, first, second):
    """A third of 190 comes back from the database as itself, else cutting off would give 69.99 for 70."""
    rounding = Rounding(mode=mode, stage="final")
    parts = (TotalPart(name="written", weight=Decimal("0.6")), TotalPart(name="interview", weight=Decimal("0.4")))
    rules = COUNTY_EXAM.replaced(
        written=COUNTY_EXAM.written.model_copy(update={"rounding": rounding}),
        interview=COUNTY_EXAM.interview.model_copy(update={"rounding": rounding}),
        total=TotalRules(parts=parts, rounding=rounding),
    )
    exam.campaign.rule_sets.update(document=rules.model_dump(mode="json"), digest=rules.digest())
    exam.enter(make_position(), 2)
    exam.written(95, "95.05")
    exam.shortlist()
    exam.interviews("80.00", "79.94")
    written = WrittenResult.objects.order_by("application__ticket_no").values_list("value", flat=True)
    assert [half_up(value * 3, 15) for value in written] == [Decimal(190), Decimal("190.1")]
    totals = TotalResult.objects.order_by("application__ticket_no")
    assert [shown(total.value) for total in totals] == [first, second]
    assert [total.explanation["zh"][0].split(" = ")[0] for total in totals] == [first, second]


def test_portal_and_office_tell_the_same_steps_of_written_mark_place_call_and_total(exam, make_position, client):
    exam.enter(make_position(shortlist_ratio=2), 4)
    exam.written(120, 110, 110, 90)
    exam.put_out(domain.prepare_scores(actor=exam.clerk, campaign=exam.campaign))
    exam.shortlist()
    before = score_ledger(exam.campaign.applications.get(ticket_no=ticket(3)))[0].steps
    assert before == ["60.00 = (90.00 + 90.00) ÷ 3，四舍五入保留2位小数", "成绩60.00，第4名"]
    exam.put_out(domain.prepare_shortlist(actor=exam.clerk, campaign=exam.campaign))
    exam.interviews(90, 80, 70, "")
    exam.propose()
    exam.put_out(domain.prepare_totals(actor=exam.clerk, campaign=exam.campaign))
    client.force_login(exam.clerk)
    for number, called in ((1, "入围：成绩达到入围最低分73.33"), (3, "未入围：成绩低于入围最低分73.33")):
        person = exam.campaign.applications.get(ticket_no=ticket(number))
        parts = score_ledger(person)
        assert parts[0].steps[-1] == called
        assert "入围名额2人，末位并列一并入围，实际入围3人" in parts[0].steps[-2]
        page = client.get(f"/admin/exams/{exam.campaign.code}/results/{person.pk}/").context["parts"]
        assert [list(steps) for _name, _value, steps, _result in page] == [list(part.steps) for part in parts]
    winner = score_ledger(exam.campaign.applications.get(ticket_no=ticket(0)))
    assert winner[1].steps == [
        "85.00 = 80.00 × 50% + 90.00 × 50%，四舍五入保留2位小数",
        "成绩85.00，第1名",
        "本次招聘1人，前1名进入下一环节：第1名进入",
    ]
    english = WrittenResult.objects.get(application__ticket_no=ticket(1))
    assert english.explanation["en"][-1] == "mark 73.33, 2 share place 2"
    assert english.call_explanation["en"][-1] == "called: the mark reaches the last mark in, 73.33"
