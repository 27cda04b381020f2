"""What a name is found by, and that nothing of it drifts from the name."""

import pytest

from membership.domain import case_search, enrolment, members, name_keys
from membership.domain.case_search import Meaning
from membership.domain.visibility import Reader
from membership.models import Application, ApplicationInstitution, Member, NameKey
from tests.factories import enrolment as stories
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


def names_found(term: str, reader: Reader = Reader.ASSOCIATION) -> list[str]:
    found = case_search.find(Application.objects.all(), term, reader=reader)
    return [application.member.name for application in found]


class TestKeys:  # REV-1
    def test_a_name_is_found_from_any_character_on_by_its_pinyin_and_its_initials(self):
        assert name_keys.keys_of("沈砚秋") == ["shenyanqiu", "syq", "沈砚秋", "砚秋", "秋"]

    def test_every_likely_reading_of_a_surname_is_a_key(self):
        assert {"shanxiongxin", "danxiongxin", "sxx", "dxx"} <= set(name_keys.keys_of("单雄信"))

    def test_what_stands_between_the_parts_of_a_name_leaves_no_trace(self):
        assert name_keys.keys_of("阿依古丽·买买提") == name_keys.keys_of("阿依古丽 • 买买提")
        assert {"annemarieoneill", "marieoneill", "neill"} <= set(name_keys.keys_of("Anne-Marie O'Neill"))

    @pytest.mark.parametrize("name", ["", "·", "   "])
    def test_no_name_has_no_keys(self, name):
        assert name_keys.keys_of(name) == []

    def test_a_very_long_name_is_cut(self):
        keys = name_keys.keys_of("王" * 200)

        assert max(map(len, keys)) == NameKey.LONGEST

    def test_a_key_says_how_much_it_shares_with_the_one_before(self):
        assert name_keys.with_shared(["娜", "娜娜", "欧阳娜娜"]) == [("娜", 0), ("娜娜", 1), ("欧阳娜娜", 0)]


class TestFind:  # REV-1, S-3
    @pytest.mark.parametrize("term", ["娜", "娜娜", "阳", "ou", "o", "oynn", "欧阳娜娜"])
    def test_nobody_is_found_twice_by_a_name_that_repeats_itself(self, at, term):
        stories.checking(at=at, name="欧阳娜娜")

        assert names_found(term) == ["欧阳娜娜"]

    @pytest.mark.parametrize("term", ["欧娜", "娜阳", "ouyangnanax", "娜娜娜"])
    def test_what_is_no_part_of_the_name_finds_nobody(self, at, term):
        stories.checking(at=at, name="欧阳娜娜")

        assert names_found(term) == []

    def test_a_second_reading_of_the_surname_finds_the_person(self, at):
        stories.checking(at=at, name="单雄信")

        assert names_found("danx") == names_found("shanx") == ["单雄信"]

    @pytest.mark.parametrize("term", ["Müller", "muller", "MULLER", "anna m"])
    def test_a_foreign_name_is_found_with_its_accents_or_without(self, at, term):
        stories.checking(
            at=at, name="Anna Müller", document_kind="passport", document_number="PA1234567", issuing_country="DE", nationality="DE"
        )

        assert names_found(term) == ["Anna Müller"]

    @pytest.mark.parametrize("tail", ["0417", "00417", "00000417"])
    def test_four_to_eight_last_figures_of_the_telephone_find_the_case(self, at, tail):
        stories.checking(at=at, name="沈砚秋", user=UserFactory(phone="+8618800000417"))
        stories.checking(at=at, name="别人", user=UserFactory(phone="+8618811110417"))

        assert "沈砚秋" in names_found(tail)
        assert ("别人" in names_found(tail)) is (tail == "0417")

    def test_the_members_number_finds_their_cases(self, at):
        application = stories.approved(at=at, name="沈砚秋")

        assert names_found(application.member.number.lower()) == ["沈砚秋"]
        assert names_found(application.member.number, Reader.INSTITUTION) == []

    @pytest.mark.parametrize(
        ("text", "meaning"),
        [("", Meaning.EVERYTHING), ("  ", Meaning.EVERYTHING), ("···", Meaning.NOTHING), ("0417", Meaning.CODE)],
    )
    def test_what_a_text_means(self, text, meaning):
        assert case_search.read(text, reader=Reader.ASSOCIATION).meaning is meaning


class TestNothingDrifts:  # Speed: what lists read beside the dossier is what the dossier says
    def assert_in_line(self):
        for member in Member.objects.exclude(name=""):
            assert set(member.name_keys.values_list("key", "shared")) == set(name_keys.with_shared(name_keys.keys_of(member.name)))
        for application in Application.objects.filter(submitted_at__isnull=False).select_related("member__current_dossier"):
            sealed = application.dossiers.filter(submitted_at__isnull=False).order_by("-version").first()
            assert application.member_type == (sealed or application.member.current_dossier).member_type
        for row in ApplicationInstitution.objects.select_related("application"):
            assert row.member_type == row.application.member_type

    def test_from_the_first_submission_to_a_corrected_name_and_type(self, at):
        application = stories.returned(at=at, name="沈砚秋")
        self.assert_in_line()
        person = application.member.user
        corrected = {"name": "沈燕秋", "member_type": "ordinary"}
        enrolment.save_draft(application=application, person=person, answers=corrected, at=at)
        self.assert_in_line()

        enrolment.submit(application=application, person=person, consents_given=stories.CONSENTS, at=at)

        self.assert_in_line()
        assert names_found("砚秋") == []
        assert names_found("燕秋") == ["沈燕秋"]
        assert set(Application.objects.values_list("member_type", flat=True)) == {"ordinary"}

    def test_an_approval_writes_the_keys_of_the_name_it_makes_current(self, at):
        application = stories.approved(at=at, name="沈砚秋")
        dossier = application.proposed_dossier
        dossier.name = "沈燕秋"

        members.name(application.member, dossier)
        application.member.save()

        self.assert_in_line()

    @pytest.mark.parametrize(
        "build", [stories.draft, stories.submitted, stories.checking, stories.deciding, stories.returned, stories.approved]
    )
    def test_the_database_says_where_a_file_stands(self, at, build):
        application = build(at=at)
        stages = {
            "draft": "",
            "awaiting_form": "before",
            "checking": "waiting",
            "deciding": "decided",
            "returned": "decided",
            "closed": "decided",
        }

        found = Application.objects.get(pk=application.pk)

        assert found.stage == stages[found.state]
        assert found.status == (found.outcome or found.state)
