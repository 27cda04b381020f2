import base64

import pytest
from django.core import checks
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection, models
from django.db.migrations.writer import MigrationWriter
from django.test.utils import isolate_apps

from membership import encryption
from membership.encryption import EncryptedTextField
from membership.enums import DocumentKind

OLD_KEY = base64.urlsafe_b64encode(b"an old key of exactly 32 bytes..").decode()
NEW_KEY = base64.urlsafe_b64encode(b"a new key of exactly 32 bytes...").decode()
NUMBER = "11010119350101009X"


@pytest.fixture(autouse=True)
def keys(settings):
    settings.FIELD_KEYS = [OLD_KEY]


@pytest.fixture
def field():
    return EncryptedTextField("证件号码", null=True, blank=True)


def stored(field, text):
    return field.get_prep_value(text)


def read(field, token):
    return field.from_db_value(token, None, connection)


class TestEncryptedTextField:  # OPS-3
    @pytest.mark.parametrize("text", [NUMBER, "王𬍛", "x" * 5_000, " "])
    def test_what_is_written_is_read_again(self, field, text):
        assert read(field, stored(field, text)) == text

    def test_the_column_does_not_show_the_text(self, field):
        assert NUMBER not in stored(field, NUMBER)

    def test_the_same_text_is_never_stored_the_same_way(self, field):
        assert stored(field, NUMBER) != stored(field, NUMBER)

    @pytest.mark.parametrize("nothing", [None, ""])
    def test_nothing_is_stored_as_nothing(self, field, nothing):
        assert stored(field, nothing) == nothing
        assert read(field, nothing) == nothing

    def test_an_old_key_still_reads_and_the_new_one_writes(self, field, settings):
        token = stored(field, NUMBER)

        settings.FIELD_KEYS = [NEW_KEY, OLD_KEY]
        assert read(field, token) == NUMBER
        rewritten = stored(field, NUMBER)

        settings.FIELD_KEYS = [NEW_KEY]
        assert read(field, rewritten) == NUMBER

    def test_a_dropped_key_is_told_and_not_shown_as_rubbish(self, field, settings):
        token = stored(field, NUMBER)

        settings.FIELD_KEYS = [NEW_KEY]
        with pytest.raises(encryption.UnknownKey):
            read(field, token)

    def test_a_text_nobody_encrypted_is_told_without_repeating_it(self, field):
        with pytest.raises(encryption.UnknownKey) as caught:
            read(field, NUMBER)

        assert NUMBER not in str(caught.value)

    def test_a_migration_can_write_it_down(self, field):
        name, path, arguments, named = field.deconstruct()

        assert (path, arguments) == ("membership.encryption.EncryptedTextField", [])
        assert named == {"verbose_name": "证件号码", "null": True, "blank": True}
        assert "membership.encryption.EncryptedTextField(" in MigrationWriter.serialize(field)[0]

    @isolate_apps()
    @pytest.mark.parametrize(("option", "refused"), [({}, False), ({"unique": True}, True), ({"db_index": True}, True)])
    def test_it_cannot_be_unique_or_indexed(self, option, refused):
        class Paper(models.Model):
            number = EncryptedTextField(**option)

            class Meta:
                app_label = "tests"

            def __str__(self):
                return f"paper {self.pk}"

        errors = Paper._meta.get_field("number").check()
        assert [error.id for error in errors if isinstance(error, checks.Error)] == ["membership.E001"] * refused


@pytest.fixture
def paper():
    """A table of its own, so that the column is tried apart from the society's models."""
    with isolate_apps():

        class Paper(models.Model):
            number = EncryptedTextField(null=True)

            class Meta:
                app_label = "tests"
                db_table = "tests_encrypted_paper"

            def __str__(self):
                return f"paper {self.pk}"

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE tests_encrypted_paper (id integer PRIMARY KEY, number text NULL)")
    return Paper


@pytest.mark.django_db
class TestEncryptedColumn:  # OPS-3
    def raw(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT number FROM tests_encrypted_paper ORDER BY id")
            return [number for (number,) in cursor.fetchall()]

    def test_every_way_of_writing_encrypts(self, paper):
        paper(id=1, number=NUMBER).save()
        paper.objects.bulk_create([paper(id=2, number=NUMBER)])
        paper.objects.create(id=3)
        paper.objects.filter(id=3).update(number=NUMBER)
        fourth = paper.objects.create(id=4, number="E12345678")
        fourth.number = NUMBER
        paper.objects.bulk_update([fourth], ["number"])

        assert all(token.startswith("gAAAA") for token in self.raw())
        assert list(paper.objects.order_by("id").values_list("number", flat=True)) == [NUMBER] * 4

    def test_rows_without_a_number_are_found(self, paper):
        paper.objects.create(id=1, number=NUMBER)
        paper.objects.create(id=2)

        assert [row.pk for row in paper.objects.filter(number__isnull=True)] == [2]
        assert [row.pk for row in paper.objects.filter(number=None)] == [2]
        assert [row.pk for row in paper.objects.exclude(number=None)] == [1]
        assert self.raw()[1] is None

    @pytest.mark.parametrize(
        "lookup", ["number", "number__exact", "number__iexact", "number__in", "number__contains", "number__startswith", "number__gt"]
    )
    def test_nobody_can_look_for_a_number(self, paper, lookup):
        with pytest.raises(FieldError):
            list(paper.objects.filter(**{lookup: NUMBER}))

    def test_nor_for_a_part_of_it_by_detours(self, paper):
        with pytest.raises(FieldError):
            list(paper.objects.filter(number=models.F("number")))
        with pytest.raises(FieldError):
            list(paper.objects.filter(number__length=18))


class TestKeyedHash:  # OPS-3, D-6, D-8
    def test_the_same_parts_give_the_same_hash(self):
        assert encryption.keyed_hash("a", "b") == encryption.keyed_hash("a", "b")

    @pytest.mark.parametrize("other", [("a", "c"), ("ab",), ("ab", ""), ("", "ab"), ("b", "a"), ("a", "b", "")])
    def test_other_parts_give_another(self, other):
        assert encryption.keyed_hash(*other) != encryption.keyed_hash("a", "b")

    def test_it_fits_its_column_and_tells_its_key(self):
        version, _, digest = encryption.keyed_hash(NUMBER).partition(":")

        assert (len(version), len(digest)) == (8, 64)

    def test_it_stays_the_same_from_release_to_release(self):
        expected = "a0c78ad8:07d53231ab8c6bc0d98a255dae426cfa6a5340eaebdbb5529ee8a9ecd677343d"

        assert encryption.keyed_hash("document", "resident_id", "", NUMBER) == expected

    def test_the_newest_key_hashes_and_all_of_them_are_looked_for(self, settings):
        old = encryption.keyed_hash(NUMBER)

        settings.FIELD_KEYS = [NEW_KEY, OLD_KEY]
        assert encryption.keyed_hash(NUMBER) != old
        assert encryption.keyed_hashes(NUMBER) == [encryption.keyed_hash(NUMBER), old]


class TestDocumentHash:  # D-6, D-7, field cases 01, 06
    def of(self, number, kind=DocumentKind.RESIDENT_ID, country=""):
        return encryption.document_hash(kind, country, number)

    @pytest.mark.parametrize("typed", ["11010119350101009x", "110101 1935 0101 009X", "１１０１０１１９３５０１０１００９Ｘ"])
    def test_a_number_typed_differently_is_one_document(self, typed):
        assert self.of(typed) == self.of(NUMBER)

    def test_a_number_of_fifteen_digits_is_found_by_its_eighteen(self):
        assert self.of("110101350101001") == self.of("110101193501010014")

    def test_fifteen_characters_of_another_kind_are_left_alone(self):
        assert self.of("110101350101001", DocumentKind.PASSPORT) != self.of("110101193501010014", DocumentKind.PASSPORT)

    def test_a_passport_number_of_two_countries_is_two_documents(self):
        assert self.of("E12345678", DocumentKind.PASSPORT, "CN") != self.of("E12345678", DocumentKind.PASSPORT, "DE")
        assert self.of("E12345678", DocumentKind.PASSPORT, "de") == self.of("E12345678", DocumentKind.PASSPORT, "DE")

    def test_the_country_does_not_part_documents_that_only_one_country_issues(self):
        assert self.of(NUMBER, country="CN") == self.of(NUMBER)

    def test_a_reissued_permit_is_one_document(self):
        assert self.of("H0123456702", DocumentKind.HK_MACAU_PERMIT) == self.of("H01234567", DocumentKind.HK_MACAU_PERMIT)

    def test_the_same_number_of_two_kinds_is_two_documents(self):
        assert self.of("12345678", DocumentKind.TAIWAN_PERMIT) != self.of("12345678", DocumentKind.PASSPORT)

    def test_during_a_rotation_it_is_looked_for_under_each_key(self, settings):
        settings.FIELD_KEYS = [NEW_KEY, OLD_KEY]

        hashes = encryption.document_hashes(DocumentKind.RESIDENT_ID, "", NUMBER)
        assert len(set(hashes)) == 2
        assert hashes[0] == self.of(NUMBER)

    @pytest.mark.parametrize("nothing", ["", "  ", "\u200b"])
    def test_no_number_has_no_hash(self, nothing):
        with pytest.raises(ValueError, match="没有证件号码"):
            self.of(nothing)


class TestKeys:
    @pytest.mark.parametrize("operation", [lambda: encryption.keyed_hash("a"), lambda: EncryptedTextField().get_prep_value("a")])
    @pytest.mark.parametrize("keys", [[], [""], ["short"], ["not base64 !"], [OLD_KEY, "MDEyMw=="], [OLD_KEY.replace("=", "")]])
    def test_missing_and_malformed_keys_stop_with_the_name_of_the_setting(self, settings, operation, keys):
        settings.FIELD_KEYS = keys

        with pytest.raises(ImproperlyConfigured, match="FIELD_KEYS"):
            operation()

    def test_a_malformed_key_is_not_repeated_in_the_message(self, settings):
        settings.FIELD_KEYS = [OLD_KEY, "secret-but-wrong"]

        with pytest.raises(ImproperlyConfigured, match="key 2") as caught:
            encryption.keyed_hash("a")
        assert "secret-but-wrong" not in str(caught.value)
