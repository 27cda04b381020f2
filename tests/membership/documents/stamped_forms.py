"""Application forms drawn with Pillow, as a scanner at 200 dpi would see them: with or without a seal, a QR code, a photo ground."""

import math
from io import BytesIO

import qrcode
from PIL import Image, ImageChops, ImageDraw, ImageFont

DPI = 200
PAGE = (1654, 2339)
INK = (200, 30, 40)
SEAL_CENTRE = (1290, 1650)


def mm(length: float) -> int:
    return round(length / 25.4 * DPI)


def blank_form(*, qr_text: str | None = None, photo_ground: tuple[int, int, int] | None = None) -> Image.Image:
    """Return a ruled A4 page with writing in its rows, and what else is asked for."""
    page = Image.new("RGB", PAGE, "white")
    pencil = ImageDraw.Draw(page)
    font = ImageFont.load_default(26)
    for row in range(14):
        top = mm(45) + row * mm(10)
        pencil.rectangle((mm(15), top, mm(195), top + mm(10)), outline="black", width=2)
        pencil.text((mm(17), top + mm(3)), "Tianjin 2026-000123   Oncology   022-2000 5678   Chief physician", font=font, fill="black")
    pencil.rectangle((mm(15), mm(187), mm(195), mm(275)), outline="black", width=2)
    if photo_ground:
        page.paste(_photo(photo_ground), (mm(168), mm(46)))
    if qr_text:
        page.paste(_qr(qr_text), (mm(163), mm(5)))
    return page


def stamped_form(*, qr_text: str | None = None, **options) -> Image.Image:
    """Return the form with a red seal of 42 mm over its lower right."""
    page = blank_form(qr_text=qr_text, photo_ground=options.pop("photo_ground", None))
    return stamped(page, **options)


def stamped(
    page: Image.Image, *, ink: tuple[int, int, int] = INK, imprinted: float = 1.0, width_mm: float = 42, height_mm: float = 42
) -> Image.Image:
    """Return the page with a seal on it; ``imprinted`` is the share of its height that took ink."""
    shape = seal_shape(imprinted=imprinted).resize((mm(width_mm), mm(height_mm)))
    print_ = Image.new("RGB", shape.size, "white")
    print_.paste(ink, mask=shape)
    left, top = SEAL_CENTRE[0] - shape.width // 2, SEAL_CENTRE[1] - shape.height // 2
    box = (left, top, left + shape.width, top + shape.height)
    page = page.copy()
    page.paste(ImageChops.multiply(page.crop(box), print_), box)
    return page


def seal_shape(*, imprinted: float = 1.0) -> Image.Image:
    """Return a mask: ring, star, and twelve stroked signs along the ring."""
    side = mm(42)
    centre = side / 2
    shape = Image.new("L", (side, side))
    pencil = ImageDraw.Draw(shape)
    pencil.ellipse((2, 2, side - 2, side - 2), outline=255, width=mm(1.2))
    points = [
        (centre + radius * math.sin(step * math.pi / 5), centre - radius * math.cos(step * math.pi / 5))
        for step in range(10)
        for radius in [side * (0.17 if step % 2 == 0 else 0.065)]
    ]
    pencil.polygon(points, fill=255)
    for sign in range(12):
        turn = math.radians(-130 + sign * 260 / 11)
        x, y = centre + side * 0.38 * math.sin(turn), centre - side * 0.38 * math.cos(turn)
        for offset in (-mm(1.6), 0, mm(1.6)):
            pencil.line((x - mm(2), y + offset, x + mm(2), y + offset), fill=255, width=mm(0.6))
        pencil.line((x, y - mm(2.4), x, y + mm(2.4)), fill=255, width=mm(0.6))
    pencil.rectangle((0, side * imprinted, side, side), fill=0)
    return shape


def on_a_desk(page: Image.Image, *, colour: tuple[int, int, int], turned: float = 4, share: float = 0.8) -> Image.Image:
    """Return the page as photographed from above: turned by some degrees, on a desk of one colour."""
    desk = Image.new("RGB", (2100, 2800), colour)
    scale = min(desk.width / page.width, desk.height / page.height) * share
    small = page.resize((round(page.width * scale), round(page.height * scale)))
    mask = Image.new("L", small.size, 255).rotate(turned, expand=True)
    small = small.rotate(turned, Image.Resampling.BICUBIC, expand=True)
    desk.paste(small, ((desk.width - small.width) // 2, (desk.height - small.height) // 2), mask)
    return desk


def as_file(image: Image.Image, format: str = "JPEG", **options) -> BytesIO:
    file = BytesIO()
    image.save(file, format, **options)
    file.seek(0)
    return file


def _qr(text: str) -> Image.Image:
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4)
    code.add_data(text)
    return code.make_image().get_image().convert("RGB").resize((mm(37), mm(37)))


def _photo(ground: tuple[int, int, int]) -> Image.Image:
    photo = Image.new("RGB", (mm(25), mm(35)), ground)
    pencil = ImageDraw.Draw(photo)
    pencil.ellipse((mm(8), mm(5), mm(17), mm(18)), fill=(215, 170, 140))
    pencil.pieslice((mm(1), mm(20), mm(24), mm(50)), 180, 360, fill=(240, 240, 245))
    return photo
