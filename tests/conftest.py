"""What every test may use: a fixed moment, an empty text-message outbox, clean caches."""

from datetime import datetime

import pytest
from django.core.cache import cache

from membership.models import settings as society
from membership.outbox.sms import locmem
from membership.periods import SHANGHAI


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
