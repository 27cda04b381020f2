"""
Keeps a ``SearchEntry`` for each page that can be found (CMS-3).

Why a table of our own, and plain substrings in it: the full-text search of both databases takes a run of Chinese characters for one
word, so 「证书」 would not be found in 「下载会员证书」. A segmenter guesses where words end and guesses wrong in the names of this
society; n-grams miss single characters and have to be checked for adjacency afterwards. A site has a few hundred pages of a few
thousand characters: a substring is found in all of them within milliseconds, on SQLite and PostgreSQL with the same result, and nobody
has to explain why a word on the page is not found.

An entry is written when its page is published (Wagtail's signal is the one place that editor, schedule, workflow and import all pass).
It follows no other event: whether a page is live, public and part of the site, where it stands and what its address is, each search
reads from the page itself; a deleted page takes its entry along.
"""

import re
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page
from wagtail.signals import page_published

from guide_pages.models import GuideChapterPage, GuideIndexPage, NewsArticlePage, NewsIndexPage, PlainPage
from guide_pages.models.search import Kind, SearchEntry
from guide_pages.search_passages import Passage, passages_of
from guide_pages.search_text import fold

KINDS = {
    GuideIndexPage: Kind.GUIDE,
    GuideChapterPage: Kind.GUIDE,
    NewsIndexPage: Kind.NEWS,
    NewsArticlePage: Kind.NEWS,
    PlainPage: Kind.PAGE,
}
# Buttons, pages and fields are named in these quotes throughout the site.
NAME = re.compile("「([^「」]+)」")
LONGEST_TERM = 14


def follow_publications() -> None:
    """Index every page from now on when it is published."""
    page_published.connect(_on_publication, dispatch_uid="guide_pages.search_index")


def _on_publication(instance: Page, **kwargs: Any) -> None:
    index(instance.pk)


@transaction.atomic
def index(page_pk: int) -> None:
    """Write the entry of a page as it is published now; a page that cannot be found gets none."""
    # Locked, and read from the database: the entry of two publications at once is that of the later one, and a draft stays unseen.
    page = Page.objects.select_for_update().filter(pk=page_pk).first()
    if page is None or not page.live or page.specific_class not in KINDS:
        return
    SearchEntry.objects.update_or_create(page_id=page_pk, defaults=values_of(page.specific))


def rebuild() -> int:
    """
    Write the entries of all published pages anew and delete all others; return how many there are. Safe to repeat, also while
    editors publish and visitors search.
    """
    pages = Page.objects.live().exact_type(*KINDS)
    SearchEntry.objects.exclude(page__in=pages).delete()
    for page_pk in list(pages.values_list("pk", flat=True)):
        index(page_pk)
    return SearchEntry.objects.count()


def values_of(page: Page) -> dict[str, Any]:
    """The fields of the entry of ``page``, given as its specific type."""
    passages = passages_of(page)
    return {
        "kind": KINDS[type(page)],
        "device": page.get_device_display() if isinstance(page, GuideChapterPage) else "",
        "dated_on": date_of(page),
        "text": "\n".join(passage.text for passage in passages),
        "terms": "\n".join(terms_of(page.title, passages)),
        "folded_title": fold(page.title).text,
        "folded_headings": folded(passage.text for passage in passages if passage.is_heading),
        "folded_text": folded([page.title, *(passage.text for passage in passages)]),
    }


def folded(lines) -> str:
    """Fold each line by itself: nothing is found across two of them."""
    return "\n".join(fold(line).text for line in lines)


def date_of(page: Page):
    """The date printed on an article, else the day on which the page was last published; None for one that never was."""
    if isinstance(page, NewsArticlePage):
        return page.date
    return timezone.localdate(page.last_published_at) if page.last_published_at else None


def terms_of(title: str, passages: list[Passage]) -> list[str]:
    """The words to suggest when a search finds nothing: title, headings and the names in 「」, each once, without long ones."""
    headings = [title, *(passage.text for passage in passages if passage.is_heading)]
    names = [name for passage in passages for name in NAME.findall(passage.text)]
    return [term for term in dict.fromkeys(headings + names) if 2 <= len(term) <= LONGEST_TERM]
