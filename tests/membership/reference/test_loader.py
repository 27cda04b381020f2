"""Loading the reference data once, twice, and after administrators worked on it."""

from io import StringIO

import pytest
from django.core.management import call_command

from membership.enums import ChangeCategoryCode, DivisionLevel, InstitutionKind
from membership.models.divisions import Division
from membership.models.institutions import Institution
from membership.models.reference import (
    CalendarDay,
    ChangeCategory,
    EducationLevel,
    EthnicGroup,
    FieldOfInterest,
    PoliticalAffiliation,
    QualificationKind,
    ReviewReason,
    Title,
)
from membership.models.settings import SocietySettings
from membership.models.work_units import WorkUnit, WorkUnitAlias
from membership.reference import loader
from tests.factories.reference import InstitutionFactory

pytestmark = pytest.mark.django_db

COUNTS = {
    SocietySettings: 1,
    Division: 3262 + 3764,
    EthnicGroup: 58,
    PoliticalAffiliation: 13,
    EducationLevel: 40,
    Title: 109,
    QualificationKind: 16,
    ReviewReason: 25,
    FieldOfInterest: 44,
    Institution: 127,
    WorkUnit: 563,
    WorkUnitAlias: 230,
    CalendarDay: 72,
    ChangeCategory: 5,
}


def counts() -> dict:
    return {model: model.objects.count() for model in COUNTS}


class TestSeedReference:  # CMS-4
    def test_loads_every_list_and_says_so(self):
        said = StringIO()

        call_command("seed_reference", stdout=said)

        assert counts() == COUNTS
        assert "行政区划：新增 7026，更新 0，不变 0" in said.getvalue()

    def test_second_run_changes_nothing(self):
        list(loader.load_everything())

        again = list(loader.load_everything())

        assert counts() == COUNTS
        assert all((loaded.added, loaded.changed) == (0, 0) for loaded in again)


class TestDivisions:  # APP-1, APP-4
    @pytest.fixture(autouse=True)
    def _loaded(self):
        loader.load_divisions()

    def test_current_ones_are_offered_and_abolished_ones_known(self):
        assert Division.objects.current().count() == 3262
        assert Division.objects.provinces().count() == 34
        assert Division.objects.get(code="110103").abolished_year == 2010

    def test_made_up_codes_begin_no_identity_number(self):
        hong_kong_district = Division.objects.current().filter(parent="810000").first()

        assert not hong_kong_district.in_identity_numbers

    def test_standard_wins_over_an_edited_name(self):
        Division.objects.filter(code="120101").update(name="和平")

        loaded = loader.load_divisions()

        assert (loaded.added, loaded.changed) == (0, 1)
        assert Division.objects.get(code="120101").name == "和平区"

    def test_abolished_prefecture_is_a_city_of_its_province(self):
        former = Division.objects.get(code="132100")

        assert (former.level, former.parent_id, former.is_current) == (DivisionLevel.CITY, "130000", False)


class TestWhatAdministratorsEdited:
    def test_renamed_institution_keeps_its_name(self):
        loader.load_divisions()
        loader.load_institutions()
        Institution.objects.filter(code="lung").update(name="肺部肿瘤专业委员会", is_active=False)

        loader.load_institutions()

        assert Institution.objects.get(code="lung").name == "肺部肿瘤专业委员会"
        assert not Institution.objects.get(code="lung").is_active

    def test_institution_entered_by_hand_under_another_code_is_not_doubled(self):
        loader.load_divisions()
        InstitutionFactory(code="fei", name="肺癌专业委员会")

        loader.load_institutions()

        assert Institution.objects.get(name="肺癌专业委员会").code == "fei"

    def test_renamed_unit_does_not_come_back(self):  # I-5
        loader.load_divisions()
        loader.load_work_units()
        unit = WorkUnit.objects.get(name="北京大学肿瘤医院")
        WorkUnitAlias.objects.create(work_unit=unit, name=unit.name)
        unit.name = "北京大学肿瘤中心"
        unit.save()

        loaded = loader.load_work_units()

        assert loaded.added == 0
        assert not WorkUnit.objects.filter(name="北京大学肿瘤医院").exists()

    def test_removed_alias_does_not_come_back(self):
        loader.load_divisions()
        loader.load_work_units()
        WorkUnitAlias.objects.filter(name="北肿").delete()

        loader.load_work_units()

        assert not WorkUnitAlias.objects.filter(name="北肿").exists()

    def test_label_on_the_form_stays_while_the_standard_name_follows(self):
        loader.load_political_affiliations()
        PoliticalAffiliation.objects.filter(code="13").update(form_label="无党派群众", name="群 众")

        loader.load_political_affiliations()

        assert PoliticalAffiliation.objects.get(code="13").form_label == "无党派群众"
        assert PoliticalAffiliation.objects.get(code="13").name == "群众"

    def test_figures_of_the_society_stay(self):
        SocietySettings.objects.create(max_committees=3)

        loader.load_society_settings()

        assert SocietySettings.objects.get().max_committees == 3

    def test_category_without_stamp_stays_without(self):  # D-12
        loader.load_change_categories()
        ChangeCategory.objects.filter(code=ChangeCategoryCode.CONTACT).update(needs_stamp=False, needs_review=False)

        loader.load_change_categories()

        assert not ChangeCategory.objects.get(code=ChangeCategoryCode.CONTACT).needs_review


class TestAsDelivered:
    def test_every_category_of_change_is_stamped_and_reviewed(self):  # D-12
        loader.load_change_categories()

        assert set(ChangeCategory.objects.values_list("code", "needs_stamp", "needs_review")) == {
            (code, True, True) for code in ChangeCategoryCode.values
        }

    def test_headquarters_is_there_and_not_choosable(self):  # I-1
        loader.load_divisions()
        loader.load_institutions()
        headquarters = Institution.objects.get(code="headquarters")

        assert headquarters.kind == InstitutionKind.HEADQUARTERS
        assert headquarters.full_name == "中国抗癌协会"

    def test_names_can_be_searched_by_initials(self):
        loader.load_divisions()
        loader.load_institutions()
        loader.load_work_units()

        assert Institution.objects.get(code="lung").name_initials == "fazywyh"
        assert WorkUnitAlias.objects.get(name="北肿").name_pinyin == "beizhong"

    def test_moved_working_saturday_is_a_working_day(self):  # REV-1
        loader.load_calendar_days()

        assert CalendarDay.objects.get(date="2026-10-10").is_working
        assert not CalendarDay.objects.get(date="2026-10-01").is_working
