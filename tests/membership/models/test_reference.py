"""The smaller lists: constraints, and what may be chosen."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from membership.enums import ApplicationKind, ChangeCategoryCode, DivisionLevel
from membership.models.reference import ChangeCategory, EducationLevel, ReviewReason, Title
from tests.factories.reference import (
    CalendarDayFactory,
    ChangeCategoryFactory,
    DivisionFactory,
    EducationLevelFactory,
    QualificationKindFactory,
    ReviewReasonFactory,
    TitleFactory,
)

pytestmark = pytest.mark.django_db


class TestConstraints:
    def test_county_has_a_parent(self):
        with pytest.raises(IntegrityError):
            DivisionFactory(code="120101", level=DivisionLevel.COUNTY)

    def test_province_has_none(self):
        with pytest.raises(IntegrityError):
            DivisionFactory(code="130000", parent=DivisionFactory())

    def test_current_division_is_not_abolished(self):
        with pytest.raises(IntegrityError):
            DivisionFactory(abolished_year=2010)

    def test_title_stands_once_in_its_series(self):
        TitleFactory()

        with pytest.raises(IntegrityError):
            TitleFactory(code="999")

    def test_review_reason_applies_to_something(self):
        with pytest.raises(IntegrityError):
            ReviewReasonFactory(for_enrolment=False, for_activation=False, for_change=False, for_upgrade=False)

    def test_selectable_education_level_has_a_label(self):
        with pytest.raises(IntegrityError):
            EducationLevelFactory(form_label="")

    def test_day_stands_once_in_the_calendar(self):
        CalendarDayFactory()

        with pytest.raises(IntegrityError):
            CalendarDayFactory._meta.model.objects.create(date="2026-10-01", is_working=True)


class TestChangeCategories:  # D-12
    def test_stamp_without_review_is_impossible(self):
        with pytest.raises(IntegrityError):
            ChangeCategoryFactory(needs_stamp=True, needs_review=False)

    def test_identity_is_always_reviewed(self):
        with pytest.raises(IntegrityError):
            ChangeCategoryFactory(code=ChangeCategoryCode.IDENTITY, needs_stamp=False, needs_review=False)

    def test_form_says_why_in_words(self):
        category = ChangeCategory(code=ChangeCategoryCode.CONTACT, needs_stamp=True, needs_review=False)

        with pytest.raises(ValidationError, match="须盖章的变更必须审核"):
            category.validate_constraints()

    def test_contact_data_are_not_on_the_face_of_the_certificate(self):
        assert not ChangeCategory(code=ChangeCategoryCode.CONTACT).touches_face_data
        assert ChangeCategory(code=ChangeCategoryCode.TITLE).touches_face_data


class TestChoices:  # I-7
    def test_inactive_title_is_not_offered(self):
        TitleFactory(is_active=False)

        assert not Title.objects.active().exists()

    def test_only_selectable_education_levels_are_offered(self):
        EducationLevelFactory(is_selectable=False)

        assert not EducationLevel.objects.selectable().exists()

    @pytest.mark.parametrize("kind", ApplicationKind)
    def test_reason_for_the_stamped_form_is_offered_for_all_but_activation(self, kind):  # REV-2
        reason = ReviewReasonFactory(stamped_form=True)

        offered = ReviewReason.objects.for_kind(kind)

        assert (reason in offered) == (kind != ApplicationKind.ACTIVATION)

    def test_broken_expression_is_refused(self):
        kind = QualificationKindFactory(regex="(", code="x", name="x")

        with pytest.raises(ValidationError, match="正则"):
            kind.full_clean()

    def test_certificate_knows_whether_it_has_a_change_page(self):
        assert QualificationKindFactory().has_change_page
        assert not QualificationKindFactory(free=True).has_change_page
