"""Lift the triggers of append-only tables, as someone with the keys to the database could."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def triggers_lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Within the block no trigger of `connection` fires; on the way out all are back."""
    with transaction.atomic(using=connection.alias, savepoint=True), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
            yield
            cursor.execute("SET LOCAL session_replication_role = origin")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers: list[Any] = cursor.fetchall()
        for name, _statement in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _name, statement in triggers:
            cursor.execute(statement)
