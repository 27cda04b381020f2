from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from membership import periods

SHANGHAI = ZoneInfo("Asia/Shanghai")
unhurried = settings(derandomize=True, deadline=None)
days = st.dates(date(1930, 1, 1), date(2080, 12, 31))


class TestSameDayNext:  # M-3, field case 38
    @pytest.mark.parametrize(
        ("day", "months", "expected"),
        [
            (date(2025, 3, 17), 12, date(2026, 3, 17)),
            (date(2028, 2, 29), 12, date(2029, 2, 28)),
            (date(2028, 2, 29), 48, date(2032, 2, 29)),
            (date(2027, 2, 28), 12, date(2028, 2, 28)),
            (date(2026, 1, 31), 1, date(2026, 2, 28)),
            (date(2026, 12, 15), 1, date(2027, 1, 15)),
            (date(2026, 11, 30), 6, date(2027, 5, 30)),
            (date(2026, 3, 17), 0, date(2026, 3, 17)),
            (date(2026, 3, 31), -1, date(2026, 2, 28)),
        ],
    )
    def test_a_period_ends_on_the_same_day_or_the_months_last(self, day, months, expected):
        assert periods.same_day_next(day, months) == expected

    @unhurried
    @given(days, st.integers(0, 240))
    def test_it_lands_in_the_month_asked_for_and_never_beyond_the_day(self, day, months):
        later = periods.same_day_next(day, months)

        assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
        assert later.day <= day.day

    def test_there_is_no_year_ten_thousand(self):
        with pytest.raises(ValueError, match="year"):
            periods.same_day_next(date(9999, 6, 1), 12)


class TestAgeOn:  # M-11, P-2, field case 37, life 5
    @pytest.mark.parametrize(
        ("born_on", "day", "age"),
        [
            (date(1981, 6, 10), date(2026, 6, 9), 44),
            (date(1981, 6, 10), date(2026, 6, 10), 45),
            (date(1988, 7, 1), date(2026, 11, 25), 38),
            (date(2012, 2, 29), date(2026, 2, 27), 13),
            (date(2012, 2, 29), date(2026, 2, 28), 14),
            (date(2012, 2, 29), date(2028, 2, 28), 15),
            (date(2012, 2, 29), date(2028, 2, 29), 16),
            (date(2026, 6, 10), date(2026, 6, 10), 0),
            (date(2026, 6, 10), date(2026, 6, 9), -1),
        ],
    )
    def test_the_birthday_itself_makes_a_year_older(self, born_on, day, age):
        assert periods.age_on(born_on, day) == age

    @unhurried
    @given(days, st.integers(0, 30_000))
    def test_nobody_gets_younger_or_skips_a_year(self, born_on, lived):
        day = born_on + timedelta(days=lived)

        assert periods.age_on(born_on, day + timedelta(days=1)) - periods.age_on(born_on, day) in (0, 1)


class TestShanghaiDate:  # field case 37
    @pytest.mark.parametrize(
        ("at", "day"),
        [
            (datetime(2026, 3, 16, 16, 30, tzinfo=UTC), date(2026, 3, 17)),
            (datetime(2026, 3, 16, 15, 59, 59, 999999, tzinfo=UTC), date(2026, 3, 16)),
            (datetime(2026, 3, 17, 0, 30, tzinfo=SHANGHAI), date(2026, 3, 17)),
            (datetime(2026, 3, 16, 20, 0, tzinfo=ZoneInfo("America/New_York")), date(2026, 3, 17)),
            (datetime(1988, 7, 1, 0, 0, tzinfo=SHANGHAI), date(1988, 7, 1)),
        ],
    )
    def test_the_day_begins_at_midnight_in_shanghai(self, at, day):
        assert periods.shanghai_date(at) == day

    def test_a_moment_without_time_zone_is_refused(self):
        with pytest.raises(ValueError, match="time zone"):
            periods.shanghai_date(datetime(2026, 3, 17))


class TestEndOfDay:
    def test_the_last_second_belongs_to_the_day_and_midnight_does_not(self):
        end = periods.end_of_day(date(2026, 3, 17))

        assert datetime(2026, 3, 17, 23, 59, 59, tzinfo=SHANGHAI) < end
        assert periods.shanghai_date(end) == date(2026, 3, 18)

    def test_it_is_16_o_clock_in_greenwich(self):
        assert periods.end_of_day(date(2026, 3, 17)) == datetime(2026, 3, 17, 16, tzinfo=UTC)

    @unhurried
    @given(st.dates(date(1950, 1, 1), date(2080, 12, 31)))
    def test_every_day_ends_one_moment_after_its_last(self, day):
        end = periods.end_of_day(day)

        assert periods.shanghai_date(end.astimezone(UTC) - timedelta(microseconds=1)) == day
        assert periods.shanghai_date(end) == day + timedelta(days=1)
