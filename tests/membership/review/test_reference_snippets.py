"""「基础数据」 in the admin, as an administrator and as a person without permission sees it."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from membership.enums import ChangeCategoryCode, InstitutionKind
from membership.models import settings as society
from membership.models.institutions import Institution
from membership.models.reference import ChangeCategory
from membership.models.settings import SocietySettings
from membership.models.users import User
from membership.review.settings_panels import GROUPS
from membership.review.snippets import ReferenceData
from tests.factories.reference import (
    CalendarDayFactory,
    ChangeCategoryFactory,
    EducationLevelFactory,
    EthnicGroupFactory,
    FieldOfInterestFactory,
    InstitutionFactory,
    PoliticalAffiliationFactory,
    QualificationKindFactory,
    ReviewReasonFactory,
    TitleFactory,
    WorkUnitAliasFactory,
    WorkUnitFactory,
)

pytestmark = pytest.mark.django_db

FACTORIES = (
    InstitutionFactory,
    WorkUnitFactory,
    TitleFactory,
    QualificationKindFactory,
    ReviewReasonFactory,
    FieldOfInterestFactory,
    PoliticalAffiliationFactory,
    EducationLevelFactory,
    EthnicGroupFactory,
    CalendarDayFactory,
    ChangeCategoryFactory,
)
FIXED = (PoliticalAffiliationFactory, EducationLevelFactory, EthnicGroupFactory, ChangeCategoryFactory)


def url(thing, view: str) -> str:
    name = f"wagtailsnippets_membership_{thing._meta.model_name}:{view}"
    return reverse(name) if view in ("list", "add") else reverse(name, args=[thing.pk])


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("+8618800000006"))
    return client


class TestLists:  # CMS-4
    def test_every_list_is_in_the_menu(self):
        listed = {viewset.model for viewset in ReferenceData.items}

        assert listed == {factory._meta.model for factory in FACTORIES} | {SocietySettings}

    @pytest.mark.parametrize("factory", FACTORIES)
    def test_list_and_form_open(self, admin, factory):
        thing = factory()

        assert str(thing) in admin.get(url(thing, "list")).content.decode()
        assert admin.get(url(thing, "edit")).status_code == 200

    @pytest.mark.parametrize("factory", FACTORIES)
    def test_nobody_deletes(self, admin, factory):  # I-2, I-7
        thing = factory()

        admin.post(url(thing, "delete"))

        assert type(thing).objects.filter(pk=thing.pk).exists()

    @pytest.mark.parametrize("factory", FACTORIES)
    def test_nobody_deletes_many_at_once(self, admin, factory):
        thing = factory()
        bulk = reverse("wagtail_bulk_action", args=["membership", thing._meta.model_name, "delete"])

        admin.post(f"{bulk}?id={thing.pk}")

        assert type(thing).objects.filter(pk=thing.pk).exists()

    @pytest.mark.parametrize("factory", FIXED)
    def test_nobody_adds_to_a_standard(self, admin, factory):
        assert admin.get(url(factory(), "add")).status_code == 302

    def test_without_permission_nothing_opens(self):
        client = Client()
        client.force_login(User.objects.create_user("+8613800138000", is_staff=True))

        assert client.get(url(TitleFactory(), "list")).status_code == 403

    def test_unit_is_found_once_under_its_other_names(self, admin):  # APP-5
        unit = WorkUnitFactory(name="中国医学科学院附属医院")
        WorkUnitAliasFactory(work_unit=unit, name="北肿一")
        WorkUnitAliasFactory(work_unit=unit, name="北肿二")

        page = admin.get(url(unit, "list"), {"q": "beizhong"}).content.decode()

        assert page.count(f'href="{url(unit, "edit")}"') == admin.get(url(unit, "list")).content.decode().count(
            f'href="{url(unit, "edit")}"'
        )


class TestInstitutions:  # I-2
    def edit(self, admin, institution, **changes):
        form = {"name": institution.name, "kind": institution.kind, "is_active": "on", "parent": "", "province": "", "seats": ""}
        return admin.post(url(institution, "edit"), form | changes)

    def test_renaming_keeps_the_former_name_until_yesterday(self, admin):
        institution = InstitutionFactory(name="肺癌专业委员会")

        self.edit(admin, institution, name="肺部肿瘤专业委员会")

        institution.refresh_from_db()
        assert institution.name == "肺部肿瘤专业委员会"
        former = institution.former_names.get()
        assert former.name == "肺癌专业委员会"
        assert former.day_after == timezone.localdate()

    def test_name_that_did_not_last_a_day_is_not_noted(self, admin):
        institution = InstitutionFactory(name="甲专业委员会")
        self.edit(admin, institution, name="乙专业委员会")
        institution.refresh_from_db()

        self.edit(admin, institution, name="丙专业委员会")

        assert [former.name for former in institution.former_names.all()] == ["甲专业委员会"]

    def test_code_stays(self, admin):
        institution = InstitutionFactory(code="lung")

        self.edit(admin, institution, code="liver", seats="80")

        institution.refresh_from_db()
        assert (institution.code, institution.seats) == ("lung", 80)

    def test_headquarters_cannot_be_switched_off(self, admin):  # I-1
        headquarters = InstitutionFactory(headquarters=True)

        admin.post(url(headquarters, "edit"), {"name": headquarters.name, "kind": InstitutionKind.COMMITTEE})

        headquarters.refresh_from_db()
        assert headquarters.is_active and headquarters.is_headquarters

    def test_no_other_institution_becomes_the_headquarters(self, admin):
        institution = InstitutionFactory()

        self.edit(admin, institution, kind=InstitutionKind.HEADQUARTERS)

        institution.refresh_from_db()
        assert not institution.is_headquarters

    def test_regional_one_without_province_is_refused_in_words(self, admin):
        page = self.edit(admin, InstitutionFactory(), kind=InstitutionKind.REGIONAL).content.decode()

        assert "省市抗癌协会须选择省份" in page

    def test_new_one_is_entered(self, admin):
        form = {"name": "新专业委员会", "code": "new", "kind": InstitutionKind.COMMITTEE, "is_active": "on"}

        admin.post(url(Institution(), "add"), form | {"parent": "", "province": "", "seats": "100"})

        assert Institution.objects.get(code="new").name_initials == "xzywyh"

    def test_second_one_of_the_same_name_is_refused_in_words(self, admin):
        InstitutionFactory(name="肺癌专业委员会")
        other = InstitutionFactory()

        page = self.edit(admin, other, name="肺癌专业委员会").content.decode()

        assert "已有同名的启用机构" in page


class TestWorkUnits:  # I-5
    def edit(self, admin, unit, *aliases: WorkUnitAliasFactory, **changes):
        form = {"name": unit.name, "kind": unit.kind, "province": unit.province_id, "is_active": "on"}
        form |= {"aliases-TOTAL_FORMS": len(aliases), "aliases-INITIAL_FORMS": len(aliases)}
        form |= {"aliases-MIN_NUM_FORMS": 0, "aliases-MAX_NUM_FORMS": 1000}
        for index, alias in enumerate(aliases):
            form |= {f"aliases-{index}-id": alias.pk, f"aliases-{index}-name": alias.name}
        return admin.post(url(unit, "edit"), form | changes)

    def test_renamed_unit_stays_known_under_its_former_name(self, admin):
        alias = WorkUnitAliasFactory(name="北肿", work_unit__name="北京肿瘤医院")

        self.edit(admin, alias.work_unit, alias, name="北京大学肿瘤医院")

        alias.work_unit.refresh_from_db()
        assert alias.work_unit.name == "北京大学肿瘤医院"
        assert set(alias.work_unit.aliases.values_list("name", flat=True)) == {"北肿", "北京肿瘤医院"}

    def test_alias_of_another_unit_is_refused_as_a_name(self, admin):
        WorkUnitAliasFactory(name="北肿")
        unit = WorkUnitFactory()

        page = self.edit(admin, unit, name="北肿").content.decode()

        assert "该名称已是另一单位的别名" in page


class TestChangeCategories:  # D-12
    def test_stamp_without_review_is_refused_in_words(self, admin):
        category = ChangeCategoryFactory()

        page = admin.post(url(category, "edit"), {"needs_stamp": "on"}).content.decode()

        assert "须盖章的变更必须审核" in page

    def test_identity_stays_reviewed_whatever_is_sent(self, admin):
        category = ChangeCategoryFactory(code=ChangeCategoryCode.IDENTITY)

        admin.post(url(category, "edit"), {"needs_stamp": "on"})

        assert ChangeCategory.objects.get().needs_review

    def test_face_data_without_review_earn_a_warning(self, admin):
        category = ChangeCategoryFactory(code=ChangeCategoryCode.TITLE)

        page = admin.post(url(category, "edit"), {}, follow=True).content.decode()

        assert not ChangeCategory.objects.get().needs_review
        assert "可改变会员证书上的内容" in page

    def test_contact_data_without_review_earn_none(self, admin):
        category = ChangeCategoryFactory(code=ChangeCategoryCode.CONTACT)

        page = admin.post(url(category, "edit"), {}, follow=True).content.decode()

        assert "可改变会员证书上的内容" not in page


class TestSocietySettings:
    def form(self, **changes) -> dict:
        figures = SocietySettings()
        form = {name: getattr(figures, name) for names in GROUPS.values() for name in names}
        form = {name: ", ".join(map(str, value)) if isinstance(value, list) else value for name, value in form.items()}
        return form | {"legacy_numbers_void_on": ""} | changes

    def test_every_figure_is_on_the_page(self):
        shown = [name for names in GROUPS.values() for name in names]

        assert sorted(shown) == sorted(field.name for field in SocietySettings._meta.fields if field.name != "id")

    def test_menu_leads_to_the_one_row(self, admin):
        page = admin.get(url(SocietySettings(), "list"), follow=True).content.decode()

        assert "默认：15" in page
        assert 'value="0002054"' in page

    def test_saved_figures_count_at_once(self, admin):
        SocietySettings.objects.create()

        admin.post(url(SocietySettings(), "edit"), self.form(max_committees=3, form_reminder_days="5，10、20"))

        assert society.current().max_committees == 3
        assert society.current().form_reminder_days == [5, 10, 20]

    @pytest.mark.parametrize("days", ["七", "7; 30", "7, 7", "", "-7"])
    def test_list_that_cannot_be_read_is_refused(self, admin, days):
        SocietySettings.objects.create()

        admin.post(url(SocietySettings(), "edit"), self.form(form_reminder_days=days))

        assert society.current().form_reminder_days == [7, 30]
