"""What the application form shows of an application (APP-10, P-3, P-5, E-9)."""

from datetime import date

import pytest

from membership.documents import form_sheet
from membership.domain import endorsements, enrolment
from membership.enums import DocumentKind, MemberType
from membership.models import Application
from tests.factories import enrolment as stories
from tests.factories.people import committee_member

pytestmark = pytest.mark.django_db


class TestSheet:
    def test_labels_and_dates_as_papers_print_them(self, at):
        application = stories.submitted(at=at, other_societies=["甲学会 委员"])

        sheet = form_sheet.sheet_of(application)

        assert (sheet.number, sheet.dossier_version, sheet.qr_text) == (application.number, 1, f"CACA:{application.number}:1")
        assert (sheet.name, sheet.sex, sheet.born_on, sheet.document_kind) == ("沈砚秋", "男", "1984-09-30", "居民身份证")
        assert (sheet.origin, sheet.title, sheet.societies) == ("天津市,天津市,和平区", "副高级,副主任医师", ("甲学会 委员",))
        assert sheet.phone == application.member.user.get_username().removeprefix("+86")
        assert sheet.institutions == (application.rows.get().institution.full_name,)
        assert sheet.portrait.startswith(b"\xff\xd8\xff")

    def test_a_student_is_marked_as_one(self, at):
        application = stories.submitted(at=at, member_type=MemberType.STUDENT)

        sheet = form_sheet.sheet_of(application)

        assert sheet.is_student
        assert (sheet.title, sheet.department, sheet.licence) == ("", "", "")

    def test_a_foreigner_shows_the_nationality(self, at):
        application = stories.submitted(
            at=at, document_kind=DocumentKind.PASSPORT, document_number="C01X00T47", nationality="DE", issuing_country="DE"
        )

        sheet = form_sheet.sheet_of(application)

        assert (sheet.nationality, sheet.nation, sheet.party, sheet.origin) == ("德国", "", "", "")

    def test_a_committee_member_stands_in_their_row_and_their_word_once_it_is_given(self, at):
        seat = committee_member()
        application = stories.submitted(at=at, referral=stories.referred_by(seat))
        before = form_sheet.sheet_of(application)
        endorsements.agree(endorsement=application.endorsements.get(), person=seat.member.user, at=at)

        after = form_sheet.sheet_of(Application.objects.get(pk=application.pk))

        assert (before.referrer, before.referrer_committee, before.referrer_seat) == ("顾明修", seat.committee.full_name, "委员")
        assert before.endorsement == ""
        assert after.endorsement == "顾明修 已于 2026-03-17 在线同意推荐"

    def test_a_draft_has_no_form(self, at):
        with pytest.raises(ValueError, match="还没有提交"):
            form_sheet.sheet_of(stories.draft(at=at))


class TestPrintingTrouble:
    def test_none_with_a_usual_form(self, at):
        assert form_sheet.printing_trouble(stories.draft(at=at)) == ""

    def test_a_character_that_no_font_has_is_named(self, at):
        assert "U+30000" in form_sheet.printing_trouble(stories.draft(at=at, name="王\U00030000"))

    def test_too_much_for_one_page_says_what_to_shorten(self, at):
        application = stories.draft(at=at, department="科" * 200, duty="职" * 200, address="址" * 300, specialty="专" * 200)

        assert "请缩短" in form_sheet.printing_trouble(application)

    def test_what_will_not_be_printed_makes_no_trouble_and_stays_in_the_draft(self, at):
        application = stories.draft(at=at, member_type=MemberType.STUDENT, born_on=date(2000, 1, 1))
        person = application.member.user
        enrolment.save_draft(application=application, person=person, answers={"department": "科\U00030000"}, at=at)
        application = Application.objects.select_related("proposed_dossier").get(pk=application.pk)

        assert form_sheet.printing_trouble(application) == ""
        assert application.proposed_dossier.department == "科\U00030000"
