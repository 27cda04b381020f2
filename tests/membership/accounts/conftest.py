"""What the tests of the account pages share: a visitor, her text messages, and accounts."""

import re
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from caca.settings import base
from membership.models import User
from membership.outbox.sms import locmem

PHONE = "+8618800000001"
PASSWORD = "Haihe-2026-bank"


@pytest.fixture(autouse=True)
def sms_outbox():
    """The text messages of this test, oldest first."""
    locmem.outbox.clear()
    yield locmem.outbox
    locmem.outbox.clear()


@pytest.fixture
def latest_code(sms_outbox) -> Callable[[], str]:
    """Reads the code out of the last text message."""
    return lambda: re.search(r"\b(\d{6})\b", sms_outbox[-1].text)[1]


@pytest.fixture
def limits(settings):
    """The limits of the site, which the test settings switch off; counted from nothing."""
    settings.ACCOUNT_RATE_LIMITS = base.ACCOUNT_RATE_LIMITS
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def visitor() -> Client:
    return Client()


@pytest.fixture
def member(db) -> User:
    """An account with a proved number and a password."""
    return User.objects.create_user(PHONE, PASSWORD, phone_verified=True)


def wrong(code: str) -> str:
    """Another code than ``code``."""
    return f"{(int(code) + 1) % 1_000_000:06d}"
