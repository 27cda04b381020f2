"""
The poster with a committee member's referral code: one A4 page to pin up, read from about a metre away (REF-2).

The steps are HTML laid out by xhtml2pdf; title, line work, QR code and who refers are drawn at their places, the name so that a rare
character has the weight of its neighbours. No solid areas, which would cost toner and curl the paper; only the code is pure black.
"""

from dataclasses import dataclass, replace
from io import BytesIO

from django.template.loader import render_to_string
from PIL import Image
from reportlab.lib.colors import Color

from membership.documents import glyphs, html_page, lines
from membership.documents.fonts import BOLD, MEDIUM
from membership.documents.html_page import NotOnePage
from membership.documents.ornaments import GREY, INK, TEXT
from membership.documents.pdf_pictures import picture_of
from membership.documents.sheet import Sheet

AUTHOR = "中国抗癌协会"
TITLE = "扫码申请入会"
CALL = "用微信或手机浏览器扫一扫，推荐人一栏自动填好"
LEFT, RIGHT, AXIS = 25.0, 185.0, 105.0
# The code (left, top, side) in its corner marks (left, top, right, bottom): between them more than the four modules of white that it wants.
QR = (63.0, 98.5, 84.0)
MARKS = (49.0, 84.5, 161.0, 196.5)
ARM = 12.0
WHO = 203.5
STEPS_RULE = 232.0
STEPS = html_page.Area(left=LEFT, top=236, width=RIGHT - LEFT, height=42)
POINT = 25.4 / 72
ROOM = 155.0
NAMES = ((26, 1), (22, 1), (18, 1), (15, 1), (13, 1), (13, 2))
SEATS = ((14, 1), (12, 1), (11, 1), (11, 2), (9, 2))
PREVIEW_DPI, PRINT_DPI = 110, 200
TEXTS = ("name", "committee", "role", "link", "qr_text")


@dataclass(frozen=True)
class PosterSheet:
    """
    What the poster shows.

    :param link: the address in clear, as people type it.
    :param qr_text: the same for scanners, in upper case.
    :param working_days: how long a review takes as a rule.
    """

    name: str
    committee: str
    role: str
    link: str
    qr_text: str
    working_days: int


def render(sheet: PosterSheet) -> bytes:
    """
    Return the poster as PDF; the same sheet gives the same bytes.

    :raises MissingGlyph: a character cannot be printed; nothing is made.
    :raises NotOnePage: name or committee are longer than the page has room.
    :raises TooMuchForQr: ``qr_text`` is too long to scan well.
    """
    sheet = _printable(sheet)
    who = _who(sheet)
    return html_page.one_page(
        render_to_string(
            "membership/referral_code/poster_steps.html", {"link": glyphs.markup(sheet.link, BOLD), "working_days": sheet.working_days}
        ),
        title=f"委员专属推荐码 {sheet.name}",
        author=AUTHOR,
        area=STEPS,
        before=lambda page: _head(page, sheet),
        after=lambda page: _draw_who(page, who),
    )


def render_picture(sheet: PosterSheet, *, dpi: int = PREVIEW_DPI) -> bytes:
    """Return the poster as a PNG, for telephones that keep pictures and no PDF; raises as :func:`render`."""
    out = BytesIO()
    picture_of(render(sheet), dpi=dpi).convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(out, "PNG", optimize=True)
    return out.getvalue()


def _printable(sheet: PosterSheet) -> PosterSheet:
    texts = {name: glyphs.on_one_line(getattr(sheet, name)) for name in TEXTS}
    glyphs.require(*texts.values())
    return replace(sheet, **texts)  # type: ignore[arg-type]


def _who(sheet: PosterSheet) -> list[tuple[float, str, float, str]]:
    """Return the lines below the code: baseline in mm, text, size and face."""
    y, found = WHO, [(WHO, "推荐人", 11.0, MEDIUM)]
    for text, plans, face, gap in (
        (sheet.name, NAMES, glyphs.mould(sheet.name, BOLD), 0.0),
        (f"{sheet.committee} {sheet.role}", SEATS, MEDIUM, 2.2),
    ):
        size, broken = _fitting(text, plans, face)
        y += gap
        for line in broken:
            y += size * POINT * 1.15
            found.append((y, line, size, face))
    return found


def _fitting(text: str, plans: tuple[lines.Plan, ...], face: str) -> tuple[float, list[str]]:
    found = lines.fitting(text, ROOM, plans, face, softly=True)
    if found is None:
        raise NotOnePage("姓名或专委会名称过长，一页放不下")
    return found


def _head(page: Sheet, sheet: PosterSheet) -> None:
    page.rule(LEFT, 17, RIGHT, 17, width=2.2, colour=INK)
    page.rule(LEFT, 18.6, RIGHT, 18.6, colour=INK)
    page.rule(LEFT, STEPS_RULE, RIGHT, STEPS_RULE, colour=INK)
    page.rule(LEFT, 280, RIGHT, 280, colour=INK)
    page.text(AXIS, 30.4, AUTHOR, 15, face=BOLD, align="centre", colour=INK)
    page.text(AXIS, 35.8, "China Anti-Cancer Association", 9, align="centre", colour=GREY)
    page.text(AXIS, 60.2, TITLE, 46, face=BOLD, align="centre", colour=INK)
    page.text(AXIS, 72.0, CALL, 14, align="centre", colour=TEXT)
    _corner_marks(page, INK)
    page.qr(QR[0], QR[1], QR[2], sheet.qr_text)


def _draw_who(page: Sheet, who: list[tuple[float, str, float, str]]) -> None:
    for y, line, size, face in who:
        colour = TEXT if face == MEDIUM else INK
        page.text(AXIS, y, line, size, face=face, align="centre", colour=GREY if y == WHO else colour)


def _corner_marks(page: Sheet, colour: Color) -> None:
    left, top, right, bottom = MARKS
    for x, across in ((left, ARM), (right, -ARM)):
        for y, down in ((top, ARM), (bottom, -ARM)):
            page.rule(x, y, x + across, y, width=2.2, colour=colour)
            page.rule(x, y, x, y + down, width=2.2, colour=colour)
