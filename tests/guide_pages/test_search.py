import re
from datetime import date, timedelta
from html import unescape
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, PageViewRestriction, Site

from guide_pages import models, search_index, search_rates
from guide_pages.models import GuideChapterPage, NewsArticlePage, NewsIndexPage, PlainPage
from guide_pages.models.search import SearchEntry
from tests.guide_pages.conftest import add_article, add_chapter

RESULT = re.compile(r'<h2><a href="([^"]+)">(.*?)</a></h2>\s*(?:<p>(.*?)</p>)?', re.DOTALL)


def markup_of(client, q: str, **more) -> str:
    response = client.get("/search/", {"q": q, **more})
    assert response.status_code == 200
    return response.content.decode()


def addresses(client, q: str, **more) -> list[str]:
    """Where the results of a search lead, the first one first."""
    return [address for address, _, _ in RESULT.findall(markup_of(client, q, **more))]


def publish(page: Page) -> Page:
    page.save_revision().publish()
    return page


def put_below(parent: Page, page: Page) -> Page:
    """Put a page on the site as if it had been published just now, without all that publishing does besides: most tests need a dozen."""
    page.last_published_at = timezone.now()
    parent.add_child(instance=page)
    search_index.index(page.pk)
    return page


def prose(*paragraphs: str) -> list[dict]:
    """The body of an article or a plain page."""
    return [
        {
            "type": "paragraph",
            "value": "".join(paragraph if paragraph.startswith("<") else f"<p>{paragraph}</p>" for paragraph in paragraphs),
        }
    ]


def article(news: NewsIndexPage, title: str, *paragraphs: str, day: date = date(2026, 11, 1)) -> NewsArticlePage:
    """Put an article on the site whose slug tells it from the others."""
    page = NewsArticlePage(title=title, slug=f"article-{Page.objects.count()}", date=day, intro="摘要。", body=prose(*paragraphs))
    return put_below(news, page)


def step(title: str, *content: dict) -> dict:
    return {"type": "step", "value": {"title": title, "content": list(content)}}


def text(*paragraphs: str) -> dict:
    return {"type": "text", "value": prose(*paragraphs)[0]["value"]}


@pytest.fixture
def home(db) -> models.HomePage:
    """A small site of its own: a chapter, an article and a plain page, whose words these tests know."""
    home = put_below(
        Page.get_first_root_node(), models.HomePage(title="中国抗癌协会会员", slug="site", hero_title="入会", hero_text="会员")
    )
    Site.objects.all().delete()
    Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
    guide = put_below(home, models.GuideIndexPage(title="会员指南", slug="guide", intro="一步一步办理。"))
    body = [
        step("注册并登录", text("在「用户注册」填手机号。")),
        step("填写资料", text("推荐方式可以选「委员推荐」。上传资质证书。")),
        step("打印并盖章", text("审核通过后，到「会员中心」点「下载会员证书」。")),
    ]
    put_below(guide, GuideChapterPage(title="新会员入会", slug="web-enrolment", part=1, intro="共三步。", body=body))
    news = put_below(home, NewsIndexPage(title="新闻", slug="news"))
    scans = NewsArticlePage(title="怎样扫描申请表", slug="scans", date=date(2026, 11, 25), intro="六个要点。")
    scans.body = prose("选 300 dpi，存成 PDF 或 JPG，不用黑白扫描。", "盖章要清楚。")
    put_below(news, scans)
    put_below(home, PlainPage(title="关于协会", slug="about", intro="1984 年成立。", body=prose("会员来自各个岗位。")))
    return home


class TestWords:  # CMS-3
    @pytest.mark.parametrize("q", ["会员", "证书", "下载会员证书", "委员推荐", "章", "资质证书", "员推"])
    def test_chinese_words_are_found_within_longer_runs(self, home, client, q):
        assert "/guide/web-enrolment/" in addresses(client, q)

    @pytest.mark.parametrize("q", ["怎么入会", "请问怎样才能入会？", "入会怎么办", "如何 入会"])
    def test_a_question_looks_for_what_is_asked_about(self, home, client, q):
        assert "/guide/web-enrolment/" in addresses(client, q)

    @pytest.mark.parametrize("q", ["怎样", "吗"])
    def test_a_question_without_a_subject_looks_for_itself(self, home, client, q):
        assert ("/news/scans/" in addresses(client, q)) is (q == "怎样")

    @pytest.mark.parametrize("q", ["pdf", "PDF", "ｐｄｆ", "存成PDF", "存成 pdf", "３００ DPI"])
    def test_latin_in_any_width_and_case_is_found_beside_chinese(self, home, client, q):
        assert "/news/scans/" in addresses(client, q)

    def test_every_word_must_be_on_the_page_in_any_order(self, news, client):
        both = article(news, "青年论坛", "征稿与会务。")
        article(news, "青年理事会")
        article(news, "征稿通知")

        assert addresses(client, "征稿 青年") == addresses(client, "青年　征稿") == [both.url]

    def test_words_are_looked_for_in_the_title_and_the_text_together(self, news, client):
        page = article(news, "甲状腺学组年会", "地点：天津。")

        assert addresses(client, "甲状腺 天津") == [page.url]

    def test_a_word_does_not_reach_from_one_paragraph_into_the_next(self, news, client):
        article(news, "通知", "请到北京", "东路报到。")

        assert addresses(client, "北京东路") == []

    def test_a_word_is_found_through_emphasis_within_a_sentence(self, news, client):
        page = article(news, "通知", "地点在<b>银杏</b>厅。")

        assert addresses(client, "在银杏厅") == [page.url]

    @pytest.mark.parametrize(
        "written, others",
        [
            ("满意度 100% 达成", "满意度 100 分达成"),
            ("文件名 stamped_form 照旧", "文件名 stampedXform 照旧"),
            ("路径 scan\\form 照旧", "路径 scan/form 照旧"),
            ("评为 A* 级", "评为 A 级"),
            ("他说 'yes' 就走", "他说 yes 就走"),
            ('他说 "no" 就走', "他说 no 就走"),
            ("甲-乙联合", "甲乙联合"),
            ("问 (C|D) 组", "问 C D 组"),
        ],
    )
    def test_signs_that_mean_something_elsewhere_are_looked_for_as_they_are(self, news, client, written, others):
        page = article(news, "通知一", written)
        article(news, "通知二", others)
        word = next(word for word in written.split() if not word.isalnum() or "-" in word)

        assert addresses(client, word) == [page.url]

    def test_or_and_not_are_words(self, news, client):
        article(news, "通知一", "肺癌学术周")
        page = article(news, "通知二", "肺癌 OR 乳腺癌")

        assert addresses(client, "肺癌 OR 乳腺癌") == [page.url]
        assert addresses(client, "肺癌 NOT 乳腺癌") == []

    @pytest.mark.parametrize(
        "q", ["%", "_", "\\", "*", "'", '"', "'; DROP TABLE guide_pages_searchentry; --", "%00", "😀", "👨‍⚕️", "\ufffd"]
    )
    def test_nothing_that_is_typed_breaks_the_search(self, home, client, q):
        assert markup_of(client, q)
        assert SearchEntry.objects.exists()

    def test_an_emoji_is_found_where_it_stands(self, news, client):
        page = article(news, "通知", "祝贺🎉入选")

        assert addresses(client, "🎉") == [page.url]

    def test_control_characters_divide_words(self, home, client):
        assert addresses(client, "会员\x00证书\x1f") == addresses(client, "会员 证书") != []


class TestLongSearches:  # CMS-3
    def test_what_is_beyond_a_hundred_characters_is_left_out_and_said(self, home, client):
        markup = markup_of(client, "证书" + " " * 5 + "证" * 200)

        assert "只按前面的部分搜索" in markup
        assert f'value="证书 {"证" * 97}"' in markup

    def test_ten_words_count_and_the_rest_is_left_out_and_said(self, home, client):
        markup = markup_of(client, "会 员 证 书 审 核 点 下 载 到 无此字")

        assert "只按前面的部分搜索" in markup
        assert 'value="会 员 证 书 审 核 点 下 载 到"' in markup
        assert RESULT.findall(markup)

    def test_a_search_of_a_usual_length_is_not_called_long(self, home, client):
        assert "只按前面的部分搜索" not in markup_of(client, "  会员   证书 ")


class TestRelevance:  # CMS-3
    def test_title_counts_before_headings_before_text_before_age(self, news, client):
        old = date(2020, 1, 1)
        in_text = article(news, "通知甲", "银杏", day=date(2026, 1, 1))
        in_text_later = article(news, "通知乙", "银杏", day=date(2026, 2, 1))
        often = article(news, "通知丙", "银杏、银杏、银杏", day=old)
        heading = article(news, "通知丁", "<h2>银杏</h2>", "正文。", day=old)
        in_title = article(news, "银杏论坛", "正文。", day=old)
        is_title = article(news, "银杏", "正文。", day=old)

        expected = [is_title, in_title, heading, often, in_text_later, in_text]
        assert addresses(client, "银杏") == [page.url for page in expected]

    def test_more_of_the_words_in_the_title_count_more(self, news, client):
        one = article(news, "银杏通知", "征稿、征稿、征稿")
        two = article(news, "银杏征稿", "正文。")

        assert addresses(client, "银杏 征稿") == [two.url, one.url]


class TestWhatAResultShows:  # CMS-3
    def test_title_and_excerpt_mark_the_words_and_stay_text(self, news, client):
        article(news, "银杏 <b>论坛</b>", "请带上 &lt;银杏&gt; 书签。")

        (_, title, excerpt) = RESULT.findall(markup_of(client, "银杏"))[0]

        assert title == "<mark>银杏</mark> &lt;b&gt;论坛&lt;/b&gt;"
        assert excerpt == "请带上 &lt;<mark>银杏</mark>&gt; 书签。"

    def test_what_was_typed_stays_text(self, home, client):
        markup = markup_of(client, '"><script>alert(1)</script>')

        assert "<script>alert" not in markup
        assert "&lt;script&gt;" in markup

    @pytest.mark.parametrize(
        "q, kind, place, day",
        [
            ("共三步", "指南", "首页 › 会员指南 › 网页端", None),
            ("黑白扫描", "新闻", "首页 › 新闻", "2026-11-25"),
            ("各个岗位", "页面", "首页", None),
        ],
    )
    def test_it_names_kind_place_and_date(self, home, client, q, kind, place, day):
        result = markup_of(client, q).split('<ol class="search-results">')[1].split("</li>")[0]
        line = re.sub(r"<[^>]+>", "", result.rsplit('<p class="quiet">', 1)[1]).strip().removesuffix("</li>")

        assert line == f"{kind}{place} · {day or timezone.localdate().isoformat()}"

    def test_web_and_phone_of_one_part_are_told_apart(self, guide, client):
        publish(add_chapter(guide, slug="phone-enrolment", title="新会员入会", device="phone", part=1))

        markup = markup_of(client, "新会员入会")

        assert "会员指南 › 网页端" in markup
        assert "会员指南 › 移动端" in markup

    def test_the_count_is_said_and_stands_in_the_title(self, home, client):
        markup = markup_of(client, "黑白扫描")

        assert re.search(r'<p class="search-count" role="status">找到 <span class="num">1</span> 条</p>', markup)
        assert "<title>黑白扫描（1 条）· 搜索 · 中国抗癌协会</title>" in markup

    @pytest.mark.parametrize("q", ["", "会员", "无此词语"])
    def test_search_engines_keep_no_page_of_it(self, home, client, q):
        assert '<meta name="robots" content="noindex">' in markup_of(client, q)


class TestPaging:  # CMS-3
    @pytest.fixture
    def many(self, news):
        return [article(news, f"银杏 {number}", day=date(2026, 1, 1) + timedelta(days=number)) for number in range(12)]

    def test_ten_results_stand_on_a_page_and_the_rest_on_the_next(self, many, client):
        newest_first = [page.url for page in reversed(many)]

        assert addresses(client, "银杏") == newest_first[:10]
        assert addresses(client, "银杏", page=2) == newest_first[10:]

    def test_next_and_previous_keep_the_search(self, many, client):
        assert 'href="?q=%E9%93%B6%E6%9D%8F&amp;page=2" rel="next"' in markup_of(client, "银杏")
        assert 'href="?q=%E9%93%B6%E6%9D%8F&amp;page=1" rel="prev"' in markup_of(client, "银杏", page=2)

    @pytest.mark.parametrize("page, shown", [("99", 2), ("0", 2), ("-1", 2), ("x", 10), ("9" * 5000, 10), ("", 10)])
    def test_a_page_number_that_does_not_exist_shows_the_nearest(self, many, client, page, shown):
        assert len(addresses(client, "银杏", page=page)) == shown


class TestWhatCanBeFound:  # CMS-3
    def test_a_page_is_found_from_the_moment_it_is_published(self, news, client):
        page = NewsArticlePage(title="银杏论坛", slug="ginkgo", date=date(2026, 1, 1), intro="摘要。", body=[], live=False)
        news.add_child(instance=page)
        revision = page.save_revision()
        assert addresses(client, "银杏") == []

        revision.publish()

        assert addresses(client, "银杏") == ["/news/ginkgo/"]

    def test_a_draft_of_a_published_page_stays_unseen(self, news, client):
        page = article(news, "银杏论坛")
        page.title, page.intro = "梧桐论坛", "梧桐。"
        revision = page.save_revision()
        call_command("rebuild_search", stdout=StringIO())
        assert addresses(client, "梧桐") == []

        revision.publish()

        assert addresses(client, "梧桐") == [page.url]
        assert addresses(client, "银杏") == []

    def test_a_page_taken_off_the_site_is_no_longer_found(self, news, client):
        page = article(news, "银杏论坛")

        page.unpublish()

        assert addresses(client, "银杏") == []

    def test_a_deleted_page_takes_its_entry_along(self, news, client):
        page = article(news, "银杏论坛")

        page.delete()

        assert not SearchEntry.objects.filter(page_id=page.pk).exists()
        assert addresses(client, "银杏") == []

    def test_a_page_that_not_everybody_may_read_is_not_found(self, news, client):
        page = article(news, "银杏论坛")
        restriction = PageViewRestriction.objects.create(page=news, restriction_type=PageViewRestriction.LOGIN)
        assert addresses(client, "银杏") == []
        assert "银杏论坛" not in markup_of(client, "银杏论谈")

        restriction.delete()

        assert addresses(client, "银杏") == [page.url]

    def test_a_page_that_moved_is_found_at_its_new_address(self, news, client):
        page = article(news, "银杏论坛")
        news.slug = "notices"
        publish(news)

        assert addresses(client, "银杏论坛") == [f"/notices/{page.slug}/"]

    def test_a_page_outside_the_site_is_not_found(self, news, client):
        page = article(news, "银杏论坛")

        page.move(Page.get_first_root_node(), pos="last-child")

        assert addresses(client, "银杏") == []

    def test_the_home_page_is_no_result(self, home, client):
        publish(home)

        assert "/" not in addresses(client, "会员")

    def test_steps_notices_captions_tables_and_statuses_are_found_without_their_markup(self, home, client):
        picture = get_image_model().objects.create(title="图", file=get_test_image_file())
        chapter = GuideChapterPage.objects.get()
        chapter.body = [
            step(
                "雪松标题",
                text("<ul><li>甲<ul><li>雪松<b>条目</b></li></ul></li></ul>", "<p>行一<br/>行二</p>"),
                {"type": "notice", "value": {"kind": "attention", "title": "雪松提示", "text": "雪松说明"}},
                {"type": "table", "value": {"caption": "雪松表题", "cells": "列一 | 列二\n雪松格 | 乙"}},
                {"type": "statuses", "value": [{"status": "pending", "meaning": "雪松含义"}]},
                {"type": "figure", "value": {"picture": picture.pk, "alt": "给读屏的说明", "caption": "雪松图题"}},
            )
        ]
        publish(chapter)

        entry = SearchEntry.objects.get(page_id=chapter.pk)
        texts = [
            "甲",
            "雪松条目",
            "行一",
            "行二",
            "雪松提示",
            "雪松说明",
            "雪松表题",
            "列一 · 列二",
            "雪松格 · 乙",
            "申请中：雪松含义",
            "雪松图题",
        ]
        assert entry.lines == ["共三步。", "雪松标题", *texts]
        assert entry.folded_headings.split("\n") == ["雪松标题", "雪松提示"]


class TestRebuilding:  # CMS-3
    def contents(self) -> list[tuple]:
        return list(SearchEntry.objects.order_by("pk").values_list())

    def test_rebuilding_twice_changes_nothing(self, home):
        before = self.contents()

        call_command("rebuild_search", stdout=StringIO())

        assert self.contents() == before != []

    def test_pages_without_an_entry_get_one_and_wrong_entries_go(self, news, client):
        added = add_article(news, slug="ginkgo", title="银杏论坛", day=date(2026, 1, 1))
        off = article(news, "梧桐论坛")
        off.unpublish()
        assert addresses(client, "银杏") == []
        output = StringIO()

        call_command("rebuild_search", stdout=output)

        assert addresses(client, "银杏") == [added.url]
        assert not SearchEntry.objects.filter(page_id=off.pk).exists()
        assert output.getvalue() == f"Search: {SearchEntry.objects.count()} pages can be found.\n"

    def test_loading_the_content_gives_entries_to_pages_that_are_older_than_search(self, db, client):
        call_command("load_content", stdout=StringIO())
        SearchEntry.objects.all().delete()

        call_command("load_content", stdout=StringIO())

        assert "/guide/web-enrolment/" in addresses(client, "证书")


class TestNothingFound:  # CMS-3
    def terms(self, client, q: str) -> list[str]:
        return [unescape(term) for term in re.findall(r'<li><a href="/search/\?q=[^"]+">(.*?)</a></li>', markup_of(client, q))]

    def test_each_suggestion_finds_something(self, home, client):
        terms = self.terms(client, "会员证书怎么办理下载")

        assert terms
        assert all(addresses(client, term) for term in terms)

    def test_the_nearest_names_of_the_site_are_suggested(self, home, client):
        assert self.terms(client, "委员推见")[0] == "委员推荐"
        assert self.terms(client, "我的会员证书怎么下载")[0] == "下载会员证书"

    def test_words_that_are_found_alone_are_suggested_first(self, home, client):
        assert self.terms(client, "ＰＤＦ 梧桐 盖章")[:2] == ["ＰＤＦ", "盖章"]

    def test_a_word_like_no_other_is_answered_with_the_guide_and_the_telephone(self, home, client):
        markup = markup_of(client, "xyzzy")

        assert "没有找到「xyzzy」" in markup
        assert "您要找的是不是" not in markup
        assert 'href="/guide/web-enrolment/"' in markup.split("<main", 1)[1]
        assert "022-28219588-805" in markup.split("<main", 1)[1].split("</main>")[0]

    def test_drafts_are_neither_suggested_nor_listed(self, home, client):
        GuideChapterPage.objects.get().unpublish()

        markup = markup_of(client, "委员推见").split("<main", 1)[1]

        assert "委员推荐" not in markup
        assert "/guide/web-enrolment/" not in markup


class TestNothingAsked:  # CMS-3
    @pytest.mark.parametrize("query", ["", "?q=", "?q=%20%E3%80%80", "?q=%E2%80%8B", "?q=%00%1F", "?other=1"])
    def test_the_page_says_what_can_be_searched_and_where_to_begin(self, home, client, query):
        response = client.get(f"/search/{query}")
        main = response.content.decode().split("<main", 1)[1].split("</main>")[0]

        assert response.status_code == 200
        assert "输入一个词即可" in main
        assert 'href="/guide/web-enrolment/"' in main
        assert "022-28219588-805" in main
        assert "search-count" not in main

    def test_an_address_without_a_site_still_answers(self, db, client):
        Site.objects.all().delete()

        assert markup_of(client, "会员")


class TestSearchField:  # CMS-3, UI-7
    @pytest.mark.parametrize("address", ["/", "/guide/", "/news/scans/", "/verify/", "/no-such-page/"])
    def test_header_and_menu_lead_to_search_and_name_their_fields(self, home, client, address):
        markup = client.get(address).content.decode()

        forms = re.findall(r'<form[^>]*role="search"[^>]*action="/search/" method="get" aria-label="([^"]+)">', markup)
        assert forms == ["站内搜索", "在网站内搜索"]
        for name in ("site-search", "menu-search"):
            assert f'<label class="visually-hidden" for="{name}">' in markup
            assert f'id="{name}" name="q"' in markup

    def test_the_search_page_gives_every_id_once(self, home, client):
        ids = re.findall(r'\sid="([^"]*)"', markup_of(client, "会员"))

        assert sorted(ids) == sorted(set(ids))


class TestCost:  # CMS-3, Speed
    @pytest.mark.parametrize("q", ["会员", "会员 证书 盖章 审核", "梧桐 会员推见 盖章", ""])
    def test_a_search_takes_at_most_eight_queries(self, home, client, django_assert_max_num_queries, q):
        PageViewRestriction.objects.create(page=PlainPage.objects.get(slug="about"), restriction_type=PageViewRestriction.LOGIN)
        client.get("/search/")  # The first visitor makes the site's settings.

        with django_assert_max_num_queries(8):
            client.get("/search/", {"q": q})

    def test_an_address_that_searches_too_often_is_asked_to_wait(self, home, client, monkeypatch):
        monkeypatch.setattr(search_rates, "SEARCHES_A_MINUTE", 3)
        at_three = [client.get("/search/", {"q": "会员"}).status_code for _ in range(3)]

        refused = client.get("/search/", {"q": "会员"})

        assert at_three == [200, 200, 200]
        assert (refused.status_code, refused["Retry-After"]) == (429, "60")
        assert "请 1 分钟后再搜索" in refused.content.decode()
        assert client.get("/search/", {"q": "会员"}, REMOTE_ADDR="203.0.113.9").status_code == 200
        assert client.get("/search/").status_code == 200

    def test_it_is_only_asked_never_sent(self, home, client):
        assert client.post("/search/", {"q": "会员"}).status_code == 405
