from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from membership import working_days
from membership.working_days import Calendar

PUBLISHED = Calendar()
unhurried = settings(derandomize=True, deadline=None)
days = st.dates(date(2024, 1, 1), date(2030, 12, 31))


def days_of(year):
    first = date(year, 1, 1)
    return [first + timedelta(days=count) for count in range((date(year + 1, 1, 1) - first).days)]


class TestIsWorkingDay:  # REV-1, working_days.csv
    @pytest.mark.parametrize(
        ("day", "works"),
        [
            (date(2026, 3, 16), True),
            (date(2026, 3, 21), False),
            (date(2026, 2, 17), False),
            (date(2026, 2, 14), True),
            (date(2026, 2, 23), False),
            (date(2026, 2, 28), True),
            (date(2026, 10, 1), False),
            (date(2026, 10, 10), True),
            (date(2025, 1, 26), True),
            (date(2025, 10, 8), False),
        ],
    )
    def test_holidays_and_moved_days_are_those_of_the_state_council(self, day, works):
        assert working_days.is_working_day(day, PUBLISHED) is works

    @pytest.mark.parametrize("year", [2025, 2026])
    def test_a_published_year_has_its_248_working_days(self, year):
        assert sum(working_days.is_working_day(day, PUBLISHED) for day in days_of(year)) == 248

    def test_the_table_of_the_administrators_comes_first(self):
        calendar = Calendar({date(2026, 3, 16): False, date(2026, 3, 21): True, date(2026, 10, 1): True})

        assert [working_days.is_working_day(day, calendar) for day in calendar.exceptions] == [False, True, True]

    def test_the_table_leaves_all_other_days_as_they_are(self):
        calendar = Calendar({date(2026, 3, 16): False})

        changed = [
            day for day in days_of(2026) if working_days.is_working_day(day, calendar) != working_days.is_working_day(day, PUBLISHED)
        ]
        assert changed == [date(2026, 3, 16)]

    @pytest.mark.parametrize(
        ("day", "works"),
        [
            (date(2031, 1, 1), False),
            (date(2031, 1, 2), True),
            (date(2031, 1, 4), False),
            (date(2031, 1, 23), False),
            (date(2031, 5, 1), False),
            (date(2031, 10, 1), False),
            (date(2031, 10, 9), True),
        ],
    )
    def test_an_unknown_year_has_its_statutory_holidays_and_no_moved_days(self, day, works):
        assert working_days.is_working_day(day, PUBLISHED) is works

    @pytest.mark.parametrize("year", [1990, 2003, 2150])
    def test_years_beyond_every_table_still_have_working_days(self, year):
        assert 240 < len(PUBLISHED.working_days_of(year)) < 263

    def test_a_year_entered_by_the_administrators_moves_its_days(self):
        # A Saturday to be worked for the bridge day after it.
        calendar = Calendar({date(2031, 10, 11): True, date(2031, 10, 9): False})

        assert working_days.is_working_day(date(2031, 10, 11), calendar)
        assert not working_days.is_working_day(date(2031, 10, 9), calendar)


class TestIsProvisional:
    def test_a_published_year_is_final(self):
        assert not working_days.is_provisional(date(2026, 12, 31), PUBLISHED)

    def test_an_unknown_year_is_provisional(self):
        assert working_days.is_provisional(date(2031, 1, 1), PUBLISHED)

    def test_a_year_in_the_administrators_table_is_final(self):
        calendar = Calendar({date(2031, 2, 1): False})

        assert not working_days.is_provisional(date(2031, 12, 31), calendar)
        assert working_days.is_provisional(date(2032, 1, 1), calendar)


class TestAdd:  # K-2, K-3
    @pytest.mark.parametrize(
        ("day", "count", "due"),
        [
            (date(2026, 3, 16), 1, date(2026, 3, 17)),
            (date(2026, 3, 16), 15, date(2026, 4, 7)),
            (date(2026, 3, 20), 1, date(2026, 3, 23)),
            (date(2026, 3, 21), 1, date(2026, 3, 23)),
            (date(2026, 9, 30), 1, date(2026, 10, 8)),
            (date(2026, 9, 30), 3, date(2026, 10, 10)),
            (date(2026, 2, 13), 2, date(2026, 2, 24)),
            (date(2025, 12, 31), 1, date(2026, 1, 4)),
            (date(2026, 3, 16), 0, date(2026, 3, 16)),
            (date(2026, 3, 21), 0, date(2026, 3, 21)),
        ],
    )
    def test_the_day_of_submission_does_not_count(self, day, count, due):
        assert working_days.add(day, count, PUBLISHED) == due

    def test_a_due_date_may_lie_years_ahead(self):
        assert working_days.add(date(2024, 12, 31), 248 * 2, PUBLISHED) == date(2026, 12, 31)

    def test_nobody_counts_backwards(self):
        with pytest.raises(ValueError, match="forwards"):
            working_days.add(date(2026, 3, 16), -1, PUBLISHED)

    @unhurried
    @given(days, st.integers(1, 600))
    def test_a_due_date_is_a_working_day_and_as_far_off_as_asked(self, day, count):
        due = working_days.add(day, count, PUBLISHED)

        assert working_days.is_working_day(due, PUBLISHED)
        assert working_days.count_between(day, due, PUBLISHED) == count

    @unhurried
    @given(days, st.integers(0, 40), st.integers(0, 40))
    def test_adding_twice_is_adding_the_sum(self, day, first, second):
        in_steps = working_days.add(working_days.add(day, first, PUBLISHED), second, PUBLISHED)

        assert in_steps == working_days.add(day, first + second, PUBLISHED)


class TestCountBetween:
    def test_it_counts_the_end_and_not_the_start(self):
        assert working_days.count_between(date(2026, 3, 16), date(2026, 3, 20), PUBLISHED) == 4

    def test_from_a_day_to_itself_is_nothing(self):
        assert working_days.count_between(date(2026, 3, 16), date(2026, 3, 16), PUBLISHED) == 0

    @unhurried
    @given(days, days)
    def test_it_is_the_number_of_working_days_one_by_one(self, start, end):
        counted = sum(
            working_days.is_working_day(start + timedelta(days=count), PUBLISHED) for count in range(1, max((end - start).days, 0) + 1)
        )

        assert max(working_days.count_between(start, end, PUBLISHED), 0) == counted

    @unhurried
    @given(days, days)
    def test_backwards_is_the_same_number_below_zero(self, start, end):
        assert working_days.count_between(start, end, PUBLISHED) == -working_days.count_between(end, start, PUBLISHED)


class TestHold:  # K-4
    START = date(2026, 3, 2)
    DUE = working_days.add(START, 15, PUBLISHED)

    def resume(self, stopped_on, resumed_on, minimum=5):
        return working_days.resume(due=self.DUE, stopped_on=stopped_on, resumed_on=resumed_on, minimum=minimum, calendar=PUBLISHED)

    def test_the_remaining_days_run_on(self):
        stopped_on = working_days.add(self.START, 4, PUBLISHED)
        resumed_on = date(2026, 5, 11)

        assert working_days.remaining(due=self.DUE, stopped_on=stopped_on, calendar=PUBLISHED) == 11
        assert self.resume(stopped_on, resumed_on) == working_days.add(resumed_on, 11, PUBLISHED)

    def test_a_freeze_on_day_12_of_15_leaves_five_days_not_three(self):  # life 9
        stopped_on = working_days.add(self.START, 12, PUBLISHED)

        assert working_days.remaining(due=self.DUE, stopped_on=stopped_on, calendar=PUBLISHED) == 3
        assert self.resume(stopped_on, date(2026, 5, 18)) == date(2026, 5, 25)

    def test_an_overdue_file_gets_the_minimum(self):
        stopped_on = self.DUE + timedelta(days=30)

        assert working_days.remaining(due=self.DUE, stopped_on=stopped_on, calendar=PUBLISHED) == 0
        assert self.resume(stopped_on, date(2026, 5, 18)) == date(2026, 5, 25)

    def test_the_minimum_is_the_association_s_to_set(self):
        assert self.resume(self.DUE, date(2026, 5, 18), minimum=1) == date(2026, 5, 19)

    @unhurried
    @given(st.integers(0, 40), st.integers(0, 400))
    def test_a_hold_never_takes_days_away(self, worked, held):
        stopped_on = self.START + timedelta(days=worked)
        resumed_on = stopped_on + timedelta(days=held)

        assert self.resume(stopped_on, resumed_on) >= max(self.DUE, resumed_on)


class TestCalendar:
    def test_it_is_equal_to_another_with_the_same_table_however_much_was_asked_of_it(self):
        asked, fresh = Calendar({date(2026, 3, 16): False}), Calendar({date(2026, 3, 16): False})

        working_days.add(date(2026, 3, 1), 20, asked)

        assert asked == fresh
