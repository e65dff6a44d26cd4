"""A case of misconduct (R38–R40): reported, the person heard, decided by a second person, its effects and record."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Role
from accounts.models import AuditEntry
from foundation.errors import NotAllowed
from foundation.messages.models import Message
from recruitment.applications.enums import ApplicationState as S
from recruitment.applications.models import Recusal
from recruitment.candidates.domain import enter_ban
from recruitment.candidates.models import IntegrityRecord
from recruitment.candidates.queries import records_in_force
from recruitment.examinations import domain
from recruitment.examinations.models import ConductCase, MarkBatch, WrittenResult
from tests.applicants import NOW
from tests.conducts import DOCUMENT, HEADER, LAST, TODAY, WORDS, code_of, decide, heard, report, void_marks
from tests.examiners import sheet, ticket

pytestmark = pytest.mark.django_db


def state(application):
    application.refresh_from_db()
    return application.state


def test_a_report_tells_the_person_without_saying_what_is_reported(held):
    case = report(held)
    assert (case.state, case.statement_until, case.reported_by) == ("open", LAST, held.clerk)
    message = Message.objects.get(kind="application.conduct_reported")
    assert (message.recipient, WORDS in message.body) == (held.person.user, False)
    assert AuditEntry.objects.get(action="examinations.report_misconduct").actor == held.clerk


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"facts": " "}, "reason_required"),
        ({"evidence": ""}, "reason_required"),
        ({"severity": "grave"}, "severity"),
        ({"severity": "general"}, "paper"),
        ({"severity": "duplicate_papers", "paper": "申论"}, "paper"),
        ({"severity": "found_after_hire"}, "not_hired"),
        ({"statement_until": LAST - timedelta(days=1)}, "conduct.term_short"),
    ],
)
def test_a_report_that_cannot_lead_to_a_decision_is_refused(held, change, code):
    assert code_of(report, held, **change) == code
    assert not ConductCase.objects.exists()


def test_one_case_at_a_time_on_an_application(held):
    case = report(held)
    assert code_of(report, held) == "open_case"
    with pytest.raises(IntegrityError), transaction.atomic():
        ConductCase.objects.create(
            application=held.people[0], severity="serious", facts="x", evidence="x", reported_by=held.clerk,
            statement_until=LAST,
        )  # fmt: skip
    domain.drop_case(actor=held.checker, case=case, reason="误报，系同考场另一人")
    assert report(held).state == "open"


def test_only_the_exam_centre_reports(held, staff):
    for person in (held.office, held.posts, held.person.user, staff(Role.AUDITOR)):
        with pytest.raises(NotAllowed):
            report(held, actor=person)


@pytest.mark.parametrize(
    ("after", "code"),
    [({"days": 3, "hours": 13, "minutes": 59}, None), ({"days": 3, "hours": 14}, "conduct.term_over")],
)
def test_the_person_states_until_the_end_of_the_last_day(held, time_machine, after, code):
    case = report(held)
    time_machine.move_to(NOW + timedelta(**after), tick=False)
    own = {"actor": held.person.user, "case": case, "statement": "我没有使用手机"}
    if code:
        assert code_of(domain.make_statement, **own) == code
        own["actor"] = held.clerk  # what came in by post is recorded by staff as long as nothing is settled
    stated = domain.make_statement(**own)
    assert (stated.statement, stated.stated_by) == ("我没有使用手机", own["actor"])
    assert code_of(domain.make_statement, **own) == "stated"


def test_nobody_else_makes_a_statement(held, make_candidate, staff):
    case = report(held)
    for person in (make_candidate(name="周明远").user, held.posts, staff(Role.AUDITOR)):
        with pytest.raises(NotAllowed):
            domain.make_statement(actor=person, case=case, statement="与我无关的陈述")


@pytest.mark.parametrize(("day", "code"), [(3, "conduct.statement_waits"), (4, None)])
def test_without_a_statement_the_decision_waits_until_the_term_is_over(held, time_machine, day, code):
    case = report(held)
    time_machine.move_to(NOW + timedelta(days=day), tick=False)
    assert (code_of(decide, held, case) if code else decide(held, case).state) == (code or "decided")


def test_a_second_person_decides_and_nobody_recused(held, staff, system_actor):
    case = heard(held)
    for person in (held.clerk, held.posts, staff(Role.AUDITOR), held.person.user, system_actor):
        with pytest.raises(NotAllowed):
            decide(held, case, actor=person)
    Recusal.objects.create(application=held.people[0], user=held.checker, reason="表亲", declared_by=held.checker)
    with pytest.raises(NotAllowed):
        decide(held, case)
    assert decide(held, case, actor=held.office).decided_by == held.office


@pytest.mark.parametrize(
    ("change", "code"), [({"document": " "}, "document_required"), ({"reason": " "}, "reason_required")]
)
def test_a_decision_needs_its_number_and_reasons(held, change, code):
    case = heard(held)
    assert code_of(decide, held, case, **change) == code
    case.refresh_from_db()
    assert (case.state, MarkBatch.objects.count()) == ("open", 1)


BOTH = {"职测": "misconduct", "综应": "misconduct"}


@pytest.mark.parametrize(
    ("severity", "paper", "void", "ends", "record"),
    [
        ("registration_fraud", "", {}, True, None),
        ("general", "综应", {"综应": "misconduct"}, False, None),
        ("duplicate_papers", "职测", {"职测": "duplicate"}, False, None),
        ("serious", "", BOTH, False, ("five_years", date(2031, 3, 20))),
        ("very_serious", "", BOTH, False, ("long_term", None)),
        ("venue_disorder", "", {}, False, None),
    ],
)
def test_each_severity_has_the_effect_of_its_article_and_no_other(held, severity, paper, void, ends, record):
    case = decide(held, heard(held, severity, paper), experts="阅卷专家组确认书1号")
    person = held.people[0]
    assert void_marks(held) == {(person.pk, name): status for name, status in void.items()}
    assert state(person) == (S.DISQUALIFIED if ends else S.EFFECTIVE)
    rows = [(row.kind, row.ends) for row in IntegrityRecord.objects.all()]
    assert rows == ([record] if record else [])
    assert (case.correction is not None, case.record is not None) == (bool(void), bool(record))
    assert set(case.effect) == {"zh", "en"}
    assert {Message.objects.filter(kind="application.conduct_decided").count()} == {1}


def test_fraud_ends_the_application_with_a_reason_the_person_reads(held):
    decide(held, heard(held, "registration_fraud"), reason="学历证书系伪造")
    move = held.people[0].transitions.latest("pk")
    assert (move.move, move.reason_code, move.reason) == ("disqualify", "untrue", "学历证书系伪造")


def test_found_after_hire_changes_no_mark_and_leaves_the_appointment_to_its_keepers(held):
    held.people[0].state = S.HANDED_OVER
    held.people[0].save(update_fields=["state"])
    held.campaign.state = "closed"  # long over
    held.campaign.save(update_fields=["state"])
    case = decide(held, heard(held, "found_after_hire"))
    assert (void_marks(held), state(held.people[0]), case.record) == ({}, S.HANDED_OVER, None)


def test_r38_identical_papers_wait_for_the_experts(held):
    case = heard(held, "duplicate_papers", "职测")
    assert code_of(decide, held, case) == "conduct.no_experts"
    assert decide(held, case, experts="专家组1号").experts == "专家组1号"


def test_void_papers_wait_for_locked_marks(exam, position):
    exam.enter(position, 2)
    case = heard(exam)
    assert code_of(decide, exam, case) == "no_marks"
    exam.take(sheet(HEADER, (ticket(0), 100, 100), (ticket(1), 90, 90)))
    assert code_of(decide, exam, case) == "not_locked"
    exam.lock()
    assert decide(exam, case).state == "decided"


def test_a_void_paper_leaves_the_ranking_as_a_corrected_mark_does(held, time_machine):
    domain.rank_written(actor=held.clerk, campaign=held.campaign)
    held.put_out(domain.prepare_scores(actor=held.clerk, campaign=held.campaign))
    held.line()
    time_machine.move_to(NOW + timedelta(minutes=1), tick=False)
    decide(held, heard(held, "general", "职测"))
    assert code_of(domain.make_shortlist, actor=held.clerk, campaign=held.campaign) == "old_ranking"
    domain.rank_written(actor=held.clerk, campaign=held.campaign)
    results = {row.application_id: (row.value is None, row.status, row.rank) for row in WrittenResult.objects.all()}
    first, *others = [person.pk for person in held.people]
    assert results[first] == (True, "misconduct", None)
    assert [results[pk][2] for pk in others] == [1, 2, 3]


def test_after_the_shortlist_the_ranking_is_taken_back_first(held):
    domain.rank_written(actor=held.clerk, campaign=held.campaign)
    held.shortlist()
    decide(held, heard(held))
    assert code_of(domain.rank_written, actor=held.clerk, campaign=held.campaign) == "shortlisted"
    domain.reopen_ranking(actor=held.clerk, campaign=held.campaign, reason=DOCUMENT)
    domain.rank_written(actor=held.clerk, campaign=held.campaign)
    assert held.shortlist() == 3
    assert state(held.people[0]) == S.NOT_SHORTLISTED


def test_after_interviews_the_marks_stay_and_the_application_ends(held):
    domain.rank_written(actor=held.clerk, campaign=held.campaign)
    held.shortlist()
    held.take(sheet(["准考证号", "面试成绩"], (ticket(0), 90)), "interview", actor=held.office)
    case = decide(held, heard(held), reason="面试前查实作弊")
    assert (void_marks(held), state(held.people[0])) == ({}, S.DISQUALIFIED)
    assert held.people[0].transitions.latest("pk").reason_code == "misconduct"
    assert case.record.ends == date(2031, 3, 20)


def test_who_withdrew_gets_the_record_all_the_same(held):
    held.people[0].state = S.WITHDRAWN
    held.people[0].save(update_fields=["state"])
    case = decide(held, heard(held, "very_serious"))
    assert (void_marks(held), state(held.people[0]), case.record.kind) == ({}, S.WITHDRAWN, "long_term")


def test_a_dropped_case_changes_nothing_and_says_why(held):
    case = report(held)
    with pytest.raises(NotAllowed):
        domain.drop_case(actor=held.clerk, case=case, reason="证据不足，不予处理")
    assert code_of(domain.drop_case, actor=held.checker, case=case, reason=" ") == "reason_required"
    case = domain.drop_case(actor=held.checker, case=case, reason="证据不足，不予处理")
    assert (case.state, void_marks(held), IntegrityRecord.objects.count()) == ("dropped", {}, 0)
    assert Message.objects.get(kind="application.conduct_dropped").recipient == held.person.user
    assert code_of(decide, held, case) == "settled"
    assert code_of(domain.make_statement, actor=held.clerk, case=case, statement="迟到的陈述") == "settled"


def test_the_database_keeps_a_settled_case_as_it_is(held):
    case = decide(held, heard(held))
    for change in ({"reasons": "改了"}, {"state": "open"}, {"record": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ConductCase.objects.filter(pk=case.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        case.delete()


def test_one_person_alone_can_never_stand_for_both(held):
    case = report(held)
    with pytest.raises(IntegrityError), transaction.atomic():
        ConductCase.objects.filter(pk=case.pk).update(
            state="dropped", decided_by=held.clerk, decided_at=NOW, reasons="自己撤销"
        )


def test_nothing_goes_on_in_an_exam_that_is_suspended(held):
    case = heard(held)
    held.campaign.state = "suspended"
    held.campaign.save(update_fields=["state"])
    assert code_of(report, held, application=held.people[1]) == "not_running"
    assert code_of(decide, held, case) == "not_running"


def test_the_record_ends_with_its_last_day(held):
    decide(held, heard(held))
    person, unit = held.person, held.people[0].position.unit
    [record] = records_in_force(person, date(2031, 3, 20), unit)
    assert (record.issuer, record.starts, record.ground) == (held.campaign.unit.name, TODAY, DOCUMENT)
    assert records_in_force(person, date(2031, 3, 21), unit) == []
    assert records_in_force(person, TODAY - timedelta(days=1), unit) == []


def test_a_ban_bars_within_its_area_and_days_and_is_entered_by_the_talent_office(held, hospital, make_unit, staff):
    told = {"candidate": held.person, "unit": hospital, "issuer": "县人才办", "ground": "未报到"}
    days = {"starts": TODAY, "ends": date(2027, 3, 19)}
    for person in (held.clerk, held.person.user, staff(Role.TALENT_OFFICE, unit=make_unit("S1"), username="other")):
        with pytest.raises(NotAllowed):
            enter_ban(actor=person, **told, **days)
    assert code_of(enter_ban, actor=held.office, **told, starts=TODAY, ends=TODAY - timedelta(days=1)) == "days"
    assert code_of(enter_ban, actor=held.office, **{**told, "issuer": " "}, **days) == "issuer_required"
    ban = enter_ban(actor=held.office, **told, **days)
    for day, unit, found in (
        (TODAY, hospital, [ban]),
        (date(2027, 3, 19), hospital, [ban]),
        (date(2027, 3, 20), hospital, []),
        (TODAY - timedelta(days=1), hospital, []),
        (TODAY, hospital.parent, []),
        (TODAY, None, [ban]),
    ):
        assert records_in_force(held.person, day, unit) == found


def test_a_record_finds_the_person_by_the_id_number_and_never_by_the_name(held, make_candidate):
    decide(held, heard(held))
    namesake = make_candidate(name=held.person.name)
    assert records_in_force(namesake, TODAY) == []
    # The same ID number on another row of the same person, say after an account was closed.
    IntegrityRecord.objects.update(candidate=None)
    [record] = records_in_force(held.person, TODAY)
    assert (record.identity, record.candidate) == (held.person.id_index, None)
    with pytest.raises(IntegrityError), transaction.atomic():
        IntegrityRecord.objects.update(identity="")


def test_ticket_only_people_never_share_a_record(held):
    """They have no ID number: the record stands for their own row alone."""
    decide(held, heard(held, application=held.people[1]))
    assert len(records_in_force(held.people[1].candidate, TODAY)) == 1
    assert records_in_force(held.people[2].candidate, TODAY) == []


@pytest.mark.parametrize(
    "change", [{"ends": None}, {"kind": "long_term"}, {"scope": "H1"}, {"kind": "ban"}, {"issuer": ""}]
)
def test_the_database_holds_a_record_together(held, change):
    decide(held, heard(held))
    with pytest.raises(IntegrityError), transaction.atomic():
        IntegrityRecord.objects.update(**change)
