"""The delivered site, and chapters and articles beside its own."""

from datetime import date

import pytest
from django.db import transaction
from django.test import Client

from guide_pages import models
from guide_pages.content import loader
from guide_pages.models import GuideChapterPage, GuideIndexPage, HomePage, NewsArticlePage, NewsIndexPage

SITE_URL = "https://member.example.org"
ADDRESSES = ["/", "/guide/", "/guide/web-enrolment/", "/news/", "/news/stamped-form/", "/about/", "/privacy/", "/contact/"]
STEP = {"type": "step", "value": {"title": "登录", "content": [{"type": "text", "value": "<p>打开登录页面。</p>"}]}}


@pytest.fixture(scope="session")
def delivered_markup(django_db_setup, django_db_blocker) -> dict[str, str]:
    """What the delivered pages answer to a visitor, by address: loaded and asked once, nothing stays in the database."""
    with django_db_blocker.unblock(), transaction.atomic():
        loader.load(site_url=SITE_URL)
        answers = {address: Client().get(address) for address in ADDRESSES}
        transaction.set_rollback(True)
    assert {address: answer.status_code for address, answer in answers.items()} == dict.fromkeys(ADDRESSES, 200)
    return {address: answer.content.decode() for address, answer in answers.items()}


@pytest.fixture
def home(db) -> HomePage:
    """The home page of the site as delivered, all other pages below it."""
    loader.load(site_url=SITE_URL)
    return HomePage.objects.get()


@pytest.fixture
def guide(home) -> GuideIndexPage:
    return GuideIndexPage.objects.get()


@pytest.fixture
def chapter(home) -> GuideChapterPage:
    """The delivered chapter: 新会员入会, 网页端."""
    return GuideChapterPage.objects.get(slug="web-enrolment")


@pytest.fixture
def news(home) -> NewsIndexPage:
    return NewsIndexPage.objects.get()


def add_chapter(guide: GuideIndexPage, *, slug: str, title: str, device: str, part: int) -> GuideChapterPage:
    """Publish one more chapter of one step."""
    page = GuideChapterPage(slug=slug, title=title, device=device, part=part, intro="一步办完。", body=[STEP])
    return guide.add_child(instance=page)


def add_article(news: NewsIndexPage, *, slug: str, title: str, day: date) -> NewsArticlePage:
    """Publish one more article."""
    body = [{"type": "paragraph", "value": "<p>正文。</p>"}]
    return news.add_child(instance=models.NewsArticlePage(slug=slug, title=title, date=day, intro="摘要。", body=body))
