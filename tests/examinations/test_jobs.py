"""Every act on an exam as a whole is one job, which asks for permission twice, is all or nothing, and leads on."""

from datetime import timedelta

import pytest
from django.urls import reverse

from campaigns.planning.models import Campaign
from foundation.jobs.models import Job, JobState
from recruitment.publications.models import Publication
from tests.applicants import CLOSES
from tests.examiners import sheet, signed_sheet, ticket
from tests.office_works import Handed

pytestmark = pytest.mark.django_db
WRITTEN = ["准考证号", "职测", "综应"]


def address(name, *more):
    return reverse(name, args=["C1", *more])


def act(name):
    return address("exam-act", name)


def draft():
    return reverse("press-publication", args=[Publication.objects.latest("pk").pk])


def locked(exam):
    exam.take(sheet(WRITTEN, *[(ticket(number), 90 + number, 90) for number in range(4)]))
    exam.lock()


def ranked(exam):
    exam.written(120, 110, 100, 90)


def lined(exam):
    ranked(exam)
    exam.line()


def called(exam):
    ranked(exam)
    exam.shortlist()


def interviewed(exam):
    called(exam)
    rows = [(ticket(number), 80 + number) for number in range(3)]
    exam.take(signed_sheet(["准考证号", "面试成绩"], *rows), "interview", actor=exam.office)
    exam.lock()


def totalled(exam):
    called(exam)
    exam.interviews(90, 85, 80)


# Act → how far the exam is, its page, what is entered, where it ends, and what is said there.
HOME, DRAFTED = lambda: address("exam"), "草稿已生成，请另一人复核。"
CASES = {
    "rank": (locked, act("rank"), {}, HOME, "笔试排名已完成。"),
    "reopen": (called, act("reopen"), {"reason": "成绩复核"}, HOME, "排名和入围名单已撤回。"),
    "totals": (interviewed, act("totals"), {}, HOME, "总成绩已计算。"),
    "list-scores": (ranked, act("list-scores"), {}, draft, DRAFTED),
    "list-shortlist": (called, act("list-shortlist"), {}, draft, DRAFTED),
    "list-totals": (totalled, act("list-totals"), {}, draft, DRAFTED),
    "shortlist": (lined, address("exam-shortlist"), {}, lambda: address("exam-shortlist"), "入围名单已确定。"),
    "proposals": (totalled, address("exam-proposals"), {}, HOME, "拟聘用人选已提出。"),
}


def suspend(exam, state="suspended"):
    return lambda: Campaign.objects.filter(pk=exam.campaign.pk).update(state=state)


@pytest.mark.parametrize("name", CASES)
def test_an_act_on_an_exam_is_one_job(exam, position, client, settings, name):
    prepare, url, told, outcome, done = CASES[name]
    exam.enter(position, 4)
    prepare(exam)
    person = exam.office if name in ("proposals", "list-totals") else exam.clerk
    handed = Handed(client, settings, person, url, told).asks_again_when_it_runs()
    handed.keeps_nothing_of_a_refusal(suspend(exam), suspend(exam, exam.campaign.state), "已中止")
    handed.leads_to(outcome, done)


def test_numbering_the_tickets_is_one_job(exam, position, client, settings, time_machine):
    exam.enter(position, 4)
    exam.campaign.applications.update(ticket_no=None)
    time_machine.move_to(CLOSES + timedelta(seconds=1), tick=False)
    handed = Handed(client, settings, exam.clerk, address("exam-draw"), {"area": "5115", "seed": "abc"})
    handed.asks_again_when_it_runs()
    handed.keeps_nothing_of_a_refusal(suspend(exam), suspend(exam, exam.campaign.state), "已中止")
    job = handed.leads_to(address("exam-tickets"), "准考证号已编排。")
    assert (job.done, job.total, job.result["people"]) == (4, 4, 4)
    again = handed.run(handed.start())
    assert (again.state, "已经编排" in again.problem) == (JobState.REFUSED, True)


def test_a_second_person_and_other_entries_are_told_that_the_act_is_under_way(exam, position, client, settings):
    exam.enter(position, 4)
    called(exam)
    url = act("reopen")
    job = Handed(client, settings, exam.clerk, url, {"reason": "成绩复核"}).start()
    for person, reason in ((exam.checker, "成绩复核"), (exam.clerk, "漏登成绩")):
        client.force_login(person)
        answer = client.post(url, {"reason": reason}, follow=True)
        assert answer.redirect_chain == [(url, 302)]
        told = "".join(str(message) for message in answer.context["messages"])
        assert (str(exam.clerk) in told, "尚未完成" in told) == (True, True)
    assert Job.objects.get().pk == job.pk


def test_progress_counts_the_people_ranked(exam, position, client, settings):
    exam.enter(position, 4)
    locked(exam)
    handed = Handed(client, settings, exam.clerk, act("rank"))
    job = handed.run(handed.start())
    assert (job.done, job.total, job.result["people"]) == (4, 4, 4)
