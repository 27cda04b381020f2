"""As in production: passwords hashed for real, templates and pages cached. Its own SQLite database with the demo accounts, below build/."""

import os
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "build" / "bench"
FOLDER.mkdir(parents=True, exist_ok=True)
os.environ["DATABASE_URL"] = f"sqlite:///{FOLDER / 'db.sqlite3'}"
os.environ["VAR_DIR"] = str(FOLDER)
os.environ["REDIS_URL"] = ""

from caca.settings.test import *  # noqa: E402, F403

from caca.settings import base  # noqa: E402  isort: skip  after the tests' settings, which have the keys

ROOT_URLCONF = "tests.benchmarks.urls"
PASSWORD_HASHERS = base.PASSWORD_HASHERS
PUBLIC_PAGE_CACHE_SECONDS = 3600
MEDIA_ROOT = FOLDER / "media"
STORAGES["private"]["OPTIONS"]["location"] = FOLDER / "private"  # noqa: F405
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], Path(__file__).parent / "templates"]  # noqa: F405
