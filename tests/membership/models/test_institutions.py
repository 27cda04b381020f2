"""Institutions: what stays true of them whatever happens above."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from membership.enums import InstitutionKind
from membership.models.institutions import Institution, InstitutionName, InstitutionReviewer, InstitutionsStay
from membership.models.users import User
from tests.factories.reference import InstitutionFactory, InstitutionNameFactory, InstitutionReviewerFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 1)


class TestConstraints:  # I-1, I-3, CMS-4
    def test_two_active_institutions_have_different_names(self):
        InstitutionFactory(name="肺癌专业委员会")

        with pytest.raises(IntegrityError):
            InstitutionFactory(name="肺癌专业委员会")

    def test_name_of_an_inactive_one_is_free_again(self):
        InstitutionFactory(name="肺癌专业委员会", is_active=False)

        InstitutionFactory(name="肺癌专业委员会")

    def test_there_is_one_headquarters(self):
        InstitutionFactory(headquarters=True)

        with pytest.raises(IntegrityError):
            InstitutionFactory(headquarters=True, code="second", name="第二本部")

    @pytest.mark.parametrize("change", [{"is_active": False}, {"closed_on": TODAY}])
    def test_headquarters_stays_open(self, change):
        headquarters = InstitutionFactory(headquarters=True)

        with pytest.raises(IntegrityError):
            Institution.objects.filter(pk=headquarters.pk).update(**change)

    def test_regional_institution_has_a_province(self):
        with pytest.raises(IntegrityError):
            InstitutionFactory(kind=InstitutionKind.REGIONAL)

    def test_merged_institution_has_a_closing_day(self):
        with pytest.raises(IntegrityError):
            InstitutionFactory(merged_into=InstitutionFactory())

    @pytest.mark.parametrize("column", ["merged_into", "parent"])
    def test_institution_does_not_point_at_itself(self, column):
        institution = InstitutionFactory(closed_on=TODAY)

        with pytest.raises(IntegrityError):
            Institution.objects.filter(pk=institution.pk).update(**{column: institution.pk})

    def test_institution_is_never_deleted(self):  # I-2
        institution = InstitutionFactory()

        with pytest.raises(InstitutionsStay):
            institution.delete()
        with pytest.raises(InstitutionsStay):
            Institution.objects.filter(pk=institution.pk).delete()

    def test_one_name_ends_on_a_day(self):
        name = InstitutionNameFactory()

        with pytest.raises(IntegrityError):
            InstitutionNameFactory(institution=name.institution, name="另一个")

    def test_name_ends_after_it_began(self):
        with pytest.raises(IntegrityError):
            InstitutionNameFactory(valid_from="2026-01-01", valid_to="2025-12-31")

    def test_account_reviews_for_an_institution_once(self):
        reviewer = InstitutionReviewerFactory(user=User.objects.create_user("+8613800138000"))

        with pytest.raises(IntegrityError), transaction.atomic():
            InstitutionReviewerFactory(user=reviewer.user, institution=reviewer.institution)


class TestOpening:  # I-3, I-4
    def test_institution_is_open_until_the_day_it_closes(self):
        institution = InstitutionFactory(closed_on=TODAY)

        assert institution.is_open_on(date(2026, 5, 31))
        assert not institution.is_open_on(TODAY)
        assert not Institution.objects.open_on(TODAY).exists()
        assert Institution.objects.open_on(date(2026, 5, 31)).exists()

    def test_inactive_one_is_not_open(self):
        assert not InstitutionFactory(is_active=False).is_open_on(TODAY)

    def test_headquarters_is_open_and_not_choosable(self):  # I-1
        headquarters = InstitutionFactory(headquarters=True)
        committee = InstitutionFactory()

        assert headquarters in Institution.objects.open_on(TODAY)
        assert list(Institution.objects.choosable_on(TODAY)) == [committee]


class TestNames:  # I-2
    @pytest.mark.parametrize(
        ("traits", "expected"),
        [
            ({"committee": True, "name": "肺癌专业委员会"}, "中国抗癌协会肺癌专业委员会"),
            ({"youth_council": True}, "中国抗癌协会青年理事会"),
            ({"regional": True, "name": "天津市抗癌协会"}, "天津市抗癌协会"),
            ({"headquarters": True}, "中国抗癌协会"),
        ],
    )
    def test_full_name_is_what_papers_print(self, traits, expected):
        assert InstitutionFactory(**traits).full_name == expected

    def test_spellings_follow_the_name(self):
        institution = InstitutionFactory(name="肺癌专业委员会")

        institution.name = "肝癌专业委员会"
        institution.save(update_fields=["name"])

        institution.refresh_from_db()
        assert (institution.name_pinyin, institution.name_initials) == ("ganaizhuanyeweiyuanhui", "gazywyh")

    def test_name_on_a_day_is_the_one_it_had_then(self):
        institution = InstitutionFactory(name="第三个")
        InstitutionName.objects.record(institution=institution, name="第一个", last_day=date(2024, 12, 31))
        second = InstitutionName.objects.record(institution=institution, name="第二个", last_day=date(2025, 12, 31))

        assert second.valid_from == date(2025, 1, 1)
        assert institution.name_on(date(2020, 1, 1)) == "第一个"
        assert institution.name_on(date(2025, 1, 1)) == "第二个"
        assert institution.name_on(date(2026, 1, 1)) == "第三个"


class TestReviewers:  # K-7
    def test_reviewer_without_a_login_does_not_count(self):
        gone = User.objects.create_user("+8613800138000", is_active=False)
        InstitutionReviewerFactory(user=gone)

        assert not InstitutionReviewer.objects.active().exists()
