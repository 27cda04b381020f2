from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import Site

from guide_pages.models import PlainPage, SiteSettings

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

    @pytest.mark.parametrize(
        ("text", "starts", "ends", "state"),
        [("", None, None, "none"), (TEXT, None, None, "now"), (TEXT, -1, None, "now"), (TEXT, 1, None, "later"), (TEXT, -2, -1, "over")],
    )
    def test_editors_read_how_it_stands(self, text, starts, ends, state):
        now = timezone.now()
        start, end = (now + timedelta(hours=hours) if hours else None for hours in (starts, ends))

        assert SiteSettings(notice_text=text, notice_starts_at=start, notice_ends_at=end).notice_state == state

    def test_the_same_words_at_another_time_are_another_notice(self):
        """Who closed the first one sees the second."""
        first = SiteSettings(notice_text=TEXT, notice_starts_at=EIGHT)

        assert first.notice_key == SiteSettings(notice_text=TEXT, notice_starts_at=EIGHT, notice_ends_at=TEN).notice_key
        assert first.notice_key != SiteSettings(notice_text=TEXT, notice_starts_at=TEN).notice_key
        assert first.notice_key != SiteSettings(notice_text="另一则", notice_starts_at=EIGHT).notice_key

    def test_a_notice_that_ends_before_it_starts_is_refused(self):
        with pytest.raises(ValidationError):
            SiteSettings(notice_text=TEXT, notice_starts_at=TEN, notice_ends_at=EIGHT).clean()


class TestLegalNumbers:  # CMS-5
    def test_the_police_number_leads_to_its_entry_in_the_register(self):
        site = SiteSettings(police_number="津公网安备 12010102000001 号")

        assert site.police_url == "https://beian.mps.gov.cn/#/query/webSearch?code=12010102000001"
        assert SiteSettings().police_url == ""

    def test_the_footer_shows_them_once_they_are_there(self, home, client):
        assert "beian" not in client.get("/").content.decode()
        site = SiteSettings.for_site(Site.objects.get())
        site.icp_number, site.police_number = "津ICP备12000001号-1", "津公网安备 12010102000001 号"
        site.save()

        markup = client.get("/").content.decode()

        assert '<a href="https://beian.miit.gov.cn/" rel="noopener">津ICP备12000001号-1</a>' in markup
        assert ">津公网安备 12010102000001 号</a>" in markup


class TestMenus:  # CMS-1, CMS-5
    @pytest.fixture
    def about(self, home) -> PlainPage:
        """A page that editors added to the main menu."""
        site, page = SiteSettings.for_site(Site.objects.get()), PlainPage.objects.get(slug="about")
        site.menu_links = [("link", {"label": "关于我们", "destination": {"place": "", "page": page}})]
        site.footer_links = [("link", {"label": "查证书", "destination": {"place": "verify", "page": None}})]
        site.save()
        return page

    def test_editors_add_links_to_menu_and_footer(self, about, client):
        markup = client.get("/about/").content.decode()

        assert '<a href="/about/" aria-current="page">关于我们</a>' in markup
        assert '<li><a href="/verify/">查证书</a></li>' in markup

    def test_a_link_to_a_page_off_the_site_is_left_out(self, about, client):
        about.unpublish()

        assert "关于我们" not in client.get("/").content.decode()


class TestSupport:  # UI-6
    def test_the_guides_contact_is_there_from_the_start(self):
        site = SiteSettings()

        assert (site.support_name, site.support_phone) == ("霍老师", "022-28219588-805")

    def test_a_phone_dials_the_number_without_the_extension(self):
        assert SiteSettings().support_dial == "022-28219588"
        assert SiteSettings(support_phone="400-0001111").support_dial == "400-0001111"
