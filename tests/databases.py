"""Test databases: migrated once per set of migrations, then copied for each session, worker and emptied database.

Migrating takes minutes of a session (Wagtail's migrations dominate), copying takes milliseconds. A test that commits is
followed by a fresh copy instead of a flush: a flush loses what migrations wrote (the root page, the system accounts)
and is refused by append-only tables.
"""

import fcntl
import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader


def migration_key() -> str:
    """Digest of every migration's name and of our own migrations' text: another key, another template."""
    loader = MigrationLoader(None)
    digest = hashlib.sha256()
    for label, name in sorted(loader.disk_migrations):
        digest.update(f"{label}.{name}\n".encode())
    for app in apps.get_app_configs():
        if Path(app.path).is_relative_to(settings.BASE_DIR) and "site-packages" not in app.path:
            for path in sorted(Path(app.path).glob("migrations/*.py")):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Only one of the workers that start together makes the template."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    connections.close_all()


def _use(name: str) -> None:
    """Point the default connection, and connections opened by later threads, at database `name`."""
    connections.close_all()
    connection.settings_dict["NAME"] = name
    settings.DATABASES["default"]["NAME"] = name


class SqliteTemplate:
    """A template file in the cache folder; the session works on a copy in its own data folder."""

    def __init__(self, folder: Path, key: str, worker: str) -> None:
        self.path = folder / f"{key}.sqlite3"
        self.folder = folder
        self.name = str(Path(settings.DATA_DIR) / f"test-{worker}.sqlite3")

    def make(self) -> None:
        if self.path.exists():
            return
        for old in self.folder.glob("*.sqlite3*"):
            old.unlink()
        partial = self.path.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        _use(str(partial))
        _migrate()
        with sqlite3.connect(partial) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        partial.rename(self.path)

    def copy(self) -> None:
        """Overwrite the session's database through SQLite itself, so that open connections see the fresh state."""
        connections.close_all()
        source, target = sqlite3.connect(self.path), sqlite3.connect(self.name, timeout=20)
        try:
            source.backup(target)
        finally:
            target.close()
            source.close()
        _use(self.name)

    def drop(self) -> None:
        connections.close_all()


class PostgresTemplate:
    """A template database on the server; the session works on a database made from it."""

    def __init__(self, folder: Path, key: str, worker: str) -> None:
        base = settings.DATABASES["default"]["NAME"]
        self.template = f"test_template_{base}_{key}"
        self.name = f"test_{base}_{worker}"

    @staticmethod
    def _admin(*statements: str) -> None:
        import psycopg

        given = connection.settings_dict
        with psycopg.connect(
            host=given["HOST"] or None,
            port=given["PORT"] or None,
            user=given["USER"] or None,
            password=given["PASSWORD"] or None,
            dbname="postgres",
            autocommit=True,
        ) as server:
            for statement in statements:
                server.execute(statement)

    def _exists(self) -> bool:
        import psycopg

        try:
            self._admin(f'ALTER DATABASE "{self.template}" IS_TEMPLATE true')
        except psycopg.errors.InvalidCatalogName:
            return False
        return True

    def make(self) -> None:
        if self._exists():
            return
        building = f"{self.template}_new"
        self._admin(f'DROP DATABASE IF EXISTS "{building}" WITH (FORCE)', f'CREATE DATABASE "{building}"')
        _use(building)
        _migrate()
        self._admin(f'ALTER DATABASE "{building}" RENAME TO "{self.template}"')

    def copy(self) -> None:
        connections.close_all()
        self._admin(
            f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)',
            f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}"',
        )
        _use(self.name)

    def drop(self) -> None:
        connections.close_all()
        self._admin(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


def prepare_database(folder: Path, worker: str) -> SqliteTemplate | PostgresTemplate:
    """Make the template if it is not there, copy it, and connect to the copy."""
    folder.mkdir(parents=True, exist_ok=True)
    kind = PostgresTemplate if connection.vendor == "postgresql" else SqliteTemplate
    template = kind(folder, migration_key(), worker)
    with _locked(folder / f"{connection.vendor}.lock"):
        template.make()
    template.copy()
    return template
