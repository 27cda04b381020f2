"""
The tests' database, copied from a template.

Running some hundred migrations takes a minute, for each worker and each run. So the first worker's database, before any test, is kept as
a template: a file below build/ (SQLite), a database on the server (PostgreSQL). It bears a hash of migrations and models, and is made
anew when one of them changes; ``--create-db`` makes it anew in any case, ``--nomigrations`` does without.
"""

import fcntl
import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.psycopg_any import sql
from django.test.utils import setup_databases, teardown_databases
from pytest_django.plugin import blocking_manager_key

TEMPLATES = Path(__file__).resolve().parents[1] / "build" / "test-databases"


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker) -> Iterator[None]:
    """Stands in place of pytest-django's own, which migrates each worker's database."""
    with django_db_blocker.unblock():
        if request.config.getvalue("nomigrations"):
            settings.DATABASES[connection.alias].setdefault("TEST", {})["MIGRATE"] = False
            connection.settings_dict["TEST"]["MIGRATE"] = False
            made = setup_databases(verbosity=0, interactive=False)
            remove = lambda: teardown_databases(made, verbosity=0)
        else:
            template = {"sqlite": SqliteTemplate, "postgresql": PostgresqlTemplate}[connection.vendor]()
            with one_at_a_time():
                if request.config.getvalue("create_db"):
                    template.forget()
                remove = template.copy() if template.exists() else template.make()
        let_the_record_be_emptied()
        tell_numbers_apart()
    yield
    with django_db_blocker.unblock():
        remove()


def fill_again(item: pytest.Item) -> None:
    """Bring back what a test with transactions of its own emptied; called once all it used is put away."""
    marker = item.get_closest_marker("django_db")
    if marker is not None and marker.kwargs.get("transaction") and connection.vendor == "sqlite":
        with item.config.stash[blocking_manager_key].unblock():
            SqliteTemplate().fill()
            let_the_record_be_emptied()
            tell_numbers_apart()


def let_the_record_be_emptied() -> None:
    """
    Take away the one guard that tests cannot live with: after a test with transactions of its own every table is emptied. That an entry
    is not changed stays guarded on either database, and on PostgreSQL that none is deleted.
    """
    table = "membership_auditentry"
    place = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER IF EXISTS {table}_not_emptied{place}")


def tell_numbers_apart() -> None:
    """
    Let each table on SQLite count from a place of its own, as tables on PostgreSQL come to do by themselves: a thing that is looked up by
    the number of another is not found by chance.
    """
    if connection.vendor == "sqlite":
        tables = sorted(name for name in connection.introspection.table_names() if name.startswith("membership_"))
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name LIKE 'membership_%'")
            for place, table in enumerate(tables, start=1):
                cursor.execute(f'SELECT coalesce(max(rowid), 0) FROM "{table}"')
                last = cursor.fetchone()[0]
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, max(last, place * 1000)])


def fingerprint() -> str:
    """Return a hash of all that the tables and what migrations put into them follow from."""
    digest = hashlib.sha256()
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        folder = Path(app.path)
        for path in sorted([*folder.glob("models.py"), *folder.glob("models/*.py"), *folder.glob("migrations/*.py")]):
            digest.update(f"{app.label}/{path.name}".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let the workers of a run, and runs beside each other, wait for the one that makes the template."""
    TEMPLATES.mkdir(parents=True, exist_ok=True)
    with (TEMPLATES / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class SqliteTemplate:
    """A file; each worker's database is in its memory."""

    def __init__(self) -> None:
        self.file = TEMPLATES / f"{fingerprint()}.sqlite3"

    def exists(self) -> bool:
        return self.file.exists()

    def forget(self) -> None:
        self.file.unlink(missing_ok=True)

    def make(self) -> Callable[[], None]:
        """Migrate, keep the result, and go on with it; return what removes it."""
        for outdated in TEMPLATES.glob("*.sqlite3"):
            outdated.unlink()
        made = setup_databases(verbosity=0, interactive=False)
        unfinished = self.file.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        with closing(sqlite3.connect(unfinished)) as kept:
            connection.connection.backup(kept)
        unfinished.rename(self.file)
        return lambda: teardown_databases(made, verbosity=0)

    def copy(self) -> Callable[[], None]:
        use(f"file:tests_{os.getpid()}?mode=memory&cache=shared")
        self.fill()
        return lambda: None

    def fill(self) -> None:
        """Make the database that this process works on a copy of the template."""
        connection.ensure_connection()
        with closing(sqlite3.connect(self.file)) as kept:
            kept.backup(connection.connection)


class PostgresqlTemplate:
    """A database of the server; each worker has one of its own beside it."""

    def __init__(self) -> None:
        self.name = f"tests_{fingerprint()}"
        self.copied = f"tests_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"

    def exists(self) -> bool:
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.name])
            return cursor.fetchone() is not None

    def forget(self) -> None:
        server("DROP DATABASE IF EXISTS {}", self.name)

    def make(self) -> Callable[[], None]:
        """Migrate, keep the result, and go on with it; return what removes it."""
        made = setup_databases(verbosity=0, interactive=False)
        migrated = connection.settings_dict["NAME"]
        connection.close()
        server("CREATE DATABASE {} TEMPLATE {}", self.name, migrated)
        return lambda: teardown_databases(made, verbosity=0)

    def copy(self) -> Callable[[], None]:
        server("CREATE DATABASE {} TEMPLATE {}", self.copied, self.name)
        use(self.copied)
        return self.remove

    def remove(self) -> None:
        connection.close()
        server("DROP DATABASE {} WITH (FORCE)", self.copied)


def server(statement: str, *names: str) -> None:
    """Have the server do something with whole databases."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def use(name: str) -> None:
    """Let this process work on the database ``name``."""
    connection.close()
    settings.DATABASES[connection.alias]["NAME"] = name
    connection.settings_dict["NAME"] = name
