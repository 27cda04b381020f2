"""
The review file: what a reader may see of a case as one PDF, data first and then each paper on a page of its own (REV-12).

Every page bears who took it away, for whom and when, across what is printed there. What the reader may not see is not given to this
module at all. A character that no face has is printed as 〓: the file is read beside the screen, and must not fail for it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from tempfile import NamedTemporaryFile

from PIL import Image
from reportlab.lib.colors import Color
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from membership.documents import fonts, glyphs, lines
from membership.documents.fonts import BOLD
from membership.documents.ornaments import GREY, INK, RULE, TEXT
from membership.documents.sheet import A4, Sheet

AUTHOR = "中国抗癌协会"
LEFT, RIGHT, TOP, BOTTOM = 20.0, 190.0, 20.0, 276.0  # mm
VALUES = 56.0  # where the answers begin
SIZE, STEP = 10.0, 5.2  # points, mm
HEADING_SIZE, TITLE_SIZE, SMALL = 12.0, 19.0, 8.5
PORTRAIT = (25.0, 35.0)  # mm
UNKNOWN = "〓"
# A page at 150 dpi: read well, and a hundred of them still fit into memory.
LONGEST_SIDE = 1750  # pixels
QUALITY = 82
MARK_SIZE, MARK_ANGLE, MARK_STEP = 11.0, 32, 46.0  # points, degrees, mm
MARK_OPACITY = 0.16


@dataclass(frozen=True)
class Row:
    """An answer: its label, and its lines."""

    label: str
    texts: Sequence[str]


@dataclass(frozen=True)
class Part:
    """Rows below a heading."""

    title: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class Paper:
    """A paper on a page of its own. ``read`` gives its bytes (JPEG or PNG) when its turn comes, or nothing where it is missing."""

    label: str
    read: Callable[[], bytes | None]


@dataclass(frozen=True)
class ReviewFile:
    """
    What the file shows.

    :param name: whose case it is; ``number``: of the application; ``lead``: short facts below the name.
    :param mark: who took the file away, for whom and when; across every page.
    """

    name: str
    number: str
    lead: Sequence[str]
    parts: Sequence[Part]
    papers: Sequence[Paper]
    mark: str
    portrait: Callable[[], bytes | None] | None = None


def render(file: ReviewFile) -> bytes:
    """Return the file as PDF. Papers are read one at a time, and made no larger than a page shows."""
    fonts.warm_up()
    out = BytesIO()
    canvas = Canvas(out, pagesize=(A4[0] * mm, A4[1] * mm), pageCompression=1)
    canvas.setTitle(f"审核档案 {file.number} {file.name}")
    canvas.setAuthor(AUTHOR)
    pages = _Pages(canvas, Sheet(canvas), f"审核档案　{file.number}", _printable(file.mark))
    _head(pages, file)
    for part in file.parts:
        _part(pages, part)
    for paper in file.papers:
        _paper(pages, paper)
    pages.end()
    canvas.save()
    return out.getvalue()


@dataclass
class _Pages:
    """The page under the pen: ``y`` is where the next line goes, in mm from the top; each page gets its mark when it is full."""

    canvas: Canvas
    sheet: Sheet
    foot: str
    mark: str
    y: float = TOP
    number: int = field(default=1)

    def room_for(self, height: float) -> None:
        """Go on to the next page if this one has less than ``height`` left."""
        if self.y + height > BOTTOM:
            self.next()

    def next(self) -> None:
        self.end()
        self.canvas.showPage()
        self.number += 1
        self.y = TOP

    def end(self) -> None:
        """Put mark and foot over what is on the page."""
        self._watermark()
        self.sheet.rule(LEFT, 283, RIGHT, 283, width=0.4, colour=RULE)
        self.sheet.text(LEFT, 287.5, self.foot, SMALL, colour=GREY)
        self.sheet.text((LEFT + RIGHT) / 2, 287.5, self.mark, SMALL, colour=GREY, align="centre")
        self.sheet.text(RIGHT, 287.5, f"第 {self.number} 页", SMALL, colour=GREY, align="right")

    def _watermark(self) -> None:
        self.canvas.saveState()
        self.canvas.setFillAlpha(MARK_OPACITY)
        self.canvas.translate(0, A4[1] * mm)
        self.canvas.rotate(-MARK_ANGLE)
        across = glyphs.width(self.mark, MARK_SIZE) / mm + 24
        tilted = Sheet(self.canvas, height=0)
        for line in range(9):
            for place in range(-2, int(A4[1] / across) + 3):
                x = place * across + (line % 2) * across / 2
                tilted.text(x, (line - 2) * MARK_STEP, self.mark, MARK_SIZE, colour=_INK_OF_THE_MARK)
        self.canvas.restoreState()


_INK_OF_THE_MARK = Color(0.05, 0.29, 0.38, MARK_OPACITY)


def _head(pages: _Pages, file: ReviewFile) -> None:
    room = RIGHT - LEFT - PORTRAIT[0] - 6
    name = _printable(file.name)
    portrait = _small(file.portrait() if file.portrait else None)
    if portrait:
        pages.sheet.picture(RIGHT - PORTRAIT[0], TOP, *PORTRAIT, portrait)
    pages.y = TOP + 8
    for line in lines.balanced(name, TITLE_SIZE, room, BOLD):
        pages.sheet.text(LEFT, pages.y, line, TITLE_SIZE, face=glyphs.mould(line, BOLD), colour=INK)
        pages.y += 9
    for fact in file.lead:
        for line in lines.filled(_printable(fact), SIZE, room):
            pages.sheet.text(LEFT, pages.y, line, SIZE, colour=TEXT)
            pages.y += STEP
    pages.y = max(pages.y, TOP + PORTRAIT[1] + 2)


def _part(pages: _Pages, part: Part) -> None:
    pages.room_for(26)
    pages.y += 9
    pages.sheet.text(LEFT, pages.y, _printable(part.title), HEADING_SIZE, face=BOLD, colour=INK)
    pages.y += 3
    for row in part.rows:
        _row(pages, row)


def _row(pages: _Pages, row: Row) -> None:
    broken = [line for text in row.texts for line in lines.filled(_printable(text), SIZE, RIGHT - VALUES)]
    labels = lines.filled(_printable(row.label), SIZE, VALUES - LEFT - 3)
    # A short answer stays in one piece; a long one goes on overleaf.
    pages.room_for(min(max(len(broken), len(labels)), 4) * STEP + 4)
    pages.sheet.rule(LEFT, pages.y, RIGHT, pages.y, width=0.3, colour=RULE)
    pages.y += 1
    top, page = pages.y, pages.number
    for place, line in enumerate(broken):
        pages.room_for(STEP)
        if place < len(labels) and pages.number == page:
            pages.sheet.text(LEFT, top + (place + 1) * STEP - 1.2, labels[place], SIZE, colour=GREY)
        pages.y += STEP
        pages.sheet.text(VALUES, pages.y - 1.2, line, SIZE, colour=TEXT)
    if pages.number == page:
        for place in range(len(broken), len(labels)):
            pages.sheet.text(LEFT, top + (place + 1) * STEP - 1.2, labels[place], SIZE, colour=GREY)
        pages.y = max(pages.y, top + len(labels) * STEP)
    pages.y += 1.4


def _paper(pages: _Pages, paper: Paper) -> None:
    pages.next()
    pages.sheet.text(LEFT, TOP + 4, _printable(paper.label), HEADING_SIZE, face=BOLD, colour=INK)
    content = _small(paper.read())
    if content is None:
        pages.sheet.text(LEFT, TOP + 14, "这份文件读不出来，请在审核页面查看。", SIZE, colour=TEXT)
        return
    with Image.open(BytesIO(content)) as picture:
        across, down = picture.size
    room, height = RIGHT - LEFT, BOTTOM - TOP - 10
    scale = min(room / across, height / down) * mm
    left, low = LEFT * mm + (room * mm - across * scale) / 2, (A4[1] - TOP - 9) * mm - down * scale
    # From a file, for what comes from memory is unpacked, and stays so until the whole document is written.
    with NamedTemporaryFile(suffix=".jpg") as file:
        file.write(content)
        file.flush()
        pages.canvas.drawImage(file.name, left, low, across * scale, down * scale)


def _small(content: bytes | None) -> bytes | None:
    """Return a picture as a JPEG that is no larger than a page shows; nothing for what is no picture."""
    if content is None:
        return None
    try:
        with Image.open(BytesIO(content)) as picture:
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            out = BytesIO()
            _on_white(picture).save(out, "JPEG", quality=QUALITY)
    except OSError:
        return None
    return out.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    if "A" not in picture.getbands():
        return picture.convert("RGB")
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _printable(text: str) -> str:
    return "".join(_known(text))


def _known(text: str) -> Iterator[str]:
    text = glyphs.on_one_line(text)
    missing = set(glyphs.missing_in(text))
    for character in text:
        yield UNKNOWN if character in missing else character
