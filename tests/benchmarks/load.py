"""
Societies of two sizes on each database: a thousand applications and a million (``seed_load``), made once and kept below build/bench, or as
databases of the server that BENCH_DATABASE_URL (or TEST_DATABASE_URL) names.

BENCH_APPLICATIONS gives the larger one another size, for a first look.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import environ
from django.db import connections

from tests.benchmarks.settings import FOLDER

ROOT = Path(__file__).resolve().parents[2]
SERVER = os.environ.get("BENCH_DATABASE_URL") or os.environ.get("TEST_DATABASE_URL") or ""
MANY = int(os.environ.get("BENCH_APPLICATIONS") or 1_000_000)
# Members and applications.
SIZES = {"small": (100, 1_000), "large": (MANY // 2, MANY)}


@dataclass(frozen=True)
class Society:
    """One database. ``vendor``: as it is named in the table of lines."""

    vendor: str
    size: str

    @property
    def name(self) -> str:
        """The file's or the database's name; another number of applications is another database."""
        return f"load_{SIZES[self.size][1]}"

    @property
    def url(self) -> str:
        if self.vendor == "SQLite":
            return f"sqlite:///{FOLDER / f'{self.name}.sqlite3'}"
        return f"{SERVER.rpartition('/')[0]}/bench_{self.name}"

    @contextmanager
    def used(self) -> Iterator[None]:
        """Let everything inside ask this database."""
        usual = connections["default"]
        connections["default"] = connections[self._alias()]
        try:
            yield
        finally:
            connections["default"] = usual

    def prepare(self) -> None:
        """Make the database where it is not there yet, and bring it up to date; once in a process."""
        if self in _ready:
            return
        is_new = self._make()
        self._manage("migrate", "-v0")
        if is_new:
            members, applications = SIZES[self.size]
            for command in ("seed_reference", "ensure_groups"):
                self._manage(command)
            sys.stderr.write(f"{applications:,} applications on {self.vendor}, once\n")
            self._manage("seed_load", f"--members={members}", f"--applications={applications}", "--force", out=sys.stderr)
            self._mark.touch()
        _ready.add(self)

    @property
    def _mark(self) -> Path:
        """Says that the load is complete."""
        return FOLDER / f"{self.vendor}-{self.name}.made"

    def _alias(self) -> str:
        alias = f"{self.vendor}_{self.size}"
        if alias not in connections.databases:
            connections.databases[alias] = {**connections.databases["default"], "OPTIONS": {}, **environ.Env.db_url_config(self.url)}
        return alias

    def _make(self) -> bool:
        if self._mark.exists() and (self.vendor == "PostgreSQL" or Path(self.url.removeprefix("sqlite:///")).exists()):
            return False
        if self.vendor == "SQLite":
            Path(self.url.removeprefix("sqlite:///")).unlink(missing_ok=True)
            return True
        import psycopg

        with psycopg.connect(SERVER, autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "bench_{self.name}"')
            server.execute(f'CREATE DATABASE "bench_{self.name}"')
        return True

    def _manage(self, *command: str, out=subprocess.DEVNULL) -> None:
        settings = {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.load_settings", "LOAD_DATABASE_URL": self.url}
        arguments = [sys.executable, "-W", "ignore", "manage.py", *command]
        subprocess.run(arguments, cwd=ROOT, env={**os.environ, **settings, "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}"}, stdout=out, check=True)


_ready: set[Society] = set()
VENDORS = ("SQLite", *(("PostgreSQL",) if SERVER else ()))
