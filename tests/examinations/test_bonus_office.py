"""The office's side of bonus: the register, the page of one claim, the step of the exam, what waits at home."""

from datetime import date, datetime
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.enums import Role
from accounts.models import AuditEntry
from foundation.errors import NotAllowed
from recruitment.applications.models import Recusal
from recruitment.candidates.models import CandidateDocument
from recruitment.examinations import domain
from recruitment.examinations.models import BonusClaim, BonusReason, WrittenResult
from recruitment.examinations.standing import standings
from recruitment.examinations.steps import next_step, steps_of
from recruitment.examinations.wagtail_hooks import bonus_work, exam_work
from recruitment.publications.models import Publication
from tests.applicants import SHANGHAI
from tests.bonuses import GROUND, picture, set_bonus
from tests.examiners import sheet, ticket

pytestmark = pytest.mark.django_db
WORDS = "证明没有盖章，请补盖章的证明。"


@pytest.fixture
def as_user(client):
    def sign_in(user):
        client.logout()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def claim(claimant):
    return claimant.claim(months=35)


def page_of(claim):
    return reverse("bonus-claim", args=[claim.pk])


def body(answer):
    return answer.content.decode()


def register(browser, **query):
    return body(browser.get(reverse("bonus_claims:index"), query))


def test_the_register_lists_claims_with_what_they_would_give_and_no_name(exam, claim, as_user):
    text = register(as_user(exam.clerk))
    for words in (claim.application.registration_no, "服务基层项目", "2年零11个月", "4.00", "待审核", page_of(claim)):
        assert words in text, words
    assert claim.application.candidate.name not in text


def test_the_register_is_filtered_by_state_and_exam_and_searched_by_number(exam, claimant, make_claimant, as_user):
    first, second = claimant.claim(), make_claimant().claim()
    domain.accept_claim(actor=exam.office, claim=first)
    browser = as_user(exam.clerk)
    numbers = {row.application.registration_no for row in (first, second)}

    def found(**query):
        text = register(browser, **query)
        return {number for number in numbers if number in text}

    assert found() == numbers
    assert found(state="open") == {second.application.registration_no}
    assert found(state="accepted") == {first.application.registration_no}
    assert found(campaign="C1") == numbers
    assert found(q=first.application.ticket_no) == {first.application.registration_no}
    assert found(q="0101") == numbers
    assert found(q="nobody") == set()


@pytest.mark.parametrize("count", [1, 30])
def test_the_register_costs_the_same_queries_for_1_and_30(
    exam, make_claimant, as_user, count, django_assert_num_queries
):
    for _number in range(count):
        make_claimant().claim()
    browser = as_user(exam.clerk)
    register(browser)
    with django_assert_num_queries(13):
        text = register(browser)
    assert sum(row.registration_no in text for row in exam.people) == count


def test_an_export_of_claims_is_noted(exam, claim, as_user):
    answer = as_user(exam.clerk).get(reverse("bonus_claims:index"), {"export": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert claim.application.registration_no in text
    entry = AuditEntry.objects.get(action="examinations.export_bonus")
    assert (entry.actor, entry.after) == (exam.clerk, {"rows": 1})


@pytest.mark.parametrize("role", [Role.UNIT_HR, Role.DEPARTMENT, Role.LEADER, Role.MEDICAL_RECORDER])
def test_for_other_offices_there_are_no_claims(claim, as_user, staff, role):
    browser = as_user(staff(role))
    assert browser.get(reverse("bonus_claims:index")).status_code in (302, 404)
    assert browser.get(page_of(claim)).status_code == 404
    assert browser.post(page_of(claim), {"act": "accept", "years": 3}).status_code == 404
    assert BonusClaim.objects.get().state == "open"


def test_another_units_offices_find_no_claim(claim, as_user, staff, make_unit):
    browser = as_user(staff(Role.TALENT_OFFICE, Role.EXAM_CENTRE, Role.AUDITOR, unit=make_unit("S1")))
    assert claim.application.registration_no not in register(browser)
    assert browser.get(page_of(claim)).status_code == 404
    assert browser.post(page_of(claim), {"act": "accept", "years": 3}).status_code == 404


def test_an_auditor_reads_a_claim_and_decides_nothing(claim, as_user, staff):
    browser = as_user(staff(Role.AUDITOR))
    text = body(browser.get(page_of(claim)))
    assert claim.application.candidate.name in text
    assert 'value="accept"' not in text
    assert browser.post(page_of(claim), {"act": "accept", "years": 3}).status_code == 422
    assert BonusClaim.objects.get().state == "open"


def test_the_proof_opens_for_those_who_decide_and_not_for_other_units(exam, claim, as_user, staff, make_unit):
    address = reverse("private-file", args=[claim.document.file_id])
    assert address in body(as_user(exam.clerk).get(page_of(claim)))
    assert as_user(exam.clerk).get(address).status_code == 200
    assert as_user(staff(Role.EXAM_CENTRE, unit=make_unit("S1"))).get(address).status_code == 404
    assert as_user(staff(Role.LEADER)).get(address).status_code == 404


def test_a_claim_is_granted_for_the_years_that_are_proved(exam, claim, as_user):
    browser = as_user(exam.office)
    text = body(browser.get(page_of(claim)))
    assert "按申报年限，本项加4.00分" in text
    assert browser.post(page_of(claim), {"act": "accept", "years": 1, "months": 3}).status_code == 302
    claim.refresh_from_db()
    assert (claim.state, claim.months, claim.months_proved, claim.decided_by) == ("accepted", 35, 15, exam.office)
    assert "本项加2.00分" in body(browser.get(page_of(claim)))


@pytest.mark.parametrize(
    "data",
    [
        {"act": "accept", "years": "", "months": 11},
        {"act": "accept", "years": "x"},
        {"act": "reject", "reason_code": "", "reason": WORDS},
        {"act": "reject", "reason_code": "not_proved", "reason": ""},
        {"act": "reopen", "reason": "再看一次"},
        {"act": "recuse", "reason": ""},
        {"act": ""},
        {},
    ],
)
def test_what_is_missing_is_said_on_the_page_and_nothing_is_saved(exam, claim, as_user, data):
    answer = as_user(exam.office).post(page_of(claim), data)
    assert answer.status_code == 422
    assert "error-summary" in body(answer)
    assert BonusClaim.objects.get().state == "open"
    assert not Recusal.objects.exists()


def test_words_typed_with_a_wrong_reason_are_still_there(exam, claim, as_user):
    assert WORDS in body(as_user(exam.office).post(page_of(claim), {"act": "reject", "reason": WORDS}))


def test_a_rejection_and_its_taking_back(exam, claim, as_user):
    browser = as_user(exam.office)
    browser.post(page_of(claim), {"act": "reject", "reason_code": "not_proved", "reason": WORDS})
    text = body(browser.get(page_of(claim)))
    assert str(BonusReason.NOT_PROVED.label) in text
    assert WORDS in text
    browser.post(page_of(claim), {"act": "reopen", "reason": "本人补交了证明"})
    assert BonusClaim.objects.get().state == "open"


def test_whoever_says_that_they_are_related_reads_why_they_do_not_decide(exam, claim, as_user):
    browser = as_user(exam.clerk)
    browser.post(page_of(claim), {"act": "recuse", "reason": "表姐"})
    text = body(browser.get(page_of(claim)))
    assert "这项申请不由您审核" in text
    assert 'value="accept"' not in text
    assert browser.post(page_of(claim), {"act": "accept", "years": 3}).status_code == 422
    assert BonusClaim.objects.get().state == "open"
    assert [todo.count for todo in bonus_work(exam.clerk)] == [0]
    assert [todo.count for todo in bonus_work(exam.checker)] == [1]


def test_what_waits_stands_at_home_for_those_who_decide(exam, claim, make_claimant, staff):
    other = make_claimant().claim()
    assert [todo.count for todo in bonus_work(exam.office)] == [2]
    domain.accept_claim(actor=exam.office, claim=other)
    assert [todo.count for todo in bonus_work(exam.office)] == [1]
    assert bonus_work(staff(Role.AUDITOR)) == []
    assert bonus_work(staff(Role.UNIT_HR)) == []


def test_the_exam_waits_at_its_step_and_says_for_what(exam, claim, as_user):
    exam.take(sheet(["准考证号", "职测", "综应"], [ticket(0), 100, 95]))
    exam.lock()
    now = standings([exam.campaign])[exam.campaign.pk]
    step = next_step(steps_of(now))
    assert (step.key, step.ready) == ("bonus", True)
    assert [step.ready for step in steps_of(now) if step.key == "rank"] == [False]
    browser = as_user(exam.clerk)
    text = body(browser.get(reverse("exam", args=["C1"])))
    assert f"{reverse('bonus_claims:index')}?campaign=C1&amp;state=open" in text
    assert [todo.count for todo in exam_work(exam.clerk)][-1] == 1
    act = reverse("exam-act", args=["C1", "rank"])
    assert "1项加分申请待审核" in body(browser.get(act))
    browser.post(act)
    assert not WrittenResult.objects.exists()
    domain.accept_claim(actor=exam.office, claim=claim)
    assert now_due(exam) == ("bonus-list", True)
    draft = domain.prepare_bonus(actor=exam.clerk, campaign=exam.campaign)
    assert now_due(exam) == ("bonus-list", False)
    exam.put_out(draft)
    assert now_due(exam) == ("rank", True)
    assert "1 人的加分计入成绩" in body(browser.get(act))
    browser.post(act)
    assert WrittenResult.objects.get().bonus == 4


def now_due(exam):
    step = next_step(steps_of(standings([exam.campaign])[exam.campaign.pk]))
    return step.key, step.ready


def test_r44_before_the_deadline_has_passed_the_ranking_is_not_offered(exam, claimant, campaign, time_machine):
    set_bonus(campaign, deadline=date(2026, 4, 10))
    exam.take(sheet(["准考证号", "职测", "综应"], [ticket(0), 100, 95]))
    exam.lock()
    ready = lambda: [step.ready for step in steps_of(standings([campaign])[campaign.pk]) if step.key == "rank"]  # noqa: E731
    time_machine.move_to(datetime(2026, 4, 10, 23, 59, 59, tzinfo=SHANGHAI), tick=False)
    assert (now_due(exam), ready()) == (("bonus", False), [False])
    time_machine.move_to(datetime(2026, 4, 11, tzinfo=SHANGHAI), tick=False)
    assert (now_due(exam), ready()) == (("rank", True), [True])


def test_r44_the_bonus_list_is_drafted_through_the_page_with_tickets_and_points_only(exam, claim, claimant, as_user):
    domain.accept_claim(actor=exam.office, claim=claim)
    browser = as_user(exam.clerk)
    act = reverse("exam-act", args=["C1", "list-bonus"])
    assert "1行" in body(browser.get(act)).replace(" ", "")
    browser.post(act)
    draft = Publication.objects.get(kind="bonus")
    assert [column["code"] for column in draft.columns] == ["ticket", "position", "points"]
    assert draft.rows == [[ticket(0), "0101", "4.00"]]


def test_the_shortlist_export_has_a_column_of_bonus_where_there_is_any(exam, claim, make_position, as_user):
    domain.accept_claim(actor=exam.office, claim=claim)
    exam.written(100)
    exam.shortlist()
    content = b"".join(as_user(exam.clerk).get(reverse("exam-shortlist-export", args=["C1"])).streaming_content)
    (head, row) = [[cell.value for cell in line] for line in load_workbook(BytesIO(content)).active.iter_rows()][:2]
    assert dict(zip(head, row, strict=True))["加分"] == 4


def entry(exam, **changes):
    told = {"ticket": ticket(0), "ground": GROUND, "years": "3", "months": "", "proof": BytesIO(picture())}
    told["proof"].name = "证明.jpg"
    return {**told, **changes}


def test_an_office_enters_a_claim_for_a_person_without_an_account_and_somebody_else_decides(exam, position, as_user):
    exam.enter(position, 1)
    browser, url = as_user(exam.clerk), reverse("exam-bonus-claim", args=["C1"])
    assert url in body(browser.get(reverse("exam", args=["C1"])))
    page = browser.post(url, entry(exam))
    claim = BonusClaim.objects.get()
    assert page.url == page_of(claim)
    assert (claim.months, claim.entered_by, claim.application.ticket_no) == (36, exam.clerk, ticket(0))
    text = body(browser.get(page_of(claim)))
    assert "录入员" in text
    assert 'value="accept"' not in text
    assert bonus_work(exam.clerk)[0].count == 0
    with pytest.raises(NotAllowed):
        domain.accept_claim(actor=exam.clerk, claim=claim)
    domain.accept_claim(actor=exam.checker, claim=claim)
    exam.written(100)
    assert claim.application.written_result.bonus == 6


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"ticket": "0999"}, "没有这个准考证号"), ({"years": "0"}, "满12个月"), ({"proof": ""}, "必填")],
)
def test_a_claim_that_an_office_enters_passes_the_same_rules(exam, position, as_user, changes, said):
    exam.enter(position, 1)
    page = as_user(exam.clerk).post(reverse("exam-bonus-claim", args=["C1"]), entry(exam, **changes))
    assert page.status_code == 422
    assert not BonusClaim.objects.exists()
    assert not CandidateDocument.objects.exists()


def test_an_office_enters_nothing_for_a_person_who_has_an_account(exam, claimant, as_user):
    page = as_user(exam.clerk).post(reverse("exam-bonus-claim", args=["C1"]), entry(exam))
    assert page.status_code == 422
    assert not BonusClaim.objects.exists()


def test_the_results_show_bonus_and_the_very_words_the_candidate_reads(exam, claimant, campaign, as_user):
    set_bonus(campaign, items=[{"kind": GROUND, "per_year": 2}, {"kind": "退役大学生士兵", "fixed": 4}])
    for row in (claimant.claim(months=50), claimant.claim(ground="退役大学生士兵")):
        domain.accept_claim(actor=exam.office, claim=row)
    exam.written(100)
    browser = as_user(exam.clerk)
    text = body(browser.get(reverse("exam-results", args=["C1"])))
    assert "加分" in text
    assert "6.00" in text
    text = body(browser.get(reverse("exam-result", args=["C1", claimant.application.pk])))
    assert "笔试成绩（含加分）" in text
    for line in claimant.result().explanation["zh"]:
        assert line in text
    exam.put_out(domain.prepare_scores(actor=exam.clerk, campaign=campaign))
    own = body(as_user(claimant.user).get(reverse("portal:application", args=[claimant.application.registration_no])))
    for line in claimant.result().explanation["zh"]:
        assert line in own


def test_results_without_any_bonus_have_no_such_column(exam, position, as_user):
    exam.enter(position, 2)
    exam.written(120, 110)
    assert "加分" not in body(as_user(exam.clerk).get(reverse("exam-results", args=["C1"]))).split("<main")[-1]


def test_a_ground_that_led_to_a_hire_before_is_shown_to_whoever_decides(exam, claimant, make_campaign, as_user):
    claim = claimant.claim()
    assert "曾凭该项目享受加分" not in body(as_user(exam.office).get(page_of(claim)))
    earlier = make_campaign("C0")
    application = type(claimant.application).objects.create(
        candidate=claimant.candidate, campaign=earlier, position=claimant.application.position, batch_group="C0",
        registration_no="260000000001", state="handed_over",
    )  # fmt: skip
    BonusClaim.objects.create(
        application=application, ground=GROUND, months=24, months_proved=24, document=claimant.proof,
        state="accepted", decided_by=exam.office, decided_at=claim.claimed_at,
    )  # fmt: skip
    text = body(as_user(exam.office).get(page_of(claim)))
    assert "曾凭该项目享受加分" in text
    assert "260000000001" in text


def test_once_ranked_the_page_says_why_nothing_is_decided(exam, claim, as_user):
    domain.accept_claim(actor=exam.office, claim=claim)
    exam.written(100)
    text = body(as_user(exam.office).get(page_of(claim)))
    assert "应先撤回排名" in text
    assert 'value="reopen"' not in text


def test_a_claim_page_leads_on_to_the_next_that_waits(exam, claimant, make_claimant, as_user):
    first, second = claimant.claim(), make_claimant().claim()
    assert page_of(second) in body(as_user(exam.office).get(page_of(first)))
    domain.accept_claim(actor=exam.office, claim=second)
    assert page_of(second) not in body(as_user(exam.office).get(page_of(first)))
