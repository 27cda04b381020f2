"""The tokens as static/css/tokens.css defines them, and the contrast of their colours (WCAG 2.2)."""

import re
from dataclasses import dataclass
from functools import cache

from django.conf import settings

FILE = settings.BASE_DIR / "static" / "css" / "tokens.css"
THEMES = ("light", "dark")
TEXT, MARK = 4.5, 3.0
PAPERS = ("--sheet", "--paper", "--sunk")


@dataclass(frozen=True)
class Pair:
    """One colour upon another, and the contrast it needs."""

    front: str
    ground: str
    least: float = TEXT


# Every pair that the style sheets paint; text needs 4.5, the edge of a control and the focus ring 3.
PAIRS = (
    *(Pair(ink, paper) for ink in ("--ink", "--ink-2", "--ink-3", "--blue", "--seal") for paper in PAPERS),
    *(Pair(mark, paper, MARK) for mark in ("--edge", "--focus") for paper in PAPERS),
    Pair("--on-fill", "--blue-fill"),
    Pair("--on-fill", "--blue-fill-2"),
    Pair("--on-fill", "--seal-fill"),
    Pair("--ink", "--blue-tint"),
    Pair("--blue", "--blue-tint"),
    Pair("--ink", "--seal-tint"),
    Pair("--seal", "--seal-tint"),
    Pair("--ink", "--slip"),
    Pair("--ink-2", "--slip"),
)
_BLOCK = re.compile(r"(?P<selectors>[^{}]+)\{(?P<body>[^{}]*)\}")
_TOKEN = re.compile(r"^\s*(?P<name>--[\w-]+):\s*(?P<value>.+?);", re.MULTILINE)
_COLOUR = re.compile(r"#[0-9a-f]{6}$")


@cache
def tokens(theme: str) -> dict[str, str]:
    """Return every token of a theme, "light" or "dark", with its value as written."""
    found: dict[str, str] = {}
    for block in _BLOCK.finditer(re.sub(r"/\*.*?\*/", "", FILE.read_text(), flags=re.DOTALL)):
        selectors = block["selectors"]
        if ":root" in selectors or f'"{theme}"' in selectors:
            found |= {token["name"]: token["value"] for token in _TOKEN.finditer(block["body"])}
    return found


def colours(theme: str) -> dict[str, str]:
    """Return the tokens of a theme that are a colour, as "#rrggbb"; without the certificate's, which has its own paper."""
    return {name: value for name, value in tokens(theme).items() if _COLOUR.match(value) and not name.startswith("--cert")}


def sizes(prefix: str) -> dict[str, str]:
    """Return the steps of a scale: "--t-" for type, "--s-" for space."""
    return {name: value for name, value in tokens("light").items() if re.match(rf"{prefix}\d$", name)}


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours "#rrggbb", from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def ratio(pair: Pair, theme: str) -> float:
    """Return the contrast of a pair in a theme."""
    values = colours(theme)
    return contrast(values[pair.front], values[pair.ground])


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
