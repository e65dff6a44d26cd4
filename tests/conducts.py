"""Four people who sat an exam, and a case of misconduct on one of them brought to any step by the real verbs."""

from datetime import date

import pytest

from foundation.errors import Refused
from recruitment.examinations import domain
from recruitment.examinations.models import Mark
from tests.examiners import sheet, ticket

HEADER = ["准考证号", "职测", "综应"]
TODAY = date(2026, 3, 20)
LAST = date(2026, 3, 23)
WORDS = "在考场内使用手机"
DOCUMENT = "云人社处〔2026〕3号"


@pytest.fixture
def held(exam, position, make_candidate):
    """Four people sat, marks locked, nothing ranked; ticket 0 has an account."""
    exam.enter(position, 4)
    exam.person = make_candidate()
    first = exam.people[0]
    first.candidate = exam.person
    first.save(update_fields=["candidate"])
    exam.take(sheet(HEADER, *[(ticket(number), 120 - number, 120) for number in range(4)]))
    exam.lock()
    return exam


def report(exam, severity="serious", paper="", actor=None, **changes):
    told = {"facts": WORDS, "evidence": "考场情况记录单第3号", "statement_until": LAST, **changes}
    told.setdefault("application", exam.people[0])
    return domain.report_misconduct(actor=actor or exam.clerk, severity=severity, paper=paper, **told)


def decide(exam, case, actor=None, **changes):
    told = {"document": DOCUMENT, "reason": "事实清楚，证据充分", **changes}
    return domain.decide_case(actor=actor or exam.checker, case=case, **told)


def heard(exam, *arguments, **more):
    """A case whose person made a statement, so that it may be decided today."""
    case = report(exam, *arguments, **more)
    return domain.make_statement(actor=exam.office, case=case, statement="当事人书面陈述：手机未开机")


def code_of(verb, *arguments, **more):
    with pytest.raises(Refused) as refusal:
        verb(*arguments, **more)
    return refusal.value.code


def void_marks(exam):
    rows = Mark.objects.filter(batch__correction=DOCUMENT)
    return {(row.application_id, row.paper): row.status for row in rows}
