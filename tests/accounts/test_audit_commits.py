"""The sealer among transactions that really commit."""

import threading

import pytest
from django.db import connection, transaction

from accounts import audit
from accounts.audit_chain import seal, verify
from accounts.models import AuditEntry, AuditSeal
from accounts.queries import console_account

pytestmark = pytest.mark.django_db(transaction=True)


def note(actor):
    return audit.record(actor=actor, action="test.act", subject=actor)


def test_committed_entries_are_sealed_in_id_order():
    actor = console_account()
    for _n in range(3):
        note(actor)
    assert seal() == 3
    assert list(AuditSeal.objects.order_by("sealed_at", "pk").values_list("pk", flat=True)) == list(
        AuditEntry.objects.order_by("pk").values_list("pk", flat=True)
    )
    assert verify().breaches == []


@pytest.mark.postgres
def test_an_entry_waits_for_transactions_that_began_before_it():
    actor = console_account()
    written, release = threading.Event(), threading.Event()

    def slow_verb():
        with transaction.atomic():
            note(actor)
            written.set()
            release.wait(10)
        connection.close()

    thread = threading.Thread(target=slow_verb)
    thread.start()
    assert written.wait(10)
    note(actor)
    assert seal() == 0
    release.set()
    thread.join()
    assert seal() == 2
    assert verify().breaches == []


@pytest.mark.postgres
def test_sealers_at_once_make_one_chain():
    actor = console_account()
    for _n in range(20):
        note(actor)

    def run():
        seal()
        connection.close()

    threads = [threading.Thread(target=run) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = verify()
    assert (found.sealed, found.unsealed, found.breaches) == (20, 0, [])
