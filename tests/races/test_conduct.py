"""A case of misconduct is settled once, whoever decides at the same moment, and its effects come once."""

import time
from datetime import date

import pytest

from accounts.enums import Role
from accounts.models import AuditEntry
from foundation.errors import Refused
from recruitment.candidates.models import IntegrityRecord
from recruitment.examinations import domain as exams
from recruitment.examinations.models import ConductCase, MarkBatch
from tests.applicants import *  # noqa: F403 - a campaign, its positions, people
from tests.examiners import *  # noqa: F403 - the exam and its offices
from tests.examiners import sheet, ticket
from tests.races.threads import run_together

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 4
DAY = date(2026, 3, 23)


@pytest.fixture
def waiting(exam, position, staff):
    """A case whose person was heard, and four people who may decide it."""
    exam.enter(position, 2)
    exam.take(sheet(["准考证号", "职测", "综应"], *[(ticket(number), 90, 90) for number in range(2)]))
    exam.lock()
    case = exams.report_misconduct(
        actor=exam.clerk, application=exam.people[0], severity="serious", facts="使用手机", evidence="监考记录一份",
        statement_until=DAY,
    )  # fmt: skip
    exams.make_statement(actor=exam.clerk, case=case, statement="书面陈述一份")
    more = [staff(Role.TALENT_OFFICE, username=f"more{number}") for number in range(2)]
    return case, [exam.checker, exam.office, *more]


def test_of_two_who_decide_and_two_who_drop_at_once_one_settles_the_case(waiting):
    case, people = waiting

    def settle(number):
        if number % 2:
            return exams.drop_case(actor=people[number], case=case, reason="证据不足，不予处理")
        return exams.decide_case(actor=people[number], case=case, document="处1号", reason="查实，证据充分")

    results = run_together(PEOPLE, settle)
    assert [type(one) for one in results].count(ConductCase) == 1
    assert {one.code for one in results if isinstance(one, Refused)} == {"settled"}
    case.refresh_from_db()
    decided = int(case.state == "decided")
    assert MarkBatch.objects.filter(correction="处1号").count() == decided
    assert IntegrityRecord.objects.count() == decided
    actions = ("examinations.decide_misconduct", "examinations.drop_misconduct")
    assert AuditEntry.objects.filter(action__in=actions).count() == 1


def test_looking_whether_a_case_is_open_without_a_lock_settles_it_many_times(waiting):
    """The negative control: read, wait, believe what was read."""
    case, _people = waiting
    settled = []

    def settle(number):
        if ConductCase.objects.get(pk=case.pk).state == "open":
            time.sleep(0.3)
            settled.append(number)

    run_together(PEOPLE, settle)
    assert len(settled) > 1


def test_of_many_who_report_at_once_one_case_is_opened(waiting):
    case, people = waiting
    exams.drop_case(actor=people[0], case=case, reason="证据不足，不予处理")
    told = {
        "severity": "serious",
        "facts": "使用手机",
        "evidence": "监考记录一份",
        "statement_until": date(2026, 3, 23),
    }
    told |= {"application": case.application, "statement_until": DAY}
    results = run_together(PEOPLE, lambda _number: exams.report_misconduct(actor=case.reported_by, **told))
    assert [one.code for one in results if isinstance(one, Refused)] == ["open_case"] * (PEOPLE - 1)
    assert ConductCase.objects.filter(state="open").count() == 1
