"""On the way to the post each step reaches the person once, without a word about health or reasons."""

import pytest

from accounts.models import User
from foundation.messages.models import Message
from recruitment.appointments import domain
from recruitment.appointments.models import Appointment

pytestmark = pytest.mark.django_db


@pytest.fixture
def with_accounts(exam, make_position):
    """Three people with accounts for two places; two proposed, with posts for them."""
    position = make_position(headcount_planned=2, headcount_effective=2)
    for number, person in enumerate(exam.enter(position, 3)):
        user = User.objects.create(username=f"hire{number}", phone=f"1390000000{number}", kind="candidate")
        type(person.candidate).objects.filter(pk=person.candidate_id).update(user=user)
    exam.claim_posts(position, 2)
    exam.to_totals((120, 110, 100), (90, 85, 80))
    return exam


def told(name):
    rows = Message.objects.filter(recipient__username=name, kind__startswith="appointment.").order_by("pk")
    return [kind.partition(".")[2] for kind in rows.values_list("kind", flat=True)]


def test_each_step_to_the_post_is_told_once(with_accounts, time_machine):
    with_accounts.hand_over()
    assert told("hire0") == ["opened", "checked", "checked"]
    notice = with_accounts.notice()
    assert told("hire0")[3:] == ["noticed"]
    assert told("hire2") == []
    domain.start_notice(actor=with_accounts.second, publication=notice)
    assert told("hire0")[3:] == ["noticed"]
    time_machine.move_to(notice.notice_ends_at, tick=False)
    person = Appointment.objects.order_by("pk").first()
    domain.approve_appointment(actor=with_accounts.office, appointment=person, approval_number="人聘1号")
    domain.enter_post(actor=with_accounts.posts, appointment=person, ledger_number="SM1")
    assert told("hire0")[4:] == ["approved", "on_post"]


def test_an_objection_is_told_when_it_holds_and_when_it_is_cleared(with_accounts):
    with_accounts.hand_over()
    with_accounts.notice()
    person = Appointment.objects.order_by("pk").first()
    objection = domain.raise_objection(actor=with_accounts.office, appointment=person, summary="学历存疑")
    assert told("hire0")[4:] == ["held"]
    domain.decide_objection(actor=with_accounts.office, objection=objection, is_upheld=False, decision="查无实据")
    assert told("hire0")[4:] == ["held", "cleared"]


def test_the_end_is_told_without_its_reason_and_a_conclusion_without_its_word(with_accounts):
    person, other = domain.open_appointments(actor=with_accounts.office, campaign=with_accounts.campaign)
    with_accounts.check(person, "medical", "failed")
    with_accounts.check(other, "medical")
    assert told("hire0") == ["opened", "ended"]
    assert told("hire1") == ["opened", "checked"]
    bodies = " ".join(row.body for row in Message.objects.filter(kind__startswith="appointment.").exclude(
        kind="appointment.opened"))  # fmt: skip
    assert [word for word in ("体检", "合格", "查无", "medical", "assed") if word in bodies] == []


def test_the_notice_message_says_until_when(with_accounts):
    with_accounts.hand_over()
    notice = with_accounts.notice()
    body = Message.objects.filter(kind="appointment.noticed").first().body
    assert f"{notice.notice_ends_at.astimezone():%d}".lstrip("0") in body
    assert Message.objects.filter(kind="appointment.noticed").count() == 2
