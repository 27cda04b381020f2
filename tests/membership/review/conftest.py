"""What tests of the review's pages share: roles with their permissions, and a clock that stands where the stories do."""

from datetime import datetime

import pytest
from django.utils import timezone

from membership.accounts import roles


class Clock:
    """The time the pages read; a test sets it on by assigning ``now``."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(at, monkeypatch) -> Clock:
    """Stops the clock of views at the moment of the stories."""
    clock = Clock(at)
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@pytest.fixture(autouse=True)
def groups(db, clock) -> None:
    """Every role with what it may do in the admin."""
    roles.ensure_groups()
