"""The one table of member type × document kind: which fields are asked, and of whom they are required."""

import pytest

from membership.domain import requirements
from membership.domain.requirements import Need
from membership.enums import DocumentKind, MemberType, ReferralMethod


def need(field, member_type=MemberType.PROFESSIONAL, document_kind=DocumentKind.RESIDENT_ID, referral_method=""):
    return requirements.need_of(field, member_type=member_type, document_kind=document_kind, referral_method=referral_method)


class TestMemberTypes:  # P-5, P-6
    @pytest.mark.parametrize("field", ["department", "duty", "title"])
    def test_students_have_no_department_duty_or_title(self, field):
        assert need(field) is Need.REQUIRED
        assert need(field, MemberType.ORDINARY) is Need.REQUIRED
        assert need(field, MemberType.STUDENT) is Need.ABSENT

    @pytest.mark.parametrize("field", requirements.QUALIFICATION)
    def test_the_qualification_is_the_professionals_an_option_for_ordinary_members_and_not_asked_of_students(self, field):
        assert need(field) is Need.REQUIRED
        assert need(field, MemberType.ORDINARY) is Need.OPTIONAL
        assert need(field, MemberType.STUDENT) is Need.ABSENT

    @pytest.mark.parametrize("field", ["student_card", "student_card_until"])
    def test_the_card_is_asked_of_students_alone(self, field):
        assert need(field, MemberType.STUDENT) is Need.REQUIRED
        assert need(field) is need(field, MemberType.ORDINARY) is Need.ABSENT


class TestDocuments:  # P-3, P-4, P-6
    @pytest.mark.parametrize("kind", [DocumentKind.HK_MACAU_PERMIT, DocumentKind.TAIWAN_PERMIT, DocumentKind.RESIDENCE_PERMIT])
    def test_residents_of_hong_kong_macau_and_taiwan_have_no_party_and_may_leave_origin_open(self, kind):
        assert need("political_affiliation", document_kind=kind) is Need.ABSENT
        assert need("origin", document_kind=kind) is need("ethnic_group", document_kind=kind) is Need.OPTIONAL
        assert need("nationality", document_kind=kind) is Need.ABSENT

    @pytest.mark.parametrize("kind", [DocumentKind.PASSPORT, DocumentKind.PERMANENT_RESIDENCE])
    def test_foreigners_give_their_nationality_and_may_add_a_chinese_name(self, kind):
        for field in ("ethnic_group", "political_affiliation", "origin"):
            assert need(field, document_kind=kind) is Need.ABSENT
        assert need("nationality", document_kind=kind) is Need.REQUIRED
        assert need("name_local", document_kind=kind) is Need.OPTIONAL

    def test_only_a_passport_names_the_country_that_issued_it(self):
        asking = [kind for kind in DocumentKind if need("issuing_country", document_kind=kind) is not Need.ABSENT]

        assert asking == [DocumentKind.PASSPORT]


class TestReferral:  # E-16
    @pytest.mark.parametrize(
        ("method", "expected"),
        [
            ("", Need.ABSENT),
            (ReferralMethod.ASSOCIATION, Need.ABSENT),
            (ReferralMethod.MEMBER, Need.REQUIRED),
            (ReferralMethod.COMMITTEE_MEMBER, Need.REQUIRED),
        ],
    )
    def test_a_person_is_named_where_a_person_refers(self, method, expected):
        assert need("referrer", referral_method=method) is expected


class TestTheWholeForm:  # APP-1
    def test_the_fields_come_in_the_order_of_the_form(self):
        asked = list(requirements.asked(member_type=MemberType.PROFESSIONAL, document_kind=DocumentKind.RESIDENT_ID))

        assert asked == [field for field in requirements.ALWAYS if field in asked]
        assert asked[:3] == ["member_type", "institutions", "portrait"]

    def test_nothing_chosen_yet_counts_as_the_plain_column(self):
        assert need("ethnic_group", "", "") is Need.REQUIRED
        assert need("student_card", "", "") is Need.ABSENT
