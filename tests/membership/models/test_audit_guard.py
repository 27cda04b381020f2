"""The database itself keeps the audit: it refuses to change or delete an entry, also to what goes past Django."""

from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction

from membership.models import AuditEntry

pytestmark = pytest.mark.django_db

guard = import_module("membership.migrations.0011_audit_guard")


@pytest.fixture
def entry(at) -> AuditEntry:
    return AuditEntry.objects.create(at=at, action="file.approved", actor_label="唐老师")


def refused(statement: str) -> str:
    """Have the database do something and return how it refuses."""
    with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(refusal.value)


@pytest.fixture
def whole_guard(entry):
    """All guards, also the one that tests put aside to empty their tables."""
    statements = dict(zip(("kept", "emptied"), guard.STATEMENTS[connection.vendor][0][-2:], strict=True))
    with connection.cursor() as cursor:
        cursor.execute(statements["emptied"])


class TestGuard:  # S-8, REV-5
    def test_an_entry_is_not_changed(self, entry):
        assert guard.REFUSAL in refused("UPDATE membership_auditentry SET action = 'file.refused'")
        assert AuditEntry.objects.get().action == "file.approved"

    def test_an_entry_is_not_deleted(self, entry, whole_guard):
        assert guard.REFUSAL in refused("DELETE FROM membership_auditentry")
        assert AuditEntry.objects.exists()

    def test_not_even_with_djangos_own_means(self, entry, whole_guard):
        with pytest.raises(DatabaseError), transaction.atomic():
            AuditEntry.objects.all()._raw_delete(connection.alias)
        with pytest.raises(DatabaseError), transaction.atomic():
            AuditEntry._base_manager.filter(pk=entry.pk)._update([(AuditEntry._meta.get_field("action"), None, "x")])

    def test_new_entries_are_welcome(self, whole_guard, at):
        AuditEntry.objects.create(at=at, action="file.refused")

        assert AuditEntry.objects.count() == 2

    def test_the_record_is_not_emptied(self, entry, whole_guard):
        if connection.vendor == "postgresql":
            assert guard.REFUSAL in refused("TRUNCATE membership_auditentry")
        assert AuditEntry.objects.exists()
