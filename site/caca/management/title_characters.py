"""
Which characters the titles that come with the site are set in, and on which pages each of them stands.

Titles alone wear the serif web font, body text never. What editors write and what members are called needs further characters; those
come from the slices that follow the titles' own.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator

from django.conf import settings

from membership.enums import StatusWord

TEMPLATES = settings.BASE_DIR / "templates"
CONTENT = settings.BASE_DIR / "guide_pages" / "content"
NUMERALS = settings.BASE_DIR / "static" / "css" / "base.css"
# The member centre is headed by whose turn it is.
TURNS = settings.BASE_DIR / "membership" / "domain" / "progress.py"
# Printed, or shown to staff alone, in the serif of their device.
ELSEWHERE = ("documents/", "guide_pages/admin/", "membership/review/", "styleguide/", "wagtail")
# What stands in these is on every page.
FRAME = ("components/site_header.html", "components/member_header.html")
# The certificate wears the serif from top to bottom.
SERIF_THROUGHOUT = ("components/certificate.html",)
IN_TEMPLATES = (
    re.compile(r"<h1\b[^>]*>(.*?)</h1>", re.DOTALL),
    re.compile(r'class="wordmark"[^>]*>(.*?)<'),
    re.compile(r'components/page_head\.html" with title="(.*?)"'),
    re.compile(r'components/seal\.html" with word="(.*?)"'),
    re.compile(r'components/certificate\.html" with name="(.*?)"'),
    re.compile(r'components/certificate\.html" with [^%]*member_type="(.*?)"'),
)
HEADLINE = re.compile(r'(?:\bTurn\(|\bheadline = |\belse |\bapplication, |\brecords, )\s*f?"(.+?)"')
# Tags, placeholders, and the stroke at which the home page's line is broken.
MARKUP = re.compile(r"{%.*?%}|{{.*?}}|{\w.*?}|<[^>]*>|\|", re.DOTALL)
COMMENTS = re.compile(r"{% comment %}.*?{% endcomment %}", re.DOTALL)
RICH_TEXT_HEADING = re.compile(r"<h2>(.*?)</h2>")
NUMERAL = re.compile(r'\[data-numeral="\d+"\]::before { content: "(.)"')
TITLE_FIELDS = ("title", "hero_title", "help_title")
# Blocks whose titles are set as body text is.
PLAIN_BLOCKS = ("notice", "entry", "stage")


def uses() -> dict[str, set[str]]:
    """Return each character that a title is set in, with the names of the pages in whose titles it stands."""
    found = defaultdict(set)
    for source, title in titles():
        for character in MARKUP.sub("", title):
            if not character.isspace():
                found[character].add(source)
    everywhere = set().union(*found.values())
    return {character: everywhere if sources.intersection(FRAME) else sources for character, sources in found.items()}


def titles() -> Iterator[tuple[str, str]]:
    """Yield the page, as the file it comes from, and the words of everything that is set in serif; markup may stand among the words."""
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = path.relative_to(TEMPLATES).as_posix()
        if not name.startswith(ELSEWHERE):
            yield from ((name, title) for title in _of_template(name, path.read_text(encoding="utf-8")))
    for path in sorted(CONTENT.glob("*.json")):
        yield from ((path.name, title) for title in _of_content(json.loads(path.read_text(encoding="utf-8"))))
    # Of these a page shows one, so each counts as a page.
    for number, headline in enumerate(HEADLINE.findall(TURNS.read_text(encoding="utf-8")), 1):
        yield f"{TURNS.name}, {number}", headline
    yield "components/seal.html", StatusWord.APPROVED.label
    yield NUMERALS.name, "".join(NUMERAL.findall(NUMERALS.read_text(encoding="utf-8")))


def _of_template(name: str, text: str) -> Iterator[str]:
    text = COMMENTS.sub("", text)
    if name in SERIF_THROUGHOUT:
        yield text
    for pattern in IN_TEMPLATES:
        yield from pattern.findall(text)


def _of_content(value) -> Iterator[str]:
    if isinstance(value, str):
        yield from RICH_TEXT_HEADING.findall(value)
    elif isinstance(value, list):
        for item in value:
            yield from _of_content(item)
    elif isinstance(value, dict) and value.get("type") not in PLAIN_BLOCKS:
        for field, item in value.items():
            yield from [item] if field in TITLE_FIELDS and isinstance(item, str) else _of_content(item)
