"""What to offer when a search found nothing: words of the site that look like it (CMS-3)."""

from collections.abc import Iterable

from django.db.models import QuerySet

from guide_pages.models.search import SearchEntry
from guide_pages.search import Search, count_of
from guide_pages.search_text import fold

MOST_SUGGESTIONS = 6


def suggestions(search: Search, entries: QuerySet[SearchEntry]) -> list[str]:
    """
    Return words that do find something among ``entries``, of which none has all that was searched for: first the searched words that
    some page has, then the nearest names and headings.
    """
    columns = {f"word_{number}": count_of([word], "folded_text") for number, word in enumerate(search.words)}
    rows = list(entries.annotate(**columns).values_list("terms", *columns))
    found = [typed for number, typed in enumerate(search.words.values(), start=1) if any(row[number] for row in rows)]
    offered = found + nearest(search.words, (term for row in rows for term in row[0].split("\n")))
    return list({fold(term).text: term for term in reversed(offered)}.values())[::-1][:MOST_SUGGESTIONS]


def nearest(words: Iterable[str], terms: Iterable[str]) -> list[str]:
    """Those of ``terms`` that share pairs of neighbouring characters with the folded ``words``, the most similar first."""
    asked = pairs_of(words)
    scored = [(likeness(asked, pairs_of([fold(term).text])), term) for term in set(terms)]
    return [term for score, term in sorted(scored, key=lambda pair: (-pair[0], pair[1])) if score > 0][:MOST_SUGGESTIONS]


def pairs_of(words: Iterable[str]) -> set[str]:
    """All pairs of neighbouring characters: 会员证 → 会员, 员证."""
    return {word[place : place + 2] for word in words for place in range(len(word) - 1)}


def likeness(some: set[str], others: set[str]) -> float:
    """How much two sets of pairs have in common, from 0 to 1 (Dice's coefficient)."""
    return 2 * len(some & others) / (len(some) + len(others) or 1)
