"""Ways through the pages: where one is, what stands beside, what comes next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from wagtail.models import Page

if TYPE_CHECKING:
    from guide_pages.models import GuideChapterPage, NewsArticlePage
    from guide_pages.models.news import NewsArticleQuerySet

DEVICE_ICONS = {"web": "monitor", "phone": "smartphone"}


@dataclass(frozen=True)
class Link:
    """A name and where it leads."""

    label: str
    url: str


@dataclass(frozen=True)
class Tab:
    """One of several views of the same thing: a part of the guide for one kind of device, the news of one year."""

    label: str
    url: str
    icon: str
    current: bool


@dataclass(frozen=True)
class Section:
    """One block of a chapter; ``number`` and ``anchor`` are set for steps only."""

    block: Any
    number: int | None = None

    @property
    def anchor(self) -> str:
        return f"step-{self.number}" if self.number else ""


@dataclass(frozen=True)
class Part:
    """A part of the guide with the devices it is written for; it leads to the first of them."""

    title: str
    url: str
    devices: str


def crumbs(page: Page) -> list[Link]:
    """The way from the home page to ``page``, both included."""
    ancestors = page.get_ancestors(inclusive=True).filter(depth__gt=1)
    labels = [(ancestor.title if ancestor.depth > 2 else "首页", ancestor.url or "") for ancestor in ancestors]
    return [Link(label, url) for label, url in labels]


def numbered(blocks: Iterable[Any]) -> list[Section]:
    """Give each step of a chapter its number, counted from 1; other blocks have none."""
    sections, steps = [], 0
    for block in blocks:
        is_step = block.block_type == "step"
        steps += is_step
        sections.append(Section(block, steps if is_step else None))
    return sections


def by_device(chapters: Sequence["GuideChapterPage"]) -> list[tuple[str, list["GuideChapterPage"]]]:
    """Chapters under the name of their device; a device without chapters is left out."""
    return [(label, list(group)) for label, group in groupby(chapters, key=lambda chapter: chapter.get_device_display())]


def device_tabs(page: "GuideChapterPage", chapters: Sequence["GuideChapterPage"]) -> list[Tab]:
    """The chapters of the same part, one tab for each device; none when the part is written for one device alone."""
    same_part = [chapter for chapter in chapters if chapter.part == page.part]
    if len(same_part) < 2:
        return []
    return [
        Tab(chapter.get_device_display(), chapter.url, DEVICE_ICONS[chapter.device], current=chapter.pk == page.pk) for chapter in same_part
    ]


def neighbours(
    page: "GuideChapterPage", chapters: Sequence["GuideChapterPage"]
) -> tuple["GuideChapterPage | None", "GuideChapterPage | None"]:
    """The chapter before and the one after ``page`` for the same device."""
    row = [chapter for chapter in chapters if chapter.device == page.device]
    places = [chapter.pk for chapter in row]
    if page.pk not in places:
        return None, None
    place = places.index(page.pk)
    before = row[place - 1] if place > 0 else None
    after = row[place + 1] if place + 1 < len(row) else None
    return before, after


def parts(chapters: Sequence["GuideChapterPage"]) -> list[Part]:
    """The guide as the home page lists it: every part once, with the devices it is written for."""
    ordered = sorted(chapters, key=lambda chapter: chapter.part)
    grouped = (list(group) for _, group in groupby(ordered, key=lambda chapter: chapter.part))
    return [Part(group[0].title, group[0].url, " · ".join(chapter.get_device_display() for chapter in group)) for group in grouped]


def year_tabs(years: Sequence[int], *, chosen: int | None) -> list[Tab]:
    """The years of the news, all of them first; none when there is but one year."""
    if len(years) < 2:
        return []
    every = Tab("全部", "?", "", current=chosen is None)
    return [every, *(Tab(f"{year} 年", f"?year={year}", "", current=year == chosen) for year in years)]


def around(article: "NewsArticlePage", articles: "NewsArticleQuerySet") -> tuple["NewsArticlePage | None", "NewsArticlePage | None"]:
    """The article next newer and the one next older than ``article`` among ``articles``, which stand newest first."""
    newer = articles.filter(Q(date__gt=article.date) | Q(date=article.date, pk__gt=article.pk)).last()
    older = articles.filter(Q(date__lt=article.date) | Q(date=article.date, pk__lt=article.pk)).first()
    return newer, older
