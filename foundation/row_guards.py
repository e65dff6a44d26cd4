"""Rows that the database itself keeps from being changed once they are settled.

    operations = [guard("examinations_markbatch", "update", when="OLD.locked_at IS NOT NULL")]

Unlike a check constraint, a guard sees the row as it was. The condition is SQL that both databases understand, over
OLD and NEW. A write it forbids fails with an IntegrityError. A later migration that alters the table makes SQLite
rebuild it without its triggers: repeat the operation after it.
"""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.special import RunPython
from django.db.migrations.state import StateApps

_SQLITE = """CREATE TRIGGER "{name}" BEFORE {verb} ON "{table}" FOR EACH ROW WHEN {when}
BEGIN SELECT RAISE(ABORT, 'settled: {table}'); END"""
_POSTGRES_FUNCTION = """CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
IF {when} THEN
RAISE EXCEPTION 'settled: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END IF;
RETURN COALESCE(NEW, OLD);
END $body$"""
_POSTGRES = 'CREATE TRIGGER {name} BEFORE {verb} ON "{table}" FOR EACH ROW EXECUTE FUNCTION {name}()'


def same(*columns: str) -> str:
    """SQL that holds where none of the columns changes, empty values included."""
    return " AND ".join(
        f"((OLD.{c} IS NULL) = (NEW.{c} IS NULL) AND COALESCE(OLD.{c} = NEW.{c}, TRUE))" for c in columns
    )


def guard_name(table: str, verb: str) -> str:
    return f"{table}_settled_{verb}"


def guard(table: str, verb: str, *, when: str) -> RunPython:
    """A migration operation: `verb` (insert, update or delete) then fails on rows of `table` where `when` holds."""
    parts = {"name": guard_name(table, verb), "table": table, "verb": verb.upper(), "when": when}

    def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        with schema_editor.connection.cursor() as cursor:
            if schema_editor.connection.vendor == "postgresql":
                cursor.execute(_POSTGRES_FUNCTION.format(**parts))
                cursor.execute(_POSTGRES.format(**parts))
            else:
                cursor.execute(_SQLITE.format(**parts))

    def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        on_table = f' ON "{table}"' if schema_editor.connection.vendor == "postgresql" else ""
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(f'DROP TRIGGER IF EXISTS "{parts["name"]}"{on_table}')

    return RunPython(forwards, backwards)


def missing_guards(connection: BaseDatabaseWrapper, table: str, *verbs: str) -> list[str]:
    """Names of the guards that should be on `table` and are not, or are switched off."""
    if connection.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'O'"
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
    with connection.cursor() as cursor:
        cursor.execute(query, [table])
        present = {row[0] for row in cursor.fetchall()}
    return [name for verb in verbs if (name := guard_name(table, verb)) not in present]
