"""The news for feed readers (CMS-1)."""

from datetime import datetime, time

from django.contrib.syndication.views import Feed
from django.utils import timezone

from guide_pages.models import NewsArticlePage, NewsIndexPage

ARTICLES = 20


class NewsFeed(Feed):
    """The latest articles, newest first."""

    language = "zh-CN"
    title = "中国抗癌协会 · 会员新闻"

    def get_object(self, request) -> NewsIndexPage | None:
        return NewsIndexPage.objects.live().first()

    def link(self, index: NewsIndexPage | None) -> str:
        return (index.url if index else None) or "/"

    def description(self, index: NewsIndexPage | None) -> str:
        return index.summary if index else ""

    def items(self, index: NewsIndexPage | None):
        return NewsArticlePage.objects.newest_first().public().defer_streamfields()[:ARTICLES]

    def item_title(self, article: NewsArticlePage) -> str:
        return article.title

    def item_description(self, article: NewsArticlePage) -> str:
        return article.intro

    def item_link(self, article: NewsArticlePage) -> str:
        return article.url or "/"

    def item_pubdate(self, article: NewsArticlePage) -> datetime:
        return timezone.make_aware(datetime.combine(article.date, time()))

    def item_updateddate(self, article: NewsArticlePage) -> datetime | None:
        return article.last_published_at
