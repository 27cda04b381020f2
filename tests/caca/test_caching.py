"""The published pages as they are kept for visitors without a session (product.md, Speed)."""

from datetime import date, timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Site

from caca import caching
from guide_pages.models import GuideChapterPage, GuideIndexPage, HomePage, NewsIndexPage, PlainPage, SiteSettings
from membership.models import ReadOnlyMode
from tests.factories.browser import client_of
from tests.factories.people import UserFactory
from tests.guide_pages.conftest import STEP, add_article, add_chapter

PAGES = ["/", "/guide/", "/guide/web-enrolment/", "/news/", "/news/stamped-form/", "/about/"]


@pytest.fixture
def home(db) -> HomePage:
    """The home page of a small site: one page of each kind below it."""
    home = Page.get_first_root_node().add_child(instance=HomePage(title="首页", slug="site", hero_title="首页", hero_text="一句话。"))
    Site.objects.update(root_page=home)
    Site.clear_site_root_paths_cache()
    home.add_child(instance=PlainPage(title="关于协会", slug="about"))
    home.add_child(instance=GuideIndexPage(title="会员指南", slug="guide"))
    home.add_child(instance=NewsIndexPage(title="新闻", slug="news"))
    return HomePage.objects.get(pk=home.pk)


@pytest.fixture
def guide(home) -> GuideIndexPage:
    return GuideIndexPage.objects.get()


@pytest.fixture
def news(home) -> NewsIndexPage:
    return NewsIndexPage.objects.get()


@pytest.fixture(autouse=True)
def chapter(guide) -> GuideChapterPage:
    page = GuideChapterPage(slug="web-enrolment", title="新会员入会", device="web", part=1, intro="一步办完。", body=[STEP])
    return guide.add_child(instance=page)


@pytest.fixture(autouse=True)
def article(news):
    return add_article(news, slug="stamped-form", title="盖章申请表怎样扫描", day=date(2026, 11, 1))


@pytest.fixture(autouse=True)
def kept(settings, chapter, article):
    """Pages are kept, as in production."""
    settings.PUBLIC_PAGE_CACHE_SECONDS = 300
    caching.is_page.cache_clear()


@pytest.fixture
def change(django_capture_on_commit_callbacks):
    """A change that is committed, as it is outside a test."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def is_kept(address: str, **headers) -> bool:
    """Whether a visitor, asking like this twice, is answered the second time without a query."""
    visitor = Client(headers=headers)
    queries_of(visitor, address)
    return queries_of(visitor, address) == 0


def markup_of(address: str, client: Client | None = None) -> str:
    return (client or Client()).get(address).content.decode()


class TestVisitor:  # Speed
    @pytest.mark.parametrize("address", PAGES)
    def test_a_second_visitor_costs_no_query_and_gets_no_session(self, address):
        first = Client().get(address)

        with CaptureQueriesContext(connection) as asked:
            second = Client().get(address)

        assert len(asked) == 0
        assert second.content == first.content
        assert not first.cookies
        assert not second.cookies

    def test_cookies_that_mean_nothing_here_share_the_page(self):
        Client().get("/guide/")
        visitor = Client()
        visitor.cookies["statistics"] = "an-id-of-a-visitor"

        assert queries_of(visitor, "/guide/") == 0

    def test_the_browser_asks_each_time_and_tells_its_cookies_apart(self):
        for answer in (Client().get("/guide/"), Client().get("/guide/")):
            assert answer.headers["Cache-Control"] == "no-cache"
            assert "cookie" in answer.headers["Vary"].lower()
            assert not answer.has_header("Expires")
            assert not answer.has_header("Age")

    def test_every_answer_has_a_request_id_of_its_own_and_the_policy(self):
        first, second = Client().get("/guide/"), Client().get("/guide/")

        assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]
        assert second.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
        assert second.headers["X-Content-Type-Options"] == "nosniff"

    def test_a_head_request_is_answered_from_the_same_page(self):
        Client().get("/guide/")

        with CaptureQueriesContext(connection) as asked:
            answer = Client().head("/guide/")

        assert (answer.status_code, answer.content, len(asked)) == (200, b"", 0)

    def test_it_can_be_switched_off(self, settings):
        settings.PUBLIC_PAGE_CACHE_SECONDS = 0

        assert not is_kept("/guide/")


class TestWhoIsNotServedFromIt:
    def test_somebody_logged_in_sees_their_own_header_and_leaves_nothing_behind(self):
        Client().get("/guide/")
        member = client_of(UserFactory(phone="+8613800007777"))

        assert "user-menu" in markup_of("/guide/", member)
        assert "user-menu" not in markup_of("/guide/")

    def test_the_first_visit_by_somebody_logged_in_is_not_kept(self):
        markup_of("/news/", client_of(UserFactory()))

        assert "user-menu" not in markup_of("/news/")

    def test_a_message_waiting_in_a_cookie_is_not_shown_to_others(self):
        visitor = Client()
        visitor.cookies["messages"] = "anything"

        assert queries_of(visitor, "/guide/") > 0
        assert queries_of(visitor, "/guide/") > 0

    def test_a_query_is_not_kept_so_that_nobody_fills_the_cache(self):
        assert not is_kept("/guide/?page=2")
        assert not is_kept("/news/?from=timeline")

    def test_an_editor_previews_the_draft_and_visitors_do_not(self, chapter):
        before = markup_of(chapter.url)
        chapter.title = "只有编辑看得到的标题"

        preview = chapter.make_preview_request()

        assert "只有编辑看得到的标题" in preview.content.decode()
        assert markup_of(chapter.url) == before


class TestWhatIsNotKept:
    @pytest.mark.parametrize("address", ["/accounts/login/", "/verify/", "/sitemap.xml"])
    def test_what_is_no_published_page(self, address):
        assert not caching.is_page(address)

    def test_a_page_that_does_not_exist_is_found_once_it_does(self, news, change):
        assert Client().get("/news/new-one/").status_code == 404

        with change():
            add_article(news, slug="new-one", title="新的通知", day=timezone.now().date())

        assert "新的通知" in markup_of("/news/new-one/")

    def test_a_redirect_is_answered_anew_each_time(self):
        assert Client().get("/guide").status_code == 301
        assert Client().get("/guide").status_code == 301

    def test_a_page_read_over_https_does_not_stand_in_for_the_way_there(self, settings):
        settings.SECURE_SSL_REDIRECT = True
        assert Client().get("/guide/", secure=True).status_code == 200

        assert Client().get("/guide/").status_code == 301

    def test_another_host_has_pages_of_its_own(self, settings):
        Client().get("/guide/", headers={"host": "one.example.org"})

        with CaptureQueriesContext(connection) as asked:
            Client().get("/guide/", headers={"host": "two.example.org"})
        assert len(asked) > 0

    def test_an_answer_that_sets_a_cookie_or_names_a_nonce(self, rf):
        plain, tokened, nonced, private = HttpResponse(), HttpResponse(), HttpResponse(), HttpResponse()
        tokened.set_cookie("csrftoken", get_token(rf.get("/")))
        nonced.headers["Content-Security-Policy"] = "script-src 'self' 'nonce-Zm9v'"
        private.headers["Cache-Control"] = "no-store, private"

        assert [caching.may_be_kept(answer) for answer in (plain, tokened, nonced, private)] == [True, False, False, False]

    @pytest.mark.parametrize("address", PAGES)
    def test_no_page_holds_a_token_or_a_nonce(self, address):
        answer = Client().get(address)

        assert "csrfmiddlewaretoken" not in answer.content.decode()
        assert "nonce" not in answer.headers["Content-Security-Policy"]


class TestLanguage:
    def test_each_language_has_pages_of_its_own(self, settings):
        settings.LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
        assert Client().get("/guide/", headers={"accept-language": "zh-CN"}).headers["Content-Language"] == "zh-hans"
        assert Client().get("/guide/", headers={"accept-language": "en"}).headers["Content-Language"] == "en"

        again = Client().get("/guide/", headers={"accept-language": "zh-CN"})

        assert again.headers["Content-Language"] == "zh-hans"

    def test_wishes_for_a_language_that_we_do_not_have_share_the_page(self):
        Client().get("/guide/", headers={"accept-language": "zh-CN,zh;q=0.9"})

        assert queries_of(Client(headers={"accept-language": "fr;q=0.8"}), "/guide/") == 0


class TestForgetting:
    """A change shows at once, whichever page it shows on."""

    def test_publishing(self, chapter, change):
        markup_of(chapter.url)
        chapter.intro = "改过的引言"

        with change():
            chapter.save_revision().publish()

        assert "改过的引言" in markup_of(chapter.url)

    def test_unpublishing_also_on_the_pages_that_led_there(self, chapter, change):
        assert chapter.url in markup_of("/guide/")

        with change():
            chapter.unpublish()

        assert chapter.url not in markup_of("/guide/")
        assert Client().get(chapter.url).status_code == 404

    def test_a_new_chapter_a_deleted_one_and_a_moved_one(self, guide, change):
        markup_of("/guide/")
        with change():
            added = add_chapter(guide, slug="phone-enrolment", title="手机办理", device="phone", part=1)
        assert "手机办理" in markup_of("/guide/")

        with change():
            Page.objects.get(pk=added.pk).delete()
        assert "手机办理" not in markup_of("/guide/")

    def test_a_new_address(self, chapter, change):
        markup_of(chapter.url)
        chapter.slug = "another-address"

        with change():
            chapter.save_revision().publish()

        assert Client().get("/guide/web-enrolment/").url == "/guide/another-address/"
        assert "/guide/another-address/" in markup_of("/guide/")

    def test_the_order_of_pages(self, guide, change):
        edition = caching.current_edition()

        with change():
            guide.move(GuideIndexPage.objects.get(pk=guide.pk).get_parent(), pos="first-child")

        assert caching.current_edition() != edition

    def test_a_page_made_private(self, chapter, change):
        markup_of(chapter.url)

        with change():
            restriction = PageViewRestriction.objects.create(page=chapter, restriction_type=PageViewRestriction.GROUPS)
            restriction.groups.add(Group.objects.create(name="编辑部"))

        assert Client().get(chapter.url).status_code == 302

    def test_the_site_s_settings(self, change):
        markup_of("/guide/")

        with change():
            site = SiteSettings.for_site(Site.objects.get())
            site.support_name = "李老师"
            site.save()

        assert "李老师" in markup_of("/guide/")

    def test_scheduled_publishing_by_the_command(self, chapter, change, settings):
        settings.PUBLIC_PAGE_CACHE_SECONDS = 24 * 3600
        markup_of(chapter.url)
        chapter.intro = "到点发布的引言"
        chapter.go_live_at = timezone.now() + timedelta(hours=1)
        chapter.save_revision().publish()
        assert "到点发布的引言" not in markup_of(chapter.url)

        with time_machine.travel(timezone.now() + timedelta(hours=2)):
            with change():
                call_command("publish_scheduled", stdout=StringIO())

            assert "到点发布的引言" in markup_of(chapter.url)

    def test_nothing_of_the_membership_system(self, change):
        edition = caching.current_edition()

        with change():
            UserFactory()

        assert caching.current_edition() == edition

    def test_a_change_that_was_rolled_back_forgets_nothing(self, chapter, django_capture_on_commit_callbacks):
        edition = caching.current_edition()

        with django_capture_on_commit_callbacks() as waiting:
            chapter.save()

        assert waiting
        assert caching.current_edition() == edition

    def test_a_page_made_before_a_change_and_finished_after_it_is_not_kept(self, chapter, monkeypatch, change):
        get_context = type(chapter).get_context

        def overtaken(page, request, *args, **kwargs):
            caching.forget_pages()
            return get_context(page, request, *args, **kwargs)

        monkeypatch.setattr(type(chapter), "get_context", overtaken)
        markup_of(chapter.url)
        monkeypatch.undo()

        assert queries_of(Client(), chapter.url) > 0

    def test_a_release_with_other_files(self, monkeypatch):
        """Pages name style sheets by a hash of what is in them; the old ones are gone after a release."""
        monkeypatch.setattr(caching, "staticfiles_storage", SimpleNamespace(manifest_hash="before"))
        assert is_kept("/guide/")

        monkeypatch.setattr(caching, "staticfiles_storage", SimpleNamespace(manifest_hash="after"))

        assert queries_of(Client(), "/guide/") > 0

    def test_a_lost_edition_brings_no_old_page_back(self):
        markup_of("/guide/")
        caching.cache.delete(caching.EDITION)

        assert queries_of(Client(), "/guide/") > 0


class TestSiteNotice:  # UI-9
    @pytest.fixture
    def notice(self, home, change):
        def set_notice(starts_in: timedelta | None, ends_in: timedelta | None) -> None:
            site = SiteSettings.for_site(Site.objects.get())
            site.notice_text = "今晚维护"
            site.notice_starts_at = timezone.now() + starts_in if starts_in else None
            site.notice_ends_at = timezone.now() + ends_in if ends_in else None
            with change():
                site.save()

        return set_notice

    def seconds(self, rf) -> int:
        request = rf.get("/guide/", headers={"host": "localhost"})
        return caching.seconds_to_keep(request, at=timezone.now())

    def test_without_one_a_page_is_kept_for_the_whole_time(self, rf):
        assert self.seconds(rf) == 300

    def test_it_appears_and_goes_on_time(self, notice, rf):
        notice(timedelta(seconds=61), timedelta(seconds=121))
        assert 55 < self.seconds(rf) <= 61

        notice(-timedelta(seconds=61), timedelta(seconds=121))
        assert 115 < self.seconds(rf) <= 121

        notice(-timedelta(seconds=61), None)
        assert self.seconds(rf) == 300

    def test_the_notice_of_a_maintenance_changes_on_time_too(self, change, rf):
        begins = timezone.now() + timedelta(seconds=91)
        with change():
            ReadOnlyMode.objects.update_or_create(pk=1, defaults={"is_on": True, "starts_at": begins})
        assert "网站维护" in markup_of("/guide/")

        assert 85 < self.seconds(rf) <= 91

    def test_a_page_whose_notice_goes_this_second_is_not_kept(self, notice):
        notice(None, timedelta(seconds=0.9))

        assert not is_kept("/guide/")


class TestSharedParts:  # Speed: what all readers share of a chapter, for those who have a page of their own
    def test_the_guide_costs_a_member_less_the_second_time(self, chapter):
        member = client_of(UserFactory())

        first, second = queries_of(member, chapter.url), queries_of(member, chapter.url)

        assert second <= first - 3

    def test_a_reader_who_asks_with_a_query_costs_at_most_eight_queries(self, chapter):
        queries_of(Client(), f"{chapter.url}?from=message")

        assert queries_of(Client(), f"{chapter.url}?from=message") <= 8

    def test_they_change_with_what_they_show(self, guide, chapter, change):
        member = client_of(UserFactory())
        markup_of(chapter.url, member)

        with change():
            add_chapter(guide, slug="web-change", title="申请资料变更", device="web", part=2)

        assert "申请资料变更" in markup_of(chapter.url, member)

    def test_an_editor_previews_the_draft_between_readers(self, chapter):
        markup_of(chapter.url, client_of(UserFactory()))
        draft = GuideChapterPage.objects.get(pk=chapter.pk)
        draft.intro = "还没有发布的引言。"

        assert "还没有发布的引言。" in draft.make_preview_request(preview_mode="").content.decode()
        assert "还没有发布的引言。" not in markup_of(chapter.url, client_of(UserFactory()))

    def test_the_answer_of_one_reader_is_not_shown_to_another(self, chapter):
        assert "已记下" in markup_of(f"{chapter.url}?helpful=yes")
        assert "已记下" not in markup_of(f"{chapter.url}?helpful=")
