"""A check of one's own mark (R47): asked in its days, once, answered by the exam centre, corrected by a decision."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import AuditEntry
from foundation.errors import NotAllowed, Refused
from foundation.messages.models import Message
from recruitment.applications.models import Recusal
from recruitment.examinations import domain
from recruitment.examinations.models import ScoreCheck, WrittenResult
from recruitment.examinations.wagtail_hooks import exam_work
from tests.applicants import NOW
from tests.examiners import sheet, ticket

pytestmark = pytest.mark.django_db
HEADER = ["准考证号", "职测", "综应"]
WORDS = "本人参加了考试"


@pytest.fixture
def out(exam, position, make_candidate, time_machine):
    """Marks released at NOW: ticket 0, with an account, counts as absent, ticket 1 as zero; 2 and 3 have marks."""
    exam.enter(position, 4)
    exam.person = make_candidate()
    first = exam.people[0]
    first.candidate = exam.person
    first.save(update_fields=["candidate"])
    rows = [(ticket(0), "缺考", 90), (ticket(1), 0, 80), (ticket(2), 110, 110), (ticket(3), 100, 100)]
    exam.take(sheet(HEADER, *rows))
    exam.lock()
    domain.rank_written(actor=exam.clerk, campaign=exam.campaign)
    exam.put_out(domain.prepare_scores(actor=exam.clerk, campaign=exam.campaign))
    return exam


def ask(exam, paper="职测", reason=WORDS, actor=None):
    first = exam.people[0]
    return domain.ask_score_check(actor=actor or exam.person.user, application=first, paper=paper, reason=reason)


def answer(exam, check, outcome="unchanged", words="经核对，记录无误", actor=None):
    return domain.answer_score_check(actor=actor or exam.clerk, check=check, outcome=outcome, answer=words)


def code_of(verb, *arguments, **more):
    with pytest.raises(Refused) as refusal:
        verb(*arguments, **more)
    return refusal.value.code


def test_a_person_asks_about_the_mark_of_their_own_and_is_told(out):
    check = ask(out)
    assert (check.application, check.paper, check.status, check.answered_at) == (out.people[0], "职测", "absent", None)
    message = Message.objects.get(kind="application.score_check_asked")
    assert message.recipient == out.person.user
    assert AuditEntry.objects.get(action="examinations.ask_score_check").actor == out.person.user


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"paper": "综应"}, "score_check.not_this_mark"),
        ({"paper": "申论"}, "paper"),
        ({"reason": "  "}, "reason_required"),
    ],
)
def test_what_cannot_be_checked_is_refused(out, change, code):
    assert code_of(ask, out, **change) == code
    assert ScoreCheck.objects.count() == 0


def test_one_request_for_each_paper_by_nobody_else(out, make_candidate):
    other = make_candidate(name="周明远").user
    for person in (other, out.clerk, out.office):
        with pytest.raises(NotAllowed):
            ask(out, actor=person)
    check = ask(out)
    assert code_of(ask, out) == "score_check.once"
    answer(out, check)
    assert code_of(ask, out) == "score_check.once"
    with pytest.raises(IntegrityError), transaction.atomic():
        ScoreCheck.objects.create(application=out.people[0], paper="职测", status="absent", reason="再查")


# Released on 20 March with 2 days: the 22nd is the last one, to its last second.
@pytest.mark.parametrize(
    ("after", "code"), [({"days": 2, "hours": 13, "minutes": 59}, None), ({"days": 2, "hours": 14}, "score_check.late")]
)
def test_the_window_ends_with_its_last_day(out, time_machine, after, code):
    time_machine.move_to(NOW + timedelta(**after), tick=False)
    assert (code_of(ask, out) if code else ask(out).paper) == (code or "职测")


def test_nothing_can_be_asked_before_the_marks_are_out(exam, position, make_candidate):
    exam.enter(position, 2)
    exam.person = make_candidate()
    exam.people[0].candidate = exam.person
    exam.people[0].save(update_fields=["candidate"])
    exam.written("缺考", 100)
    assert code_of(ask, exam) == "paper"


def test_nothing_is_ranked_while_a_check_is_open(out):
    out.line()
    check = ask(out)
    assert code_of(domain.make_shortlist, actor=out.clerk, campaign=out.campaign) == "open_checks"
    assert code_of(domain.rank_written, actor=out.clerk, campaign=out.campaign) == "open_checks"
    assert code_of(domain.compute_totals, actor=out.clerk, campaign=out.campaign) == "open_checks"
    answer(out, check)
    assert out.shortlist() == 2


def test_who_withdrew_keeps_nobody_waiting(out):
    out.line()
    ask(out)
    out.campaign.applications.filter(ticket_no=ticket(0)).update(state="withdrawn")
    assert out.shortlist() == 2


def test_a_correction_is_a_locked_batch_and_the_person_is_ranked_with_it(out):
    check = ask(out)
    assert code_of(answer, out, check, "corrected") == "no_correction"
    out.take(sheet(HEADER, (ticket(0), 120, 90)), correction="复核1号")
    assert code_of(answer, out, check, "corrected") == "no_correction"
    assert code_of(answer, out, check, "unchanged") == "corrected"
    out.lock()
    check = answer(out, check, "corrected", "查到答题卡，成绩为120分")
    assert (check.outcome, check.correction.correction, check.answered_by) == ("corrected", "复核1号", out.clerk)
    domain.rank_written(actor=out.clerk, campaign=out.campaign)
    assert WrittenResult.objects.get(application=out.people[0]).value == 70
    told = Message.objects.get(kind="application.score_check_answered")
    said = told.body.replace(check.application.registration_no, "")
    assert (told.recipient, "120" in said, "70" in said) == (out.person.user, False, False)


def test_only_the_exam_centre_answers_once_with_words_and_nobody_recused(out):
    check = ask(out)
    for person in (out.office, out.posts, out.person.user):
        with pytest.raises(NotAllowed):
            answer(out, check, actor=person)
    Recusal.objects.create(application=out.people[0], user=out.checker, reason="表亲", declared_by=out.checker)
    with pytest.raises(NotAllowed):
        answer(out, check, actor=out.checker)
    assert code_of(answer, out, check, words=" ") == "answer"
    assert code_of(answer, out, check, "lost") == "answer"
    answer(out, check)
    assert code_of(answer, out, check) == "answered"


@pytest.fixture
def as_user(client, settings):
    settings.SECOND_FACTOR_REQUIRED = False

    def sign_in(user):
        client.logout()
        client.force_login(user)
        return client

    return sign_in


def test_the_person_asks_on_their_own_page_and_reads_the_answer_there(out, as_user, make_candidate):
    first = out.people[0]
    url = reverse("portal:score-check", args=[first.registration_no])
    mine = as_user(out.person.user)
    assert url in mine.get(reverse("portal:application", args=[first.registration_no])).content.decode()
    page = mine.get(url).content.decode()
    assert ("可在2026年3月22日前（含当日）申请复核" in page, 'value="综应"' in page) == (True, False)
    mine.post(url, {"paper": "综应", "reason": WORDS})
    assert ScoreCheck.objects.count() == 0
    assert mine.post(url, {"paper": "职测", "reason": WORDS}).status_code == 302
    assert "待答复" in mine.get(url).content.decode()
    assert as_user(make_candidate(name="周明远").user).get(url).status_code == 404
    answer(out, ScoreCheck.objects.get(), words="经核对考场记录无误")
    assert "经核对考场记录无误" in as_user(out.person.user).get(url).content.decode()


def waiting(user):
    return {str(todo.label): todo.count for todo in exam_work(user) if todo.count}


def test_the_exam_centre_finds_it_on_its_list_and_answers_on_its_page(out, as_user):
    check = ask(out)
    label = "待答复的成绩复核"
    assert (waiting(out.clerk).get(label), waiting(out.office).get(label)) == (1, None)
    url = reverse("exam-check", args=["C1", check.pk])
    page = as_user(out.office).get(url).content.decode()
    assert (WORDS in page, 'name="answer"' in page, out.person.name in page) == (True, False, False)
    browser = as_user(out.clerk)
    assert browser.post(url, {"outcome": "unchanged", "answer": ""}).context["form"].errors
    browser.post(url, {"outcome": "unchanged", "answer": "记录无误"})
    check.refresh_from_db()
    assert (check.outcome, check.answered_by, label in waiting(out.clerk)) == ("unchanged", out.clerk, False)


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_queries_for_1_and_30(exam, position, as_user, count, django_assert_num_queries):
    people = exam.enter(position, count)
    ScoreCheck.objects.bulk_create(
        ScoreCheck(application=person, paper="职测", status="absent", reason=WORDS) for person in people
    )
    browser = as_user(exam.clerk)
    url = reverse("exam-checks", args=["C1"])
    browser.get(url)
    with django_assert_num_queries(12):
        assert len(browser.get(url).context["page"]) == count
