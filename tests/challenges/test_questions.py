"""Questions about a challenge: asked before the close, answered on the board for everyone, the asker never shown."""

from datetime import timedelta

import pytest

from accounts.enums import Role
from accounts.models import AuditEntry
from foundation.errors import NotAllowed
from foundation.messages.models import Message
from foundation.ui.office import todos_of
from recruitment.challenges import domain
from recruitment.challenges.models import BoardQuestion
from tests.bidders import CLOSE
from tests.challenges.test_domain import code_of

pytestmark = pytest.mark.django_db
BOARD, OFFICE = "/challenges/榜1/", "/admin/challenges/榜1/"


@pytest.fixture
def asker(make_candidate):
    return make_candidate()


@pytest.fixture
def ask(challenge, asker):
    def act(text="指标按几日测？", candidate=None):
        candidate = candidate or asker
        return domain.ask_question(actor=candidate.user, challenge=challenge, candidate=candidate, text=text)

    return act


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [(CLOSE - timedelta(seconds=1), True), (CLOSE, False)],
)
def test_questions_are_taken_and_answered_before_the_close(ask, unit_hr, time_machine, moment, is_open):
    question = ask()
    time_machine.move_to(moment, tick=False)
    if is_open:
        ask("另一问？")
        domain.answer_question(actor=unit_hr, question=question, answer="七日。")
    else:
        assert code_of(ask, text="另一问？") == "not_open"
        assert code_of(domain.answer_question, actor=unit_hr, question=question, answer="七日。") == "not_open"


def test_an_answer_is_public_at_once_and_told_to_the_asker_and_every_bidder(ask, asker, make_bid, unit_hr, client):
    bid = make_bid()
    question = ask()
    assert "指标按几日测" not in client.get(BOARD).content.decode()
    domain.answer_question(actor=unit_hr, question=question, answer="按七日测。")
    page = client.get(BOARD).content.decode()
    assert "指标按几日测" in page
    assert "按七日测。" in page
    assert asker.name not in page
    told = Message.objects.filter(kind="bid.answered").values_list("recipient", flat=True)
    assert sorted(told) == sorted([asker.user.pk, bid.candidate.user.pk])
    assert AuditEntry.objects.filter(action="challenges.answer_question").count() == 1


def test_an_answer_stands(ask, unit_hr):
    question = ask()
    domain.answer_question(actor=unit_hr, question=question, answer="按七日测。")
    assert code_of(domain.answer_question, actor=unit_hr, question=question, answer="按五日测。") == "decided"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" ", "text"),
        ("问" * 1001, "text"),
        ("我的证件 11010519491231002X", "identity"),
        ("13800138000 找我", "identity"),
    ],
)
def test_what_could_not_be_shown_to_everyone_is_refused(ask, text, code):
    assert code_of(ask, text=text) == code
    assert not BoardQuestion.objects.exists()


def test_the_same_question_is_kept_once_and_five_may_wait(ask):
    assert ask() == ask()
    for number in range(4):
        ask(f"第{number}问？")
    assert code_of(ask, text="再问？") == "too_many"


def test_only_oneself_asks_and_only_office_and_unit_answer(ask, challenge, asker, staff, make_unit, make_candidate):
    question = ask()
    with pytest.raises(NotAllowed):
        domain.ask_question(actor=make_candidate().user, challenge=challenge, candidate=asker, text="问？")
    for person in (staff(Role.UNIT_HR, unit=make_unit(code="other")), staff(Role.AUDITOR)):
        with pytest.raises(NotAllowed):
            domain.answer_question(actor=person, question=question, answer="答")


def test_question_and_answer_go_by_their_pages(challenge, asker, unit_hr, client):
    client.force_login(asker.user)
    page = "/my/challenges/榜1/question/"
    assert client.get(page).status_code == 200
    assert client.post(page, {"text": ""}).status_code == 422
    assert client.post(page, {"text": "指标按几日测？"}).url == "/challenges/%E6%A6%9C1/"
    client.logout()
    client.force_login(unit_hr)
    text = client.get(OFFICE).content.decode()
    assert "指标按几日测？" in text
    assert asker.name not in text
    assert asker.name not in client.get(f"{OFFICE}answer/").content.decode()
    told = {"question": BoardQuestion.objects.get().pk, "answer": "按七日测。"}
    assert client.post(f"{OFFICE}answer/", told).status_code == 302
    assert "按七日测。" in client.get(OFFICE).content.decode()


def test_the_open_question_is_a_task_with_the_close_as_its_day(ask, unit_hr, office, time_machine):
    ask()
    for person in (unit_hr, office):
        found = [item for item in todos_of(person) if str(item.label) == "待答复的提问"]
        assert [(item.count, item.due) for item in found] == [(1, CLOSE)]
    time_machine.move_to(CLOSE, tick=False)
    assert [item for item in todos_of(unit_hr) if str(item.label) == "待答复的提问"] == []


def test_after_the_close_the_page_says_so(challenge, asker, client, time_machine):
    client.force_login(asker.user)
    time_machine.move_to(CLOSE, tick=False)
    client.force_login(asker.user)
    page = client.get("/my/challenges/榜1/question/").content.decode()
    assert "<textarea" not in page
    assert "/question/" not in client.get(BOARD).content.decode()


def test_the_board_costs_the_same_for_one_and_for_thirty_answers(
    ask, unit_hr, client, django_assert_num_queries, make_candidate
):
    domain.answer_question(actor=unit_hr, question=ask(), answer="答。")
    with django_assert_num_queries(QUERIES):
        client.get(BOARD)
    for number in range(29):
        question = ask(f"第{number}问？")
        domain.answer_question(actor=unit_hr, question=question, answer="答。")
    with django_assert_num_queries(QUERIES):
        client.get(BOARD)


QUERIES = 2
