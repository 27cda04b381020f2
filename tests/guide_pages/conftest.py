"""The delivered site, and chapters and articles beside its own."""

from datetime import date

import pytest
from django.db import transaction
from django.test import Client

from guide_pages import models
from guide_pages.content import loader
from guide_pages.models import GuideChapterPage, GuideIndexPage, HomePage, NewsArticlePage, NewsIndexPage

SITE_URL = "https://member.example.org"
CHAPTERS = [f"/guide/{device}-{part}/" for device in ("web", "phone") for part in ("enrolment", "activation", "change", "upgrade")]
ARTICLES = [f"/news/{slug}/" for slug in ("new-site", "stamped-form", "verify-a-certificate")]
ADDRESSES = ["/", "/guide/", *CHAPTERS, "/news/", *ARTICLES, "/about/", "/privacy/", "/contact/"]
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


@pytest.fixture(scope="module")
def loaded_site(django_db_setup, django_db_blocker):
    """
    The delivered site, loaded once for a module, since that takes seconds: each test's own transaction begins inside this one, so that it
    finds the site as delivered whatever the test before did to it.
    """
    whole_module = transaction.atomic()
    with django_db_blocker.unblock():
        whole_module.__enter__()
        loader.load(site_url=SITE_URL)
    yield
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        whole_module.__exit__(None, None, None)


@pytest.fixture
def home(loaded_site, db) -> HomePage:
    """The home page of the site as delivered, all other pages below it."""
    return HomePage.objects.get()


@pytest.fixture
def guide(home) -> GuideIndexPage:
    return GuideIndexPage.objects.get()


@pytest.fixture
def chapter(home) -> GuideChapterPage:
    """The delivered chapter: 新会员入会, 网页端."""
    return GuideChapterPage.objects.get(slug="web-enrolment")


@pytest.fixture
def lone_chapter(chapter) -> GuideChapterPage:
    """The same, with no other chapter beside it."""
    for other in GuideChapterPage.objects.exclude(pk=chapter.pk):
        other.delete()
    chapter.refresh_from_db()
    return chapter


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
