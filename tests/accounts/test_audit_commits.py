"""The sealer among transactions that really commit."""

import threading
from contextlib import ExitStack, contextmanager

import pytest
from django.db import connection, connections, transaction

from accounts import audit, audit_chain
from accounts.audit_chain import seal, verify
from accounts.audit_order import announce, stop_announcing
from accounts.models import AuditEntry, AuditSeal, User
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


@contextmanager
def open_transaction(work):
    """Another connection that has done `work` and commits only at the end."""
    done, release = threading.Event(), threading.Event()

    def run():
        with transaction.atomic():
            work()
            done.set()
            release.wait(10)
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert done.wait(10)
    try:
        yield
    finally:
        release.set()
        thread.join()


@pytest.mark.postgres
def test_an_entry_waits_for_transactions_that_began_before_it():
    actor = console_account()
    with open_transaction(lambda: note(actor)):
        note(actor)
        assert seal() == 0
    assert seal() == 2
    assert verify().breaches == []


@pytest.mark.postgres
def test_an_entry_waits_for_a_lower_one_of_a_transaction_that_began_later():
    actor = console_account()
    with ExitStack() as younger:
        with transaction.atomic():
            User.objects.filter(pk=actor.pk).update(name="控制台")  # gives this transaction its number
            younger.enter_context(open_transaction(lambda: note(actor)))
            note(actor)
        assert seal() == 0
    assert seal() == 2
    assert verify().breaches == []


@pytest.mark.postgres
def test_an_entry_written_after_a_savepoint_was_rolled_back_is_waited_for():
    actor = console_account()

    def work():
        with transaction.atomic():
            note(actor)
            transaction.set_rollback(True)
        note(actor)

    with open_transaction(work):
        note(actor)
        assert seal() == 0
    assert seal() == 2
    assert verify().breaches == []


@pytest.mark.postgres
def test_many_entries_of_one_transaction_take_one_lock():
    actor = console_account()
    with transaction.atomic(), connection.cursor() as cursor:
        for _n in range(3):
            note(actor)
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone() == (1,)


@pytest.mark.postgres
def test_work_in_another_database_of_the_server_delays_no_seal():
    actor = console_account()
    other = connections.create_connection("default")
    other.settings_dict = {**other.settings_dict, "NAME": "postgres"}
    try:
        other.set_autocommit(False)
        other.cursor().execute("SELECT pg_current_xact_id()")
        note(actor)
        assert seal() == 1
        other.rollback()
    finally:
        other.close()


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


@pytest.mark.postgres
def test_the_trail_is_not_found_broken_while_entries_are_being_sealed(monkeypatch):
    actor = console_account()
    note(actor)
    seal()
    note(actor)
    started = threading.Event()

    def run():
        started.set()
        seal()
        connection.close()

    sealer = threading.Thread(target=run)
    check_rest = audit_chain._verify_rest

    def seal_meanwhile(*args):
        sealer.start()
        started.wait(10)
        sealer.join(0.5)
        check_rest(*args)

    monkeypatch.setattr(audit_chain, "_verify_rest", seal_meanwhile)
    found = verify()
    sealer.join()
    assert (found.sealed, found.unsealed, found.breaches) == (1, 1, [])
    monkeypatch.undo()
    assert verify().sealed == 2


@pytest.mark.postgres
def test_an_order_that_is_no_longer_announced_is_reported():
    stop_announcing(connection)
    assert [breach.kind for breach in verify().breaches] == ["trigger"]
    announce(connection)
    assert verify().breaches == []
