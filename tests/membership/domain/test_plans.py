"""What a page looks for among everybody's papers, it finds by an index (Speed); SQLite alone tells so before there is a million of them."""

import pytest
from django.db import connection

from membership.domain import hints
from membership.models import Dossier
from tests.factories import enrolment as stories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("search", [hints._same_document, hints._sounding_alike])
def test_likely_doubles_are_found_without_reading_all(at, search):
    application = stories.checking(at=at)
    dossier = Dossier.objects.get(application=application)

    found = search(application.member, dossier)

    assert found.count() == 0
    if connection.vendor == "sqlite":
        assert "SCAN" not in found.explain()
