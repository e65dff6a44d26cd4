"""Bonus points from the claim to the place: who claims and decides what until when, and how the mark comes about."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Role
from accounts.models import AuditEntry
from campaigns.planning.queries import rules_of
from foundation.errors import NotAllowed, Refused
from foundation.messages.models import Message
from recruitment.applications import domain as applications
from recruitment.candidates.domain import remove_document
from recruitment.candidates.models import Relative
from recruitment.examinations import domain
from recruitment.examinations.models import BonusClaim, BonusReason, BonusState, WrittenResult
from recruitment.examinations.queries import score_ledger
from recruitment.examinations.rule_effects import marks_and_shortlist
from recruitment.publications.queries import released
from rulebook.ruleset import Fold, FoldPart, Paper, TotalPart, TotalRules, WrittenRules
from tests.applicants import NOW, SHANGHAI
from tests.bonuses import GROUND, set_bonus, set_rules
from tests.examiners import sheet, ticket

pytestmark = pytest.mark.django_db
TWO_GROUNDS = [{"kind": GROUND, "per_year": 2}, {"kind": "退役大学生士兵", "fixed": 4}]
REJECTION = {"reason_code": BonusReason.NOT_PROVED, "reason": "证明没有盖章，请补盖章的证明。"}


def refusal(verb, **arguments):
    with pytest.raises(Refused) as caught:
        verb(**arguments)
    return caught.value


def accept(exam, claim, months=None):
    return domain.accept_claim(actor=exam.office, claim=claim, months=months)


def actions():
    return list(AuditEntry.objects.filter(action__endswith="_bonus").order_by("pk").values_list("action", flat=True))


# Claiming


def test_an_applicant_claims_a_ground_with_a_document_of_their_own(claimant):
    claim = claimant.claim(months=35)
    assert (claim.state, claim.months, claim.document, claim.claimed_at) == ("open", 35, claimant.proof, NOW)
    entry = AuditEntry.objects.get(action="examinations.claim_bonus")
    assert (entry.actor, entry.after["ground"], entry.after["months"]) == (claimant.user, GROUND, 35)


def test_the_same_claim_twice_is_one_and_another_of_the_same_ground_is_refused(claimant):
    first = claimant.claim()
    assert claimant.claim() == first
    assert refusal(claimant.claim, months=48).code == "claimed"
    assert list(BonusClaim.objects.all()) == [first]
    assert actions() == ["examinations.claim_bonus"]


def test_the_database_itself_holds_one_claim_for_an_application_and_ground(claimant):
    claimant.claim()
    with pytest.raises(IntegrityError), transaction.atomic():
        BonusClaim.objects.create(application=claimant.application, ground=GROUND, document=claimant.proof)
    with pytest.raises(IntegrityError), transaction.atomic():
        BonusClaim.objects.update(document=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        BonusClaim.objects.update(state="accepted")


def test_nobody_claims_for_somebody_else_or_with_their_document(claimant, make_claimant, staff):
    other = make_claimant()
    for actor in (other.user, staff(Role.TALENT_OFFICE)):
        with pytest.raises(NotAllowed):
            claimant.claim(actor=actor)
    assert refusal(claimant.claim, document=other.proof).code == "not_your_document"
    assert not BonusClaim.objects.exists()


@pytest.mark.parametrize(("months", "is_taken"), [(0, False), (11, False), (12, True), (600, True), (601, False)])
def test_a_ground_with_points_per_year_needs_a_full_year(claimant, months, is_taken):
    if is_taken:
        assert claimant.claim(months=months).months == months
    else:
        assert refusal(claimant.claim, months=months).code == "no_full_year"


def test_a_ground_that_the_announcement_does_not_have_is_named_with_those_it_has(claimant):
    caught = refusal(claimant.claim, ground="少数民族")
    assert caught.code == "bonus.unknown_kind"
    assert "少数民族" in caught.message
    assert "服务基层项目" in caught.message


def test_an_announcement_without_grounds_takes_no_claim(claimant, campaign):
    set_bonus(campaign, items=[])
    assert refusal(claimant.claim).code == "no_bonus"


def test_where_there_is_no_written_exam_nothing_would_count_a_bonus_so_none_is_taken(claimant, campaign):
    set_rules(campaign, track="competitive_selection")
    assert refusal(claimant.claim).code == "no_bonus"


@pytest.mark.parametrize(
    ("moment", "is_taken"),
    [
        (datetime(2026, 4, 10, 23, 59, 59, tzinfo=SHANGHAI), True),
        (datetime(2026, 4, 11, 0, 0, 0, tzinfo=SHANGHAI), False),
        (datetime(2026, 4, 11, 0, 0, 1, tzinfo=SHANGHAI), False),
    ],
)
def test_r44_the_day_of_the_deadline_counts_and_the_moment_after_it_does_not(
    claimant, campaign, time_machine, moment, is_taken
):
    set_bonus(campaign, deadline=date(2026, 4, 10))
    time_machine.move_to(moment, tick=False)
    if is_taken:
        assert claimant.claim().state == BonusState.OPEN
    else:
        caught = refusal(claimant.claim)
        assert caught.code == "closed"
        assert "4月10日" in caught.message


def test_without_a_deadline_claims_end_when_the_first_written_marks_come_in(exam, claimant, make_claimant):
    other = make_claimant()
    claimant.claim()
    exam.take(sheet(["准考证号", "职测", "综应"], [ticket(0), 90, 90]))
    assert refusal(other.claim).code == "marks_in"


def test_with_a_deadline_ahead_claims_go_on_although_marks_are_in_and_the_ranking_waits_for_it(
    exam, claimant, campaign, time_machine
):
    set_bonus(campaign, deadline=date(2026, 4, 10))
    exam.take(sheet(["准考证号", "职测", "综应"], [ticket(0), 100, 95]))
    exam.lock()
    early = refusal(domain.rank_written, actor=exam.clerk, campaign=campaign)
    assert early.code == "bonus_window"
    assert "4月10日" in early.message
    accept(exam, claimant.claim())
    assert not WrittenResult.objects.exists()
    time_machine.move_to(datetime(2026, 4, 11, tzinfo=SHANGHAI), tick=False)
    exam.rank()
    assert claimant.result().value == Decimal("71.00")


@pytest.mark.parametrize("state", ["draft", "withdrawn", "rejected"])
def test_only_an_application_that_stands_takes_a_claim(claimant, state):
    type(claimant.application).objects.filter(pk=claimant.application.pk).update(state=state)
    assert refusal(claimant.claim).code == "wrong_state"


def test_a_claim_is_withdrawn_until_it_is_decided_and_may_be_made_anew(exam, claimant, make_claimant):
    first = claimant.claim()
    with pytest.raises(NotAllowed):
        domain.withdraw_claim(actor=make_claimant().user, claim=first)
    for _time in range(2):
        assert domain.withdraw_claim(actor=claimant.user, claim=first).state == BonusState.WITHDRAWN
    second = claimant.claim(months=48)
    accept(exam, second)
    assert refusal(domain.withdraw_claim, actor=claimant.user, claim=second).code == "wrong_state"
    assert actions() == [
        "examinations.claim_bonus", "examinations.withdraw_bonus", "examinations.claim_bonus",
        "examinations.accept_bonus",
    ]  # fmt: skip


@pytest.mark.parametrize("end", ["open", "accepted", "rejected"])
def test_the_document_of_a_claim_stays_until_the_claim_is_withdrawn(exam, claimant, end):
    # Handed in after the application, so that only the claim holds it.
    claimant.proof.added_at = NOW + timedelta(hours=1)
    claimant.proof.save()
    claim = claimant.claim()
    if end == "accepted":
        accept(exam, claim)
    if end == "rejected":
        domain.reject_claim(actor=exam.office, claim=claim, **REJECTION)
    removing = {"actor": claimant.user, "candidate": claimant.candidate, "document": claimant.proof}
    assert refusal(remove_document, **removing).code == "in_use"
    assert claimant.candidate.documents.get() == claimant.proof


def test_the_document_of_a_withdrawn_claim_may_go_and_the_claim_stays_on_record(claimant):
    claimant.proof.added_at = NOW + timedelta(hours=1)
    claimant.proof.save()
    claim = domain.withdraw_claim(actor=claimant.user, claim=claimant.claim())
    remove_document(actor=claimant.user, candidate=claimant.candidate, document=claimant.proof)
    claim.refresh_from_db()
    assert (claim.state, claim.document) == (BonusState.WITHDRAWN, None)


# Deciding


@pytest.mark.parametrize("role", [Role.TALENT_OFFICE, Role.EXAM_CENTRE])
def test_the_talent_office_and_the_exam_centre_decide(claimant, staff, role):
    person = staff(role)
    claim = domain.accept_claim(actor=person, claim=claimant.claim())
    assert (claim.state, claim.months_proved, claim.decided_by, claim.decided_at) == ("accepted", 36, person, NOW)
    entry = AuditEntry.objects.get(action="examinations.accept_bonus")
    assert (entry.before, entry.after) == ({"state": "open"}, {"state": "accepted", "months": 36, "points": "6"})


@pytest.mark.parametrize("role", [Role.UNIT_HR, Role.DEPARTMENT, Role.LEADER, Role.AUDITOR])
def test_other_roles_decide_nothing(claimant, staff, role):
    claim = claimant.claim()
    for verb, more in (
        (domain.accept_claim, {}),
        (domain.reject_claim, REJECTION),
        (domain.reopen_claim, {"reason": "误判误判"}),
    ):
        with pytest.raises(NotAllowed):
            verb(actor=staff(role), claim=claim, **more)
    assert BonusClaim.objects.get().state == BonusState.OPEN


def test_another_units_office_and_the_machine_decide_nothing(claimant, staff, make_unit, system_actor):
    claim = claimant.claim()
    for actor in (staff(Role.TALENT_OFFICE, unit=make_unit("S1")), system_actor, claimant.user):
        with pytest.raises(NotAllowed):
            domain.accept_claim(actor=actor, claim=claim)


def test_whoever_is_recused_or_has_a_declared_relatives_name_does_not_decide(exam, claimant):
    claim = claimant.claim()
    applications.declare_recusal(actor=exam.office, application=claimant.application, user=exam.clerk, reason="表亲")
    Relative.objects.create(candidate=claimant.candidate, relation="spouse", name=exam.second.name, employer="县局")
    for actor in (exam.clerk, exam.second):
        with pytest.raises(NotAllowed):
            domain.accept_claim(actor=actor, claim=claim)
        with pytest.raises(NotAllowed):
            domain.reject_claim(actor=actor, claim=claim, **REJECTION)
    assert accept(exam, claim).decided_by == exam.office


def test_the_exam_centre_may_declare_that_it_is_related(exam, claimant):
    applications.declare_recusal(actor=exam.clerk, application=claimant.application, user=exam.clerk, reason="表亲")
    with pytest.raises(NotAllowed):
        domain.accept_claim(actor=exam.clerk, claim=claimant.claim())


def test_fewer_months_may_be_proved_than_were_claimed_but_never_less_than_a_year(exam, claimant):
    claim = claimant.claim(months=36)
    assert refusal(accept, exam=exam, claim=claim, months=11).code == "no_full_year"
    assert accept(exam, claim, months=35).months_proved == 35
    assert BonusClaim.objects.get().months == 36


def test_a_rejection_needs_a_code_of_the_list_and_words(exam, claimant):
    claim = claimant.claim()
    no_code = refusal(domain.reject_claim, actor=exam.office, claim=claim, reason_code="x", reason="证明没有盖章")
    no_words = refusal(domain.reject_claim, actor=exam.office, claim=claim, reason_code="used", reason=" 不 ")
    assert (no_code.code, no_words.code) == ("reason_code_required", "reason_required")
    done = domain.reject_claim(actor=exam.office, claim=claim, **REJECTION)
    assert (done.state, done.reason_code, done.reason) == ("rejected", "not_proved", REJECTION["reason"])
    entry = AuditEntry.objects.get(action="examinations.reject_bonus")
    assert (entry.after, entry.reason) == ({"state": "rejected", "reason_code": "not_proved"}, REJECTION["reason"])


def test_of_two_decisions_the_first_stands_and_the_second_is_told_so(exam, claimant):
    claim = claimant.claim()
    accept(exam, claim)
    accept(exam, claim)  # the same again changes nothing
    assert refusal(domain.reject_claim, actor=exam.second, claim=claim, **REJECTION).code == "wrong_state"
    assert refusal(accept, exam=exam, claim=claim, months=24).code == "wrong_state"
    assert actions() == ["examinations.claim_bonus", "examinations.accept_bonus"]


def test_a_decision_is_taken_back_with_a_reason_and_made_anew(exam, claimant):
    claim = claimant.claim()
    assert refusal(domain.reopen_claim, actor=exam.office, claim=claim, reason="补交证明").code == "not_decided"
    domain.reject_claim(actor=exam.office, claim=claim, **REJECTION)
    assert refusal(domain.reopen_claim, actor=exam.office, claim=claim, reason="").code == "reason_required"
    again = domain.reopen_claim(actor=exam.second, claim=claim, reason="本人补交了盖章的证明")
    assert (again.state, again.reason_code, again.reason, again.decided_by) == ("open", "", "", None)
    assert accept(exam, claim).state == "accepted"
    assert AuditEntry.objects.get(action="examinations.reopen_bonus").reason == "本人补交了盖章的证明"


def test_the_applicant_is_told_each_decision_without_ground_or_points(exam, claimant):
    claim = claimant.claim()
    Message.objects.all().delete()
    domain.reject_claim(actor=exam.office, claim=claim, **REJECTION)
    domain.reopen_claim(actor=exam.office, claim=claim, reason="本人补交了证明")
    accept(exam, claim)
    sent = list(Message.objects.order_by("pk"))
    assert [message.kind for message in sent] == [
        "application.bonus_rejected", "application.bonus_reopened", "application.bonus_accepted",
    ]  # fmt: skip
    assert {message.recipient for message in sent} == {claimant.user}
    for message in sent:
        assert claimant.application.registration_no in message.body
        assert not any(word in message.body for word in ("服务基层", "6分", "6.00", "盖章", claimant.candidate.name))


# Ranking


def test_the_ranking_says_how_many_claims_wait_and_where(exam, claimant, make_claimant, make_position):
    elsewhere = make_position("0102")
    claims = [claimant.claim(), make_claimant().claim(), make_claimant(at=elsewhere).claim()]
    for person, mark in zip(exam.people, (100, 95, 90), strict=True):
        exam.take(sheet(["准考证号", "职测", "综应"], [person.ticket_no, mark, mark]))
        exam.lock()
    caught = refusal(domain.rank_written, actor=exam.clerk, campaign=exam.campaign)
    assert caught.code == "bonus_open"
    assert all(word in caught.message for word in ("3", "0101 (2)", "0102 (1)"))
    assert not WrittenResult.objects.exists()
    for claim in claims[:2]:
        accept(exam, claim)
    assert "0102 (1)" in refusal(domain.rank_written, actor=exam.clerk, campaign=exam.campaign).message
    domain.reject_claim(actor=exam.office, claim=claims[2], **REJECTION)
    assert exam.rank() == 3


def test_r44_nothing_is_ranked_before_the_list_says_exactly_what_was_granted(exam, claimant, make_claimant):
    first, second = claimant.claim(), make_claimant().claim(months=24)
    exam.take(sheet(["准考证号", "职测", "综应"], [ticket(0), 100, 95], [ticket(1), 90, 90]))
    exam.lock()
    accept(exam, first)
    assert refusal(domain.prepare_bonus, actor=exam.clerk, campaign=exam.campaign).code == "bonus_open"
    domain.reject_claim(actor=exam.office, claim=second, **REJECTION)
    missing = refusal(domain.rank_written, actor=exam.clerk, campaign=exam.campaign)
    assert (missing.code, ticket(0) in missing.message) == ("bonus_list", True)
    draft = domain.prepare_bonus(actor=exam.clerk, campaign=exam.campaign)
    assert refusal(domain.rank_written, actor=exam.clerk, campaign=exam.campaign).code == "bonus_list"
    exam.put_out(draft)
    domain.reopen_claim(actor=exam.office, claim=second, reason="补充了盖章的证明")
    accept(exam, second)
    differs = refusal(domain.rank_written, actor=exam.clerk, campaign=exam.campaign)
    assert (differs.code, ticket(1) in differs.message, ticket(0) in differs.message) == ("bonus_list", True, False)
    assert exam.rank() == 2
    assert released().filter(kind="bonus").get().rows == [[ticket(0), "0101", "6.00"], [ticket(1), "0101", "4.00"]]


def test_a_claim_that_was_withdrawn_or_whose_application_ended_holds_nobody_up(exam, claimant, make_claimant):
    domain.withdraw_claim(actor=claimant.user, claim=claimant.claim())
    gone = make_claimant()
    gone.claim()
    applications.withdraw_application(actor=gone.user, application=gone.application)
    exam.take(sheet(["准考证号", "职测", "综应"], [ticket(0), 90, 90]))
    exam.lock()
    assert exam.rank() == 1


def test_once_ranked_no_claim_is_made_or_decided_until_the_ranking_is_taken_back(exam, claimant, make_claimant):
    claim = accept(exam, claimant.claim())
    late = make_claimant()
    exam.written(100, 90)
    assert refusal(late.claim).code == "marks_in"
    for verb, more in ((domain.reopen_claim, {"reason": "复核复核"}), (domain.reject_claim, REJECTION)):
        assert refusal(verb, actor=exam.office, claim=claim, **more).code == "ranked"
    domain.reopen_ranking(actor=exam.office, campaign=exam.campaign, reason="加分复核")
    domain.reopen_claim(actor=exam.office, claim=claim, reason="证明不实，重新审核")
    domain.reject_claim(actor=exam.office, claim=claim, **REJECTION)
    exam.rank()
    assert (claimant.result().bonus, claimant.result().value) == (0, Decimal("66.67"))
    assert released().filter(kind="bonus").get().rows == [[ticket(0), "0101", "0.00"]]
    assert refusal(late.claim).code == "marks_in"


def test_marks_ranks_and_explanations_of_people_without_a_claim_stay_as_they_were(exam, claimant, make_position):
    exam.enter(make_position("0102"), 3)
    exam.written(100, 120, 110, 90)
    before = list(
        WrittenResult.objects.order_by("application").values_list(
            "application", "value", "rank", "bonus", "explanation"
        )
    )
    domain.reopen_ranking(actor=exam.office, campaign=exam.campaign, reason="再排一次")
    BonusClaim.objects.create(
        application=claimant.application, ground=GROUND, months=36, document=claimant.proof, state="accepted",
        months_proved=36, decided_by=exam.office, decided_at=NOW,
    )  # fmt: skip
    exam.rank()
    after = list(
        WrittenResult.objects.order_by("application").values_list(
            "application", "value", "rank", "bonus", "explanation"
        )
    )
    assert after[1:] == before[1:]
    assert (before[0][1], after[0][1]) == (Decimal("66.670"), Decimal("72.670"))


def test_the_bonus_changes_places_and_who_is_called(exam, make_claimant):
    people = [make_claimant() for _number in range(4)]
    accept(exam, people[3].claim())
    exam.written(120, 110, 100, 93)  # 80.00, 73.33, 66.67 and 62.00 + 6.00
    assert [person.result().rank for person in people] == [1, 2, 4, 3]
    exam.shortlist()
    assert [person.result().is_called for person in people] == [True, True, False, True]


@pytest.mark.parametrize(("months", "points"), [(35, 4), (36, 6), (48, 6)])
def test_r42_full_years_count_and_the_cap_holds(exam, claimant, months, points):
    accept(exam, claimant.claim(months=months))
    exam.written(100)
    assert claimant.result().bonus == points
    assert claimant.result().value == Decimal("66.67") + points


def test_r42_of_4_and_2_points_4_count_and_the_explanation_says_that_they_do_not_add_up(exam, claimant, campaign):
    set_bonus(campaign, items=[{"kind": GROUND, "per_year": 2}, {"kind": "退役大学生士兵", "fixed": 4}])
    accept(exam, claimant.claim(months=12))
    accept(exam, claimant.claim(ground="退役大学生士兵", months=0))
    exam.take(sheet(["准考证号", "职测", "综应"], [ticket(0), 100, 95]))
    exam.lock()
    exam.rank()
    result = claimant.result()
    assert (result.bonus, result.carried_bonus, result.value) == (4, 0, Decimal("69.00"))
    assert result.explanation["zh"] == [
        "服务基层项目：满1年，可加2.00分",
        "退役大学生士兵：可加4.00分",
        "多项不累加，取最高一项：4.00分",
        "69.00 = (100.00 + 95.00) ÷ 3 + 4.00，四舍五入保留2位小数",
        "成绩69.00，第1名",
    ]
    assert result.explanation["en"][-2].startswith("69.00 = (100.00 + 95.00) ÷ 3 + 4.00,")


@pytest.mark.parametrize(
    ("where", "value", "carried", "last"),
    [
        ("written", "69.00", 0, "69.00 = (100.00 + 95.00) ÷ 3 + 4.00，四舍五入保留2位小数"),
        ("raw_sum", "66.33", 0, "66.33 = (100.00 + 95.00 + 4.00) ÷ 3，四舍五入保留2位小数"),
        ("weighted", "65.00", 4, "65.00 = (100.00 + 95.00) ÷ 3，四舍五入保留2位小数"),
    ],
)
def test_r43_the_bonus_enters_where_the_rules_put_it(exam, claimant, campaign, where, value, carried, last):
    set_bonus(campaign, position=where)
    accept(exam, claimant.claim(months=24))
    exam.take(sheet(["准考证号", "职测", "综应"], [ticket(0), 100, 95]))
    exam.lock()
    exam.rank()
    result = claimant.result()
    assert (result.value, result.bonus, result.carried_bonus) == (Decimal(value), 4, carried)
    assert result.explanation["zh"][-2] == last
    assert ("加分4.00分不计入笔试成绩，加权后计入总成绩" in result.explanation["zh"]) == bool(carried)


def single_paper(campaign, where):
    """R43's second example, 45.30 and 46.90 of the written mark, with 80 × 40 % = 32 of the interview."""
    rules = rules_of(campaign)
    bonus = rules.written.bonus.model_copy(update={"position": where})
    fold = Fold(parts=(FoldPart(paper="笔试"),))
    parts = (TotalPart(name="written", weight=Decimal("0.6")), TotalPart(name="interview", weight=Decimal("0.4")))
    interview = type(rules.interview)(**{**rules.interview.model_dump(), "pass_line": None, "no_competition": {}})
    set_rules(
        campaign, written=WrittenRules(papers=(Paper(name="笔试"),), folds=(fold,), bonus=bonus),
        total=TotalRules(parts=parts), interview=interview,
        ranking=rules.ranking.model_copy(update={"tie_chain": ("written",)}),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("where", "total", "formula"),
    [("written", "77.30", "75.50 × 60% + 80.00 × 40%"), ("weighted", "78.90", "71.50 × 60% + 80.00 × 40% + 4.00")],
)
def test_r43_before_or_after_weighting_through_the_whole_exam(exam, claimant, campaign, where, total, formula):
    single_paper(campaign, where)
    accept(exam, claimant.claim(months=24))
    exam.take(sheet(["准考证号", "笔试"], [ticket(0), "71.5"]))
    exam.lock()
    exam.rank()
    exam.shortlist()
    exam.interviews(80)
    result = claimant.result().application.total_result
    assert result.value == Decimal(total)
    assert f"{total} = {formula}，四舍五入保留2位小数" in result.explanation["zh"]


def test_a_change_of_the_rules_after_the_ranking_counts_no_bonus_twice(exam, claimant, campaign):
    """The written mark holds the bonus by the rules of its ranking; later rules add none to the total."""
    single_paper(campaign, "written")
    accept(exam, claimant.claim(months=24))
    exam.take(sheet(["准考证号", "笔试"], [ticket(0), "71.5"]))
    exam.lock()
    exam.rank()
    exam.shortlist()
    single_paper(campaign, "weighted")
    exam.interviews(80)
    assert claimant.result().application.total_result.value == Decimal("77.30")


def test_r44_the_cap_at_the_full_mark_is_told_with_what_was_reached(exam, claimant, campaign):
    set_bonus(campaign, cap_at_full_mark=True)
    accept(exam, claimant.claim())
    exam.take(sheet(["准考证号", "职测", "综应"], [ticket(0), 150, 141]))
    exam.lock()
    exam.rank()
    result = claimant.result()
    assert (result.value, result.bonus) == (Decimal("100.00"), 6)
    assert result.explanation["zh"][-2].startswith(
        "(150.00 + 141.00) ÷ 3 + 6.00 = 103.00，超过满分，按公告以满分计：100.00，"
    )


def test_a_person_without_a_written_mark_has_no_bonus_in_it(exam, claimant, make_claimant):
    accept(exam, claimant.claim())
    exam.written("缺考")
    assert (claimant.result().value, claimant.result().bonus) == (None, 0)
    assert claimant.result().explanation["zh"] == ["职测、综应缺考，不计笔试成绩，不参加排名"]


def test_a_ground_that_an_amendment_took_away_stops_the_ranking_with_its_name(exam, claimant, campaign):
    claim = accept(exam, claimant.claim())
    set_bonus(campaign, items=[{"kind": "退役大学生士兵", "fixed": 4}])
    exam.take(sheet(["准考证号", "职测", "综应"], [ticket(0), 90, 90]))
    exam.lock()
    caught = refusal(domain.rank_written, actor=exam.clerk, campaign=campaign)
    assert caught.code == "bonus.unknown_kind"
    domain.reopen_claim(actor=exam.office, claim=claim, reason="公告变更后无此加分项目")
    domain.reject_claim(actor=exam.office, claim=claim, **REJECTION)
    assert exam.rank() == 1


# What is shown


def test_the_lists_show_a_bonus_column_where_anyone_has_one_and_name_the_mark_with_bonus(exam, make_claimant):
    people = [make_claimant() for _number in range(3)]
    accept(exam, people[1].claim(months=24))
    exam.written(120, 110, 100)
    scores = domain.prepare_scores(actor=exam.clerk, campaign=exam.campaign)
    labels = [column["label"] for column in scores.columns]
    assert labels == ["准考证号", "岗位代码", "职测", "综应", "加分", "笔试成绩（含加分）", "名次"]
    assert [row[4:] for row in scores.rows] == [["—", "80.00", "1"], ["4.00", "77.33", "2"], ["—", "66.67", "3"]]
    exam.put_out(scores)
    exam.shortlist()
    called = domain.prepare_shortlist(actor=exam.clerk, campaign=exam.campaign)
    assert [column["code"] for column in called.columns] == ["ticket", "position", "bonus", "written", "rank"]
    assert called.rows[1][2:] == ["4.00", "77.33", "2"]
    exam.put_out(called)
    exam.interviews(80, 90, 85)
    exam.propose()
    totals = domain.prepare_totals(actor=exam.clerk, campaign=exam.campaign)
    codes = [column["code"] for column in totals.columns]
    assert codes == ["ticket", "position", "bonus", "written", "interview", "total", "rank", "proposed"]
    assert {len(row) for row in totals.rows} == {8}


def test_the_lists_of_an_exam_without_bonus_have_no_such_column(exam, position):
    exam.enter(position, 2)
    exam.written(120, 110)
    scores = domain.prepare_scores(actor=exam.clerk, campaign=exam.campaign)
    labels = [column["label"] for column in scores.columns]
    assert labels == ["准考证号", "岗位代码", "职测", "综应", "笔试成绩", "名次"]


def test_a_bonus_for_the_total_is_listed_as_such(exam, claimant, campaign):
    set_bonus(campaign, position="weighted")
    accept(exam, claimant.claim(months=24))
    exam.written(100)
    scores = domain.prepare_scores(actor=exam.clerk, campaign=exam.campaign)
    labels = [column["label"] for column in scores.columns]
    assert labels[4:6] == ["加分（计入总成绩）", "笔试成绩"]
    assert scores.rows[0][4:6] == ["4.00", "66.67"]


@pytest.mark.parametrize(("where", "place"), [("written", 0), ("weighted", 1)])
def test_a_person_reads_the_bonus_in_the_part_it_entered_once_the_list_is_out(exam, claimant, campaign, where, place):
    set_bonus(campaign, position=where)
    accept(exam, claimant.claim(months=24))
    exam.written(100)
    application = claimant.result().application
    assert score_ledger(application) == []
    exam.put_out(domain.prepare_scores(actor=exam.clerk, campaign=campaign))
    exam.shortlist()
    exam.put_out(domain.prepare_shortlist(actor=exam.clerk, campaign=campaign))
    exam.interviews(90)
    exam.propose()
    exam.put_out(domain.prepare_totals(actor=exam.clerk, campaign=campaign))
    parts = score_ledger(type(application).objects.get(pk=application.pk))
    assert [[line.shown for line in part.lines if line.what == "加分"] for part in parts] == [
        ["4.00"] if place == number else [] for number in range(2)
    ]
    assert parts[0].steps == [*claimant.result().explanation["zh"], *claimant.result().call_explanation["zh"]]
    assert parts[0].result.what == ("笔试成绩（含加分）" if where == "written" else "笔试成绩")


def test_a_change_of_rules_that_leaves_the_bonus_alone_changes_no_mark(exam, claimant, campaign):
    accept(exam, claimant.claim())
    exam.written(100)
    old = rules_of(campaign)
    same = old.model_copy(
        update={"written": old.written.model_copy(update={"absent_policy": "counts_as_zero"}),
                "shortlist": old.shortlist.model_copy(update={"min_line": type(old.shortlist.min_line)()})}
    )  # fmt: skip
    old = old.model_copy(update={"shortlist": same.shortlist})
    assert not any(effect.touched for effect in marks_and_shortlist(campaign, old, same))
    bonus = old.written.bonus.model_copy(update={"cap": Decimal(2)})
    less = old.model_copy(update={"written": old.written.model_copy(update={"bonus": bonus})})
    changed = marks_and_shortlist(campaign, old, less)
    assert changed[0].touched == (ticket(0),)
