"""What a page looks for among everybody's papers, it finds by an index (Speed); SQLite alone tells so before there is a million of them."""

import pytest
from django.db import connection
from django.db.models import QuerySet

from membership.domain import hints, queues
from membership.models import Application, Dossier
from tests.factories import enrolment as stories
from tests.factories.people import association_reviewer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("search", [hints._same_document, hints._sounding_alike])
def test_likely_doubles_are_found_without_reading_all(at, search):
    application = stories.checking(at=at)
    dossier = Dossier.objects.get(application=application)

    found = search(application.member, dossier)

    assert found.count() == 0
    assert_reads_little(found)


@pytest.mark.parametrize("is_member", [False, True])
def test_what_a_reviewer_has_no_business_with_is_found_without_reading_all(at, is_member):
    reviewer = association_reviewer()
    if is_member:
        stories.checking(at=at, user=reviewer)
    kept = queues.kept_from(reviewer)

    assert kept.count() == is_member
    assert_reads_little(kept)
    assert_reads_little(Application.objects.filter(pk__in=kept))


def assert_reads_little(rows: QuerySet) -> None:
    if connection.vendor == "sqlite":
        assert "SCAN" not in rows.explain()
