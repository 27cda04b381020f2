"""What every test may use: a fixed moment, an empty text-message outbox, clean caches."""

from datetime import datetime

import pytest
from django.core.cache import cache
from django.db import connection

from membership.models import settings as society
from membership.outbox.sms import locmem
from membership.periods import SHANGHAI
from tests.databases import django_db_setup, fill_again  # noqa: F401 - the first takes the place of the plugin's


def pytest_collection_modifyitems(config, items):
    """
    Collect for the database at hand: races between connections need PostgreSQL, and what asks no database is not run a second time there.
    """
    on_postgresql = connection.vendor == "postgresql"

    def belongs_here(item) -> bool:
        needs_database = any(item.iter_markers("django_db")) or "db" in item.fixturenames
        return needs_database if on_postgresql else not any(item.iter_markers("postgresql"))

    left_out = [item for item in items if not belongs_here(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if belongs_here(item)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item):
    """A test leaves the database as it found it, whatever kind it is."""
    try:
        return (yield)
    finally:
        fill_again(item)


@pytest.fixture(autouse=True)
def fresh_cache():
    """Settings of the society and rate limits are cached; no test inherits another's."""
    cache.clear()
    society.forget()


@pytest.fixture(autouse=True)
def sms_outbox():
    """Text messages that would have been sent, oldest first."""
    locmem.outbox.clear()
    return locmem.outbox


@pytest.fixture
def at() -> datetime:
    """A plain moment: Tuesday 2026-03-17, ten in the morning in Shanghai."""
    return datetime(2026, 3, 17, 10, 0, tzinfo=SHANGHAI)
