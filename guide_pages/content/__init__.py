"""
The pages the product comes with, in our own words: one JSON file a page, read by ``loader.load``.

A file names its page type, its parent's key, slug, title and fields. Stream fields are written as Wagtail stores them, except that
long text may stand as a list of pieces: rich text is joined as it is, the lines of a table by line ends. A picture is named by its
file in ``pictures/``.
"""

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
# Parents before their children. The key of a page is the name of its file, and never changes.
KEYS = (
    "home",
    "guide",
    "guide-web-enrolment",
    "guide-web-activation",
    "guide-web-change",
    "guide-web-upgrade",
    "guide-phone-enrolment",
    "guide-phone-activation",
    "guide-phone-change",
    "guide-phone-upgrade",
    "news",
    "news-new-site",
    "news-stamped-form",
    "news-verify",
    "about",
    "privacy",
    "contact",
)
PICTURES = FOLDER / "pictures"


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
    return Delivered(key, page["type"], page.get("parent", ""), page["slug"], values, fingerprint(text))


def fingerprint(text: str) -> str:
    """Return a digest of a page's file and of the pictures it names, so that a picture taken again is a change."""
    digest = sha256(text.encode())
    for name in re.findall(r'"(?:phone_)?picture": "([^"]+)"', text):
        digest.update((PICTURES / name).read_bytes())
    return digest.hexdigest()


def joined(value: Any) -> Any:
    """Return ``value`` with every list of strings put together as one text, at any depth."""
    if isinstance(value, dict):
        return {name: "\n".join(part) if name == "cells" else joined(part) for name, part in value.items()}
    if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
        return "".join(value)
    if isinstance(value, list):
        return [joined(part) for part in value]
    return value
