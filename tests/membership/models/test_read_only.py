"""The switch of the read-only mode: from when it holds, what is said of it, and that every reader sees a change (UI-9)."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from membership.models import ReadOnlyMode, read_only
from membership.periods import SHANGHAI

EVENING = datetime(2026, 12, 1, 22, 0, tzinfo=SHANGHAI)
LATE = EVENING + timedelta(hours=1, minutes=30)
MORNING = datetime(2026, 12, 2, 6, 0, tzinfo=SHANGHAI)
MOMENT = timedelta(seconds=1)


class TestWhenItHolds:  # UI-9
    @pytest.mark.parametrize(
        ("is_on", "starts_at", "at", "holds"),
        [
            (False, None, EVENING, False),
            (False, EVENING, LATE, False),
            (True, None, EVENING, True),
            (True, EVENING, EVENING - MOMENT, False),
            (True, EVENING, EVENING, True),
        ],
    )
    def test_it_holds_from_its_start_on_while_it_is_on(self, is_on, starts_at, at, holds):
        assert ReadOnlyMode(is_on=is_on, starts_at=starts_at).is_in_force_at(at) is holds

    def test_its_expected_end_does_not_end_it(self):
        """A maintenance that takes longer than expected must not open the door by itself."""
        assert ReadOnlyMode(is_on=True, starts_at=EVENING, ends_at=LATE).is_in_force_at(LATE + timedelta(days=1))

    def test_an_operator_holds_it_whatever_the_switch_says(self, settings):
        settings.READ_ONLY = True

        assert ReadOnlyMode().is_in_force_at(EVENING)
        assert not ReadOnlyMode().is_announced_at(EVENING)

    @pytest.mark.parametrize(
        ("ends_at", "at", "seconds"),
        [(LATE, EVENING, 5401), (LATE, LATE - MOMENT, 2), (LATE, LATE, 600), (None, EVENING, 600)],
    )
    def test_a_script_is_told_how_long_to_wait(self, ends_at, at, seconds):
        assert ReadOnlyMode(is_on=True, ends_at=ends_at).retry_after(at) == seconds

    def test_an_old_end_of_a_switch_that_is_off_says_nothing_of_the_operators_maintenance(self, settings):
        settings.READ_ONLY = True

        assert ReadOnlyMode(is_on=False, ends_at=LATE).end_seen_from(EVENING) is None


class TestWhatIsSaidOfIt:  # UI-9
    BEFORE = EVENING - timedelta(days=1)

    @pytest.mark.parametrize(
        ("ends_at", "at", "words"),
        [
            (LATE, BEFORE, "12月1日 22:00 至 23:30 网站维护，期间可以查看，不能提交。升级证书下载。"),
            (MORNING, BEFORE, "12月1日 22:00 至 12月2日 06:00 网站维护，期间可以查看，不能提交。升级证书下载。"),
            (None, BEFORE, "12月1日 22:00 起网站维护，期间可以查看，不能提交。升级证书下载。"),
            (LATE, EVENING, "网站正在维护，可以查看，暂时不能提交。预计 12月1日 23:30 恢复。升级证书下载。"),
            (LATE, LATE, "网站正在维护，可以查看，暂时不能提交。升级证书下载。"),
        ],
    )
    def test_it_is_announced_and_then_explained(self, ends_at, at, words):
        mode = ReadOnlyMode(is_on=True, starts_at=EVENING, ends_at=ends_at, text="升级证书下载。")

        assert mode.notice_at(at) == words

    def test_nothing_is_said_while_it_is_off(self):
        assert ReadOnlyMode(starts_at=EVENING, text="升级证书下载。").notice_at(LATE) == ""

    def test_an_end_before_the_start_is_refused(self):
        with pytest.raises(ValidationError, match="应晚于开始时间"):
            ReadOnlyMode(starts_at=LATE, ends_at=EVENING).clean()


@pytest.mark.django_db
class TestCurrent:  # UI-9, Speed
    def test_it_is_off_from_the_start(self):
        assert not read_only.current().is_in_force_at(EVENING)

    def test_a_change_is_seen_at_once(self):
        mode = read_only.current()
        mode.is_on = True
        mode.save()

        assert read_only.current().is_in_force_at(EVENING)

    def test_a_second_reading_asks_the_database_nothing(self, django_assert_num_queries):
        read_only.current()

        with django_assert_num_queries(0):
            assert ReadOnlyMode.load().pk == 1

    def test_there_is_one_switch(self):
        with pytest.raises(IntegrityError):
            ReadOnlyMode.objects.create(pk=2)
