"""Acceptance on a published result: 392 positions and the 2,137 people called to interview in one city's 2024 exam.

The printed list holds only those called, so people are seeded just below, at and above each cut-off to show that the
shortlist would have moved (decision 24).
"""

import csv
import json
from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.enums import Role
from campaigns.planning import domain as planning
from campaigns.planning.domain import create_campaign, create_programme, import_positions
from recruitment.applications.domain import TicketEntry, enter_applications
from recruitment.examinations import domain
from recruitment.examinations.models import MarkBatch, WrittenResult

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
POSITIONS, SCORES = DATA / "zhengzhou-2024-positions.csv", DATA / "zhengzhou-2024-written-scores.csv"
RATIO = 3

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not SCORES.exists(), reason="needs the published tables of shared/data"),
]


def printed_rows():
    with SCORES.open(encoding="utf-8-sig") as stream:
        return list(csv.DictReader(stream))


class Exam:
    """The exam, brought in through the importers, and the two people of the exam centre."""

    def __init__(self, staff, county):
        self.office = staff(Role.TALENT_OFFICE, Role.SYSTEM_ADMINISTRATOR, username="office")
        self.clerk = staff(Role.EXAM_CENTRE, Role.TALENT_OFFICE, username="clerk")
        self.checker = staff(Role.EXAM_CENTRE, username="checker")
        programme = create_programme(
            actor=self.office, code="ZZ", name="2024年公务员招录", unit=county, target_people=700,
            starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31),
        )  # fmt: skip
        self.campaign = create_campaign(
            actor=self.office, programme=programme, code="ZZ2024", name="2024年招录", track="public_exam", unit=county,
            profile="civil_service_exam", slot_type="civil_service",
            registration_opens_at=datetime(2024, 1, 18, 9, tzinfo=UTC),
            registration_closes_at=datetime(2024, 1, 26, 9, tzinfo=UTC),
        )  # fmt: skip
        import_positions(
            actor=self.office, campaign=self.campaign, content=POSITIONS.read_bytes(), file_name=POSITIONS.name
        )
        self._publish()
        self.positions = {position.code: position for position in self.campaign.positions.all()}

    def _publish(self):
        """Plan, approval and announcement by two people; posts of the civil service wait for nobody (decision 23)."""
        planning.submit_plan(actor=self.office, campaign=self.campaign)
        planning.approve_plan(actor=self.clerk, campaign=self.campaign, document="郑人社〔2024〕1号")
        text = {"title": "公告", "body": "职位见附表。"}
        draft = planning.draft_announcement(actor=self.office, campaign=self.campaign, **text)
        planning.approve_announcement(actor=self.clerk, announcement=draft)
        planning.publish_campaign(actor=self.clerk, campaign=self.campaign)

    def enter(self, people, content, file_name):
        """`people`: (ticket, position code); their marks come from `content`, locked by a second person."""
        entries = [TicketEntry(self.positions[code], ticket) for ticket, code in people]
        enter_applications(actor=self.clerk, campaign=self.campaign, entries=entries)
        outcome = domain.import_marks(actor=self.clerk, campaign=self.campaign, content=content, file_name=file_name)
        assert not outcome.refused
        domain.lock_marks(actor=self.checker, batch=MarkBatch.objects.latest("pk"))
        domain.rank_written(actor=self.checker, campaign=self.campaign)

    def seed(self, totals, first_ticket):
        """One more person in each position, with the same mark in every paper, so that the mark is also the total."""
        rows = [("准考证号", "职位代码", "行测成绩", "申论成绩", "公安专业成绩")]
        people = []
        for number, (code, total) in enumerate(sorted(totals.items())):
            ticket = str(first_ticket + number)
            people.append((ticket, code))
            rows.append((ticket, code, total, total, total if self.three_papers[code] else ""))
        stream = StringIO()
        csv.writer(stream).writerows(rows)
        self.enter(people, stream.getvalue().encode(), f"seed-{first_ticket}.csv")
        return {code: ticket for ticket, code in people}

    def called(self):
        lists = domain.shortlists(self.campaign)
        return {position.code: set(one.called) for position, one in lists.items() if one.called}


@pytest.fixture
def exam(staff, county):
    exam = Exam(staff, county)
    rows = printed_rows()
    exam.three_papers = {row["职位代码"]: bool(row["公安专业成绩"]) for row in rows}
    exam.enter([(row["准考证号"], row["职位代码"]) for row in rows], SCORES.read_bytes(), SCORES.name)
    return exam


def by_position(rows):
    found = defaultdict(dict)
    for row in rows:
        found[row["职位代码"]][row["准考证号"]] = Decimal(row["总成绩"])
    return dict(found)


def called_by_a_plain_loop(totals, places):
    """Sort, look at the mark on the last place, take everyone from there up."""
    ranked = sorted(totals.values(), reverse=True)
    line = ranked[min(places, len(ranked)) - 1]
    return {ticket for ticket, total in totals.items() if total >= line}


def check_the_command(exam, printed, capsys):
    """`manage.py shortlist` prints the same list."""
    call_command("shortlist", campaign="ZZ2024", format="json")
    document = json.loads(capsys.readouterr().out)
    shown = {row["code"]: row for row in document["positions"]}
    assert len(shown) == 392
    for code, people in printed.items():
        assert set(shown[code]["called"]) == set(people)
        assert Decimal(shown[code]["cutoff"]) == min(people.values())
        assert shown[code]["headcount"] == exam.positions[code].headcount_effective


def test_the_published_result_of_2024_is_reproduced_and_would_move_at_each_cut_off(exam, capsys):
    printed = by_position(printed_rows())
    results = WrittenResult.objects.values_list("application__ticket_no", "value", "rank")
    computed = {ticket: (value, rank) for ticket, value, rank in results}

    assert len(exam.positions) == 392
    assert {ticket: value for ticket, (value, _rank) in computed.items()} == {
        ticket: total for people in printed.values() for ticket, total in people.items()
    }
    assert len(computed) == 2137
    for people in printed.values():
        marks = sorted(people.values(), reverse=True)
        assert {ticket: computed[ticket][1] for ticket in people} == {
            ticket: marks.index(total) + 1 for ticket, total in people.items()
        }

    places = {code: RATIO * exam.positions[code].headcount_effective for code in printed}
    enough = {code for code, people in printed.items() if len(people) >= places[code]}
    assert len(enough) == 388
    base = exam.called()
    assert {code: base[code] for code in enough} == {code: set(printed[code]) for code in enough}

    check_the_command(exam, printed, capsys)

    cut_offs = {code: min(printed[code].values()) for code in enough}
    exam.seed({code: mark - Decimal("0.01") for code, mark in cut_offs.items()}, 91_000_000_000)
    assert exam.called() == base

    equal = exam.seed(cut_offs, 92_000_000_000)
    with_equal = exam.called()
    assert {code: with_equal[code] for code in enough} == {code: base[code] | {equal[code]} for code in enough}

    above = exam.seed({code: mark + Decimal("0.01") for code, mark in cut_offs.items()}, 93_000_000_000)
    after = exam.called()
    pushed_out = 0
    for code in enough:
        totals = {**printed[code], equal[code]: cut_offs[code], above[code]: cut_offs[code] + Decimal("0.01")}
        expected = called_by_a_plain_loop(totals, places[code])
        assert above[code] in expected
        assert after[code] == expected
        pushed_out += len(with_equal[code] - expected)
    assert pushed_out > 0
