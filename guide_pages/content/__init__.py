"""
The pages the product comes with, in our own words: one JSON file a page, read by ``loader.load``.

A file names its page type, its parent's key, slug, title and fields. Stream fields are written as Wagtail stores them, except that
long text may stand as a list of pieces: rich text is joined as it is, the lines of a table by line ends.
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
# Parents before their children. The key of a page is the name of its file, and never changes.
KEYS = ("home", "guide", "guide-web-enrolment", "news", "news-stamped-form", "about", "privacy", "contact")


@dataclass(frozen=True)
class Delivered:
    """One page as delivered; ``fingerprint`` is a digest of all of it."""

    key: str
    type: str
    parent: str
    slug: str
    values: dict[str, Any]
    fingerprint: str


def delivered(key: str) -> Delivered:
    """Read the page with this key from its file."""
    text = (FOLDER / f"{key}.json").read_text(encoding="utf-8")
    page = json.loads(text)
    own = {name: page[name] for name in ("title", "seo_title", "search_description") if name in page}
    values = own | {name: joined(value) for name, value in page["fields"].items()}
    return Delivered(key, page["type"], page.get("parent", ""), page["slug"], values, sha256(text.encode()).hexdigest())


def joined(value: Any) -> Any:
    """Return ``value`` with every list of strings put together as one text, at any depth."""
    if isinstance(value, dict):
        return {name: "\n".join(part) if name == "cells" else joined(part) for name, part in value.items()}
    if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
        return "".join(value)
    if isinstance(value, list):
        return [joined(part) for part in value]
    return value
