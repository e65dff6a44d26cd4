from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from foundation.messages import domain
from foundation.messages.domain import deliver_due_messages, deliver_message, send_message
from foundation.messages.models import Message, MessageState

pytestmark = pytest.mark.django_db


def write(**fields):
    given = {
        "channel": "email",
        "address": "lin@example.com",
        "kind": "test.code",
        "subject": "验证码",
        "body": "123456",
    }
    return send_message(**{**given, **fields})


def test_a_message_leaves_after_the_commit_of_the_verb_that_wrote_it(settings, django_capture_on_commit_callbacks):
    settings.MESSAGE_TRANSPORT = "live"
    with django_capture_on_commit_callbacks(execute=True):
        message = write()
        assert (message.state, mail.outbox) == (MessageState.WAITING, [])
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["lin@example.com"], "验证码", "123456")
    message.refresh_from_db()
    assert message.state == MessageState.SENT


def test_a_key_makes_one_message_of_many_calls():
    first = write(key="receipt-1")
    again = write(key="receipt-1", body="other")
    other = write(key="receipt-2")
    assert {first.pk, again.pk, other.pk} == {first.pk, other.pk}
    assert again.body == "123456"
    assert Message.objects.count() == 2


def test_address_and_text_are_not_readable_in_the_database():
    from django.db import connection

    write()
    with connection.cursor() as cursor:
        cursor.execute("SELECT address, body FROM foundation_message")
        (row,) = cursor.fetchall()
    assert not any(secret in value for value in row for secret in ("lin@example.com", "123456"))


class BrokenSms:
    def send(self, *, phone, text, reference):
        raise ConnectionError(f"{phone} refused")


def test_a_refused_message_is_tried_again_later_each_time_and_then_given_up(settings, time_machine):
    settings.MESSAGE_TRANSPORT = "live"
    settings.SMS_ADAPTER = f"{__name__}.BrokenSms"
    message = write(channel="sms", address="13900000000")
    tried = []
    for _minute in range(200):
        before = message.attempts
        deliver_due_messages()
        message.refresh_from_db()
        if message.attempts > before:
            tried.append(message.attempts)
        time_machine.move_to(timezone.now() + timedelta(minutes=1, seconds=1))
    assert tried == [1, 2, 3, 4, 5]
    assert (message.state, message.problem) == (MessageState.FAILED, "ConnectionError")


@pytest.fixture
def time_machine():
    import time_machine as machine

    with machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


def test_a_message_another_sender_holds_is_not_sent_twice(settings, monkeypatch):
    sent = []
    message = write()

    def slow(row):
        sent.append(row.pk)
        assert deliver_message(message_id=row.pk) is False

    monkeypatch.setattr(domain, "hand_over", slow)
    assert deliver_message(message_id=message.pk) is True
    assert sent == [message.pk]


def test_the_outbox_page_is_for_this_machine_only(client, settings):
    write(body="您的验证码是 654321")
    address = reverse("outbox")
    assert "654321" in client.get(address).content.decode()
    assert "654321" in client.get(address, REMOTE_ADDR="::1").content.decode()
    refused = [
        client.get(address, REMOTE_ADDR="192.168.1.20"),
        client.get(address, headers={"X-Forwarded-For": "203.0.113.9"}),
        client.get(address, headers={"X-Real-IP": "203.0.113.9"}),
        client.get(address, headers={"Forwarded": "for=203.0.113.9"}),
    ]
    assert [response.status_code for response in refused] == [404] * 4
    settings.MESSAGE_TRANSPORT = "live"
    assert client.get(address).status_code == 404


def test_the_outbox_asks_the_same_number_of_queries_for_one_and_for_thirty_messages(client, django_assert_num_queries):
    write()
    with django_assert_num_queries(2):
        client.get(reverse("outbox"))
    for _number in range(30):
        write()
    with django_assert_num_queries(2):
        client.get(reverse("outbox"))
