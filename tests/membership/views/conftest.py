"""What the tests of the pages share."""

from datetime import datetime

import pytest
from django.utils import timezone


@pytest.fixture
def clock(monkeypatch, at) -> datetime:
    """The pages read this moment from the clock."""
    monkeypatch.setattr(timezone, "now", lambda: at)
    return at
