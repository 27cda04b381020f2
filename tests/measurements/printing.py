"""The paper: our own form as the printer gives it, what people sign on it, and the seal they press on it."""

import math
from dataclasses import replace
from functools import lru_cache
from io import BytesIO
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from membership.documents import fonts, form, form_blanks, pdf_pictures, scans
from tests.measurements.specimens import CODES, SEED, Paper, Seal, Specimen
from tests.membership.documents import test_form

DPI = 250
WIDTH, HEIGHT = 210.0, 297.0  # mm
FINE = 3  # how much finer seals are drawn than they are printed
UNIT = "海河大学附属肿瘤医院"
STUDENT = {"is_student": True, "work_unit": "海河大学医学院", "title": "", "department": "", "post": "", "licence": "", "licence_kind": ""}
SHEETS: dict[str, dict] = {"plain": {}, "long": test_form.LONG, "student": STUDENT}


def printed(specimen: Specimen) -> Image.Image:
    """Return the paper of a specimen, stamped and signed, as RGB at ``DPI``."""
    paper, dice = specimen.paper, Random(f"{SEED} / ink {specimen.index}")
    page = _form(paper.sheet, paper.portrait, paper.code).copy()
    _sign(page, paper, dice)
    for one in paper.distractions:
        _press(page, *DRAWN[one](dice))
    if paper.seal:
        _press(page, seal_shape(paper.seal, dice), paper.seal.ink, _seal_place(paper.seal))
    if paper.copied:
        page = page.convert("L").point(lambda value: 30 if value < 150 else 250).convert("RGB")
    return ImageChops.multiply(page, Image.new("RGB", page.size, paper.tint))


def mm(length: float) -> int:
    return round(length / 25.4 * DPI)


@lru_cache(4)
def _form(sheet: str, portrait: tuple[int, int, int] | None, code: str) -> Image.Image:
    named = CODES[code]
    facts = {
        **SHEETS[sheet],
        "number": named[0] if named else "",
        "dossier_version": named[1] if named else 1,
        "qr_text": scans.form_qr_text(*named) if named else "CACA",
        "portrait": _portrait(portrait) if portrait else None,
    }
    page = pdf_pictures.picture_of(form.render(replace(test_form.sheet(), **facts)), dpi=DPI)
    if named is None:
        right, top, side = form_blanks.RIGHT, form_blanks.QR_TOP, form_blanks.QR_SIDE
        page.paste("white", (mm(right - side - 1), mm(top - 1), mm(right + 1), mm(top + side + 1)))
    return page


def _portrait(ground: tuple[int, int, int]) -> bytes:
    picture = Image.new("RGB", (354, 496), ground)
    pencil = ImageDraw.Draw(picture)
    pencil.ellipse((40, 340, 314, 700), fill=(60, 70, 90))
    pencil.ellipse((100, 60, 254, 330), fill=(214, 182, 160))
    pencil.pieslice((95, 50, 259, 260), 180, 360, fill=(45, 40, 40))
    file = BytesIO()
    picture.save(file, "JPEG", quality=88)
    return file.getvalue()


def _press(page: Image.Image, shape: Image.Image, ink: tuple[int, int, int], middle: tuple[float, float]) -> None:
    """Put ink on the page through a mask, as a stamp does: what is below shows through."""
    mark = Image.new("RGB", shape.size, "white")
    mark.paste(ink, mask=shape)
    left, top = mm(middle[0]) - shape.width // 2, mm(middle[1]) - shape.height // 2
    box = (max(left, 0), max(top, 0), min(left + shape.width, page.width), min(top + shape.height, page.height))
    part = mark.crop((box[0] - left, box[1] - top, box[2] - left, box[3] - top))
    page.paste(ImageChops.multiply(page.crop(box), part), box)


# --- Seals -----------------------------------------------------------------------------------------


def seal_shape(seal: Seal, dice: Random) -> Image.Image:
    """Return where a seal leaves how much ink: ring, star, the unit's name along the ring."""
    width = mm(seal.width) * FINE
    height = width if seal.kind == "round" else round(width * 30 / 45)
    shape = Image.new("L", (width, height))
    pencil = ImageDraw.Draw(shape)
    pencil.ellipse((4, 4, width - 5, height - 5), outline=255, width=mm(1.2) * FINE)
    if seal.kind == "round":
        pencil.polygon(_star(width / 2, height / 2, mm(7) * FINE), fill=255)
        _write_round(shape, UNIT, size=mm(5.2) * FINE, span=math.radians(230))
    else:
        pencil.text((width / 2, height / 2), "海河肿瘤医院", font=_font(mm(5) * FINE), fill=255, anchor="mm")
        _write_round(shape, "HAIHE ONCOLOGY CENTRE", size=mm(3) * FINE, span=math.radians(190))
    shape = shape.resize((width // FINE, height // FINE), Image.Resampling.LANCZOS)
    shape = shape.rotate(seal.turned, Image.Resampling.BICUBIC, expand=True)
    return _inked(shape, seal, dice)


def _inked(shape: Image.Image, seal: Seal, dice: Random) -> Image.Image:
    """Take ink away: evenly by its strength, and in patches a few millimetres wide."""
    coarse = (max(shape.width // mm(3), 2), max(shape.height // mm(3), 2))
    patches = Image.frombytes("L", coarse, dice.randbytes(coarse[0] * coarse[1])).resize(shape.size, Image.Resampling.BICUBIC)
    kept = patches.point(lambda value: 255 * (1 - seal.patchy * (value / 255)))
    return ImageChops.multiply(shape, kept).point(lambda value: value * seal.strength)


def _write_round(shape: Image.Image, text: str, *, size: int, span: float) -> None:
    font, across, down = _font(size), shape.width / 2, shape.height / 2
    inset = mm(2.2) * FINE + size / 2
    for index, character in enumerate(text):
        angle = -math.pi / 2 - span / 2 + span * (index + 0.5) / len(text)
        sign = Image.new("L", (2 * size, 2 * size))
        ImageDraw.Draw(sign).text((size, size), character, font=font, fill=255, anchor="mm")
        sign = sign.rotate(-math.degrees(angle + math.pi / 2), Image.Resampling.BICUBIC)
        x, y = across + (across - inset) * math.cos(angle), down + (down - inset) * math.sin(angle)
        box = (round(x - size), round(y - size), round(x - size) + sign.width, round(y - size) + sign.height)
        shape.paste(ImageChops.lighter(shape.crop(box), sign), box)


def _star(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    lengths = (radius if corner % 2 == 0 else radius * 0.382 for corner in range(10))
    return [
        (x + length * math.sin(corner * math.pi / 5), y - length * math.cos(corner * math.pi / 5)) for corner, length in enumerate(lengths)
    ]


def _seal_place(seal: Seal) -> tuple[float, float]:
    across, down, _ = form_blanks.RING
    return across + seal.shift[0], down + seal.shift[1]


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(fonts.FOLDER / fonts.FILES[fonts.BOLD]), size)


# --- Pens, thumbs and name chops ---------------------------------------------------------------------


def _sign(page: Image.Image, paper: Paper, dice: Random) -> None:
    for left, top in ((125, 274), (108, 259)):
        _scribble(page, left, top, paper.signature, dice)


def _scribble(page: Image.Image, left: float, top: float, ink: tuple[int, int, int], dice: Random) -> None:
    pencil = ImageDraw.Draw(page)
    for sign in range(3):
        points = [(mm(left + 6 * sign + dice.uniform(0, 6)), mm(top + dice.uniform(-5, 3))) for _ in range(7)]
        pencil.line(points, fill=ink, width=mm(0.45), joint="curve")


Mark = tuple[Image.Image, tuple[int, int, int], tuple[float, float]]


def _thumb(dice: Random) -> Mark:
    """A thumb print: oval lines close together, beside the applicant's signature."""
    shape = Image.new("L", (mm(16), mm(21)))
    pencil = ImageDraw.Draw(shape)
    for step in range(1, 14):
        across, down = mm(step * 0.6), mm(step * 0.78)
        x, y = shape.width // 2 + dice.randint(-3, 3), shape.height // 2 + dice.randint(-3, 3)
        pencil.ellipse((x - across, y - down, x + across, y + down), outline=dice.randint(120, 255), width=mm(0.3))
    return shape.filter(ImageFilter.GaussianBlur(1)), (205, 45, 55), (140, 271)


def _chop(dice: Random) -> Mark:
    """A person's own square name seal, white signs on red."""
    side = mm(dice.choice((10, 14, 18)))
    shape = Image.new("L", (side, side), 255)
    pencil = ImageDraw.Draw(shape)
    for index, sign in enumerate("林知夏印"):
        x, y = side * (0.27 + 0.46 * (1 - index // 2)), side * (0.27 + 0.46 * (index % 2))
        pencil.text((x, y), sign, font=_font(round(side * 0.4)), fill=0, anchor="mm")
    return shape, (190, 25, 35), (132, 258)


def _pen(dice: Random) -> Mark:
    """A remark in red ink with a ring round it."""
    shape = Image.new("L", (mm(38), mm(16)))
    pencil = ImageDraw.Draw(shape)
    for sign in range(5):
        points = [(mm(4 + 6 * sign + dice.uniform(0, 5)), mm(dice.uniform(4, 12))) for _ in range(6)]
        pencil.line(points, fill=255, width=mm(0.5), joint="curve")
    pencil.ellipse((2, 2, shape.width - 3, shape.height - 3), outline=255, width=mm(0.5))
    return shape, (215, 40, 45), (dice.uniform(60, 120), dice.uniform(196, 222))


DRAWN = {"thumb": _thumb, "chop": _chop, "pen": _pen}
