"""
How text is compared when somebody searches, and how what was found is shown (CMS-3).

Texts and searches pass through the same ``fold``: full-width and half-width forms, capitals and small letters, composed and decomposed
accents become one; characters nobody sees fall away. Chinese is written without spaces, so a space beside a Chinese character, which
editors put around Latin words or not, does not count: 「存成PDF」 finds 「存成 PDF」. Each folded character knows where it came from, so
that the original is marked, not its folded copy.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString

# A character with the marks that stand on it: they only compose when they are folded together.
CLUSTER = re.compile(r".[\u0300-\u036f\u20d0-\u20ff\u3099\u309a]*", re.DOTALL)
# Control characters, invisible formatting, halves of a surrogate pair.
UNSEEN = ("Cc", "Cf", "Cs")
# They choose between shapes of the same character.
VARIATION_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")

EXCERPT_LENGTH = 110
EXCERPT_LEAD = 30


@dataclass(frozen=True)
class Folded:
    """Folded text; character ``n`` of it came from ``original[starts[n]:ends[n]]``."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def fold(line: str) -> Folded:
    """Fold one line of text for comparing. Line ends count as spaces."""
    kept: list[tuple[str, int, int]] = []
    gap = None
    for cluster in CLUSTER.finditer(line):
        for character in folded_cluster(cluster[0]):
            here = (character, *cluster.span())
            if character == " ":
                gap = gap or here
                continue
            if gap and kept and not (is_wide(kept[-1][0]) or is_wide(character)):
                kept.append(gap)
            kept.append(here)
            gap = None
    return Folded("".join(entry[0] for entry in kept), tuple(entry[1] for entry in kept), tuple(entry[2] for entry in kept))


@lru_cache(maxsize=16384)
def folded_cluster(cluster: str) -> str:
    """Fold one character with its marks; nothing is left of what nobody sees."""
    compatible = unicodedata.normalize("NFKC", VARIATION_SELECTORS.sub("", cluster))
    folded = unicodedata.normalize("NFKC", compatible.casefold())
    return "".join(" " if character.isspace() else character for character in folded if character.isspace() or is_seen(character))


def is_seen(character: str) -> bool:
    return unicodedata.category(character) not in UNSEEN


@lru_cache(maxsize=16384)
def is_wide(character: str) -> bool:
    """Whether the character is Chinese or stands among Chinese as one: no spaces are written beside it."""
    return unicodedata.east_asian_width(character) in "WF"


def readable(text: str) -> str:
    """Return ``text`` in one line: control characters become spaces, what nobody sees falls away, spaces are single."""
    seen = (" " if unicodedata.category(character) == "Cc" else character for character in text)
    return " ".join("".join(character for character in seen if is_seen(character)).split())


def marked(text: str, words: Iterable[str]) -> SafeString:
    """Return ``text`` as safe markup, every occurrence of the folded ``words`` in <mark>."""
    pieces, end = [], 0
    for start, stop in occurrences(text, words):
        pieces.append((text[end:start], text[start:stop]))
        end = stop
    return format_html_join("", "{}<mark>{}</mark>", pieces) + escape(text[end:])


def occurrences(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Where the folded ``words`` stand in ``text``, from the first to the last; those that overlap or touch are one."""
    folded = fold(text)
    found = sorted(match.span() for word in words for match in re.finditer(re.escape(word), folded.text))
    spans: list[tuple[int, int]] = []
    for first, beyond in found:
        start, end = folded.starts[first], folded.ends[beyond - 1]
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def excerpt(lines: list[str], folded_lines: list[str], words: Iterable[str]) -> str:
    """
    Return about ``EXCERPT_LENGTH`` characters of ``lines``: the first line that has most of the folded ``words`` and what follows it, with
    a wide space between them.

    ``folded_lines`` are the same lines folded. Without any of the words it is the beginning; an ellipsis stands where text was cut.
    """
    words = list(words)
    best = max(range(len(lines)), key=lambda number: sum(word in folded_lines[number] for word in words), default=0)
    text = "　".join(lines[best:])
    spans = occurrences(lines[best], words) if lines else []
    start = spans[0][0] - EXCERPT_LEAD if spans and spans[-1][1] > EXCERPT_LENGTH else 0
    return cut(text, max(start, 0))


def cut(text: str, start: int) -> str:
    """Return ``EXCERPT_LENGTH`` characters of ``text`` from ``start``, with an ellipsis at each end that was cut."""
    end = start + EXCERPT_LENGTH
    return ("…" if start else "") + text[start:end].strip() + ("…" if end < len(text) else "")
