"""What keeps a draft from being submitted: missing answers, wrong ones, and whom the society may not take on that day."""

from datetime import date

import pytest

from membership.domain import enrolment, gaps
from membership.enums import ApplicationState, DocumentKind, InstitutionKind, MemberType, Sex
from membership.models import Application, Title
from tests.factories import enrolment as stories
from tests.factories.moments import moment, society_settings
from tests.factories.people import MemberFactory, SeatFactory, UserFactory, active_member, committee_member, freeze
from tests.factories.reference import (
    DivisionFactory,
    EducationLevelFactory,
    EthnicGroupFactory,
    FieldOfInterestFactory,
    InstitutionFactory,
    PoliticalAffiliationFactory,
    QualificationKindFactory,
    TitleFactory,
    WorkUnitFactory,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 17)

# P-6 and APP-1 as the rulebook has them, apart from the code's own table.
EVERYBODY = {"institutions", "portrait", "name", "sex", "document_number", "born_on", "education_level", "email", "address"} | {
    "work_unit_name",
    "work_region",
}
BY_TYPE = {
    MemberType.PROFESSIONAL: {"department", "duty", "title", "qualification_kind", "qualification_number", "qualification"},
    MemberType.ORDINARY: {"department", "duty", "title"},
    MemberType.STUDENT: {"student_card", "student_card_until"},
}
BY_DOCUMENT = {
    DocumentKind.RESIDENT_ID: {"ethnic_group", "political_affiliation", "origin"},
    DocumentKind.HK_MACAU_PERMIT: set(),
    DocumentKind.TAIWAN_PERMIT: set(),
    DocumentKind.RESIDENCE_PERMIT: set(),
    DocumentKind.PASSPORT: {"nationality", "issuing_country"},
    DocumentKind.PERMANENT_RESIDENCE: {"nationality"},
}
FOREIGN = {"document_kind": DocumentKind.PASSPORT, "document_number": "K1234567A", "issuing_country": "SG", "nationality": "SG"}


def found(application, today=TODAY) -> dict[str, str]:
    """Return the gaps as {field: sentence}."""
    return {gap.field: gap.message for gap in gaps.gaps_in(Application.objects.get(pk=application.pk), today=today)}


class TestRequiredFields:  # P-3, P-5, P-6, APP-1
    @pytest.mark.parametrize("document_kind", DocumentKind)
    @pytest.mark.parametrize("member_type", MemberType)
    def test_an_empty_form_asks_for_exactly_what_the_table_stars(self, at, member_type, document_kind):
        application = enrolment.start(user=UserFactory(), at=at)
        chosen = {"member_type": member_type, "document_kind": document_kind}
        enrolment.save_draft(application=application, person=application.member.user, answers=chosen, at=at)

        assert set(found(application)) == EVERYBODY | BY_TYPE[member_type] | BY_DOCUMENT[document_kind]

    def test_before_type_and_document_are_chosen_these_are_asked_too(self, at):
        application = enrolment.start(user=UserFactory(), at=at)

        assert {"member_type", "document_kind"} <= set(found(application))

    @pytest.mark.parametrize("member_type", MemberType)
    def test_a_complete_form_has_no_gap(self, at, member_type):
        assert found(stories.draft(at=at, member_type=member_type)) == {}

    def test_a_complete_form_with_a_passport_has_no_gap(self, at):
        assert found(stories.draft(at=at, **FOREIGN)) == {}

    def test_the_gaps_come_in_the_order_of_the_form_and_say_the_repair(self, at):
        application = stories.draft(at=at, name="", email="", education_level=None)

        listed = gaps.gaps_in(application, today=TODAY)

        assert [(gap.field, gap.message) for gap in listed] == [
            ("name", "请填写姓名"),
            ("education_level", "请选择学历"),
            ("email", "请填写邮箱"),
        ]

    def test_a_student_is_asked_for_the_school(self, at):
        application = stories.draft(at=at, member_type=MemberType.STUDENT, work_unit=None, work_unit_name="")

        assert found(application) == {"work_unit_name": "请填写就读学校"}

    def test_a_picture_is_uploaded_not_filled_in(self, at):
        application = enrolment.start(user=UserFactory(), at=at)

        assert found(application)["portrait"] == "请上传个人寸照"

    def test_what_another_document_would_ask_for_keeps_nobody_from_submitting(self, at):
        assert found(stories.draft(at=at, nationality="SG", issuing_country="SG", name_local="🙂")) == {}


class TestAge:  # P-2
    @pytest.mark.parametrize(
        ("born_on", "member_type", "expected"),
        [
            (date(2012, 3, 18), MemberType.STUDENT, {"born_on": "须年满 14 周岁才能申请"}),
            (date(2012, 3, 17), MemberType.STUDENT, {}),
            (date(2008, 3, 18), MemberType.STUDENT, {}),
            (date(2008, 3, 18), MemberType.ORDINARY, {"member_type": "未满 18 周岁只能申请学生会员"}),
            (date(2008, 3, 18), MemberType.PROFESSIONAL, {"member_type": "未满 18 周岁只能申请学生会员"}),
            (date(2008, 3, 17), MemberType.ORDINARY, {}),
        ],
        ids=["13", "14 today", "17 student", "17 ordinary", "17 professional", "18 today"],
    )
    def test_the_birthday_decides(self, at, born_on, member_type, expected):
        assert found(stories.draft(at=at, member_type=member_type, born_on=born_on)) == expected

    def test_the_ages_are_the_societys(self, at):
        society_settings(minimum_age=16)

        assert found(stories.draft(at=at, member_type=MemberType.STUDENT, born_on=date(2010, 3, 18))) == {
            "born_on": "须年满 16 周岁才能申请"
        }

    def test_nobody_is_born_tomorrow(self, at):
        application = stories.draft(at=at, **FOREIGN, born_on=date(2026, 3, 18))

        assert found(application)["born_on"] == "出生日期在今天之后，请核对"

    def test_the_child_of_a_leap_day_grows_up_on_the_last_of_february(self, at):
        application = stories.draft(at=at, member_type=MemberType.STUDENT, born_on=date(2012, 2, 29))

        assert found(application, today=date(2026, 2, 27)) == {"born_on": "须年满 14 周岁才能申请"}
        assert found(application, today=date(2026, 2, 28)) == {}


class TestLimits:  # A-8, APP-3, M-11
    def choose(self, at, committees=0, overseas=0, regions=0, councils=0, **answers):
        chosen = [
            *InstitutionFactory.create_batch(committees, committee=True),
            *InstitutionFactory.create_batch(overseas, overseas_branch=True),
            *InstitutionFactory.create_batch(regions, regional=True),
            *(
                InstitutionFactory(code=f"youth-{number}", name=f"青年理事会{number}", kind=InstitutionKind.YOUTH_COUNCIL)
                for number in range(councils)
            ),
        ]
        return stories.draft(at=at, institutions=chosen, **answers)

    def test_five_committees_a_region_and_the_youth_council_are_as_many_as_may_be(self, at):
        assert found(self.choose(at, committees=4, overseas=1, regions=1, councils=1, born_on=date(1990, 1, 1))) == {}

    @pytest.mark.parametrize(
        ("chosen", "sentence"),
        [
            ({"committees": 6}, "专委会（含海外分会）最多 5 个，现在有 6 个，请去掉 1 个"),
            ({"committees": 4, "overseas": 3}, "专委会（含海外分会）最多 5 个，现在有 7 个，请去掉 2 个"),
            ({"regions": 2}, "省市抗癌协会最多 1 个，现在有 2 个，请去掉 1 个"),
            ({"councils": 2}, "青年理事会最多 1 个，现在有 2 个，请去掉 1 个"),
        ],
    )
    def test_one_more_is_refused_with_how_many_to_take_away(self, at, chosen, sentence):
        assert found(self.choose(at, **chosen, born_on=date(1990, 1, 1))) == {"institutions": sentence}

    def test_the_ceilings_are_the_societys(self, at):
        society_settings(max_committees=1)

        assert "最多 1 个" in found(self.choose(at, committees=2))["institutions"]

    @pytest.mark.parametrize(("born_on", "fits"), [(date(1981, 3, 18), True), (date(1981, 3, 17), False)], ids=["44", "45 today"])
    def test_the_youth_council_takes_who_is_not_45_yet(self, at, born_on, fits):
        assert (found(self.choose(at, councils=1, born_on=born_on)) == {}) is fits

    def test_a_resubmission_keeps_the_day_on_which_the_youth_council_was_first_applied_for(self, at):
        council = InstitutionFactory(youth_council=True)
        application = stories.returned(at=at, institutions=[council], born_on=date(1981, 3, 18))

        assert found(application, today=date(2026, 3, 18)) == {}

    def test_an_institution_that_has_closed_is_named_in_a_draft(self, at):
        closed = InstitutionFactory(name="旧专业委员会", closed_on=TODAY)

        assert found(stories.draft(at=at, institutions=[closed])) == {"institutions": "旧专业委员会现在不接受申请，请改选"}

    def test_an_institution_that_has_closed_does_not_bar_a_returned_file_which_cannot_choose_anew(self, at):
        application = stories.returned(at=at, institutions=InstitutionFactory.create_batch(2, committee=True))
        closed = application.rows.first().institution
        closed.closed_on = TODAY
        closed.save()

        assert found(application) == {}

    def test_the_headquarters_cannot_be_chosen(self, at):
        headquarters = InstitutionFactory(headquarters=True)

        assert "协会本部现在不接受申请" in found(stories.draft(at=at, institutions=[headquarters]))["institutions"]


class TestDocument:  # APP-4
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"document_number": stories.resident_number(date(1984, 9, 30))[:-1] + "0"}, "document_number"),
            ({"document_number": stories.resident_number(date(1984, 9, 29))}, "born_on"),
            ({"document_number": stories.resident_number(date(1984, 9, 30), sex=Sex.FEMALE)}, "sex"),
        ],
        ids=["check character", "birth date", "sex"],
    )
    def test_number_birth_date_and_sex_must_agree(self, at, changes, field):
        assert set(found(stories.draft(at=at, **changes))) == {field}

    def test_a_name_no_document_bears_is_named(self, at):
        assert set(found(stories.draft(at=at, name="沈砚秋🙂"))) == {"name"}

    def test_a_name_may_have_fifty_characters_and_no_more(self, at):
        assert found(stories.draft(at=at, name="阿" * 50)) == {}
        assert "最多 50 个字" in found(stories.draft(at=at, name="阿" * 51))["name"]

    def test_a_chinese_name_beside_the_passports_is_free_but_checked(self, at):
        assert found(stories.draft(at=at, **FOREIGN, name="Shen Yanqiu", name_local="沈砚秋")) == {}
        assert set(found(stories.draft(at=at, **FOREIGN, name_local="12"))) == {"name_local"}


class TestWorkAndContact:  # APP-1, APP-5
    def test_a_professional_member_takes_the_unit_from_the_list(self, at):
        application = stories.draft(at=at, work_unit=None, work_unit_name="某某诊所")

        assert "须从名单中选择" in found(application)["work_unit_name"]

    @pytest.mark.parametrize("member_type", [MemberType.ORDINARY, MemberType.STUDENT])
    def test_others_may_write_it(self, at, member_type):
        assert found(stories.draft(at=at, member_type=member_type, work_unit=None, work_unit_name="某某诊所")) == {}

    def test_an_address_that_no_letter_reaches_is_named(self, at):
        assert set(found(stories.draft(at=at, email="shen@"))) == {"email"}

    def test_the_place_of_origin_goes_down_to_the_county(self, at):
        county = DivisionFactory(county=True)

        assert found(stories.draft(at=at, origin=county.parent)) == {"origin": "请选择到区县"}

    def test_the_region_of_work_names_the_city(self, at):
        city = DivisionFactory(city=True)

        assert found(stories.draft(at=at, work_region=city.parent)) == {"work_region": "请选择城市"}

    def test_ten_fields_of_interest_are_enough(self, at):
        eleven = FieldOfInterestFactory.create_batch(11)

        assert found(stories.draft(at=at, fields_of_interest=eleven[:10])) == {}
        assert found(stories.draft(at=at, fields_of_interest=eleven)) == {"fields_of_interest": "关注的领域最多选 10 个"}


class TestStudents:  # M-12
    @pytest.mark.parametrize(("until", "fits"), [(TODAY, True), (date(2026, 3, 16), False)], ids=["to the end of today", "yesterday"])
    def test_the_card_is_valid_on_the_day_of_submission(self, at, until, fits):
        application = stories.draft(at=at, member_type=MemberType.STUDENT, student_card_until=until)

        assert ("student_card_until" not in found(application)) is fits


class TestInactiveChoices:  # I-7
    @pytest.mark.parametrize(
        ("field", "factory"),
        [
            ("title", TitleFactory),
            ("qualification_kind", QualificationKindFactory),
            ("ethnic_group", EthnicGroupFactory),
            ("political_affiliation", PoliticalAffiliationFactory),
        ],
    )
    def test_what_was_switched_off_meanwhile_is_named(self, at, field, factory):
        choice = factory()
        application = stories.draft(at=at, **{field: choice})
        choice.is_active = False
        choice.save()

        assert found(application) == {field: f"「{choice}」已停用，请重新选择"}

    def test_so_is_a_unit_an_education_level_and_a_field_of_interest(self, at):
        unit, level, interest = WorkUnitFactory(), EducationLevelFactory(), FieldOfInterestFactory()
        application = stories.draft(at=at, work_unit=unit, work_unit_name=unit.name, education_level=level, fields_of_interest=[interest])
        for choice, column in ((unit, "is_active"), (level, "is_selectable"), (interest, "is_active")):
            setattr(choice, column, False)
            choice.save()

        assert set(found(application)) == {"work_unit_name", "education_level", "fields_of_interest"}

    def test_nobody_misses_a_title_they_are_not_asked_for(self, at):
        title = TitleFactory()
        application = stories.draft(at=at, member_type=MemberType.STUDENT, title=title)
        Title.objects.update(is_active=False)

        assert found(application) == {}


class TestReferral:  # E-16, E-9, Table E
    def referral(self, method, **named):
        return {"referral_method": method, **named}

    def test_nobody_need_be_named_and_the_association_is_no_person(self, at):
        assert found(stories.draft(at=at)) == {}
        assert found(stories.draft(at=at, referral=self.referral("association"))) == {}

    @pytest.mark.parametrize("method", ["member", "committee_member"])
    def test_who_chose_a_person_names_them(self, at, method):
        assert found(stories.draft(at=at, referral=self.referral(method))) == {"referrer": "请选择推荐人"}

    def test_a_committee_member_comes_from_the_list_of_seats(self, at):
        referral = self.referral("committee_member", referrer=active_member())

        assert found(stories.draft(at=at, referral=referral)) == {"referrer": "请从委员名录中选择推荐委员"}

    def test_a_running_seat_may_be_named_its_holder_activated_or_not(self, at):
        for seat in (committee_member(), SeatFactory(member=MemberFactory(user=None))):
            assert found(stories.draft(at=at, referral=stories.referred_by(seat))) == {}

    @pytest.mark.parametrize(
        "term", [{"ends_on": date(2026, 3, 16)}, {"starts_on": date(2026, 3, 18)}], ids=["ended yesterday", "begins tomorrow"]
    )
    def test_a_seat_that_does_not_run_is_no_referrer(self, at, term):
        seat = committee_member(**term)

        assert found(stories.draft(at=at, referral=stories.referred_by(seat))) == {"referrer": "推荐人已变更，请重新选择"}

    def test_the_frozen_are_no_referrers(self, at):
        seat = committee_member()
        freeze(seat.member, at=at)

        assert found(stories.draft(at=at, referral=stories.referred_by(seat))) == {"referrer": "推荐人已变更，请重新选择"}

    def test_nobody_refers_themself(self, at):
        seat = SeatFactory()
        own = {"user": seat.member.user, "at": at}

        assert found(stories.draft(referral=stories.referred_by(seat), **own)) == {"referrer": "推荐人不能是本人，请另选"}

    def test_nobody_refers_themself_as_a_member_either(self, at):
        member = MemberFactory()

        application = stories.draft(at=at, user=member.user, referral=self.referral("member", referrer=member))

        assert found(application) == {"referrer": "推荐人不能是本人，请另选"}

    @pytest.mark.parametrize(
        ("until", "fits"), [(TODAY, True), (date(2026, 2, 15), True), (date(2026, 2, 14), False)], ids=["active", "grace", "lapsed"]
    )
    def test_an_ordinary_member_may_be_named_while_active_or_in_grace(self, at, until, fits):
        referral = self.referral("member", referrer=active_member(until=until))

        assert (found(stories.draft(at=at, referral=referral)) == {}) is fits

    def test_a_referrer_left_behind_by_another_method_does_not_count(self, at):
        referral = {**stories.referred_by(committee_member(ends_on=date(2026, 3, 16))), "referral_method": ""}

        assert found(stories.draft(at=at, referral=referral)) == {}


class TestLaterOn:  # APP-13 is prepared: the institutions of a file under way are its rows
    def test_a_withdrawn_row_is_no_longer_applied_for(self, at):
        application = stories.submitted(at=at, institutions=InstitutionFactory.create_batch(2, committee=True))
        first = application.rows.first()
        application.rows.filter(pk=first.pk).update(state="withdrawn")

        assert first.institution not in gaps.institutions_of(application)
        assert len(gaps.institutions_of(application)) == 1

    def test_the_draft_of_a_returned_file_is_what_is_looked_at(self, at):
        application = stories.returned(at=at)
        enrolment.save_draft(application=application, person=application.member.user, answers={"email": ""}, at=moment(TODAY, 12))

        assert found(application) == {"email": "请填写邮箱"}
        assert Application.objects.get().state == ApplicationState.RETURNED
