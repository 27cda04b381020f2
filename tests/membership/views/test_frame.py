"""What stands above every page: the site notice, and outside production the name of the place (UI-9)."""

import pytest
from django.test import Client
from wagtail.models import Site

from guide_pages.models import SiteSettings
from tests.factories.browser import client_of
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

NOTICE = "续会自 12 月 1 日开始"
# Public, member and door pages.
PAGES = ("/verify/", "/member/", "/accounts/login/")


def page(path: str) -> str:
    visitor = client_of(UserFactory()) if path == "/member/" else Client()
    return visitor.get(path).text


class TestTheSiteNotice:  # UI-9
    @pytest.fixture
    def notice(self) -> SiteSettings:
        site = Site.objects.first() or Site.objects.create(hostname="testserver", root_page_id=1, is_default_site=True)
        facts = SiteSettings.for_site(site)
        facts.notice_text = NOTICE
        facts.save()
        return facts

    @pytest.mark.parametrize("path", PAGES)
    def test_it_shows_on_every_kind_of_page_and_can_be_closed(self, path, notice):
        html = page(path)

        assert NOTICE in html
        assert f'data-site-notice="{notice.notice_key}"' in html
        assert "js/site-notice.js" in html

    @pytest.mark.parametrize("path", PAGES)
    def test_without_one_nothing_shows(self, path):
        html = page(path)

        assert "site-notice" not in html.replace("css/components/site-notice", "")


class TestTheNameOfThePlace:  # UI-9
    @pytest.mark.parametrize("path", PAGES)
    def test_a_bar_names_it(self, path, settings):
        settings.ENVIRONMENT_NAME = "测试环境"

        assert "测试环境：资料都是虚构的，请勿填真实信息" in page(path)

    @pytest.mark.parametrize("path", PAGES)
    def test_without_a_name_there_is_no_bar(self, path):
        assert "environment-bar" not in page(path)
