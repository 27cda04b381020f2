"""
What a visitor finds on the site (CMS-3).

A search is words, and every word must be on the page, anywhere. There are no operators: a quotation mark, an asterisk or OR is looked
for like any other character. Title counts before headings, headings before text, then how often and how new.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import add
from typing import Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Length, Replace
from django.http import HttpRequest
from django.utils.safestring import SafeString
from wagtail.models import Page, PageQuerySet, Site

from guide_pages.models.search import SearchEntry
from guide_pages.search_text import excerpt, fold, marked, readable

# What makes a question of a search: 「怎么入会」 looks for 入会. Somebody who typed nothing else looks for just that.
ASKING = re.compile(r"^(请问|怎么样?|怎样|如何|为什么|什么是)+(才能|可以|能)?|(是什么|怎么办|怎么弄|在哪里?|吗|呢)?[？?]*$")
LONGEST_SEARCH = 100
MOST_WORDS = 10


@dataclass(frozen=True)
class Search:
    """
    What somebody asked for. ``text`` is as typed, in one line, as far as it is used (``is_shortened``: not all of it); ``words`` maps
    each folded word to the typed one.
    """

    text: str
    words: dict[str, str]
    is_shortened: bool


@dataclass(frozen=True)
class Result:
    """A page that was found; ``place`` leads from the home page to what the page stands in, title and excerpt are safe markup."""

    title: SafeString
    url: str
    excerpt: SafeString
    kind: str
    place: list[str]
    date: date | None


def read(typed: str) -> Search:
    """Return what was typed as a search; whatever is typed is one. Without words it looks for nothing."""
    whole = readable(typed)
    typed_words = whole[:LONGEST_SEARCH].split()
    asked_about = {word: subject for word in typed_words if (subject := ASKING.sub("", word))}
    looked_for = asked_about or {word: word for word in typed_words}
    words = {folded: word for word, subject in looked_for.items() if (folded := fold(subject).text)}
    used = dict(list(words.items())[:MOST_WORDS])
    text = whole[:LONGEST_SEARCH].strip() if used == words else " ".join(used.values())
    return Search(text, used, is_shortened=text != whole)


def visible_pages(request: HttpRequest) -> PageQuerySet:
    """The pages that anybody may read now on the site of this request."""
    site = Site.find_for_request(request)
    pages = Page.objects.live().public()
    return pages.descendant_of(site.root_page, inclusive=True) if site else pages.none()


def find(search: Search, entries: QuerySet[SearchEntry]) -> QuerySet[SearchEntry]:
    """Those of ``entries`` that have every word, the most relevant first."""
    every_word = reduce(lambda condition, word: condition & Q(folded_text__contains=word), search.words, Q())
    return (
        entries.filter(every_word)
        .annotate(
            words_in_title=count_of(search.words, "folded_title"),
            is_title=Case(When(folded_title=fold(search.text).text, then=1), default=0, output_field=IntegerField()),
            words_in_headings=count_of(search.words, "folded_headings"),
            frequency=frequency_of(search.words),
        )
        # NULL comes last on one database and first on the other; pages of one day keep the order of the tree.
        .order_by("-words_in_title", "-is_title", "-words_in_headings", "-frequency", F("dated_on").desc(nulls_last=True), "page__path")
    )


def count_of(words: Iterable[str], column: str) -> Combinable:
    """How many of ``words`` stand in ``column``."""
    return reduce(add, (Case(When(**{f"{column}__contains": word}, then=1), default=0, output_field=IntegerField()) for word in words))


def frequency_of(words: Iterable[str]) -> Combinable:
    """How often ``words`` stand in the text of a page, all together."""
    return reduce(add, ((Length("folded_text") - Length(Replace("folded_text", Value(word)))) / Value(len(word)) for word in words))


def results(entries: Iterable[SearchEntry], search: Search, request: HttpRequest) -> list[Result]:
    """The entries as they are shown; one query for all their places."""
    entries = list(entries)
    titles = titles_above(entry.page for entry in entries)
    return [result(entry, search, titles, request) for entry in entries]


def result(entry: SearchEntry, search: Search, titles: dict[str, str], request: HttpRequest) -> Result:
    page = entry.page
    place = [titles[path] for path in paths_above(page)] + [entry.device] * bool(entry.device)
    return Result(
        title=marked(page.title, search.words),
        url=page.get_url(request) or "",
        excerpt=marked(excerpt(entry.lines, entry.folded_lines, search.words), search.words),
        kind=entry.get_kind_display(),
        place=place,
        date=entry.dated_on,
    )


def titles_above(pages: Iterable[Page]) -> dict[str, str]:
    """The titles of all pages above ``pages`` by their paths; the home page is 首页."""
    paths = {path for page in pages for path in paths_above(page)}
    above: Any = Page.objects.filter(path__in=paths).values_list("path", "depth", "title")
    return {path: title if depth > 2 else "首页" for path, depth, title in above}


def paths_above(page: Page) -> list[str]:
    """The paths of the pages above ``page`` from the home page on, in the tree's own notation."""
    return [page.path[: Page.steplen * depth] for depth in range(2, page.depth)]
