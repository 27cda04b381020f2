"""The figures of the rulebook: names, defaults, one row, read fresh after a change."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from membership.models import settings as society
from membership.models.settings import SocietySettings

pytestmark = pytest.mark.django_db

# «Settings and their defaults» of the rulebook.
RULEBOOK = {
    "decision_working_days": 15,
    "association_working_days": 5,
    "row_working_days": 5,
    "resume_working_days": 5,
    "take_back_working_days": 5,
    "substitute_working_days": 5,
    "endorsement_working_days": 10,
    "endorsement_reminder_days": 1,
    "form_reminder_days": [7, 30],
    "form_expiry_days": 60,
    "returned_reminder_days": 30,
    "returned_expiry_days": 90,
    "draft_days": 180,
    "take_back_days": 30,
    "not_accepted_from_round": 3,
    "not_accepted_block_months": 6,
    "row_supplement_files": 3,
    "max_committees": 5,
    "max_regions": 1,
    "max_youth_council": 1,
    "validity_months": 12,
    "grace_days": 30,
    "renewal_early_days": 60,
    "renewal_late_months": 12,
    "renewal_reminder_days": [60, 30, 7],
    "renewal_reminder_after_days": 7,
    "renewal_after_unfreeze_days": 30,
    "freeze_review_days": 30,
    "violation_min_characters": 10,
    "expulsion_block_years": 3,
    "violation_keep_years": 5,
    "youth_council_age": 45,
    "minimum_age": 14,
    "adult_age": 18,
    "name_max_characters": 50,
    "document_tries_per_day": 5,
    "member_lookups_per_day": 20,
    "member_lookup_candidates": 5,
    "legacy_tries": 5,
    "idle_login_days": 180,
    "legacy_collect_days": 90,
    "legacy_numbers_void_on": None,
    "share_link_days": [30, 90, 180],
    "deletion_cooling_days": 15,
    "closing_notice_days": 90,
    "seat_max_years": 5,
    "number_safety_step": 1000,
    "reserved_serials": [2054],
}


class TestDefaults:
    def test_names_and_defaults_are_the_rulebook(self):
        fields = [field for field in SocietySettings._meta.fields if field.name != "id"]

        assert {field.name: field.get_default() for field in fields} == RULEBOOK

    def test_defaults_are_valid(self):
        SocietySettings().full_clean()


class TestCurrent:
    def test_defaults_count_where_nobody_saved_anything(self):
        assert society.current().max_committees == 5

    def test_change_is_seen_at_once(self):
        assert society.current().grace_days == 30

        SocietySettings.objects.create(grace_days=20, legacy_numbers_void_on=date(2027, 1, 1))

        assert society.current().grace_days == 20
        assert society.current().legacy_numbers_void_on == date(2027, 1, 1)

    def test_what_was_read_can_be_changed_and_saved(self):
        SocietySettings.objects.create()

        figures = society.current()
        figures.form_reminder_days = [5]
        figures.save()

        assert society.current().form_reminder_days == [5]

    def test_second_reading_asks_the_database_nothing(self, django_assert_num_queries):
        society.current()

        with django_assert_num_queries(0):
            society.current()


class TestConstraints:
    def test_society_has_one_row(self):
        SocietySettings.objects.create()

        with pytest.raises(IntegrityError), transaction.atomic():
            SocietySettings.objects.create()
        with pytest.raises(IntegrityError), transaction.atomic():
            SocietySettings.objects.create(pk=2)

    def test_nobody_is_adult_below_the_minimum_age(self):
        with pytest.raises(IntegrityError):
            SocietySettings.objects.create(minimum_age=19)

    @pytest.mark.parametrize("days", [[], [0], [7, 7], ["7"], [True], 7, [7.5]])
    def test_list_of_days_is_different_whole_numbers(self, days):
        with pytest.raises(ValidationError):
            SocietySettings(form_reminder_days=days).full_clean()

    def test_nothing_needs_to_be_reserved(self):
        SocietySettings(reserved_serials=[]).full_clean()

    @pytest.mark.parametrize(("name", "value"), [("decision_working_days", 0), ("name_max_characters", 101), ("max_committees", 0)])
    def test_figure_out_of_bounds_is_refused(self, name, value):
        with pytest.raises(ValidationError):
            SocietySettings(**{name: value}).full_clean()

    def test_nothing_of_grace_is_allowed(self):
        SocietySettings(grace_days=0).full_clean()
