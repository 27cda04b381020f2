"""What the tests of the pages share."""

from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from membership.models import Application, User
from tests.factories.browser import client_of
from tests.factories.people import UserFactory


@pytest.fixture
def clock(monkeypatch, at) -> datetime:
    """The pages read this moment from the clock."""
    monkeypatch.setattr(timezone, "now", lambda: at)
    return at


@pytest.fixture
def person() -> User:
    """Somebody with an account and nothing else."""
    return UserFactory()


@pytest.fixture
def browser(person) -> Client:
    return client_of(person)


@pytest.fixture
def started(browser, person) -> Application:
    """A draft of theirs without an answer."""
    browser.post("/member/apply/", {"act": "start"})
    return Application.objects.get(member__user=person)
