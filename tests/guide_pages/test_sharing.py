import json
import re
from xml.etree import ElementTree

import pytest
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Site

from guide_pages.models import NewsArticlePage, SiteSettings
from tests.guide_pages.conftest import ADDRESSES, SITE_URL


def facts_of(markup: str) -> list[dict]:
    return [json.loads(text) for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', markup)]


def meta(markup: str, name: str) -> str:
    return re.search(rf'<meta (?:property|name|itemprop)="{name}" content="([^"]*)">', markup)[1]


class TestCards:  # CMS-1
    @pytest.mark.parametrize("address", ADDRESSES)
    def test_every_page_has_a_title_a_sentence_and_a_picture_to_be_shared_with(self, delivered_markup, address):
        markup = delivered_markup[address]

        assert meta(markup, "og:title")
        assert meta(markup, "og:description") == meta(markup, "description")
        assert meta(markup, "og:url") == SITE_URL + address
        assert re.match(r"http://.+share-wide", meta(markup, "og:image"))
        # WeChat shows a square; nothing below 300 pixels.
        assert re.match(r"http://.+share-square", meta(markup, "image"))

    def test_an_article_is_shared_with_its_picture(self, news, client):
        article = NewsArticlePage.objects.get(slug="stamped-form")
        article.picture = get_image_model().objects.create(title="盖章", file=get_test_image_file(size=(900, 900)))
        article.picture_alt = "盖好章的申请表"
        article.save_revision().publish()

        markup = client.get("/news/stamped-form/").content.decode()

        assert "fill-1200x630" in meta(markup, "og:image")
        assert "fill-600x600" in meta(markup, "image")
        assert facts_of(markup)[0]["image"] == [meta(markup, "og:image")]

    def test_the_association_may_choose_the_picture_of_all_other_pages(self, home, client):
        site = SiteSettings.for_site(Site.objects.get())
        site.share_picture = get_image_model().objects.create(title="会徽", file=get_test_image_file(size=(900, 900)))
        site.save()

        assert "fill-600x600" in meta(client.get("/guide/").content.decode(), "image")


class TestStructuredData:  # CMS-1
    def test_home_says_who_the_association_is(self, delivered_markup):
        (organization,) = facts_of(delivered_markup["/"])

        assert (organization["@type"], organization["name"]) == ("Organization", "中国抗癌协会")
        assert organization["contactPoint"]["telephone"] == "+86-22-28219588-805"

    def test_an_article_says_when_it_was_written_and_how_one_gets_there(self, delivered_markup):
        article, way = facts_of(delivered_markup["/news/stamped-form/"])

        assert (article["@type"], article["datePublished"]) == ("NewsArticle", "2026-11-25")
        assert [item["name"] for item in way["itemListElement"]] == ["首页", "新闻", "盖章申请表怎样扫描、拍照才清楚"]

    def test_no_text_of_an_editor_ends_the_block_of_data(self, news, client):
        article = NewsArticlePage.objects.get(slug="stamped-form")
        article.title = "</script><script>alert(1)</script>"
        article.save_revision().publish()

        markup = client.get("/news/stamped-form/").content.decode()

        assert "<script>alert" not in markup
        assert facts_of(markup)[0]["headline"] == article.title


class TestMachines:  # CMS-1
    def test_the_feed_is_valid_xml_with_the_newest_article_first(self, home, client):
        response = client.get("/news/feed/")

        assert response.headers["Content-Type"].startswith("application/rss+xml")
        channel = ElementTree.fromstring(response.content).find("channel")
        assert channel.findtext("language") == "zh-CN"
        assert [item.findtext("link").split("/news/")[1] for item in channel.iter("item")] == [
            "verify-a-certificate/",
            "stamped-form/",
            "new-site/",
        ]

    def test_an_article_off_the_site_leaves_the_feed(self, home, client):
        NewsArticlePage.objects.get(slug="new-site").unpublish()

        assert "new-site" not in client.get("/news/feed/").content.decode()

    def test_the_feed_works_before_any_page_is_there(self, db, client):
        assert client.get("/news/feed/").status_code == 200

    def test_home_and_news_name_the_feed(self, delivered_markup):
        named = [address for address, markup in delivered_markup.items() if "application/rss+xml" in markup]

        assert named == ["/", "/news/"]

    def test_search_engines_are_sent_to_the_sitemap_and_away_from_persons(self, db, client):
        text = client.get("/robots.txt").content.decode()

        assert "Sitemap: http://testserver/sitemap.xml" in text
        for private in ("/member/", "/accounts/", "/admin/", "/files/"):
            assert f"Disallow: {private}" in text

    def test_a_phone_finds_name_and_icons(self, db, client):
        manifest = json.loads(client.get("/manifest.webmanifest").content)

        assert manifest["name"] == "中国抗癌协会会员"
        assert {icon["sizes"] for icon in manifest["icons"]} >= {"192x192", "512x512"}

    @pytest.mark.parametrize("address", ["/favicon.ico", "/apple-touch-icon.png"])
    def test_icons_are_found_where_browsers_guess_them(self, db, address, client):
        assert client.get(address).headers["Location"].startswith("/static/images/")
