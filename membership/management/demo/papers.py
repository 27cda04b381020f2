"""Drawn stand-ins for what people upload: a portrait, a qualification, a student card, a printed form with a seal on it."""

from io import BytesIO
from math import cos, pi, sin

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from membership.documents import fonts, form, form_sheet, pdf_pictures, pictures, scan_files, scans
from membership.domain import attachments, stamped_forms
from membership.enums import AttachmentKind
from membership.models import Application

SCAN_NAME = "申请表（盖章）.jpg"
SEAL_RED = (190, 30, 34)
GROUNDS = ((196, 212, 222), (206, 216, 208), (216, 208, 214), (204, 210, 226))
COATS = ((244, 245, 246), (62, 78, 98), (238, 236, 230), (92, 70, 74))
HAIR = ((52, 46, 44), (34, 32, 36), (72, 58, 48), (118, 114, 112))


def portrait(tone: int = 0) -> attachments.NewFile:
    """Return a neutral portrait, 5 : 7; ``tone`` tells persons apart."""
    width, height = 708, 992
    image = Image.new("RGB", (width, height), GROUNDS[tone % 4])
    pen = ImageDraw.Draw(image)
    skin, hair, coat = (214, 182, 160), HAIR[tone // 2 % 4], COATS[tone % 4]
    if tone % 2:
        pen.ellipse((176, 180, 532, 780), fill=hair)
    pen.ellipse((-20, 690, width + 20, 1500), fill=coat)
    pen.polygon([(290, 690), (418, 690), (354, 860)], fill=(120, 146, 160))
    pen.rectangle((302, 560, 406, 720), fill=skin)
    pen.ellipse((196, 180, 512, 520), fill=hair)
    pen.ellipse((222, 240, 486, 620), fill=skin)
    return _picture(AttachmentKind.PORTRAIT, image, "寸照.jpg")


def qualification(title: str = "医师资格证书") -> attachments.NewFile:
    """Return a page that looks like a certificate of qualification, marked as a sample."""
    return _picture(AttachmentKind.QUALIFICATION, _page(title, "示例，仅供演示"), "资质证书.jpg")


def student_card() -> attachments.NewFile:
    return _picture(AttachmentKind.STUDENT_CARD, _page("学生证", "示例，仅供演示"), "学生证.jpg")


def screenshot(said: str) -> attachments.NewFile:
    """Return a picture of a phone's screen with one sentence on it."""
    image = Image.new("RGB", (720, 1280), (246, 243, 237))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, 720, 120), fill=(12, 74, 96))
    pen.text((40, 36), "提交盖章文件", font=_font(44), fill=(255, 253, 249))
    pen.rectangle((40, 180, 680, 420), outline=(168, 40, 31), width=4)
    pen.text((70, 270), said, font=_font(36), fill=(168, 40, 31))
    return _picture(AttachmentKind.FEEDBACK, image, "截图.png")


def stamped(application: Application, *, unit: str = "河西市肿瘤防治中心", with_seal: bool = True) -> stamped_forms.Scan:
    """Return the application's own form as printed, stamped and photographed a little askew."""
    sheet = form_sheet.sheet_of(application)
    page = pdf_pictures.picture_of(form.render(sheet), dpi=150)
    if with_seal:
        per_mm = 150 / 25.4
        mark = seal(unit, diameter=round(42 * per_mm))
        # Centre of the guide ring: 131 mm from the cell's left edge, in the stamp's row of the form.
        page.paste(mark, (round((15 + 18 + 131) * per_mm) - mark.width // 2, round(209 * per_mm) - mark.height // 2), mark)
    page = page.rotate(0.6, fillcolor=(250, 249, 246), resample=Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(0.4))
    content = BytesIO()
    page.save(content, "JPEG", quality=80, dpi=(150, 150))
    content.seek(0)
    return scan_files.new_scan(scans.clean(content, SCAN_NAME), name=SCAN_NAME, expected=sheet.qr_text)


def seal(text: str, *, diameter: int) -> Image.Image:
    """Return a round seal of an invented unit with a star, transparent outside."""
    side = diameter * 2
    image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.ellipse((8, 8, side - 8, side - 8), outline=(*SEAL_RED, 225), width=side // 38)
    pen.polygon(_star(side / 2, side / 2, side * 0.14), fill=(*SEAL_RED, 225))
    font = _font(side // 9)
    span = pi * 1.25
    for index, character in enumerate(text):
        angle = -pi / 2 - span / 2 + span * (index + 0.5) / len(text)
        glyph = Image.new("RGBA", (font.size * 2, font.size * 2), (0, 0, 0, 0))
        ImageDraw.Draw(glyph).text((font.size, font.size), character, font=font, fill=(*SEAL_RED, 225), anchor="mm")
        glyph = glyph.rotate(-(angle + pi / 2) * 180 / pi, resample=Image.Resampling.BICUBIC)
        x, y = side / 2 + cos(angle) * side * 0.36, side / 2 + sin(angle) * side * 0.36
        image.alpha_composite(glyph, (round(x - font.size), round(y - font.size)))
    return image.resize((diameter, diameter), Image.Resampling.LANCZOS)


def _star(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    points = []
    for corner in range(10):
        length = radius if corner % 2 == 0 else radius * 0.382
        angle = -pi / 2 + corner * pi / 5
        points.append((x + cos(angle) * length, y + sin(angle) * length))
    return points


def _page(title: str, note: str) -> Image.Image:
    image = Image.new("RGB", (1600, 1130), (252, 250, 244))
    pen = ImageDraw.Draw(image)
    pen.rectangle((60, 60, 1540, 1070), outline=(150, 120, 80), width=6)
    pen.text((800, 300), title, font=_font(96), fill=(60, 50, 40), anchor="mm")
    for line in range(4):
        pen.line((420, 520 + line * 90, 1180, 520 + line * 90), fill=(190, 180, 165), width=3)
    pen.text((800, 970), note, font=_font(44), fill=(140, 125, 105), anchor="mm")
    return image


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(fonts.FOLDER / fonts.FILES[fonts.BOLD]), size)


def _picture(kind: AttachmentKind, image: Image.Image, name: str) -> attachments.NewFile:
    content = BytesIO()
    image.save(content, "JPEG", quality=88, dpi=(300, 300))
    content.seek(0)
    clean = pictures.clean(content, name=name)
    return attachments.NewFile(kind, clean.content, "image/jpeg", name, clean.width, clean.height)
