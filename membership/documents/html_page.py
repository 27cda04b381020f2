"""
One printed page from HTML by xhtml2pdf, with line work drawn straight on its canvas before and after the text.

What never changes on a page is drawn by the hooks, not laid out: that halves the time, and positions hold to the tenth of a
millimetre. Nothing is fetched: neither network nor files, whatever the HTML says.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.units import mm
from xhtml2pdf.config.resources import ResourceAccessPolicy, render_budget, use_policy
from xhtml2pdf.document import pisaStory
from xhtml2pdf.files import cleanFiles
from xhtml2pdf.util import reset_caches
from xhtml2pdf.xhtml2pdf_reportlab import PmlBaseDoc, PmlFrame, PmlPageTemplate

from membership.documents.sheet import A4, Sheet

NOTHING_FETCHED = ResourceAccessPolicy.server(None, allow_remote=False)

# xhtml2pdf keeps what it parsed in module globals; two renderings at once would use each other's.
_one_at_a_time = threading.RLock()

Drawing = Callable[[Sheet], None]


class NotOnePage(ValueError):
    """The text needs more than the page has."""


@dataclass(frozen=True)
class Area:
    """Where the text goes, in mm from the upper left corner of the page."""

    left: float
    top: float
    width: float
    height: float


class DrawnPage(PmlPageTemplate):
    """A page with one area for text and two hooks that draw on it."""

    def __init__(self, area: Area, before: Drawing, after: Drawing) -> None:
        padding = dict.fromkeys(("leftPadding", "rightPadding", "topPadding", "bottomPadding"), 0)
        low = A4[1] - area.top - area.height
        frame = PmlFrame(area.left * mm, low * mm, area.width * mm, area.height * mm, id="text", **padding)
        super().__init__(id="body", frames=[frame], pagesize=(A4[0] * mm, A4[1] * mm))
        self.before, self.after = before, after

    def beforeDrawPage(self, canvas, doc) -> None:
        super().beforeDrawPage(canvas, doc)
        self.before(Sheet(canvas))

    def afterDrawPage(self, canvas, doc) -> None:
        self.after(Sheet(canvas))
        super().afterDrawPage(canvas, doc)


def one_page(html: str, *, title: str, author: str, area: Area, before: Drawing, after: Drawing) -> bytes:
    """
    Return the A4 page as PDF; the same input gives the same bytes.

    :raises NotOnePage: the text does not fit into ``area``; nothing is shrunk to make it.
    """
    out = BytesIO()
    with _one_at_a_time, use_policy(NOTHING_FETCHED), render_budget(NOTHING_FETCHED):
        try:
            story = pisaStory(html, resource_policy=NOTHING_FETCHED).story
            document = PmlBaseDoc(out, pagesize=(A4[0] * mm, A4[1] * mm), title=title, author=author, lang="zh-CN", allowSplitting=1)
            document.addPageTemplates([DrawnPage(area, before, after)])
            document.build(story)
        finally:
            cleanFiles()
            reset_caches()
    if document.page != 1:
        raise NotOnePage("内容过长，一页放不下")
    return out.getvalue()
