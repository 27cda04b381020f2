"""The picture: what scanner and telephone make of a paper: turned, at an angle, in poor light, out of focus, compressed."""

import math
from io import BytesIO
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from membership.documents import pictures
from tests.measurements.printing import HEIGHT, WIDTH
from tests.measurements.specimens import SEED, Capture, Specimen

Point = tuple[float, float]
FELT = 0.35  # px; a blur below it changes next to nothing
COARSE = 24  # px of the longer side of what only changes slowly: light and shadow


def captured(specimen: Specimen, page: Image.Image) -> bytes:
    """Return the file that the applicant sends: a JPEG."""
    capture, dice = specimen.capture, Random(f"{SEED} / light {specimen.index}")
    size = _frame(capture)
    corners = _corners(capture, size, dice)
    per_mm = math.dist(corners[0], corners[1]) / WIDTH
    picture = _laid_out(page, capture, size, corners)
    if capture.blur * per_mm > FELT:
        picture = picture.filter(ImageFilter.GaussianBlur(capture.blur * per_mm))
    if capture.shake:
        # A box as wide as this has that standard deviation.
        picture = picture.filter(ImageFilter.BoxBlur((capture.shake * per_mm * math.sqrt(3), 0)))
    if capture.is_photo:
        picture = _lit(picture, capture, dice)
    picture = _with_noise(picture, capture.noise, dice)
    return _compressed(picture.convert("L") if capture.grey else picture, capture.quality)


def _compressed(picture: Image.Image, quality: int) -> bytes:
    file = BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return file.getvalue() if file.tell() <= pictures.LARGEST else _compressed(picture, quality - 10)


def _frame(capture: Capture) -> tuple[int, int]:
    short = round(capture.long_side * (3 / 4 if capture.is_photo else WIDTH / HEIGHT))
    lies = capture.turn in (90, 270)
    return (capture.long_side, short) if lies else (short, capture.long_side)


def _corners(capture: Capture, size: tuple[int, int], dice: Random) -> list[Point]:
    """Return where the page's corners come to lie: upper left, upper right, lower right, lower left of the printed page."""
    angle = math.radians(capture.turn + capture.skew)
    cosine, sine = abs(math.cos(angle)), abs(math.sin(angle))
    # The whole page stays in the picture, however it lies.
    scale = min(size[0] / (WIDTH * cosine + HEIGHT * sine), size[1] / (WIDTH * sine + HEIGHT * cosine)) * capture.share
    half_width, half_height = WIDTH * scale / 2, HEIGHT * scale / 2
    middle_x, middle_y = size[0] / 2, size[1] / 2
    corners = []
    for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        x, y = x * half_width, y * half_height
        moved_x = middle_x + x * math.cos(angle) - y * math.sin(angle) + dice.uniform(-1, 1) * capture.keystone * half_width
        moved_y = middle_y + x * math.sin(angle) + y * math.cos(angle) + dice.uniform(-1, 1) * capture.keystone * half_height
        corners.append((moved_x, moved_y))
    return corners


def _laid_out(page: Image.Image, capture: Capture, size: tuple[int, int], corners: list[Point]) -> Image.Image:
    """Return the page seen so that its corners lie there, on the desk."""
    wide = max(math.dist(corners[0], corners[1]), math.dist(corners[3], corners[2]))
    page = page.resize((round(wide), round(wide * page.height / page.width)), Image.Resampling.LANCZOS)
    there = [(0, 0), (page.width, 0), (page.width, page.height), (0, page.height)]
    seen_from = perspective(corners, there)
    picture = page.transform(size, Image.Transform.PERSPECTIVE, seen_from, Image.Resampling.BICUBIC)
    covered = Image.new("L", page.size, 255).transform(size, Image.Transform.PERSPECTIVE, seen_from)
    return Image.composite(picture, Image.new("RGB", size, capture.desk), covered)


def perspective(ours: list[Point], theirs: list[Point]) -> tuple[float, ...]:
    """Return the eight figures that map four points to four others, as Pillow's transform wants them."""
    rows = []
    for (x, y), (u, v) in zip(ours, theirs, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return _solved(rows)


def _solved(rows: list[list[float]]) -> tuple[float, ...]:
    """Solve linear equations, each a row of factors and the right-hand side (Gauss and Jordan)."""
    count = len(rows)
    for column in range(count):
        best = max(range(column, count), key=lambda row: abs(rows[row][column]))
        rows[column], rows[best] = rows[best], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for row in range(count):
            if row != column:
                rows[row] = [value - rows[row][column] * pivot for value, pivot in zip(rows[row], rows[column], strict=True)]
    return tuple(row[-1] for row in rows)


def _lit(picture: Image.Image, capture: Capture, dice: Random) -> Image.Image:
    """Let light fall from one side in the lamp's colour, and the shadow of hand and telephone on a part."""
    scale = COARSE / max(picture.size)
    small = (max(round(picture.width * scale), 2), max(round(picture.height * scale), 2))
    angle = dice.uniform(0, math.tau)
    light = Image.new("L", small)
    for x in range(small[0]):
        for y in range(small[1]):
            along = (x / small[0] - 0.5) * math.cos(angle) + (y / small[1] - 0.5) * math.sin(angle) + 0.5
            light.putpixel((x, y), round(255 * (1 - capture.shade * 0.7 * min(max(along, 0), 1))))
    light = ImageChops.multiply(light, _shadow(small, capture, dice)).resize(picture.size, Image.Resampling.BICUBIC)
    channels = picture.split()
    warm = [channel.point([value * share for value in range(256)]) for channel, share in zip(channels, capture.lamp, strict=True)]
    return Image.merge("RGB", [ImageChops.multiply(channel, light) for channel in warm])


def _shadow(size: tuple[int, int], capture: Capture, dice: Random) -> Image.Image:
    shadow = Image.new("L", size, 255)
    corner = dice.choice(((0, 0), (1, 0), (0, 1), (1, 1)))
    reach_x, reach_y = size[0] * dice.uniform(0.3, 0.8), size[1] * dice.uniform(0.3, 0.8)
    x, y = corner[0] * size[0], corner[1] * size[1]
    ImageDraw.Draw(shadow).ellipse((x - reach_x, y - reach_y, x + reach_x, y + reach_y), fill=round(255 * (1 - capture.shade)))
    return shadow.filter(ImageFilter.GaussianBlur(1.2))


def _with_noise(picture: Image.Image, strength: float, dice: Random) -> Image.Image:
    """Add noise of this standard deviation to every pixel and colour, half of it in grains of two pixels as telephones leave it."""
    if not strength:
        return picture
    fine = _noise(picture.size, strength * 0.7, dice)
    coarse = _noise((picture.width // 2 + 1, picture.height // 2 + 1), strength * 0.7, dice)
    coarse = coarse.resize((coarse.width * 2, coarse.height * 2), Image.Resampling.BILINEAR).crop((0, 0, *picture.size))
    for grain in (fine, coarse):
        picture = ImageChops.add(picture, grain, 1, -128)
    return picture


def _noise(size: tuple[int, int], strength: float, dice: Random) -> Image.Image:
    """Return noise around 128 of this standard deviation, evenly spread."""
    spread = strength * math.sqrt(12)
    table = [round(128 + (value / 255 - 0.5) * spread) for value in range(256)]
    return Image.frombytes("RGB", size, dice.randbytes(size[0] * size[1] * 3)).point(table * 3)
