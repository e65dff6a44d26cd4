"""The exam's screens: who reaches which, what each shows before it acts, and what it leaves behind."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AuditEntry
from foundation.jobs.models import Job
from recruitment.applications.models import Application
from recruitment.examinations import domain
from recruitment.examinations.models import (
    Mark,
    MarkBatch,
    MarkKind,
    ScoreCheck,
    TotalResult,
    WrittenLine,
    WrittenResult,
)
from recruitment.examinations.office.acts import ACTS
from recruitment.examinations.office.urls import urlpatterns
from recruitment.examinations.wagtail_hooks import exam_work
from recruitment.publications.models import Publication
from tests.applicants import CLOSES
from tests.examiners import sheet, ticket

pytestmark = pytest.mark.django_db
WRITTEN = ["准考证号", "职测", "综应"]


@pytest.fixture
def as_user(client):
    def sign_in(user):
        client.logout()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def four(exam, position):
    exam.enter(position, 4)
    return exam


def address(name, *arguments):
    return reverse(name, args=["C1", *arguments])


def body(answer):
    return answer.content.decode()


def upload(content, name="成绩.csv", **more):
    return {"file": SimpleUploadedFile(name, content), **more}


# Pages that other people work at, in test_recheck.py and test_conduct_office.py.
TESTED_APART = ("recheck", "exam-conduct")


def every_page(exam):
    """URL name → address, for each page of the exam."""
    values = {"code": "C1", "name": "rank", "kind": "written", "pk": None}
    told = {"status": "absent", "reason": "在场作答，请复核。"}
    ScoreCheck.objects.get_or_create(application=exam.people[0], paper="职测", defaults=told)
    found = {}
    for pattern in urlpatterns:
        names = pattern.pattern.converters
        if "uuid" in str(pattern.pattern) or pattern.name == "exams" or pattern.name.startswith(TESTED_APART):
            continue
        rows = {
            "exam-batch": MarkBatch,
            "exam-lock": MarkBatch,
            "exam-result": Application,
            "exam-line-confirm": WrittenLine,
            "exam-check": ScoreCheck,
        }
        if "pk" in names:
            values["pk"] = rows[pattern.name].objects.order_by("pk").first().pk
        found[pattern.name] = reverse(pattern.name, kwargs={name: values[name] for name in names})
    return found


def test_every_page_opens_for_the_exam_centre_and_proposals_for_the_talent_office(four, as_user):
    four.written(120, 110, 100, 90)
    four.shortlist()
    pages = every_page(four)
    centre = as_user(four.clerk)
    codes = {name: centre.get(url).status_code for name, url in pages.items()}
    # Seats are drawn once; the page says so. All pages but the export, a file, are HTML.
    assert codes == dict.fromkeys(pages, 200)
    assert as_user(four.office).get(pages["exam-proposals"]).status_code == 200


def test_for_another_unit_and_for_other_offices_no_exam_exists(four, as_user, staff, make_unit):
    four.written(120, 110, 100, 90)
    four.line()
    elsewhere = staff(Role.EXAM_CENTRE, Role.TALENT_OFFICE, unit=make_unit("X1"))
    for person in (elsewhere, staff(Role.UNIT_HR), four.medical, four.posts):
        browser = as_user(person)
        for name, url in every_page(four).items():
            assert (name, browser.get(url).status_code, browser.post(url).status_code in (404, 405)) == (
                name, 404, True,
            )  # fmt: skip
    assert four.campaign.name not in body(as_user(elsewhere).get(reverse("exams")))
    assert WrittenResult.objects.filter(is_called=True).count() == 0


def test_auditors_read_everything_and_change_nothing(four, as_user, staff):
    four.written(120, 110, 100, 90)
    four.line()
    browser = as_user(staff(Role.AUDITOR))
    readable = {"exam", "exam-tickets", "exam-marks", "exam-batch", "exam-lock", "exam-results", "exam-result",
                "exam-line", "exam-line-confirm", "exam-check", "exam-checks", "exam-shortlist", "exam-totals",
                "exam-proposals"}  # fmt: skip
    codes = {name: browser.get(url).status_code for name, url in every_page(four).items()}
    assert {name for name, code in codes.items() if code == 200} == readable
    # Whoever may know of a page but not act reads why; the export has nothing in it yet.
    assert {code for name, code in codes.items() if name not in readable} == {403, 404}
    before = list(WrittenResult.objects.values_list("pk", "is_called"))
    for name in readable:
        browser.post(every_page(four)[name], {"compared": "on"})
    assert list(WrittenResult.objects.values_list("pk", "is_called")) == before
    assert AuditEntry.objects.filter(action="examinations.make_shortlist").count() == 0


def test_the_home_names_the_next_step_and_who_takes_it(four, as_user):
    page = body(as_user(four.office).get(address("exam")))
    assert ("下一步：导入笔试成绩" in page, "由考试中心办理" in page) == (True, True)
    assert address("exam-import", "written") not in page
    page = body(as_user(four.clerk).get(address("exam")))
    assert address("exam-import", "written") in page


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_of_exams_costs_the_same_queries_for_1_and_30(
    exam, make_campaign, as_user, rows, django_assert_num_queries
):
    for number in range(rows - 1):
        make_campaign(f"D{number}")
    browser = as_user(exam.clerk)
    browser.get(reverse("exams"))
    with django_assert_num_queries(19):
        page = browser.get(reverse("exams"))
    assert len(page.context["rows"]) == rows


@pytest.mark.parametrize("people", [1, 30])
def test_lists_of_people_cost_the_same_queries_for_1_and_30(exam, position, as_user, people, django_assert_num_queries):
    exam.enter(position, people)
    exam.written(*[100 + number for number in range(people)])
    browser = as_user(exam.clerk)
    for name, budget in (("exam-tickets", 12), ("exam-results", 20)):
        browser.get(address(name))
        with django_assert_num_queries(budget):
            assert len(browser.get(address(name)).context["page"]) == people


def test_seats_are_drawn_after_a_preview_and_only_once(exam, position, as_user, time_machine):
    people = exam.enter(position, 4)
    Application.objects.filter(pk__in=[person.pk for person in people]).update(ticket_no=None)
    browser, url = as_user(exam.clerk), address("exam-draw")
    assert "报名尚未截止" in body(browser.get(url, {"area": "5115", "seed": "abc"}))
    time_machine.move_to(CLOSES + timedelta(seconds=1), tick=False)
    browser = as_user(exam.clerk)
    page = browser.get(url, {"area": "5115", "seed": "abc"})
    assert (page.context["count"], page.context["draw"].rooms, page.context["first"]) == (4, 1, "05115010101")
    assert exam.campaign.applications.filter(ticket_no__isnull=False).count() == 0
    planned = page.context["draw"].numbers
    assert browser.post(url, {"area": "51", "seed": "abc"}).status_code == 302
    assert exam.campaign.applications.filter(ticket_no__isnull=False).count() == 0
    browser.post(url, {"area": "5115", "seed": "abc"})
    assert dict(exam.campaign.applications.values_list("pk", "ticket_no")) == planned
    entry = AuditEntry.objects.get(action="examinations.assign_tickets")
    assert (entry.actor, entry.after) == (
        exam.clerk, {"tickets": 4, "area": "5115", "seed": "abc", "rooms": 1, "neighbours": entry.after["neighbours"]},
    )  # fmt: skip
    browser.post(url, {"area": "5115", "seed": "other"})
    assert dict(exam.campaign.applications.values_list("pk", "ticket_no")) == planned


def test_seats_wait_for_applications_that_are_not_decided(exam, position, as_user, time_machine):
    people = exam.enter(position, 2)
    Application.objects.filter(pk__in=[person.pk for person in people]).update(ticket_no=None)
    Application.objects.filter(pk=people[0].pk).update(state="submitted")
    time_machine.move_to(CLOSES, tick=False)
    page = as_user(exam.clerk).get(address("exam-draw"), {"area": "5115", "seed": "abc"})
    assert "1 份报名待审核" in body(page)


def test_tickets_are_found_by_number_registration_number_and_position(four, make_position, as_user):
    (other,) = four.enter(make_position("0102"), 1)
    browser = as_user(four.clerk)
    for words, found in (
        (ticket(1), {ticket(1)}),
        (four.people[2].registration_no, {ticket(2)}),
        ("0102", {other.ticket_no}),
        ("nobody", set()),
    ):
        rows = browser.get(address("exam-tickets"), {"q": words}).context["page"]
        assert {row.ticket_no for row in rows} == found


def test_marks_are_previewed_taken_and_land_on_a_result_with_the_refused_rows(four, as_user):
    browser = as_user(four.clerk)
    content = sheet(WRITTEN, [ticket(0), 90, 90], [ticket(1), 200, 90], ["123", 1, 1])
    answer = browser.post(address("exam-import", "written"), upload(content))
    preview = Job.objects.get()
    assert answer.url == address("exam-import-preview", "written", preview.pk)
    assert (Mark.objects.count(), preview.result["new"], preview.result["refused"]) == (0, 1, 2)
    page = body(browser.get(answer.url))
    assert ("200" in page, "123" in page, "尚未保存" in page) == (True, True, True)
    browser.post(address("exam-import-confirm", "written", preview.pk))
    job = Job.objects.exclude(pk=preview.pk).get()
    assert (job.state, job.result["new"], Mark.objects.count()) == ("done", 1, 2)
    assert MarkBatch.objects.get().imported_by == four.clerk
    file = reverse("private-file", args=[job.error_sheet.pk])
    assert browser.get(file).status_code == 200
    assert as_user(four.checker).get(file).status_code == 404
    assert as_user(four.checker).get(answer.url).status_code == 404


def test_each_kind_of_marks_is_imported_by_its_own_office(four, as_user):
    codes = {
        (person.username, kind): as_user(person).get(address("exam-import", kind)).status_code
        for person in (four.clerk, four.office)
        for kind in (*MarkKind.values, "other")
    }
    assert codes == {
        ("clerk", "written"): 200, ("clerk", "interview"): 200, ("clerk", "extra_test"): 200, ("clerk", "other"): 404,
        ("office", "written"): 403, ("office", "interview"): 200, ("office", "extra_test"): 200,
        ("office", "other"): 404,
    }  # fmt: skip


def test_the_importer_reads_why_they_cannot_lock_and_a_second_person_locks_after_comparing(four, as_user):
    four.take(sheet(WRITTEN, [ticket(0), 90, 90]))
    batch = MarkBatch.objects.get()
    url = address("exam-lock", batch.pk)
    page = as_user(four.clerk).get(url)
    assert ("另一人" in body(page), page.context["may_lock"]) == (True, False)
    as_user(four.clerk).post(url, {"compared": "on"})
    second = as_user(four.checker)
    assert second.post(url, {}).context["form"].errors
    assert MarkBatch.objects.get().locked_at is None
    assert second.post(url, {"compared": "on"}).url == address("exam-batch", batch.pk)
    assert MarkBatch.objects.get().locked_by == four.checker
    entries = AuditEntry.objects.filter(action="examinations.lock_marks").values_list("actor__username", flat=True)
    assert list(entries) == ["checker"]


def test_the_talent_office_locks_no_written_marks(four, as_user):
    four.take(sheet(WRITTEN, [ticket(0), 90, 90]))
    as_user(four.office).post(address("exam-lock", MarkBatch.objects.get().pk), {"compared": "on"})
    assert MarkBatch.objects.get().locked_at is None


def looks():
    return [
        (entry.actor.username, entry.after["page"], entry.after["before"])
        for entry in AuditEntry.objects.filter(action="examinations.look_at_marks").order_by("pk")
    ]


def test_a_look_at_marks_is_noted_until_their_list_is_out(four, as_user):
    four.written(120, 110, 100, 90)
    browser = as_user(four.office)
    for name in ("exam", "exam-tickets", "exam-marks"):
        browser.get(address(name))
    assert looks() == []
    browser.get(address("exam-results"))
    browser.get(address("exam-result", four.people[0].pk))
    browser.get(address("exam-batch", MarkBatch.objects.get().pk))
    assert looks() == [
        ("office", "exam-results", ["scores"]),
        ("office", "exam-result", ["scores"]),
        ("office", "exam-batch", ["scores"]),
    ]
    four.put_out(domain.prepare_scores(actor=four.clerk, campaign=four.campaign))
    before = len(looks())
    for url in (address("exam-results"), address("exam-result", four.people[0].pk)):
        browser.get(url)
    assert len(looks()) == before
    four.shortlist()
    browser.get(address("exam-results"))
    assert looks()[-1] == ("office", "exam-results", ["shortlist"])


def test_the_act_of_ranking_shows_its_effect_then_ranks(four, as_user):
    four.take(sheet(WRITTEN, [ticket(0), 90, 90], [ticket(1), 80, 80]))
    four.lock()
    browser, url = as_user(four.clerk), address("exam-act", "rank")
    page = body(browser.get(url))
    assert ("2 人参加排名" in page, "2 人没有成绩" in page, WrittenResult.objects.count()) == (True, True, 0)
    assert browser.post(url, follow=True).redirect_chain[-1][0] == address("exam")
    assert WrittenResult.objects.filter(value__isnull=False).count() == 2


def test_results_are_filtered_and_each_mark_explained_without_a_name(four, as_user):
    four.written(120, 110, 100, "缺考")
    browser = as_user(four.clerk)
    found = lambda **asked: [  # noqa: E731
        row.application.ticket_no for row in browser.get(address("exam-results"), asked).context["page"]
    ]
    assert found() == [ticket(number) for number in range(4)]
    assert found(show="no-mark") == [ticket(3)]
    assert found(q=ticket(2)) == [ticket(2)]
    assert found(position="9999") == []
    page = body(browser.get(address("exam-result", four.people[0].pk)))
    assert ("80.00" in page, "120.00" in page, "÷" in page) == (True, True, True)
    assert four.people[0].candidate.name not in page + body(browser.get(address("exam-results")))


def test_the_shortlist_is_previewed_by_the_confirmed_line_and_made_by_it(four, as_user):
    four.written(120, 110, 110, 90)
    browser, url = as_user(four.clerk), address("exam-shortlist")
    page = browser.get(url)
    assert ("figures" in page.context, "未确定" in body(page)) == (False, True)
    browser.post(url)
    assert WrittenResult.objects.filter(is_called=True).count() == 0
    four.line("73.34")
    page = browser.get(url)
    assert (page.context["figures"][0].value, "73.34" in body(page)) == (1, True)
    assert WrittenResult.objects.filter(is_called=True).count() == 0
    browser.post(url, {"line": "1"})
    assert set(WrittenResult.objects.filter(is_called=True).values_list("application__ticket_no", flat=True)) == {
        ticket(0)
    }
    assert AuditEntry.objects.get(action="examinations.make_shortlist").after == {"called": 1, "line": "73.34"}
    export = browser.get(address("exam-shortlist-export"))
    assert export["Content-Disposition"].endswith(".xlsx") or "xlsx" in export["Content-Disposition"]
    assert AuditEntry.objects.get(action="examinations.export_shortlist").after == {"rows": 1}


def test_ranking_and_shortlist_are_taken_back_only_with_a_reason(four, as_user):
    four.written(120, 110, 100, 90)
    four.shortlist()
    browser, url = as_user(four.clerk), address("exam-act", "reopen")
    assert "3 人不再入围面试" in body(browser.get(url))
    assert browser.post(url, {"reason": ""}).context["form"].errors
    assert WrittenResult.objects.count() == 4
    browser.post(url, {"reason": "成绩复核"})
    assert WrittenResult.objects.count() == 0
    assert {row.state for row in four.campaign.applications.all()} == {"effective"}
    assert AuditEntry.objects.get(action="examinations.reopen_ranking").reason == "成绩复核"


def test_interviews_lead_to_totals_with_the_extra_test_in_sight_and_to_proposals(exam, make_position, as_user):
    exam.enter(make_position(headcount_planned=2, headcount_effective=2), 4)
    exam.enter(make_position("0102"), 2)
    exam.written(130, 110, 110, 90, 120, 100)
    exam.shortlist()
    exam.interviews(90, 80, 80, 70, 80, 85)
    browser = as_user(exam.office)
    page = browser.get(address("exam-totals"))
    assert (page.context["waiting"], len(page.context["page"])) == (["0101"], 6)
    page = browser.get(address("exam-proposals"))
    assert [figure.value for figure in page.context["figures"]] == [1, 1, 1]
    assert [row.application.ticket_no for row, _total, _places in page.context["rows"]] == [ticket(4)]
    as_user(exam.clerk).post(address("exam-proposals"))
    assert TotalResult.objects.filter(is_proposed=True).count() == 0
    as_user(exam.office).post(address("exam-proposals"))
    assert set(TotalResult.objects.filter(is_proposed=True).values_list("application__ticket_no", flat=True)) == {
        ticket(4)
    }


@pytest.mark.parametrize(("name", "kind", "rows"), [("list-scores", "scores", 4), ("list-shortlist", "shortlist", 3)])
def test_lists_go_to_the_press_as_one_draft(four, as_user, name, kind, rows):
    four.written(120, 110, 100, 90)
    four.shortlist()
    browser, url = as_user(four.clerk), address("exam-act", name)
    assert f"{rows} 行" in body(browser.get(url))
    browser.post(url)
    browser.post(url)
    draft = Publication.objects.get()
    assert (draft.kind, draft.state, len(draft.rows), draft.prepared_by) == (kind, "draft", rows, four.clerk)


def test_what_waits_is_on_the_list_of_whoever_may_do_it(four):
    def waiting(user):
        return {str(todo.label): todo.count for todo in exam_work(user) if todo.count}

    lock, step = "待锁定的成绩批次", "下一步待您办理的考试"
    assert (waiting(four.clerk), waiting(four.office), waiting(four.medical)) == ({step: 1}, {}, {})
    four.take(sheet(WRITTEN, [ticket(0), 90, 90]))
    assert (waiting(four.clerk), waiting(four.checker), waiting(four.office)) == ({}, {lock: 1}, {})
    four.lock()
    assert (waiting(four.clerk), waiting(four.checker), waiting(four.office)) == ({step: 1}, {step: 1}, {step: 1})


def test_a_suspended_campaign_stops_every_act(four, as_user):
    four.written(120, 110, 100, 90)
    type(four.campaign).objects.filter(pk=four.campaign.pk).update(state="suspended")
    browser = as_user(four.office)
    for name in ACTS:
        answer = browser.post(address("exam-act", name), {"reason": "x"}, follow=True)
        assert (name, "已中止" in body(answer)) == (name, True)
    assert WrittenResult.objects.filter(is_called=True).count() == 0
    assert Publication.objects.count() == 0
