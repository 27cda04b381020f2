"""
The text of a page as its readers see it, without markup: what search looks through (CMS-3).

Wagtail's own ``get_searchable_content`` gives the words too, but in one run: headings would not be told from text, a search would match
across two paragraphs, and an excerpt would show a table's bars and the names of choices. So the blocks are walked here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from bs4 import BeautifulSoup
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.models import Page

from guide_pages.blocks import StatusBlock, TableBlock

HEADINGS = ("h2", "h3", "h4")
PARAGRAPHS = [*HEADINGS, "p", "li", "blockquote", "td", "th"]


@dataclass(frozen=True)
class Passage:
    """A paragraph, a row of a table, a caption, a heading."""

    text: str
    is_heading: bool = False


def passages_of(page: Page) -> list[Passage]:
    """The introduction and the body of a page (its specific type) in the order in which they are read; its title is not among them."""
    passages = [Passage(getattr(page, "intro", ""))]
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            value = field.value_from_object(page)
            passages += of_block(value.stream_block, value)
    tidy = (Passage(" ".join(passage.text.split()), passage.is_heading) for passage in passages)
    return [passage for passage in tidy if passage.text]


def of_block(block: blocks.Block, value: Any) -> Iterator[Passage]:
    """The passages of one block of any type; of what shows no text of its own, nothing."""
    match block:
        case blocks.RichTextBlock():
            yield from of_rich_text(value.source)
        case TableBlock():
            yield Passage(value["caption"])
            yield from (Passage(" · ".join(row)) for row in value.lines)
        case StatusBlock():
            yield Passage(f"{value.word}：{value['meaning']}")
        case blocks.StructBlock():
            yield from of_struct(block, value)
        case blocks.StreamBlock():
            for child in value:
                yield from of_block(child.block, child.value)
        case blocks.ListBlock():
            for item in value:
                yield from of_block(block.child_block, item)
        case blocks.CharBlock() | blocks.TextBlock():
            yield from (Passage(line) for line in (value or "").splitlines())


def of_struct(block: blocks.StructBlock, value: Any) -> Iterator[Passage]:
    """The passages of a block's parts. A part called title is a heading; what is said to screen readers alone is on no page to be found."""
    for name, child in block.child_blocks.items():
        if name == "title":
            yield Passage(value[name], is_heading=True)
        elif name != "alt":
            yield from of_block(child, value[name])


def of_rich_text(source: str) -> Iterator[Passage]:
    """The paragraphs, items and headings of rich text. An item that holds a list ends where the list begins."""
    soup = BeautifulSoup(source, "html.parser")
    for line_break in soup("br"):
        line_break.replace_with("\n")
    for _, group in groupby(soup.find_all(string=True), key=lambda text: id(text.find_parent(PARAGRAPHS))):
        texts = list(group)
        is_heading = texts[0].find_parent(HEADINGS) is not None
        yield from (Passage(line, is_heading) for line in "".join(texts).splitlines())
