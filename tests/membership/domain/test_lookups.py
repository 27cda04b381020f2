"""Finding committee members, members and work units (APP-5, APP-6, E-13, E-14, E-18)."""

from datetime import date, timedelta

import pytest

from membership import pinyin
from membership.domain import lookups
from membership.models import Dossier, Member, WorkUnit
from tests.factories import enrolment as stories
from tests.factories.moments import society_settings
from tests.factories.people import MemberFactory, SeatFactory, UserFactory, active_member, committee_member, freeze
from tests.factories.reference import DivisionFactory, InstitutionFactory, WorkUnitAliasFactory, WorkUnitFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 17)


@pytest.fixture
def asker():
    return UserFactory()


def named(member: Member, name: str) -> Member:
    member.name = name
    member.name_pinyin, member.name_initials = pinyin.readings(name)
    member.save()
    return member


def with_dossier(member: Member, **answers) -> Member:
    member.current_dossier = Dossier.objects.create(member=member, **answers)
    member.save()
    return member


class TestSeats:  # E-13, E-18
    @pytest.fixture
    def seat(self):
        seat = committee_member(committee=InstitutionFactory(committee=True, name="肺癌专业委员会"))
        named(seat.member, "单雄信")
        return seat

    @pytest.mark.parametrize("term", ["单雄信", "单", "shanxiong", "Shan Xiong", "sxx", "danxiongxin", "dxx"])
    def test_found_by_name_pinyin_initials_and_each_reading_of_the_surname(self, seat, asker, term):
        assert [found.value for found in lookups.seats(term, asked_by=asker, today=TODAY)] == [str(seat.pk)]

    def test_shown_with_committee_and_role_and_nothing_else(self, seat, asker):
        found = lookups.seats("单", asked_by=asker, today=TODAY)[0]

        assert (found.label, found.note) == ("单雄信（肺癌专业委员会 委员）", "")

    @pytest.mark.parametrize(
        ("name", "terms"),
        [
            ("曾国藩", ["曾", "zeng", "zgf", "ceng", "cgf"]),
            ("仇英", ["仇", "qiu", "qy", "chou", "cy"]),
            ("区寄", ["区", "ou", "oj", "qu", "qj"]),
            ("尉迟敬德", ["尉迟", "yuchi", "ycjd", "yu chi jing"]),
            ("Łukasz O’Brien", ["Łukasz", "lukasz", "LO", "lukasz o'b"]),
        ],
    )
    def test_names_read_in_several_ways(self, seat, asker, name, terms):
        named(seat.member, name)

        found = {term: [one.value for one in lookups.seats(term, asked_by=asker, today=TODAY)] for term in terms}

        assert found == {term: [str(seat.pk)] for term in terms}

    @pytest.mark.parametrize(
        "term",
        [
            "阿依古丽·买",
            "阿依古丽•买买提",
            "阿依古丽・买买提",
            "阿依古丽.买买提",
            "阿依古丽。",
            "阿依古丽买买提",
            "ayiguli",
            "ayiguli·mai",
            "aygl",
            "阿依 古丽",
        ],
    )
    def test_a_dot_within_a_name_however_it_is_typed(self, seat, asker, term):
        named(seat.member, "阿依古丽·买买提")

        assert [found.value for found in lookups.seats(term, asked_by=asker, today=TODAY)] == [str(seat.pk)]

    @pytest.mark.parametrize("until", [date(2026, 3, 16), date(2025, 12, 31)], ids=["in grace", "lapsed"])
    def test_a_holder_who_may_not_endorse_now_is_not_found(self, asker, until):  # E-9
        named(SeatFactory(member=active_member(until=until)).member, "单雄信")

        assert lookups.seats("单", asked_by=asker, today=TODAY) == []

    def test_an_account_without_membership_holds_no_right_either(self, asker):
        named(SeatFactory().member, "单雄信")

        assert lookups.seats("单", asked_by=asker, today=TODAY) == []

    @pytest.mark.parametrize("term", ["雄信", "xiongxin", "", "   ", "\x00", "%", "_"])
    def test_not_found_by_the_middle_of_a_name_or_by_nothing(self, seat, asker, term):
        assert lookups.seats(term, asked_by=asker, today=TODAY) == []

    def test_a_holder_who_has_not_activated_is_marked(self, asker):
        seat = SeatFactory(member=MemberFactory(user=None))
        named(seat.member, "周砚秋")

        assert lookups.seats("周", asked_by=asker, today=TODAY)[0].note.startswith("未激活")

    def test_nobody_finds_their_own_seat(self, seat):
        assert lookups.seats("单", asked_by=seat.member.user, today=TODAY) == []

    def test_a_term_that_is_over_and_a_frozen_holder_are_not_found(self, seat, asker, at):
        assert lookups.seats("单", asked_by=asker, today=date(2027, 1, 1)) == []

        freeze(seat.member, at=at)

        assert lookups.seats("单", asked_by=asker, today=TODAY) == []
        assert lookups.seat_of(str(seat.pk), today=TODAY) is None

    @pytest.mark.parametrize("value", ["", "x", "-1", "1e3", "²", "9" * 40])
    def test_a_value_that_names_no_seat(self, value):
        assert lookups.seat_of(value, today=TODAY) is None

    def test_at_most_eight(self, asker):
        for _ in range(10):
            named(committee_member().member, "王芳")

        assert len(lookups.seats("王", asked_by=asker, today=TODAY)) == 8


class TestMembers:  # E-14
    @pytest.fixture
    def application(self, at, asker):
        return stories.draft(at=at, user=asker)

    @pytest.fixture
    def find(self, application, asker, at):
        return lambda text: lookups.find_members(text, asked_by=asker, application=application, at=at)

    @pytest.fixture
    def member(self):
        county = DivisionFactory(county=True)
        return with_dossier(named(active_member(), "周砚秋"), work_unit_name="天津市肿瘤医院", work_region=county)

    def test_found_by_the_whole_name_with_unit_and_province(self, find, member):
        found = find("周 砚秋")[0]

        assert (found.label, found.note) == ("周砚秋", "天津市肿瘤医院，天津市")
        assert member.number not in (found.value, found.label, found.note)

    def test_found_by_the_certificate_number_in_any_case(self, find, member):
        assert [found.label for found in find(f" {member.number.lower()} ")] == ["周砚秋"]

    @pytest.mark.parametrize("text", ["周", "周砚", "zys", "zhouyanqiu", "周砚秋秋", "", "%"])
    def test_not_found_by_a_part(self, find, member, text):
        assert find(text) == []

    def test_who_does_not_want_to_be_found_is_nobody(self, find, member):
        member.findable = False
        member.save()

        assert find("周砚秋") == []

    def test_applicants_lapsed_and_frozen_people_are_nobody(self, find, member, at):
        named(MemberFactory(), "吴一")
        named(active_member(until=TODAY - timedelta(days=31)), "吴二")
        freeze(named(active_member(), "吴三"), at=at)

        assert [find(name) for name in ("吴一", "吴二", "吴三")] == [[], [], []]

    def test_a_member_in_grace_is_found(self, find):
        named(active_member(until=TODAY - timedelta(days=30)), "吴四")

        assert len(find("吴四")) == 1

    def test_at_most_so_many_of_one_name(self, find):
        society_settings(member_lookup_candidates=2)
        for _ in range(3):
            named(active_member(), "王芳")

        assert len(find("王芳")) == 2

    def test_so_many_times_a_day(self, find, member):
        society_settings(member_lookups_per_day=2)
        find("某某")
        find("周砚秋")

        with pytest.raises(lookups.TooManyLookups):
            find("周砚秋")

    def test_the_next_day_counts_anew(self, find, member, application, asker, at):
        society_settings(member_lookups_per_day=1)
        find("周砚秋")

        assert lookups.find_members("周砚秋", asked_by=asker, application=application, at=at + timedelta(days=1))

    def test_only_a_candidate_shown_to_this_account_can_be_chosen(self, find, member, asker):
        value = find("周砚秋")[0].value

        assert lookups.member_of(value, asked_by=asker, today=TODAY) == member
        assert lookups.member_of(value, asked_by=UserFactory(), today=TODAY) is None
        for forged in (str(member.pk), value[:-1], "", "a:b:c"):
            assert lookups.member_of(forged, asked_by=asker, today=TODAY) is None


class TestWorkUnits:  # APP-5
    @pytest.fixture
    def unit(self):
        unit = WorkUnitFactory(name="天津医科大学肿瘤医院")
        WorkUnitAliasFactory(work_unit=unit, name="天津市肿瘤医院（总院）")
        return unit

    @pytest.mark.parametrize("term", ["天津医科", "肿瘤", "tianjinyike", "tjyk", "市肿瘤医院", "tjszl"])
    def test_found_by_name_other_name_pinyin_and_initials(self, unit, term):
        assert [found.label for found in lookups.work_units(term)] == ["天津医科大学肿瘤医院"]

    def test_the_other_name_is_told_beside_it(self, unit):
        assert lookups.work_units("tjszl")[0].note == "又名天津市肿瘤医院（总院），天津市"

    def test_what_begins_with_the_term_comes_first(self, unit):
        WorkUnitFactory(name="肿瘤医院")

        assert [found.label for found in lookups.work_units("肿瘤")] == ["肿瘤医院", "天津医科大学肿瘤医院"]

    def test_inactive_units_are_neither_found_nor_bound(self, unit):
        WorkUnit.objects.update(is_active=False)

        assert lookups.work_units("天津") == []
        assert lookups.work_unit_named("天津医科大学肿瘤医院") is None
        assert lookups.work_unit_named("天津市肿瘤医院（总院）") is None

    @pytest.mark.parametrize("text", ["天津医科大学肿瘤医院", "天津市肿瘤医院（总院）", "天津市肿瘤医院(总院)"])
    def test_bound_by_the_exact_name_or_other_name(self, unit, text):
        assert lookups.work_unit_named(text) == unit

    @pytest.mark.parametrize("text", ["天津医科大学肿瘤", "", "tjyk"])
    def test_not_bound_by_anything_else(self, unit, text):
        assert lookups.work_unit_named(text) is None
