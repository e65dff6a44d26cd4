import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from accounts import audit
from accounts.append_only import AppendOnlyError, missing_triggers, protect, unprotect
from accounts.audit_chain import TABLES, digest_of, seal, verify
from accounts.middleware import masked_address
from accounts.models import AuditEntry, AuditHead, AuditSeal
from accounts.queries import console_account
from accounts.tasks import seal_audit_trail
from tests.flushing import triggers_lifted

pytestmark = pytest.mark.django_db


@pytest.fixture
def trail():
    """Five sealed entries."""
    actor = console_account()
    entries = [
        audit.record(actor=actor, action="test.act", subject=actor, after={"n": n, "名": "值"}) for n in range(5)
    ]
    assert seal() == 5
    return entries


def tamper(*statements):
    with triggers_lifted(connection), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def kinds():
    return {breach.kind for breach in verify().breaches}


def test_an_untouched_trail_verifies_and_tells_what_waits_for_its_seal(trail):
    audit.record(actor=console_account(), action="test.act", subject=trail[0].actor)
    found = verify()
    assert (found.sealed, found.unsealed, found.breaches) == (5, 1, [])
    assert seal_audit_trail() == 1
    assert seal_audit_trail() == 0
    assert (verify().sealed, verify().unsealed) == (6, 0)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("action", "'x.y'"),
        ("reason", "'because'"),
        ("object_id", "'9'"),
        ("object_name", "'x'"),
        ("object_type", "'x'"),
        ("origin", "'x'"),
        ("before", """'{"a": 1}'"""),
        ("after", """'{"n": 7}'"""),
        ("at", "'2020-01-01 00:00:00+00:00'"),
    ],
)
def test_an_edit_of_any_column_is_found(trail, column, value):
    tamper(f"UPDATE accounts_auditentry SET {column} = {value} WHERE id = {trail[2].pk}")
    assert [(breach.entry, breach.kind) for breach in verify().breaches] == [(trail[2].pk, "edited")]


def test_a_deleted_entry_with_its_seal_is_found_wherever_it_stood(trail):
    for place, expected in ((0, {"link", "length"}), (2, {"link", "length"}), (4, {"length"})):
        savepoint = transaction.savepoint()
        tamper(
            f"DELETE FROM accounts_auditseal WHERE entry_id = {trail[place].pk}",
            f"DELETE FROM accounts_auditentry WHERE id = {trail[place].pk}",
        )
        assert kinds() == expected
        transaction.savepoint_rollback(savepoint)


def test_an_entry_slipped_in_below_the_end_is_found(trail):
    wanted = trail[2].pk
    tamper(
        f"DELETE FROM accounts_auditseal WHERE entry_id = {wanted}",
    )
    assert {(breach.entry, breach.kind) for breach in verify().breaches} >= {(wanted, "inserted")}


def test_a_chain_made_anew_without_the_key_is_found(trail, settings):
    key = settings.AUDIT_KEY
    settings.AUDIT_KEY = "guessed"
    tamper(
        "DELETE FROM accounts_auditseal", "DELETE FROM accounts_audithead", "UPDATE accounts_auditentry SET reason='x'"
    )
    seal()
    assert verify().breaches == []
    settings.AUDIT_KEY = key
    assert {"edited", "head"} <= kinds()


def test_a_head_set_back_to_an_older_length_is_found_by_the_digest_noted_earlier(trail):
    older = verify().head
    head = AuditHead.objects.values().get()
    last = audit.record(actor=console_account(), action="test.act", subject=trail[0].actor)
    seal()
    noted = verify().head
    tamper(
        f"DELETE FROM accounts_auditseal WHERE entry_id = {last.pk}",
        f"DELETE FROM accounts_auditentry WHERE id = {last.pk}",
    )
    AuditHead.objects.update(**{name: head[name] for name in ("length", "digest", "proof")})
    assert verify(anchor=older).breaches == []
    assert [breach.kind for breach in verify(anchor=noted).breaches] == ["anchor"]


def test_missing_triggers_are_reported(trail):
    assert all(missing_triggers(connection, table) == [] for table in TABLES)
    unprotect(connection, "accounts_auditentry")
    assert kinds() == {"trigger"}
    protect(connection, "accounts_auditentry")
    assert kinds() == set()


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_the_database_refuses_what_goes_around_the_model(trail, table, statement):
    key = "id" if table.endswith("entry") else "entry_id"
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table, key, key))
    assert AuditEntry.objects.count() == AuditSeal.objects.count() == 5


def test_the_model_refuses_changes_and_deletion(trail):
    acts = [trail[0].save, trail[0].delete, AuditEntry.objects.all().delete]
    acts.append(lambda: AuditEntry.objects.update(reason="x"))
    for act in acts:
        with pytest.raises(AppendOnlyError):
            act()


def test_the_command_ends_with_1_on_a_breach_and_prints_json(trail):
    out = StringIO()
    call_command("verify_audit", "--format", "json", stdout=out)
    assert json.loads(out.getvalue()) == {"sealed": 5, "unsealed": 0, "head": verify().head, "breaches": []}
    tamper(f"UPDATE accounts_auditentry SET reason = 'x' WHERE id = {trail[0].pk}")
    out = StringIO()
    with pytest.raises(SystemExit, match="1"):
        call_command("verify_audit", "--format", "json", stdout=out)
    assert [breach["entry"] for breach in json.loads(out.getvalue())["breaches"]] == [trail[0].pk]


def test_the_seal_binds_every_field(trail):
    covered = set()
    entry = AuditEntry.objects.get(pk=trail[0].pk)
    before = digest_of(entry, "")
    for field in AuditEntry._meta.concrete_fields:
        changed = AuditEntry.objects.get(pk=entry.pk)
        old = getattr(changed, field.attname)
        new = {"n": 9} if isinstance(old, dict) else old.replace(year=2001) if hasattr(old, "year") else f"{old}9"
        setattr(changed, field.attname, new)
        if digest_of(changed, "") != before:
            covered.add(field.attname)
    assert covered == {field.attname for field in AuditEntry._meta.concrete_fields}


@pytest.mark.parametrize(
    ("address", "masked"),
    [("10.1.2.3", "10.1.2.0/24"), ("2001:db8:1:2::3", "2001:db8:1::/48"), ("", ""), ("unix:", "")],
)
def test_the_origin_keeps_the_network_but_not_the_machine(address, masked):
    assert masked_address(address) == masked
