"""
Which face draws which character of a text; a character that no face has is found before anything is drawn (CERT-5).
"""

import re
import unicodedata
from functools import lru_cache
from itertools import groupby

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from reportlab.pdfbase import pdfmetrics

from membership.documents import fonts
from membership.documents.fonts import BOLD, CHINESE, LATIN, MEDIUM

FIRST_HAN = 0x2E80
JOINS_WORDS = " -'’."
BLANKS = re.compile(r"\s+")


class MissingGlyph(ValueError):
    """No installed face draws these characters; the document must not be made. ``characters`` has each once, in reading order."""

    def __init__(self, characters: str) -> None:
        self.characters = characters
        named = "、".join(f"「{character}」（U+{ord(character):04X}）" for character in characters)
        super().__init__(f"字库里没有以下字符，暂时无法打印：{named}")


def on_one_line(text: str) -> str:
    """
    Return the text with every blank (line breaks, tabs, ideographic and hard spaces, several in a row) as one space.

    Printed cells have one kind of blank: the renderer of HTML drops the others without a word.
    """
    return BLANKS.sub(" ", text).strip()


def missing_in(*texts: str) -> str:
    """Return the characters that no face draws, each once, in reading order; empty when all can be printed."""
    characters = dict.fromkeys("".join(texts))
    return "".join(character for character in characters if face_for(character) is None or face_for(character, BOLD) is None)


def require(*texts: str) -> None:
    """
    Make sure that all texts can be printed.

    :raises MissingGlyph: naming every character that cannot.
    """
    if missing := missing_in(*texts):
        raise MissingGlyph(missing)


def face_for(character: str, first: str = MEDIUM) -> str | None:
    """Return the first face that draws this character, or None."""
    return _face_for(character, fonts.order(CHINESE[first]))


@lru_cache(65536)
def _face_for(character: str, order: tuple[str, ...]) -> str | None:
    return next((face for face in order if ord(character) in fonts.code_points(face)), None)


def mould(text: str, first: str = MEDIUM) -> str:
    """
    Return the face from which all Latin letters of a text are set: its lines look alike when each is given to ``runs`` with this.

    That is the Latin companion of ``first`` as soon as ``first`` lacks one letter, so that Łukasz comes from one mould, else ``first``.
    """
    companion = LATIN.get(first, first)
    return companion if companion in _faces(text, first) else first


def runs(text: str, first: str = MEDIUM) -> list[tuple[str, str]]:
    """
    Split a text into (face, piece), in reading order; ``first`` is MEDIUM, BOLD or what ``mould`` said.

    :raises MissingGlyph: no face draws a character.
    """
    mould_face = mould(text, first)
    faces = _faces(text, first)
    if mould_face not in CHINESE.values():
        faces = [mould_face if _is_latin(character) else face for character, face in zip(text, faces, strict=True)]
    pairs = groupby(zip(faces, text, strict=True), key=lambda pair: pair[0])
    return [(face, "".join(character for _, character in piece)) for face, piece in pairs]


def _faces(text: str, first: str) -> list[str]:
    order = fonts.order(CHINESE[first])
    faces = [face for character in text if (face := _face_for(character, order))]
    if len(faces) < len(text):
        raise MissingGlyph(missing_in(text))
    return faces


def _is_latin(character: str) -> bool:
    is_letter = character.isalpha() or character in JOINS_WORDS or unicodedata.category(character) == "Mn"
    return is_letter and ord(character) < FIRST_HAN and ord(character) in fonts.code_points(fonts.LATIN_MEDIUM)


def is_rare(text: str) -> bool:
    """Return whether a thin face has to help out."""
    return any(fonts.is_thin(face) for face, _ in runs(text))


def advances(text: str, size: float, first: str = MEDIUM) -> list[float]:
    """Return the width of each character in points."""
    return [pdfmetrics.stringWidth(character, face, size) for face, piece in runs(text, first) for character in piece]


def width(text: str, size: float, first: str = MEDIUM) -> float:
    """Return the width of a line in points, without letter-spacing."""
    return sum(pdfmetrics.stringWidth(piece, face, size) for face, piece in runs(text, first))


def markup(text: str, first: str = MEDIUM) -> SafeString:
    """Return the text as HTML for xhtml2pdf, to stand where the style says ``first``: escaped, pieces in other faces in spans."""
    return mark_safe("".join(_span(piece, face, around=CHINESE[first]) for face, piece in runs(text, first)))


def _span(piece: str, face: str, *, around: str) -> str:
    return escape(piece) if face == around else format_html('<span style="font-family:{}">{}</span>', face, piece)
