"""Positions interviewed in several rooms: the coefficient evens out strict and mild ones (R59, R60)."""

from decimal import Decimal

import pytest

from foundation.errors import Refused
from recruitment.examinations import domain
from recruitment.examinations.models import MarkKind, TotalResult
from recruitment.examinations.queries import score_ledger
from rulebook.ruleset.examination import CoefficientRules
from rulebook.ruleset.profiles import COUNTY_EXAM
from tests.examiners import signed_sheet, ticket
from tests.panelists import set_rules

pytestmark = pytest.mark.django_db
SITTING = ["准考证号", "面试成绩", "考官组", "场次"]


@pytest.fixture
def roomy(exam, make_position):
    """Four people called for one position, tickets 0 to 3, and ticket 4 for another; `rules` of the coefficient."""

    def call(**rules):
        interview = COUNTY_EXAM.interview.model_copy(update={"coefficient": CoefficientRules(**rules)})
        set_rules(exam.campaign, COUNTY_EXAM.model_copy(update={"interview": interview}))
        exam.enter(make_position("0101", shortlist_ratio=4), 4)
        exam.enter(make_position("0102"), 1)
        exam.written(100, 100, 100, 100, 100)
        exam.shortlist()
        return exam

    return call


def interviewed(exam, *rows, header=SITTING):
    content = signed_sheet(header, *((ticket(number), *cells) for number, cells in enumerate(rows)))
    exam.take(content, MarkKind.INTERVIEW, actor=exam.office)
    exam.lock()
    return domain.compute_totals(actor=exam.clerk, campaign=exam.campaign)


def marks():
    rows = TotalResult.objects.order_by("application__ticket_no")
    return [str(row.interview) for row in rows]


STRICT_AND_MILD = [("70", "一组", "上午"), ("74", "一组", "上午"), ("80", "二组", "上午"), ("84", "二组", "上午")]
OTHER = ("60", "二组", "上午")


def test_a_strict_room_and_a_mild_one_come_out_even(roomy):
    """Grand mean 77, rooms 72 and 82: 1.0694 and 0.9390 (R59); the room of another position has no say."""
    exam = roomy(method="grand_mean")
    interviewed(exam, *STRICT_AND_MILD, OTHER)
    assert marks() == ["74.86", "79.14", "75.12", "78.88", "60.00"]
    first = TotalResult.objects.get(application__ticket_no=ticket(1))
    assert first.rank == 1  # 84 of the mild room was the highest mark given
    assert first.explanation["zh"][0] == "79.14 = 74.00 × 考场加权系数1.0694"
    assert first.explanation["en"][0] == "79.14 = 74.00 × room coefficient 1.0694"
    assert first.value == Decimal("72.91")  # 66.67 × 50 % + 79.14 × 50 %


def test_the_list_and_the_person_read_the_evened_mark(roomy):
    exam = roomy(method="grand_mean")
    interviewed(exam, *STRICT_AND_MILD, OTHER)
    exam.put_out(domain.prepare_scores(actor=exam.clerk, campaign=exam.campaign))
    exam.put_out(domain.prepare_shortlist(actor=exam.clerk, campaign=exam.campaign))
    exam.propose()
    totals = exam.put_out(domain.prepare_totals(actor=exam.clerk, campaign=exam.campaign))
    column = [one["code"] for one in totals.columns].index("interview")
    assert {row[0]: row[column] for row in totals.rows}[ticket(1)] == "79.14"
    part = score_ledger(exam.campaign.applications.get(ticket_no=ticket(1)))[1]
    assert [(str(line.what), line.shown) for line in part.lines] == [
        ("面试成绩", "74.00"), ("考场加权后的面试成绩", "79.14"), ("总成绩", "72.91"),
    ]  # fmt: skip


def test_one_room_or_no_coefficient_leaves_the_marks_as_they_were_given(roomy):
    exam = roomy(method="none")
    interviewed(exam, *STRICT_AND_MILD, OTHER)
    assert marks() == ["70.00", "74.00", "80.00", "84.00", "60.00"]


def test_marks_without_any_room_are_of_one_room(roomy):
    exam = roomy(method="grand_mean")
    interviewed(exam, ("70",), ("74",), ("80",), ("84",), ("60",), header=SITTING[:2])
    assert marks() == ["70.00", "74.00", "80.00", "84.00", "60.00"]


def test_the_evened_mark_is_held_against_the_pass_line(roomy):
    """59 of a strict room reaches 60 once it is evened out."""
    exam = roomy(method="grand_mean")
    interviewed(exam, ("59", "一组", ""), ("60", "一组", ""), ("80", "二组", ""), ("84", "二组", ""), OTHER)
    assert TotalResult.objects.get(application__ticket_no=ticket(0)).rank is not None


def test_absent_people_are_in_no_mean(roomy):
    exam = roomy(method="grand_mean")
    interviewed(exam, ("70", "一组", ""), ("缺考", "", ""), ("80", "二组", ""), ("84", "二组", ""), OTHER)
    assert marks() == ["78.00", "None", "76.10", "79.90", "60.00"]  # 78 ÷ 70, 78 ÷ 82


def test_a_room_that_is_not_known_is_named_and_nothing_is_saved(roomy):
    exam = roomy(method="grand_mean")
    with pytest.raises(Refused) as caught:
        interviewed(exam, ("70", "一组", ""), ("74", "", ""), ("80", "二组", ""), ("84", "二组", ""), OTHER)
    assert caught.value.code == "no_room"
    assert ticket(1) in caught.value.message
    assert not TotalResult.objects.exists()
