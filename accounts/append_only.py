"""Tables that only grow: the model refuses, and triggers refuse what goes around the model.

    class SlotMovement(AppendOnlyModel): ...          in models.py
    operations = [append_only("establishment_slotmovement")]    in a migration of its own

The triggers refuse UPDATE and DELETE (and TRUNCATE on PostgreSQL) with an IntegrityError. A later migration that alters
the table makes SQLite rebuild it without its triggers: repeat the operation after it. `verify_audit` tells.
"""

from typing import Any, NoReturn

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.special import RunPython
from django.db.migrations.state import StateApps

_SQLITE = """CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON "{table}"
BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"""
_POSTGRES_FUNCTION = """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $body$"""
_POSTGRES = """CREATE OR REPLACE TRIGGER {table}_no_{verb} BEFORE {verb} ON "{table}"
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"""


def _verbs(vendor: str) -> tuple[str, ...]:
    return ("update", "delete", "truncate") if vendor == "postgresql" else ("update", "delete")


def protect(connection: BaseDatabaseWrapper, table: str) -> None:
    """Put the triggers on `table` unless they are there."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES_FUNCTION)
        statement = _POSTGRES if connection.vendor == "postgresql" else _SQLITE
        for verb in _verbs(connection.vendor):
            cursor.execute(statement.format(table=table, verb=verb))


def unprotect(connection: BaseDatabaseWrapper, table: str) -> None:
    """Take the triggers off `table`: for the way back of a migration."""
    on_table = f' ON "{table}"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for verb in _verbs(connection.vendor):
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{on_table}")


def triggers_of(connection: BaseDatabaseWrapper, table: str) -> set[str]:
    """Names of the triggers of `table` that are switched on."""
    if connection.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'O'"
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
    with connection.cursor() as cursor:
        cursor.execute(query, [table])
        return {row[0] for row in cursor.fetchall()}


def missing_triggers(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    """Names of the triggers that should guard `table` and do not, or are switched off."""
    present = triggers_of(connection, table)
    return [name for verb in _verbs(connection.vendor) if (name := f"{table}_no_{verb}") not in present]


def append_only(table: str) -> RunPython:
    """A migration operation that lets rows of `table` be inserted and read, and nothing else."""

    def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        protect(schema_editor.connection, table)

    def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        unprotect(schema_editor.connection, table)

    return RunPython(forwards, backwards)


class AppendOnlyError(TypeError):
    """Program text tried to change or delete a row that may only be added."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(f"{self.model.__name__} rows are never changed")

    def delete(self) -> NoReturn:
        raise AppendOnlyError(f"{self.model.__name__} rows are never deleted")


class AppendOnlyModel(models.Model):
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError(f"{type(self).__name__} rows are never changed")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(f"{type(self).__name__} rows are never deleted")
