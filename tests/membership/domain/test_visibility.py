"""Who sees which field: the rules' two lists against the one table."""

import pytest

from membership.domain import gaps, visibility
from membership.domain.visibility import Reader
from membership.enums import AttachmentKind

SEEN_BY_ALL = {  # S-1
    "portrait", "name", "sex", "age", "member_type", "specialty", "title", "education_level", "work_unit_name", "department", "duty",
    "qualification_kind", "endorsement", "other_societies", "fields_of_interest",
}  # fmt: skip
NEVER_SEEN = {  # S-2
    "document_kind", "document_number", "phone", "email", "address", "ethnic_group", "political_affiliation", "origin", "born_on",
    "student_card", "stamped_form", "stamped_page",
}  # fmt: skip


class TestFields:  # S-1, S-2, S-3
    def test_a_referrer_sees_the_professional_side_and_nothing_else(self):
        assert set(visibility.visible_fields(Reader.REFERRER)) == SEEN_BY_ALL

    def test_an_institution_sees_the_same_and_the_qualification_as_it_is(self):
        more = {"qualification", "qualification_changes", "supplement"}

        assert set(visibility.visible_fields(Reader.INSTITUTION)) == SEEN_BY_ALL | more

    @pytest.mark.parametrize("field", sorted(NEVER_SEEN))
    def test_what_identifies_or_reaches_a_person_is_the_associations_alone(self, field):
        assert visibility.sees(Reader.ASSOCIATION, field)
        assert not visibility.sees(Reader.INSTITUTION, field)
        assert not visibility.sees(Reader.REFERRER, field)

    def test_every_field_of_the_form_has_its_readers(self):
        assert set(gaps.LABELS) <= set(visibility.FIELDS)

    def test_the_applicant_sees_everything_of_their_own_form(self):
        assert set(gaps.LABELS) <= set(visibility.visible_fields(Reader.APPLICANT))

    def test_what_a_referrer_says_to_the_association_alone_stays_there(self):
        readers = [reader for reader in Reader if visibility.sees(reader, "endorsement_internal")]

        assert readers == [Reader.ASSOCIATION]

    def test_nobody_sees_a_field_that_is_not_in_the_table(self):
        assert not any(visibility.sees(reader, "secret") for reader in Reader)


class TestFiles:  # S-1, S-2
    def test_a_referrer_opens_the_portrait_alone(self):
        assert visibility.visible_files(Reader.REFERRER) == (AttachmentKind.PORTRAIT,)

    def test_an_institution_never_opens_card_or_stamped_form(self):
        hidden = {AttachmentKind.STUDENT_CARD, AttachmentKind.STAMPED_FORM, AttachmentKind.STAMPED_PAGE}

        assert not hidden & set(visibility.visible_files(Reader.INSTITUTION))
