import re
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from guide_pages.models import GuideChapterPage, NewsArticlePage, SiteSettings
from tests.guide_pages.conftest import ADDRESSES, add_article


def markup_of(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


class TestEveryPage:  # CMS-1, UI-7
    @pytest.mark.parametrize("address", ADDRESSES)
    def test_it_answers_with_one_main_title(self, delivered_markup, address):
        assert len(re.findall(r"<h1[ >]", delivered_markup[address])) == 1

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_no_level_of_heading_is_skipped(self, delivered_markup, address):
        main = delivered_markup[address].split("<main", 1)[1].split("</main>", 1)[0]
        levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", main)]

        article = levels[levels.index(1) :]
        assert all(after - before <= 1 for before, after in zip(article, article[1:], strict=False)), levels

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_nothing_is_inline_that_the_policy_would_block(self, delivered_markup, address):
        markup = delivered_markup[address]

        assert not re.search(r"<[^>]+\sstyle=|<style|<[^>]+\son[a-z]+=|<script(?![^>]*(\ssrc=|ld\+json))", markup)

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_every_id_is_given_once(self, delivered_markup, address):
        ids = re.findall(r'\sid="([^"]*)"', delivered_markup[address])

        assert sorted(ids) == sorted(set(ids))
        assert "" not in ids

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_every_picture_has_a_description_or_is_said_to_be_ornament(self, delivered_markup, address):
        pictures = re.findall(r"<img[^>]*>", delivered_markup[address])

        assert [picture for picture in pictures if " alt=" not in picture] == []

    def test_an_unknown_address_says_so(self, home, client):
        assert client.get("/no-such-page/").status_code == 404

    def test_a_page_of_another_level_or_a_draft_is_not_found_there(self, chapter, client):
        assert client.get(f"/news/{chapter.slug}/").status_code == 404
        assert client.get(f"/{chapter.slug}/").status_code == 404
        assert client.get(f"{chapter.url}more/").status_code == 404

        chapter.unpublish()

        assert client.get(chapter.url).status_code == 404

    def test_the_sitemap_names_every_page(self, home, client):
        sitemap = markup_of(client, "/sitemap.xml")

        assert sitemap.count("<loc>") == len(ADDRESSES)


class TestGuide:  # CMS-1, UI-6
    def test_the_index_lists_what_is_published_and_promises_nothing_else(self, guide, client):
        for page in GuideChapterPage.objects.filter(device="phone"):
            page.unpublish()

        markup = markup_of(client, "/guide/")

        assert "/guide/web-enrolment/" in markup
        assert "/guide/phone-enrolment/" not in markup
        assert "移动端" not in markup

    def test_a_chapter_taken_off_the_site_leaves_index_and_home(self, chapter, client):
        chapter.unpublish()

        assert "/guide/web-enrolment/" not in markup_of(client, "/guide/")
        assert "/guide/web-enrolment/" not in markup_of(client, "/")

    def test_the_steps_are_numbered_and_reached_from_the_contents_of_the_page(self, delivered_markup):
        markup = delivered_markup["/guide/web-enrolment/"]

        for number in range(1, 9):
            assert f'id="step-{number}"' in markup
            assert f'href="#step-{number}"' in markup
        assert 'id="step-9"' not in markup

    def test_the_statuses_are_called_as_the_member_centre_calls_them(self, delivered_markup):
        markup = delivered_markup["/guide/web-enrolment/"]

        for word in ("申请中", "审批通过", "审批不通过"):
            assert f">{word}</span>" in markup

    @pytest.mark.parametrize(
        "label",
        ["用户注册", "会员中心", "申请会员", "医护会员注册", "打印/下载申请表格", "提交盖章文件", "下载会员证书", "下载证书", "申请撤销"],
    )
    def test_buttons_and_pages_keep_the_names_they_have_on_the_site(self, delivered_markup, label):
        assert f"「{label}」" in delivered_markup["/guide/web-enrolment/"]

    def test_editors_tell_web_and_phone_of_one_part_by_their_names(self, chapter):
        assert chapter.get_admin_display_title() == f"{chapter.title}（网页端）"

    def test_web_and_phone_of_one_part_lead_to_each_other(self, guide, client):
        assert 'href="/guide/phone-enrolment/"' in markup_of(client, "/guide/web-enrolment/")
        assert 'href="/guide/web-enrolment/"' in markup_of(client, "/guide/phone-enrolment/")

    def test_help_is_the_contact_of_the_site_settings(self, home, client):
        site = SiteSettings.for_site(Site.objects.get())
        site.support_name, site.support_phone = "李老师", "022-10000000-1"
        site.save()

        markup = markup_of(client, "/guide/web-enrolment/")

        assert "李老师" in markup
        assert 'href="tel:022-10000000"' in markup


class TestNews:  # CMS-1
    def test_the_newest_stands_first_on_home_and_index(self, news, client):
        add_article(news, slug="newer", title="较新的通知", day=date(2026, 12, 1))

        for address in ("/", "/news/"):
            markup = markup_of(client, address)
            assert markup.index("较新的通知") < markup.index("盖章申请表怎样扫描")

    def test_older_articles_are_a_page_further(self, news, client):
        first_day = date(2026, 1, 1)
        for number in range(20):
            add_article(news, slug=f"notice-{number}", title=f"第 {number} 号通知", day=first_day + timedelta(days=number))

        assert 'href="?page=2"' in markup_of(client, "/news/")
        assert "第 0 号通知" in markup_of(client, "/news/?page=2")

    def test_a_page_number_that_does_not_exist_shows_the_nearest(self, news, client):
        assert "盖章申请表怎样扫描" in markup_of(client, "/news/?page=99")
        assert "盖章申请表怎样扫描" in markup_of(client, "/news/?page=x")

    def test_the_years_stand_above_once_there_are_two(self, news, client):
        assert "按年份看" not in markup_of(client, "/news/")

        add_article(news, slug="older", title="前一年的通知", day=date(2025, 12, 31))

        assert 'href="?year=2025"' in markup_of(client, "/news/")
        of_2025 = markup_of(client, "/news/?year=2025")
        assert "前一年的通知" in of_2025
        assert "盖章申请表怎样扫描" not in of_2025
        assert "盖章申请表怎样扫描" in markup_of(client, "/news/?year=1999")

    def test_paging_stays_within_the_year(self, news, client):
        for number in range(21):
            add_article(news, slug=f"old-{number}", title=f"第 {number} 号通知", day=date(2024, 1, 1))

        assert 'href="?year=2024&amp;page=2"' in markup_of(client, "/news/?year=2024")

    def test_an_article_leads_to_the_ones_beside_it(self, delivered_markup):
        markup = delivered_markup["/news/stamped-form/"]

        assert 'href="/news/verify-a-certificate/" rel="prev"' in markup
        assert 'href="/news/new-site/" rel="next"' in markup


class TestScheduledPublishing:  # CMS-1
    def test_an_article_appears_when_its_time_has_come(self, news, client):
        article = add_article(news, slug="tomorrow", title="明天的通知", day=date(2026, 12, 1))
        article.unpublish()
        article.go_live_at = timezone.now() + timedelta(hours=1)
        revision = article.save_revision()
        revision.publish()
        call_command("publish_scheduled")
        assert client.get("/news/tomorrow/").status_code == 404

        # The hour passes.
        revision.approved_go_live_at = timezone.now() - timedelta(minutes=1)
        revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
        revision.save()
        call_command("publish_scheduled")

        assert client.get("/news/tomorrow/").status_code == 200

    def test_an_article_leaves_when_it_has_expired(self, news, client):
        article = add_article(news, slug="today", title="今天的通知", day=date(2026, 12, 1))
        NewsArticlePage.objects.filter(pk=article.pk).update(expire_at=timezone.now() - timedelta(minutes=1))

        call_command("publish_scheduled")

        assert client.get("/news/today/").status_code == 404


class TestRedirects:  # CMS-1
    def test_an_old_address_leads_to_where_the_page_is_now(self, chapter, client):
        Redirect.add_redirect("/guide/enrolment/", redirect_to=chapter)

        response = client.get("/guide/enrolment/")

        assert (response.status_code, response.headers["Location"]) == (301, "/guide/web-enrolment/")


class TestSiteNotice:  # UI-9
    def test_a_notice_stands_on_every_page_while_it_runs(self, home, client):
        site = SiteSettings.for_site(Site.objects.get())
        site.notice_text = "今晚维护"
        site.save()
        assert "今晚维护" in markup_of(client, "/guide/")

        site.notice_ends_at = timezone.now() - timedelta(minutes=1)
        site.save()

        assert "今晚维护" not in markup_of(client, "/guide/")
