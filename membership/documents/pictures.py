"""
Pictures as they come from phones and scanners, made safe and even (APP-7).

What a file is, its content says, never its name. Everything is drawn anew: upright, on white, in sRGB, without EXIF, GPS, profiles or
anything hung on at the end. Bounds are checked on the header, before a pixel is decoded.
"""

import math
import re
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Literal, Protocol

from django.utils.translation import gettext as _
from PIL import Image, ImageChops, ImageCms, ImageOps
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

MEGABYTE = 1024 * 1024
LARGEST = 5 * MEGABYTE
LONGEST_SIDE = 12_000
MOST_PIXELS = 50_000_000
# What may be decoded whole: 64 MB at Pillow's four bytes a pixel. Beyond it a JPEG is decoded at half its size, and grey takes a quarter.
MOST_DECODED = 16_000_000
# A progressive JPEG has about ten scans; each one walks over the whole picture, so thousands of empty ones would take hours.
MOST_JPEG_SCANS = 32
KEPT_SIDE = 4_000  # A4 at 300 dpi is 2480 × 3508
QUALITY = 88
PORTRAIT_RATIO = (5, 7)
PORTRAIT_SMALLEST = (354, 496)  # 30 × 42 mm at 300 dpi, as printed on the certificate
PORTRAIT_LARGEST = (708, 992)
PORTRAIT_LEAST_CUT = 40  # px across; less shows nobody

ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
TURNED_CLOCKWISE = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}

READERS = {"JPEG": JpegImageFile, "PNG": PngImageFile}
BEGINNINGS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"PK\x03\x04", "Word / ZIP"),
    (b"\xd0\xcf\x11\xe0", "Word"),
)
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
# A JPEG marker that a length follows: neither stuffing (00), nor alone (01, D0–D8), nor filling (FF).
MARKER = re.compile(rb"\xff([^\x00\x01\xd0-\xd8\xff])")
START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9


class PictureRefused(ValueError):
    """The file cannot be taken; the message says, in Chinese, how to mend it."""


@dataclass(frozen=True)
class CleanPicture:
    """A re-encoded picture: its bytes, its format, and its size in pixels."""

    content: bytes
    format: Literal["JPEG", "PNG"]
    width: int
    height: int


class Sized(Protocol):
    """What has a width and a height in pixels: a picture, a part of one, a stored file."""

    @property
    def width(self) -> int | None: ...
    @property
    def height(self) -> int | None: ...


@dataclass(frozen=True)
class Box:
    """A part of a picture, in its pixels."""

    left: int
    top: int
    width: int
    height: int


def clean(upload: BinaryIO, *, largest: int = LARGEST, name: str = "") -> CleanPicture:
    """
    Return the picture redrawn: upright, sRGB or grey, opaque, at most 4,000 px a side and ``largest`` bytes (APP-7).

    A PNG stays one only if it is drawn rather than photographed (even areas) and fits. ``name`` only helps to explain a wrong ending.

    :raises PictureRefused: too large, no JPEG or PNG, too many pixels, or incomplete.
    """
    content = whole(upload, largest=largest)
    kind = kind_of(content)
    if kind not in READERS:
        raise PictureRefused(wrong_kind(kind, name=name, wanted=_("JPG 或 PNG 图片")))
    image = _redrawn(_opened(content, kind))
    return encoded(image, as_png=kind == "PNG" and is_drawn(image), largest=largest)


def whole(upload: BinaryIO, *, largest: int) -> bytes:
    """
    Return the upload's bytes, at most ``largest`` of them, without reading more.

    :raises PictureRefused: it is larger, or empty.
    """
    upload.seek(0)
    content = upload.read(largest + 1)
    if not content:
        raise PictureRefused(_("文件是空的。请重新选择文件上传"))
    if len(content) > largest:
        size = upload.seek(0, 2)
        raise PictureRefused(
            _("文件 %(size)s MB，超过 %(limit)s MB。请压缩后重新上传") % {"size": _megabytes(size), "limit": _megabytes(largest)}
        )
    return content


def kind_of(content: bytes) -> str:
    """Return what people call the format, judged by content alone: "JPEG", "PNG", "PDF", "HEIC", "GIF" …, or "" if it is unknown."""
    for beginning, kind in BEGINNINGS:
        if content.startswith(beginning):
            return kind
    if content[4:8] == b"ftyp":
        return {b"avif": "AVIF", b"avis": "AVIF"}.get(content[8:12]) or ("HEIC" if content[8:12] in HEIF_BRANDS else _("视频"))
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WebP"
    # Mail programs and scanners put lines before the header; readers look for it in the first kilobyte.
    if b"%PDF-" in content[:1024]:
        return "PDF"
    if content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return _("网页或 SVG")
    return ""


def wrong_kind(kind: str, *, name: str, wanted: str) -> str:
    """Return the sentence that says what the file is and what to do; ``wanted`` names what is taken, ``kind`` comes from ``kind_of``."""
    if kind == "HEIC":
        return _("这是 HEIC 照片，不能使用。请在手机「设置 › 相机 › 格式」中选择「兼容性最佳」后重新拍照，或换成 %(wanted)s") % {
            "wanted": wanted
        }
    if not kind:
        return _("无法识别这个文件。请换成 %(wanted)s") % {"wanted": wanted}
    ending = re.search(r"\.(jpe?g|png|pdf)$", name.strip().lower())
    if ending:
        return _("文件名以 .%(ending)s 结尾，内容却是 %(kind)s 格式。请换成 %(wanted)s") % {
            "ending": ending[1],
            "kind": kind,
            "wanted": wanted,
        }
    return _("这是 %(kind)s 格式的文件，不能使用。请换成 %(wanted)s") % {"kind": kind, "wanted": wanted}


def least_pixels(*, width_mm: float, height_mm: float, dpi: int = 300) -> tuple[int, int]:
    """Return the shorter and the longer side, in pixels, that printing at this size in either direction takes."""
    short, long = sorted((_pixels(width_mm, dpi), _pixels(height_mm, dpi)))
    return short, long


def too_few_pixels(picture: Sized, *, width_mm: float, height_mm: float, dpi: int = 300, is_part: bool = False) -> str:
    """
    Return a warning if the picture, printed at this size in either direction, falls below ``dpi``; else "".

    ``is_part`` tells that ``picture`` is what was left after cutting.
    """
    width, height = picture.width or 0, picture.height or 0
    short, long = least_pixels(width_mm=width_mm, height_mm=height_mm, dpi=dpi)
    if min(width, height) >= short and max(width, height) >= long:
        return ""
    return _(
        "%(what)s %(width)d × %(height)d 像素，不足 %(dpi)d dpi（需要 %(short)d × %(long)d 像素以上），"
        "打印出来可能不清晰。建议换一张更清晰的"
    ) % {"what": _("裁剪后") if is_part else _("图片"), "width": width, "height": height, "dpi": dpi, "short": short, "long": long}


def reduced(picture: CleanPicture, side: int, mode: Literal["L", "RGB"]) -> Image.Image:
    """Return the picture with at most ``side`` px on its longer side, for looking at; a large JPEG is never decoded whole for it."""
    image = Image.open(BytesIO(picture.content))
    image.draft(mode, (side, side))
    image.thumbnail((side, side), Image.Resampling.BOX)
    return image if image.mode == mode else image.convert(mode)


def turned(picture: CleanPicture, degrees: Literal[90, 180, 270]) -> CleanPicture:
    """Return the picture turned clockwise, in the same format."""
    image = Image.open(BytesIO(picture.content)).transpose(TURNED_CLOCKWISE[degrees])
    return encoded(image, as_png=picture.format == "PNG")


def portrait_in_the_centre(picture: Sized) -> Box:
    """Return the largest part of 5 : 7 in the middle of a picture."""
    width, height = picture.width or 0, picture.height or 0
    across, down = _inside((width, height), PORTRAIT_RATIO)
    return Box((width - across) // 2, (height - down) // 2, across, down)


def portrait_at(picture: Sized, *, left: int, top: int, width: int) -> Box:
    """Return the part of 5 : 7 that somebody chose, by its corner and width, brought inside the picture where it is not."""
    whole = portrait_in_the_centre(picture)
    across = min(max(width, PORTRAIT_LEAST_CUT), whole.width)
    down = min(round(across * PORTRAIT_RATIO[1] / PORTRAIT_RATIO[0]), whole.height)
    left, top = (min(max(start, 0), side - part) for start, side, part in (
        (left, picture.width or 0, across),
        (top, picture.height or 0, down),
    ))  # fmt: skip
    return Box(left, top, across, down)


def is_portrait(picture: CleanPicture) -> bool:
    """Whether the certificate can print the picture as it is."""
    return picture.format == "JPEG" and _is_portrait_size((picture.width, picture.height))


def cut_portrait(picture: CleanPicture, box: Box) -> CleanPicture:
    """Return this part of a picture as a JPEG of 354 × 496 to 708 × 992 px (CERT-1: 30 × 42 mm)."""
    image = Image.open(BytesIO(picture.content))
    size = min(max((box.width, box.height), PORTRAIT_SMALLEST), PORTRAIT_LARGEST)
    part = (box.left, box.top, box.left + box.width, box.top + box.height)
    return encoded(image.resize(size, Image.Resampling.LANCZOS, box=part), as_png=False)


def crop_portrait(content: bytes) -> bytes:
    """
    Return the photo cut from its centre to 5 : 7, as JPEG of 354 × 496 to 708 × 992 px (CERT-1: 30 × 42 mm).

    ``content`` is that of a :class:`CleanPicture`; a JPEG that fits already comes back as it is.

    :raises PictureRefused: it is no picture.
    """
    kind = kind_of(content)
    if kind not in READERS:
        raise PictureRefused(wrong_kind(kind, name="", wanted=_("JPG 或 PNG 图片")))
    image = _opened(content, kind)
    if kind == "JPEG" and _is_portrait_size(image.size):
        return content
    image = _redrawn(image)
    size = min(max(_inside(image.size, PORTRAIT_RATIO), PORTRAIT_SMALLEST), PORTRAIT_LARGEST)
    return encoded(ImageOps.fit(image, size, Image.Resampling.LANCZOS), as_png=False).content


def encoded(image: Image.Image, *, as_png: bool, largest: int = LARGEST) -> CleanPicture:
    """Return an RGB or grey image as bytes of at most ``largest``: coarser, and at last smaller, until it fits."""
    if as_png:
        content = _saved(image, "PNG")
        if len(content) <= largest:
            return CleanPicture(content, "PNG", *image.size)
    for quality in (QUALITY, 70):
        # Colour at full resolution: halved, thin red strokes of a seal turn brown.
        content = _saved(image, "JPEG", quality=quality, subsampling=0)
        if len(content) <= largest:
            return CleanPicture(content, "JPEG", *image.size)
    return encoded(image.reduce(2), as_png=False, largest=largest)


def _opened(content: bytes, kind: str) -> Image.Image:
    # The readers themselves instead of Image.open: it would judge bombs by a warning, and take the second frame's index of an MPO.
    try:
        image = READERS[kind](BytesIO(content))
    except Exception as broken:  # damaged headers and text bombs end in half a dozen kinds of exception
        raise _incomplete() from broken
    _refuse_too_many_pixels(image, scans=_scans_of(content) if kind == "JPEG" else 1)
    return image


def _refuse_too_many_pixels(image: Image.Image, *, scans: int) -> None:
    width, height = image.size
    figures = {"width": width, "height": height}
    if max(image.size) > LONGEST_SIDE:
        raise PictureRefused(
            _("图片 %(width)d × %(height)d 像素，一边超过 %(limit)d 像素。请缩小后重新上传") % {**figures, "limit": LONGEST_SIDE}
        )
    if scans > MOST_JPEG_SCANS:
        raise PictureRefused(_("这个 JPG 的编码不正常。请用看图软件另存为 JPG 后重新上传"))
    # Only a JPEG in one scan is decoded at half size; in several scans all its coefficients lie in memory first.
    thrifty = image.format == "JPEG" and scans == 1 or image.mode in ("1", "L") and not image.has_transparency_data
    limit = MOST_PIXELS if thrifty else MOST_DECODED
    if width * height > limit:
        raise PictureRefused(
            _("图片 %(width)d × %(height)d 像素，超过 %(limit)d 万像素。请缩小（扫描用 300 dpi 即可）后重新上传")
            % {**figures, "limit": limit // 10_000}
        )


def _scans_of(content: bytes) -> int:
    """Count the scans of a JPEG's first image; one too many is enough."""
    scans, position = 0, 2
    while scans <= MOST_JPEG_SCANS and (marker := MARKER.search(content, position)):
        code = marker[1][0]
        if code == END_OF_IMAGE:
            break
        scans += code == START_OF_SCAN
        position = marker.end() + int.from_bytes(content[marker.end() : marker.end() + 2])
    return scans


def _redrawn(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if image.width * image.height > MOST_DECODED:
        image.draft(None, (image.width // 2, image.height // 2))
    try:
        image.load()
    except Exception as broken:  # cut off, wrong checksum, text bomb after the pixels
        raise _incomplete() from broken
    _refuse_too_many_pixels(image, scans=1)  # transparency may be told behind the pixels only
    turn = TURNS.get(_orientation(image))
    image = _opaque(image)
    image.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.LANCZOS)
    if turn is not None:
        image = image.transpose(turn)
    image = _in_srgb(image, profile)
    fresh = Image.new(image.mode, image.size)
    fresh.paste(image)
    return fresh


def _orientation(image: Image.Image) -> int:
    try:
        return image.getexif().get(ORIENTATION, 1)
    except Exception:  # damaged EXIF tells nothing, and stops nobody
        return 1


def _opaque(image: Image.Image) -> Image.Image:
    """Return the image in L, RGB or CMYK, what is clear as white, 16 bits scaled to 8."""
    if image.mode.startswith("I"):
        return image.point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image.paste("white", mask=ImageChops.invert(image.getchannel("A")))
        return image.convert("RGB")
    if image.mode == "1":
        return image.convert("L")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB") or image
        except Exception:  # a profile that is damaged or of another colour space
            return _in_srgb(image, None)
    return image if image.mode == "L" else image.convert("RGB")


def is_drawn(image: Image.Image) -> bool:
    """Tell drawings, screenshots and clean text (even areas) from photographs: most pixels are like their right neighbour."""
    grey = image.convert("L")
    difference = ImageChops.difference(grey, ImageChops.offset(grey, 1, 0))
    return difference.histogram()[0] >= 0.75 * image.width * image.height


def _is_portrait_size(size: tuple[int, int]) -> bool:
    width, height = size
    across, down = PORTRAIT_RATIO
    in_ratio = abs(width * down - height * across) <= down
    return in_ratio and PORTRAIT_SMALLEST <= size <= PORTRAIT_LARGEST


def _inside(size: tuple[int, int], ratio: tuple[int, int]) -> tuple[int, int]:
    """Return the largest size of this ratio that lies inside ``size``."""
    step = min(size[0] / ratio[0], size[1] / ratio[1])
    return round(ratio[0] * step), round(ratio[1] * step)


def _saved(image: Image.Image, format: str, **options: int) -> bytes:
    file = BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def _incomplete() -> PictureRefused:
    return PictureRefused(_("图片不完整，请重新上传"))


def _pixels(millimetres: float, dpi: int) -> int:
    return round(millimetres / 25.4 * dpi)


def _megabytes(size: int) -> str:
    """Write a size with one decimal, rounded up, so that one byte too many reads as more than the limit: "5.1", "5"."""
    return f"{math.ceil(size / MEGABYTE * 10) / 10:.1f}".removesuffix(".0")
