import hashlib
import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageCms, ImageDraw, ImageOps, PngImagePlugin

from membership.documents import pictures
from membership.documents.pictures import MEGABYTE, CleanPicture, PictureRefused

ORIENTATION = 0x0112
GPS = 0x8825


def file_of(image: Image.Image, format: str, **options) -> BytesIO:
    file = BytesIO()
    image.save(file, format, **options)
    file.seek(0)
    return file


def image_of(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def cleaned(image: Image.Image, format: str, **options) -> Image.Image:
    return image_of(pictures.clean(file_of(image, format, **options)).content)


def refusal_of(content: bytes, **options) -> str:
    with pytest.raises(PictureRefused) as refusal:
        pictures.clean(BytesIO(content), **options)
    return str(refusal.value)


def flag() -> Image.Image:
    """A picture whose four quarters differ, so that any turn shows: red, green above blue, white."""
    image = Image.new("RGB", (120, 80), "white")
    pencil = ImageDraw.Draw(image)
    for box, colour in (((0, 0, 59, 39), "red"), ((60, 0, 119, 39), "lime"), ((0, 40, 59, 79), "blue")):
        pencil.rectangle(box, fill=colour)
    return image


def photograph(size: tuple[int, int] = (300, 200)) -> Image.Image:
    """A picture in which no two neighbours are alike, the same each time."""
    width, height = size
    return Image.frombytes("RGB", size, hashlib.shake_256(b"grain").digest(width * height * 3))


def quarters(image: Image.Image) -> list[str]:
    """The nearest plain colour in the middle of each quarter: above left, above right, below left, below right."""
    names = {(255, 0, 0): "red", (0, 255, 0): "lime", (0, 0, 255): "blue", (255, 255, 255): "white", (0, 0, 0): "black"}
    image = image.convert("RGB")
    middles = [(image.width * x // 4, image.height * y // 4) for y in (1, 3) for x in (1, 3)]
    return [names[tuple(255 if value > 127 else 0 for value in image.getpixel(middle))] for middle in middles]


def png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_header(width: int, height: int, *, bits: int = 1, colour: int = 0) -> bytes:
    """A PNG that says its size and holds no pixels, so that whoever decodes it fails."""
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", b"none") + png_chunk(b"IEND", b"")


def jpeg_of_40_scans(*, between: bytes = b"") -> bytes:
    content = file_of(photograph((16, 16)), "JPEG", progressive=True).getvalue()
    last_scan = content[content.rindex(b"\xff\xda") : -2]
    return content[:-2] + (between + last_scan) * 30 + b"\xff\xd9"


class TestSize:  # APP-7
    def test_file_of_5_1_mb_is_refused_with_its_size_and_the_limit(self):
        content = file_of(flag(), "JPEG").getvalue().ljust(int(5.1 * MEGABYTE), b"\0")

        assert refusal_of(content) == "文件 5.1 MB，超过 5 MB。请压缩后重新上传"

    def test_one_byte_too_many_reads_as_more_than_the_limit(self):
        content = file_of(flag(), "JPEG").getvalue().ljust(5 * MEGABYTE + 1, b"\0")

        assert refusal_of(content).startswith("文件 5.1 MB，超过 5 MB")

    def test_file_of_exactly_5_mb_is_taken(self):
        content = file_of(flag(), "JPEG").getvalue().ljust(5 * MEGABYTE, b"\0")

        assert pictures.clean(BytesIO(content)).width == 120

    def test_upload_that_was_read_before_is_read_from_its_start(self):
        upload = file_of(flag(), "PNG")
        upload.read()

        assert pictures.clean(upload).format == "PNG"

    def test_empty_file_is_refused(self):
        assert refusal_of(b"") == "文件是空的。请重新选择文件上传"

    def test_picture_that_grows_when_redrawn_is_made_coarser_until_it_fits(self):
        upload = file_of(photograph((900, 900)), "JPEG", quality=5)
        largest = len(upload.getvalue())

        picture = pictures.clean(upload, largest=largest)

        assert len(picture.content) <= largest
        assert image_of(picture.content).size == (picture.width, picture.height)


class TestOtherFormats:  # APP-7, field case 21
    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            (file_of(flag(), "GIF").getvalue(), "GIF"),
            (file_of(flag(), "BMP").getvalue(), "BMP"),
            (file_of(flag(), "TIFF").getvalue(), "TIFF"),
            (file_of(flag(), "WEBP").getvalue(), "WebP"),
            (b"%PDF-1.7\n1 0 obj", "PDF"),
            (b"PK\x03\x04\x14\x00\x06\x00", "Word"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Word"),
            (b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00", "AVIF"),
            (b"\x00\x00\x00\x1cftypmp42\x00\x00\x00\x00", "视频"),
            (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
            (b"\xef\xbb\xbf\n<!DOCTYPE html><script>alert(1)</script>", "网页"),
        ],
        ids=["gif", "bmp", "tiff", "webp", "pdf", "docx", "doc", "avif", "mp4", "svg", "html"],
    )
    def test_other_format_named_jpg_is_called_by_its_name_and_says_what_to_bring(self, content, kind):
        message = refusal_of(content, name="照片.JPG")

        assert message.startswith("文件名以 .jpg 结尾，内容却是 ")
        assert kind in message
        assert message.endswith("请换成 JPG 或 PNG 图片")

    @pytest.mark.parametrize("brand", [b"heic", b"heix", b"mif1"])
    def test_heic_photo_says_how_to_switch_the_phone(self, brand):
        message = refusal_of(b"\x00\x00\x00\x18ftyp" + brand + b"\x00\x00\x00\x00mif1heic", name="photo.jpg")

        assert "HEIC" in message
        assert "设置 › 相机 › 格式" in message
        assert "兼容性最佳" in message

    def test_other_format_under_its_own_name_is_refused_plainly(self):
        assert refusal_of(b"GIF89a", name="a.gif") == "这是 GIF 格式的文件，不能使用。请换成 JPG 或 PNG 图片"

    def test_unknown_content_is_refused(self):
        assert refusal_of(b"hello", name="a.png") == "无法识别这个文件。请换成 JPG 或 PNG 图片"

    def test_png_named_jpg_is_taken_for_what_it_is(self):
        assert pictures.clean(file_of(flag(), "PNG"), name="a.jpg").format == "PNG"

    @pytest.mark.parametrize("name", ["x" * 300 + ".jpg", "..%2f..%2fa.jpg", "a\r\nSet-Cookie: b.jpg", ".jpg", "<script>.jpg"])
    def test_nothing_of_a_hostile_name_reaches_the_message(self, name):  # field case 24
        assert refusal_of(b"GIF89a", name=name) == "文件名以 .jpg 结尾，内容却是 GIF 格式。请换成 JPG 或 PNG 图片"


class TestDamaged:  # field cases 19, 22
    @pytest.mark.parametrize("format", ["PNG", "JPEG"])
    def test_truncated_picture_is_refused_as_incomplete(self, format):
        content = file_of(photograph(), format).getvalue()

        assert refusal_of(content[: len(content) // 2]) == "图片不完整，请重新上传"

    @pytest.mark.parametrize("length", [8, 12, 30, 50])
    def test_picture_cut_within_its_header_is_refused_as_incomplete(self, length):
        for format in ("PNG", "JPEG"):
            assert refusal_of(file_of(flag(), format).getvalue()[:length]) == "图片不完整，请重新上传"

    def test_png_with_a_wrong_checksum_is_refused(self):
        content = bytearray(file_of(photograph(), "PNG").getvalue())
        content[len(content) // 2] ^= 0xFF

        assert refusal_of(bytes(content)) == "图片不完整，请重新上传"

    def test_text_bomb_in_a_png_is_refused(self):
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", "x" * 3_000_000, zip=True)

        assert refusal_of(file_of(flag(), "PNG", pnginfo=text).getvalue()) == "图片不完整，请重新上传"


class TestBomb:  # field case 22: judged by the header, or these would be called incomplete
    def test_picture_of_20000_pixels_a_side_is_refused_with_the_limit(self):
        assert refusal_of(png_header(20_000, 20_000)) == "图片 20000 × 20000 像素，一边超过 12000 像素。请缩小后重新上传"

    def test_picture_above_50_million_pixels_is_refused_with_the_limit(self):
        assert refusal_of(png_header(9_000, 9_000)) == "图片 9000 × 9000 像素，超过 5000 万像素。请缩小（扫描用 300 dpi 即可）后重新上传"

    @pytest.mark.parametrize(("bits", "colour"), [(8, 2), (8, 6), (16, 0), (8, 3), (8, 4)], ids=["rgb", "rgba", "16", "palette", "la"])
    def test_png_that_needs_four_bytes_a_pixel_is_refused_above_16_million(self, bits, colour):
        assert "超过 1600 万像素" in refusal_of(png_header(4_200, 4_200, bits=bits, colour=colour))

    def test_jpeg_in_several_scans_is_refused_above_16_million(self):
        content = file_of(Image.new("RGB", (4_200, 4_200)), "JPEG", progressive=True).getvalue()

        assert "超过 1600 万像素" in refusal_of(content)

    def test_scan_of_a4_at_600_dpi_is_taken_at_half_its_size(self):
        picture = pictures.clean(file_of(Image.new("RGB", (4_960, 7_016), "white"), "JPEG"))

        assert (picture.width, picture.height) == (2_480, 3_508)

    def test_black_and_white_page_scanned_finely_is_taken_smaller(self):
        picture = pictures.clean(file_of(Image.new("1", (4_960, 7_016), 1), "PNG"))

        assert (picture.width, picture.height) == (2_828, 4_000)

    def test_jpeg_of_scans_without_end_is_refused(self):
        assert refusal_of(jpeg_of_40_scans()) == "这个 JPG 的编码不正常。请用看图软件另存为 JPG 后重新上传"

    def test_common_progressive_jpeg_is_taken(self):
        assert pictures.clean(file_of(photograph(), "JPEG", progressive=True)).width == 300

    def test_scans_hidden_behind_a_marker_without_length_are_counted(self):
        assert "编码不正常" in refusal_of(jpeg_of_40_scans(between=b"\xff\x01"))


class TestUpright:  # field case 19
    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_photo_turned_by_exif_is_stored_upright(self, orientation):
        exif = Image.Exif()
        exif[ORIENTATION] = orientation
        upload = file_of(flag(), "JPEG", exif=exif, quality=95)
        expected = ImageOps.exif_transpose(Image.open(upload))

        image = image_of(pictures.clean(upload).content)

        assert image.size == expected.size
        assert quarters(image) == quarters(expected)

    def test_phone_held_upright_gives_an_upright_photo(self):
        exif = Image.Exif()
        exif[ORIENTATION] = 6  # the sensor lies on its side: turn by 90° clockwise

        image = cleaned(flag(), "JPEG", exif=exif)

        assert image.size == (80, 120)
        assert quarters(image) == ["blue", "red", "white", "lime"]

    def test_png_with_exif_is_stored_upright_too(self):
        exif = Image.Exif()
        exif[ORIENTATION] = 3

        assert quarters(cleaned(flag(), "PNG", exif=exif)) == ["white", "blue", "lime", "red"]

    def test_place_and_camera_do_not_stay_in_the_file(self):
        exif = Image.Exif()
        exif[0x010F] = "Camera of somebody"
        exif.get_ifd(GPS)[1] = "N"
        upload = file_of(flag(), "JPEG", exif=exif, comment=b"at home", dpi=(300, 300))

        picture = pictures.clean(upload)

        assert b"somebody" in upload.getvalue()
        assert b"somebody" not in picture.content
        assert b"at home" not in picture.content
        assert not image_of(picture.content).getexif()

    @pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
    @pytest.mark.parametrize("exif", [b"Exif\x00\x00garbage", b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff", b"Exif\x00\x00"])
    def test_damaged_exif_stops_nobody(self, exif):
        assert quarters(cleaned(flag(), "JPEG", exif=exif)) == ["red", "lime", "blue", "white"]

    def test_orientation_of_nonsense_is_ignored(self):
        exif = Image.Exif()
        exif[ORIENTATION] = 77

        assert cleaned(flag(), "JPEG", exif=exif).size == (120, 80)


class TestColours:  # field case 21
    def test_cmyk_jpeg_keeps_its_colours(self):
        image = cleaned(flag().convert("CMYK"), "JPEG", quality=95)

        assert image.mode == "RGB"
        assert quarters(image) == ["red", "lime", "blue", "white"]

    def test_mpo_of_a_phone_gives_its_first_frame(self):
        upload = file_of(flag(), "MPO", save_all=True, append_images=[Image.new("RGB", (120, 80), "black")])

        assert quarters(image_of(pictures.clean(upload).content)) == ["red", "lime", "blue", "white"]

    def test_animated_png_gives_its_first_frame(self):
        image = cleaned(flag(), "PNG", save_all=True, append_images=[Image.new("RGB", (120, 80), "black")])

        assert quarters(image) == ["red", "lime", "blue", "white"]

    def test_clear_pixels_become_white_not_their_hidden_colour(self):
        image = flag().convert("RGBA")
        image.paste((255, 0, 0, 0), (60, 0, 120, 40))

        assert quarters(cleaned(image, "PNG")) == ["red", "white", "blue", "white"]

    def test_half_clear_red_becomes_pink(self):
        image = cleaned(Image.new("RGBA", (40, 40), (255, 0, 0, 128)), "PNG")

        assert image.getpixel((20, 20)) == pytest.approx((255, 127, 127), abs=2)

    def test_palette_with_a_clear_colour_comes_out_on_white(self):
        image = flag().quantize(8)

        assert quarters(cleaned(image, "PNG", transparency=image.getpixel((10, 10)))) == ["white", "lime", "blue", "white"]

    def test_grey_with_a_clear_level_comes_out_on_white(self):
        assert cleaned(Image.new("L", (40, 40), 90), "PNG", transparency=90).convert("L").getpixel((5, 5)) == 255

    def test_picture_of_16_bits_is_not_washed_out(self):
        assert cleaned(Image.new("I;16", (40, 40), 0x8000), "PNG").getpixel((20, 20)) == pytest.approx(128, abs=1)

    def test_black_and_white_scan_stays_black_and_white(self):
        image = Image.new("1", (200, 100), 1)
        image.paste(0, (0, 0, 100, 100))

        assert quarters(cleaned(image, "PNG")) == ["black", "white", "black", "white"]

    def test_colour_profile_is_obeyed_and_dropped(self):
        srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        # A profile in which the first channel is green and the second red.
        swapped = srgb.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")

        image = cleaned(flag(), "PNG", icc_profile=swapped)

        assert quarters(image) == ["lime", "red", "blue", "white"]
        assert "icc_profile" not in image.info

    @pytest.mark.parametrize("profile", [b"garbage", ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()])
    def test_profile_that_does_not_fit_is_ignored(self, profile):
        assert quarters(cleaned(flag(), "JPEG", icc_profile=profile, quality=95)) == ["red", "lime", "blue", "white"]


class TestFormat:  # APP-7
    def test_photo_comes_out_as_jpeg(self):
        assert pictures.clean(file_of(photograph(), "JPEG")).format == "JPEG"

    def test_photo_saved_as_png_comes_out_as_jpeg(self):
        assert pictures.clean(file_of(photograph(), "PNG")).format == "JPEG"

    def test_drawing_saved_as_png_stays_png_and_loses_nothing(self):
        picture = pictures.clean(file_of(flag(), "PNG"))

        assert picture.format == "PNG"
        assert image_of(picture.content).tobytes() == flag().tobytes()

    def test_what_hangs_on_behind_the_picture_is_gone(self):
        upload = BytesIO(file_of(flag(), "PNG").getvalue() + b"PK\x03\x04<script>alert(1)</script>")

        assert b"script" not in pictures.clean(upload).content

    def test_same_file_gives_the_same_bytes(self):
        upload = file_of(photograph(), "JPEG")

        assert pictures.clean(upload) == pictures.clean(upload)


class TestTooFewPixels:  # APP-7
    def test_portrait_of_354_by_496_suffices_for_the_certificate(self):
        assert pictures.too_few_pixels(CleanPicture(b"", "JPEG", 354, 496), width_mm=30, height_mm=42) == ""

    def test_smaller_one_is_warned_of_with_figures(self):
        warning = pictures.too_few_pixels(CleanPicture(b"", "JPEG", 200, 280), width_mm=30, height_mm=42)

        assert "200 × 280 像素" in warning
        assert "354 × 496 像素" in warning
        assert "300 dpi" in warning

    def test_page_scanned_sideways_has_pixels_enough(self):
        assert pictures.too_few_pixels(CleanPicture(b"", "JPEG", 3508, 2480), width_mm=210, height_mm=297) == ""

    def test_long_strip_has_too_few_across(self):
        assert pictures.too_few_pixels(CleanPicture(b"", "JPEG", 300, 4000), width_mm=30, height_mm=42)


class TestPortrait:  # CERT-1
    @pytest.mark.parametrize("size", [(900, 1200), (1200, 900), (600, 1100), (2000, 2000)])
    def test_portrait_is_cut_to_five_by_seven_for_the_certificate(self, size):
        image = image_of(pictures.crop_portrait(file_of(photograph(size), "JPEG").getvalue()))

        assert image.width * 7 == pytest.approx(image.height * 5, abs=7)
        assert image.format == "JPEG"
        assert image.size >= (354, 496)
        assert image.size <= (708, 992)

    def test_centre_stays(self):
        image = Image.new("RGB", (1000, 700), "white")
        image.paste("red", (400, 250, 600, 450))

        cut = image_of(pictures.crop_portrait(file_of(image, "PNG").getvalue()))

        assert cut.getpixel((cut.width // 2, cut.height // 2))[1] < 60
        assert cut.getpixel((5, 5)) == (255, 255, 255)

    def test_small_photo_is_enlarged_to_the_certificates_size(self):
        assert image_of(pictures.crop_portrait(file_of(photograph((120, 160)), "PNG").getvalue())).size == (354, 496)

    def test_photo_that_fits_stays_as_it_is(self):
        content = file_of(photograph((413, 579)), "JPEG").getvalue()

        assert pictures.crop_portrait(content) == content

    def test_what_is_no_picture_is_refused(self):
        with pytest.raises(PictureRefused):
            pictures.crop_portrait(b"GIF89a")
