"""Up to which id the audit trail is settled: nothing with that id or a lower one can still be committed.

PostgreSQL hands out ids before commit, so of two transactions at once the lower id may be committed last, and the chain
runs in the order of ids. So each transaction says, before its first entry, after which id its entries will come: a
trigger takes a shared advisory lock on the last id handed out and holds it until the transaction ends. What lies above
the lowest id so locked has to wait. Locks belong to one database: what others on the same server do delays nothing.
SQLite has one writer, so there ids follow commits.
"""

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.special import RunPython
from django.db.migrations.state import StateApps

from accounts.append_only import triggers_of

TRIGGER = "accounts_auditentry_announce"

# The first number of our advisory locks; the second is an id. An installed trigger holds it: it never changes.
_KEY = 1095975252

# The setting is local to the transaction and falls back with a savepoint, as the lock does: one lock per transaction.
_FUNCTION = """CREATE OR REPLACE FUNCTION announce_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE last_id integer;
BEGIN
  IF coalesce(current_setting('zhaoxian.audit_after', true), '') = '' THEN
    SELECT CASE WHEN is_called THEN last_value ELSE 0 END INTO last_id FROM accounts_auditentry_id_seq;
    PERFORM pg_advisory_xact_lock_shared(1095975252, last_id);
    PERFORM set_config('zhaoxian.audit_after', last_id::text, true);
  END IF;
  RETURN NULL;
END $body$"""
_TRIGGER = f"""CREATE OR REPLACE TRIGGER {TRIGGER} BEFORE INSERT ON accounts_auditentry
FOR EACH STATEMENT EXECUTE FUNCTION announce_audit_entry()"""
_LOWEST = """SELECT min(objid::bigint) FROM pg_locks
WHERE locktype = 'advisory' AND classid = %s AND objsubid = 2 AND granted AND pid <> pg_backend_pid()
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""


def settled_up_to() -> int | None:
    """The highest id below which no other transaction can still commit an entry; None if every entry is settled.

    The order of reading matters: the last id first, then the locks, then (by the caller) the entries. Whoever got an
    id up to the last one had its lock before, so it is either among the locks or its entries can be seen.
    """
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM accounts_auditentry_id_seq")
        last_id: int = cursor.fetchone()[0]
        cursor.execute(_LOWEST, [_KEY])
        (lowest,) = cursor.fetchone()
    return last_id if lowest is None else min(last_id, lowest)


def missing_announcement() -> list[str]:
    """The name of the trigger, if it should be there and is not."""
    if connection.vendor != "postgresql" or TRIGGER in triggers_of(connection, "accounts_auditentry"):
        return []
    return [TRIGGER]


def announce(connection: BaseDatabaseWrapper) -> None:
    """Put the trigger on the audit trail."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_FUNCTION)
            cursor.execute(_TRIGGER)


def stop_announcing(connection: BaseDatabaseWrapper) -> None:
    """Take the trigger off: for the way back of a migration."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER IF EXISTS {TRIGGER} ON accounts_auditentry")


def announced_entries() -> RunPython:
    """The migration operation."""

    def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        announce(schema_editor.connection)

    def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        stop_announcing(schema_editor.connection)

    return RunPython(forwards, backwards)
