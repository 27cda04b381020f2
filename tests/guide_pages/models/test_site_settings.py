from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from guide_pages.models import SiteSettings

EIGHT = datetime(2026, 12, 1, 20, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TEN = EIGHT + timedelta(hours=2)
MOMENT = timedelta(seconds=1)
TEXT = "今晚 20:00–22:00 维护，期间不能提交申请"


class TestSiteNotice:  # UI-9
    def test_a_notice_shows_from_its_start_until_its_end(self):
        site = SiteSettings(notice_text=TEXT, notice_starts_at=EIGHT, notice_ends_at=TEN)

        assert [site.notice_at(at) for at in (EIGHT - MOMENT, EIGHT, TEN - MOMENT, TEN)] == ["", TEXT, TEXT, ""]

    def test_a_notice_without_dates_shows_until_it_is_deleted(self):
        assert SiteSettings(notice_text=TEXT).notice_at(TEN) == TEXT
        assert SiteSettings().notice_at(TEN) == ""

    def test_a_notice_that_ends_before_it_starts_is_refused(self):
        with pytest.raises(ValidationError):
            SiteSettings(notice_text=TEXT, notice_starts_at=TEN, notice_ends_at=EIGHT).clean()


class TestSupport:  # UI-6
    def test_the_guides_contact_is_there_from_the_start(self):
        site = SiteSettings()

        assert (site.support_name, site.support_phone) == ("霍老师", "022-28219588-805")

    def test_a_phone_dials_the_number_without_the_extension(self):
        assert SiteSettings().support_dial == "022-28219588"
        assert SiteSettings(support_phone="400-0001111").support_dial == "400-0001111"
