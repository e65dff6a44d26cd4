"""The recheck before the interview: results, who is admitted, who is called up to a freed place, and what they read."""

from datetime import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AuditEntry
from campaigns.planning.models import Milestone
from foundation.errors import NotAllowed, Refused
from foundation.messages.models import Message
from recruitment.applications.domain import withdraw_application
from recruitment.candidates.models import Relative
from recruitment.examinations import domain
from recruitment.examinations.models import CallUp, MarkKind, Recheck, TotalResult
from recruitment.examinations.recheck import outlook, own_recheck
from recruitment.examinations.standing import standings
from recruitment.examinations.steps import steps_of
from recruitment.examinations.wagtail_hooks import recheck_work
from rulebook.ruleset import RecheckRules, ReplacementRules
from rulebook.ruleset.profiles import COUNTY_EXAM
from tests.applicants import SHANGHAI
from tests.bonuses import set_rules
from tests.examiners import signed_sheet, ticket

pytestmark = pytest.mark.django_db
FAILED = {"outcome": "failed", "reason_code": "education", "reason": "学位证书与岗位要求不符。"}
INTERVIEW = ["准考证号", "面试成绩"]


def replacing(**changes):
    """The county's replacement rules with another row for the recheck."""
    rows = COUNTY_EXAM.replacement.stages
    own = next(row for row in rows if row.stage == "recheck").model_copy(update=changes)
    return ReplacementRules(stages=tuple(own if row.stage == "recheck" else row for row in rows))


def refusal(verb, **arguments):
    with pytest.raises(Refused) as caught:
        verb(**arguments)
    return caught.value


@pytest.fixture
def listed(exam, position):
    """Six people for one place: three called, the list of them out."""
    exam.enter(position, 6)
    exam.written(120, 115, 110, 100, 95, 90)
    exam.shortlist()
    exam.put_out(domain.prepare_shortlist(actor=exam.clerk, campaign=exam.campaign))
    return exam


def person(exam, number):
    return type(exam.people[number]).objects.get(pk=exam.people[number].pk)


def record(exam, number, **told):
    return domain.record_recheck(actor=exam.office, application=person(exam, number), **(told or {"outcome": "passed"}))


def call(exam, place, number, **more):
    return domain.call_up(actor=exam.office, place=place, application=person(exam, number), **more)


def interviewed(exam, *numbers):
    rows = [(ticket(number), 80 - number) for number in numbers]
    return domain.import_marks(
        actor=exam.office, campaign=exam.campaign, content=signed_sheet(INTERVIEW, *rows), file_name="面试.csv",
        kind=MarkKind.INTERVIEW,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (FAILED, "资格复审不合格，取消面试资格"),
        ({"outcome": "absent"}, "未参加资格复审，取消面试资格"),
        ({"outcome": "withdrawn", "reason": "本人放弃"}, "放弃资格复审，取消面试资格"),
        (None, "资格复审尚无结果，暂不能参加面试"),
    ],
)
def test_r54_who_did_not_pass_gets_no_interview_mark_and_the_row_says_why(listed, told, said):
    if told:
        record(listed, 0, **told)
    record(listed, 1)
    outcome = interviewed(listed, 0, 1, 5)
    reasons = {one.row: one.message for one in outcome.sheets[0].refused}
    assert reasons == {2: f"{ticket(0)}：{said}", 4: f"{ticket(5)}：未入围，也未递补入围，不能参加面试"}
    assert outcome.sheets[0].new == 1


def test_r54_where_the_rules_ask_for_no_recheck_there_is_none(listed):
    set_rules(listed.campaign, recheck=RecheckRules(required=False))
    assert refusal(
        domain.record_recheck, actor=listed.office, application=person(listed, 0), outcome="passed"
    ).code == ("no_recheck")
    keys = [step.key for step in steps_of(standings([listed.campaign])[listed.campaign.pk])]
    assert not {"recheck", "call-ups", "notices"} & set(keys)
    assert not interviewed(listed, 0, 1, 2).refused
    assert own_recheck(person(listed, 0), COUNTY_EXAM.replaced(recheck=RecheckRules(required=False))) is None


def test_nothing_is_rechecked_before_the_list_is_out_or_after_the_first_interview_mark(exam, position):
    exam.enter(position, 3)
    exam.written(120, 110, 100)
    exam.shortlist()
    early = refusal(domain.record_recheck, actor=exam.office, application=person(exam, 0), outcome="passed")
    exam.put_out(domain.prepare_shortlist(actor=exam.clerk, campaign=exam.campaign))
    record(exam, 0)
    assert interviewed(exam, 0).saved
    late = refusal(domain.record_recheck, actor=exam.office, application=person(exam, 1), outcome="passed")
    assert (early.code, late.code) == ("not_published", "interviewed")


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"outcome": "good"}, "outcome"),
        ({"outcome": "failed"}, "reason_code_required"),
        ({"outcome": "failed", "reason_code": "own_wish", "reason": "不符合条件"}, "reason_code_required"),
        ({"outcome": "failed", "reason_code": "age", "reason": "不"}, "reason_required"),
        ({"outcome": "absent", "reason_code": "age"}, "reason_code"),
    ],
)
def test_a_result_names_its_reason_exactly_when_somebody_did_not_pass(listed, told, code):
    assert refusal(record, exam=listed, number=0, **told).code == code
    assert not Recheck.objects.exists()


def test_a_result_is_recorded_once_and_taken_back_with_a_reason(listed):
    first = record(listed, 0, **FAILED)
    assert record(listed, 0, **FAILED) == first
    assert refusal(record, exam=listed, number=0, outcome="passed").code == "recorded"
    assert refusal(domain.take_back_recheck, actor=listed.office, recheck=first, reason="").code == "reason_required"
    domain.take_back_recheck(actor=listed.office, recheck=first, reason="误录，证书已核实")
    record(listed, 0)
    assert Recheck.objects.get().outcome == "passed"
    actions = AuditEntry.objects.filter(action__contains="recheck").order_by("pk").values_list("action", flat=True)
    assert list(actions) == [
        "examinations.record_recheck", "examinations.take_back_recheck", "examinations.record_recheck",
    ]  # fmt: skip


def test_ranking_and_shortlist_stay_once_a_result_is_on_record(listed):
    record(listed, 0)
    for verb, more in ((domain.make_shortlist, {}), (domain.reopen_ranking, {"reason": "复核成绩"})):
        assert refusal(verb, actor=listed.office, campaign=listed.campaign, **more).code == "rechecked"


def test_only_who_rechecks_for_the_unit_and_is_not_related_records(listed, staff, hospital, make_unit):
    Relative.objects.create(candidate=person(listed, 0).candidate, name="亲属", relation="spouse")
    related = staff(Role.UNIT_HR, unit=hospital, username="related", name="亲属")
    elsewhere = staff(Role.UNIT_HR, unit=make_unit("X1"), username="elsewhere")
    for actor in (listed.clerk, related, elsewhere, listed.medical):
        with pytest.raises(NotAllowed):
            domain.record_recheck(actor=actor, application=person(listed, 0), outcome="passed")
    for actor in (listed.clerk, elsewhere):
        with pytest.raises(NotAllowed):
            domain.pass_rechecks(actor=actor, campaign=listed.campaign, applications=[person(listed, 1)])
    own = staff(Role.UNIT_HR, unit=hospital, username="own", name="人事")
    assert domain.record_recheck(actor=own, application=person(listed, 0), outcome="passed").recorded_by == own
    assert [todo.count for todo in recheck_work(own)] == [2]
    with pytest.raises(NotAllowed):
        domain.call_up(actor=own, place=record(listed, 1, outcome="absent"), application=person(listed, 3))


@pytest.mark.parametrize(("rounds", "then"), [(1, "最多递补1次，已经用完"), (2, "第5名递补")])
def test_r54_a_freed_place_goes_to_the_next_of_the_written_ranking_as_often_as_the_rules_say(listed, rounds, then):
    set_rules(listed.campaign, replacement=replacing(rounds=rounds))
    place = record(listed, 0, **FAILED)
    assert outlook(place).called == listed.people[3]
    wrong = refusal(call, exam=listed, place=place, number=4)
    assert (wrong.code, "第4名" in wrong.message) == ("not_next", True)
    made = call(listed, place, 3)
    assert made.explanation["zh"] == ["面试通知书尚未发出，可以递补。", "资格复审环节由第4名递补"]
    assert person(listed, 3).state == "shortlisted"
    assert refusal(call, exam=listed, place=place, number=4).code == "not_free"
    second = record(listed, 3, outcome="absent")
    answer = outlook(second)
    assert answer.called == (listed.people[4] if rounds == 2 else None)
    assert then in answer.explanation.text("zh")


@pytest.mark.parametrize(("changes", "reason"), [({"allowed": False}, "absent"), ({"reasons": ("failed",)}, "absent")])
def test_r54_nobody_is_called_up_where_the_rules_do_not_allow_it(listed, changes, reason):
    set_rules(listed.campaign, replacement=replacing(**changes))
    place = record(listed, 0, outcome=reason)
    assert "不递补" in refusal(call, exam=listed, place=place, number=3).message


def test_r54_people_below_the_line_are_never_called_up(exam, position):
    exam.enter(position, 4)
    exam.written(120, 115, 110, 60)
    exam.line(50)
    exam.shortlist()
    exam.put_out(domain.prepare_shortlist(actor=exam.clerk, campaign=exam.campaign))
    answer = outlook(record(exam, 0, outcome="absent"))
    assert (answer.called, "名额空缺" in answer.explanation.text("zh")) == (None, True)


def test_r54_a_tie_for_the_next_place_waits_for_an_extra_test(exam, position):
    exam.enter(position, 5)
    exam.written(120, 115, 110, 100, 100)
    exam.shortlist()
    exam.put_out(domain.prepare_shortlist(actor=exam.clerk, campaign=exam.campaign))
    place = record(exam, 0, outcome="absent")
    assert {row.ticket_no for row in outlook(place).tied} == {ticket(3), ticket(4)}
    refused = refusal(call, exam=exam, place=place, number=4)
    assert (refused.code, "须先加试" in refused.message) == ("not_next", True)
    assert call(exam, place, 4, extra_test="加试〔2026〕1号").application == exam.people[4]


@pytest.mark.parametrize(
    ("until", "moment", "may"),
    [
        ("interview_notice_issued", datetime(2026, 4, 22, tzinfo=SHANGHAI), False),
        ("days_before_interview", datetime(2026, 4, 19, 23, 59, tzinfo=SHANGHAI), True),
        ("days_before_interview", datetime(2026, 4, 20, tzinfo=SHANGHAI), False),
    ],
)
def test_r54_calling_up_ends_with_the_notices_or_some_days_before_the_interview(
    listed, time_machine, until, moment, may
):
    """Three days before the 23rd the last day is the 19th; notices that were issued matter only where the rules say."""
    set_rules(listed.campaign, recheck=RecheckRules(replacement_until=until, replacement_days_before=3))
    starts = datetime(2026, 4, 23, 9, tzinfo=SHANGHAI)
    Milestone.objects.create(campaign=listed.campaign, key="interview", starts_at=starts)
    place = record(listed, 0, outcome="absent")
    domain.pass_rechecks(
        actor=listed.office, campaign=listed.campaign, applications=[person(listed, 1), person(listed, 2)]
    )
    domain.issue_interview_notices(actor=listed.office, campaign=listed.campaign)
    time_machine.move_to(moment, tick=False)
    if may:
        assert call(listed, place, 3).application == listed.people[3]
    else:
        said = refusal(call, exam=listed, place=place, number=3).message
        assert ("通知书已经发出" if until == "interview_notice_issued" else "2026年4月19日") in said


def test_notices_go_out_once_everybody_has_a_result_and_nobody_is_told_twice(exam, make_claimant, position):
    people = [make_claimant().application for _number in range(3)]
    exam.written(120, 110, 100)
    exam.shortlist()
    exam.put_out(domain.prepare_shortlist(actor=exam.clerk, campaign=exam.campaign))
    record(exam, 0, **FAILED)
    early = refusal(domain.issue_interview_notices, actor=exam.office, campaign=exam.campaign)
    assert early.code == "recheck_open"
    assert domain.pass_rechecks(actor=exam.office, campaign=exam.campaign, applications=people[1:]) == 2
    assert domain.pass_rechecks(actor=exam.office, campaign=exam.campaign, applications=people[1:]) == 0
    for _time in range(2):
        assert domain.issue_interview_notices(actor=exam.office, campaign=exam.campaign) == 2
    told = Message.objects.filter(kind="application.interview_notice").values_list("recipient", flat=True)
    assert sorted(told) == sorted(row.candidate.user_id for row in people[1:])
    away = Message.objects.get(kind="application.recheck_not_passed")
    assert (away.recipient_id, "学位" in away.body) == (people[0].candidate.user_id, False)
    taken = refusal(domain.take_back_recheck, actor=exam.office, recheck=Recheck.objects.first(), reason="误录误录")
    assert taken.code == "notified"


def test_several_pass_together_or_none(listed):
    record(listed, 0, **FAILED)
    both = [person(listed, 0), person(listed, 1)]
    refused = refusal(domain.pass_rechecks, actor=listed.office, campaign=listed.campaign, applications=both)
    assert (refused.code, ticket(0) in refused.message, Recheck.objects.count()) == ("wrong_state", True, 1)


def test_the_place_of_who_withdrew_after_the_call_falls_free_too(exam, make_claimant):
    rows = [make_claimant().application for _number in range(4)]
    exam.written(120, 115, 110, 100)
    exam.shortlist()
    exam.put_out(domain.prepare_shortlist(actor=exam.clerk, campaign=exam.campaign))
    withdraw_application(actor=rows[0].candidate.user, application=rows[0])
    assert refusal(record, exam=exam, number=0, outcome="passed").code == "wrong_state"
    assert outlook(record(exam, 0, outcome="withdrawn")).called == rows[3]


def test_r82_totals_name_only_the_shortlist_and_those_on_a_replacement_list_and_leave_nobody_out(listed):
    call(listed, record(listed, 0, **FAILED), 3)
    for number in (1, 2, 3):
        record(listed, number)
    assert not interviewed(listed, 1, 2, 3).refused
    listed.lock()
    domain.compute_totals(actor=listed.clerk, campaign=listed.campaign)
    listed.propose()
    draft = domain.prepare_totals(actor=listed.clerk, campaign=listed.campaign)
    with pytest.raises(Refused) as untraceable:
        listed.put_out(draft)
    assert person(listed, 3).registration_no in untraceable.value.message
    listed.put_out(domain.prepare_call_ups(actor=listed.clerk, campaign=listed.campaign))
    listed.put_out(draft)
    at = [column["code"] for column in draft.columns].index("interview")
    assert {row[0]: row[at] for row in draft.rows} == {
        ticket(0): "未进入面试", ticket(1): "79.00", ticket(2): "78.00", ticket(3): "77.00",
    }  # fmt: skip
    away = TotalResult.objects.get(application=listed.people[0])
    assert (away.value, away.explanation["zh"][-1]) == (None, "资格复审不合格，取消面试资格")


def test_office_and_person_read_the_same_sentences(exam, make_claimant, client, staff, hospital):
    rows = [make_claimant().application for _number in range(4)]
    exam.written(120, 115, 110, 100)
    exam.shortlist()
    exam.put_out(domain.prepare_shortlist(actor=exam.clerk, campaign=exam.campaign))
    own = staff(Role.UNIT_HR, unit=hospital, username="own", name="人事")

    def office(number):
        client.force_login(own)
        return client.get(reverse("recheck-person", args=["C1", rows[number].pk])).content.decode()

    def portal(number):
        client.force_login(rows[number].candidate.user)
        return client.get(reverse("portal:application", args=[rows[number].registration_no])).content.decode()

    before = "资格复审查验"
    assert before in office(0)
    assert before in portal(0)
    assert 'id="recheck"' not in portal(3)
    client.force_login(own)
    client.post(reverse("recheck-person", args=["C1", rows[0].pk]), FAILED)
    place = Recheck.objects.get()
    domain.call_up(actor=exam.office, place=place, application=rows[3])
    for words in ("资格复审不合格，取消面试资格", FAILED["reason"]):
        assert words in office(0)
        assert words in portal(0)
    for words in ("资格复审环节由第4名递补", "资格复审尚无结果，暂不能参加面试"):
        assert words in office(3)
        assert words in portal(3)
    client.force_login(exam.office)
    assert ticket(3) in client.get(reverse("recheck-person", args=["C1", rows[0].pk])).content.decode()


def test_several_are_passed_through_the_page_after_a_look_at_the_effect(listed, client, staff, hospital):
    own = staff(Role.UNIT_HR, unit=hospital, username="own", name="人事")
    record(listed, 0, **FAILED)
    client.force_login(own)
    page, keys = reverse("recheck", args=["C1"]), [listed.people[number].pk for number in (0, 1, 2)]
    shown = client.post(page, {"person": keys}).content.decode()
    assert ticket(0) in shown
    assert Recheck.objects.count() == 1
    client.post(page, {"person": keys[1:], "confirm": "1"})
    assert Recheck.objects.filter(outcome="passed", recorded_by=own).count() == 2
    assert [len(client.get(page, {"show": key}).context["rows"]) for key in ("open", "passed", "away")] == [0, 2, 1]


def test_a_freed_place_is_taken_through_the_page(listed, client):
    place = record(listed, 0, **FAILED)
    client.force_login(listed.office)
    page = reverse("recheck-person", args=["C1", listed.people[0].pk])
    assert "资格复审环节由第4名递补" in client.get(page).content.decode()
    client.post(page, {"act": "call-up", "person": listed.people[4].pk})
    assert not CallUp.objects.exists()
    client.post(page, {"act": "call-up", "person": listed.people[3].pk})
    assert CallUp.objects.get().place == place


def test_the_recheck_does_not_exist_for_others_and_not_before_the_list_is_out(exam, position, client, staff, make_unit):
    exam.enter(position, 3)
    exam.written(120, 110, 100)
    exam.shortlist()
    page = reverse("recheck", args=["C1"])
    client.force_login(exam.office)
    assert client.get(page).status_code == 404
    exam.put_out(domain.prepare_shortlist(actor=exam.clerk, campaign=exam.campaign))
    assert client.get(page).status_code == 200
    for actor in (staff(Role.UNIT_HR, unit=make_unit("X1"), username="elsewhere"), exam.clerk, exam.medical):
        client.force_login(actor)
        assert (client.get(page).status_code, client.post(page).status_code) == (404, 404)


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_for_1_and_30(exam, make_position, client, django_assert_num_queries, count):
    exam.enter(make_position(headcount_planned=10, headcount_effective=10), count)
    exam.written(*[100 + number for number in range(count)])
    exam.shortlist()
    exam.put_out(domain.prepare_shortlist(actor=exam.clerk, campaign=exam.campaign))
    client.force_login(exam.office)
    page = reverse("recheck", args=["C1"])
    client.get(page)
    with django_assert_num_queries(QUERIES):
        assert len(client.get(page).context["rows"]) == count


QUERIES = 22


def test_the_steps_wait_for_the_recheck(listed):
    def now():
        found = {
            step.key: (step.state, step.ready) for step in steps_of(standings([listed.campaign])[listed.campaign.pk])
        }
        return {key: found.get(key) for key in ("recheck", "call-ups", "notices", "interviews")}

    assert now()["recheck"][1]
    assert now()["interviews"] == ("next", False)
    call(listed, record(listed, 0, **FAILED), 3)
    assert now()["call-ups"] == ("next", True)
    for number in (1, 2, 3):
        record(listed, number)
    assert (now()["recheck"][0], now()["notices"], now()["interviews"][1]) == ("done", ("next", True), True)


def test_the_mark_of_a_person_turned_away_changes_no_other_total(listed):
    record(listed, 0, outcome="absent")
    for number in (1, 2):
        record(listed, number)
    interviewed(listed, 1, 2)
    listed.lock()
    domain.compute_totals(actor=listed.clerk, campaign=listed.campaign)
    totals = dict(TotalResult.objects.values_list("application__ticket_no", "rank"))
    assert totals == {ticket(0): None, ticket(1): 1, ticket(2): 2}
    assert TotalResult.objects.get(rank=1).value == Decimal("77.84")
