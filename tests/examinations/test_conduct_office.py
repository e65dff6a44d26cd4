"""Misconduct on the office's pages, on the person's own page, and before the reviewer of a later application."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from recruitment.applications import domain as applications
from recruitment.candidates.models import IntegrityRecord
from recruitment.examinations.models import ConductCase
from recruitment.examinations.wagtail_hooks import conduct_work
from tests.applicants import NOW
from tests.conducts import DOCUMENT, LAST, WORDS, decide, heard, report, void_marks
from tests.examiners import ticket

pytestmark = pytest.mark.django_db
REPORT = {"number": ticket(0), "severity": "serious", "facts": WORDS, "evidence": "监考记录", "statement_until": LAST}


@pytest.fixture
def as_user(client, settings):
    settings.SECOND_FACTOR_REQUIRED = False

    def sign_in(user):
        client.logout()
        client.force_login(user)
        return client

    return sign_in


def page(case, name="exam-conduct-case"):
    return reverse(name, args=["C1", case.pk])


def text(answer):
    return answer.content.decode()


def waiting(user):
    return sum(todo.count for todo in conduct_work(user))


def test_the_exam_centre_reports_by_ticket_number_and_reads_what_is_wrong(held, as_user):
    browser, url = as_user(held.clerk), reverse("exam-conduct-report", args=["C1"])
    assert browser.post(url, {**REPORT, "number": "04"}).context["form"].errors.keys() == {"number"}
    refused = browser.post(url, {**REPORT, "statement_until": LAST - timedelta(days=1)})
    assert (refused.status_code, "2026年3月23日" in text(refused), WORDS in text(refused)) == (422, True, True)
    answer = browser.post(url, REPORT)
    assert answer["Location"] == page(ConductCase.objects.get())
    assert as_user(held.office).get(url).status_code == 403


def test_the_case_page_offers_each_person_what_is_theirs(held, as_user, staff, time_machine):
    case = report(held)
    offered = {}
    auditor = staff(Role.AUDITOR, username="auditor")
    for when in (NOW, NOW + timedelta(days=4)):
        time_machine.move_to(when, tick=False)
        for person in (held.clerk, held.checker, held.office, auditor):
            body = text(as_user(person).get(page(case)))
            assert WORDS in body
            offered[when, person.username] = {act for act in ("state", "decide", "drop") if f'value="{act}"' in body}
    assert [offered[NOW, name] for name in ("clerk", "checker", "auditor")] == [{"state"}, {"state", "drop"}, set()]
    later = NOW + timedelta(days=4)
    everything = {"state", "decide", "drop"}
    assert [offered[later, name] for name in ("clerk", "checker", "office")] == [{"state"}, everything, everything]
    assert offered[later, "auditor"] == set()
    assert as_user(staff(Role.UNIT_HR, username="hr2")).get(page(case)).status_code == 404


def test_from_the_statement_to_the_decision_on_the_page(held, as_user):
    case = report(held)
    assert waiting(held.checker) == 0
    as_user(held.clerk).post(page(case), {"act": "state", "statement": "书面陈述一份"})
    assert (waiting(held.checker), waiting(held.office), waiting(held.clerk)) == (1, 1, 0)
    browser = as_user(held.checker)
    body = text(browser.get(page(case)))
    assert "第7条：各科成绩无效：职测、综应。" in body
    assert browser.post(page(case), {"act": "decide", "document": "", "reason": "查实"}).status_code == 422
    browser.post(page(case), {"act": "decide", "document": DOCUMENT, "reason": "查实，证据充分"})
    assert set(void_marks(held).values()) == {"misconduct"}
    body = text(browser.get(page(case)))
    assert ("2031年3月20日" in body, DOCUMENT in body, 'value="decide"' in body) == (True, True, False)
    assert waiting(held.office) == 0


def test_a_refused_decision_and_a_dropped_case(held, as_user):
    case = report(held)
    refused = as_user(held.checker).post(
        page(case), {"act": "decide", "document": DOCUMENT, "reason": "查实，证据充分"}
    )
    assert (refused.status_code, "2026年3月23日" in text(refused)) == (422, True)
    as_user(held.checker).post(page(case), {"act": "drop", "reason": "证据不足，不予处理"})
    case.refresh_from_db()
    assert (case.state, case.decided_by) == ("dropped", held.checker)


def test_who_is_related_steps_aside(held, as_user):
    case = heard(held)
    as_user(held.checker).post(page(case), {"act": "recuse", "reason": "表亲关系"})
    assert 'value="decide"' not in text(as_user(held.checker).get(page(case)))
    assert (waiting(held.checker), waiting(held.office)) == (0, 1)


@pytest.mark.parametrize("count", [0, 1, 30])
def test_the_list_costs_the_same_queries_for_1_and_30(exam, position, as_user, count, django_assert_num_queries):
    people = exam.enter(position, count) if count else []
    ConductCase.objects.bulk_create(
        ConductCase(application=person, severity="serious", facts=WORDS, evidence=WORDS, reported_by=exam.clerk,
                    statement_until=LAST) for person in people
    )  # fmt: skip
    browser, url = as_user(exam.clerk), reverse("exam-conduct", args=["C1"])
    browser.get(url)
    with django_assert_num_queries(12 if count else 11):
        answer = browser.get(url)
    assert len(answer.context["page"]) == count
    assert ("本场考试没有违纪违规报告" in text(answer)) is (count == 0)


def test_the_person_reads_the_case_and_states_on_their_own_page(held, as_user, make_candidate):
    case = report(held)
    number = held.people[0].registration_no
    url = reverse("portal:conduct", args=[number])
    browser = as_user(held.person.user)
    assert url in text(browser.get(reverse("portal:application", args=[number])))
    assert WORDS in text(browser.get(url))
    browser.post(url, {"statement": "我没有使用手机"})
    case.refresh_from_db()
    assert (case.statement, case.stated_by) == ("我没有使用手机", held.person.user)
    assert 'name="statement"' not in text(browser.get(url))
    assert as_user(make_candidate(name="周明远").user).get(url).status_code == 404


def test_the_person_cannot_state_after_the_last_day(held, as_user, time_machine):
    case = report(held)
    url = reverse("portal:conduct", args=[held.people[0].registration_no])
    time_machine.move_to(NOW + timedelta(days=4), tick=False)
    browser = as_user(held.person.user)
    assert 'name="statement"' not in text(browser.get(url))
    browser.post(url, {"statement": "我没有使用手机"})
    case.refresh_from_db()
    assert case.statement == ""


def test_the_person_reads_the_decision_and_the_own_record_until_its_last_day(held, as_user, time_machine):
    decide(held, heard(held), reason="录像清晰可辨")
    browser, profile = as_user(held.person.user), reverse("portal:profile")
    body = text(browser.get(reverse("portal:conduct", args=[held.people[0].registration_no])))
    for shown in ("录像清晰可辨", "第7条", "书面", held.campaign.unit.name):
        assert shown in body, shown
    body = text(browser.get(profile))
    assert (DOCUMENT in body, held.campaign.unit.name in body, "2031" in body) == (True, True, True)
    for when, shown in ((NOW.replace(year=2031), True), (NOW.replace(year=2031) + timedelta(days=1), False)):
        time_machine.move_to(when, tick=False)
        assert (DOCUMENT in text(as_user(held.person.user).get(profile))) is shown


def test_without_a_case_there_is_no_page(held, as_user):
    number = held.people[0].registration_no
    assert as_user(held.person.user).get(reverse("portal:conduct", args=[number])).status_code == 404


def test_the_talent_office_enters_a_ban(held, as_user):
    url = reverse("exam-conduct-ban", args=["C1"])
    ban = {"number": ticket(0), "issuer": "县人才办", "ground": "未报到", "starts": "2026-03-20", "ends": "2027-03-19"}
    assert as_user(held.clerk).get(url).status_code == 403
    as_user(held.office).post(url, ban)
    row = IntegrityRecord.objects.get()
    assert (row.kind, row.scope, row.candidate) == ("ban", held.campaign.unit.code, held.person)


def test_r40_the_reviewer_of_a_later_application_sees_the_record_and_decides_freely(
    held,
    as_user,
    make_campaign,
    make_candidate,
    hospital,
    submit,
    reviewer,
):
    decide(held, heard(held))
    later = make_campaign("C2")
    found = {}
    for name, person in (("recorded", held.person), ("namesake", make_candidate(name=held.person.name))):
        position = later.positions.create(
            unit=hospital, code=f"09{len(found)}", name="岗位", headcount_planned=1, headcount_effective=1,
            state="published",
        )  # fmt: skip
        draft = applications.start_application(actor=person.user, candidate=person, position=position)
        row = submit(draft)
        found[name] = DOCUMENT in text(as_user(reviewer).get(reverse("review-case", args=[row.registration_no])))
        applications.pass_review(actor=reviewer, application=row)
        row.refresh_from_db()
        assert row.state == "effective"
    assert found == {"recorded": True, "namesake": False}
