import zlib
from io import BytesIO

import pypdf
import pytest
from PIL import Image, ImageChops
from pypdf.actions import JavaScript
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from membership.documents import scans
from membership.documents.pictures import MEGABYTE
from membership.documents.scans import ScanRefused
from membership.domain import scan_pages
from tests.membership.documents.stamped_forms import as_file, blank_form, stamped_form

A4 = (595.28, 841.89)
MM = 72 / 25.4
OURS = "CACA:2026-000123:2"


def pdf(*, pages: int = 1, size: tuple[float, float] = A4, picture: Image.Image | None = None) -> bytes:
    file = BytesIO()
    canvas = Canvas(file, pagesize=size)
    reader = ImageReader(as_file(picture)) if picture else None
    for page in range(pages):
        canvas.drawString(50, 50, f"Page {page + 1}")
        if reader:
            canvas.drawImage(reader, 0, 0, *size)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def rewritten(content: bytes, change) -> bytes:
    """The PDF after ``change(writer)``."""
    writer = pypdf.PdfWriter(BytesIO(content))
    change(writer)
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def pdf_without_pages() -> bytes:
    file = BytesIO()
    pypdf.PdfWriter().write(file)
    return file.getvalue()


def nested_drawings(*, depth: int, times: int) -> bytes:
    """A PDF whose page draws a form ``times`` times, which draws a form ``times`` times … ``depth`` levels down."""
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(*A4)
    name, kind = pypdf.generic.NameObject, pypdf.generic.DictionaryObject
    drawing, inner = b"0 0 m 500 500 l S", None
    for _level in range(depth):
        form = pypdf.generic.DecodedStreamObject()
        form.set_data(drawing)
        form[name("/Type")], form[name("/Subtype")] = name("/XObject"), name("/Form")
        form[name("/BBox")] = pypdf.generic.RectangleObject((0, 0, *A4))
        if inner is not None:
            form[name("/Resources")] = kind({name("/XObject"): kind({name("/F"): inner})})
        inner, drawing = writer._add_object(form), b"/F Do " * times
    contents = pypdf.generic.DecodedStreamObject()
    contents.set_data(drawing)
    page[name("/Contents")] = writer._add_object(contents)
    page[name("/Resources")] = kind({name("/XObject"): kind({name("/F"): inner})})
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def pdf_with_a_bomb(*, side: int) -> bytes:
    """A PDF whose page shows one white picture of ``side`` × ``side`` pixels in colour, packed to a thousandth."""
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(*A4)
    name, kind, number = pypdf.generic.NameObject, pypdf.generic.DictionaryObject, pypdf.generic.NumberObject
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(b"\xff" * 3 * side) for _ in range(side)) + packer.flush()
    bomb = pypdf.generic.StreamObject()
    bomb._data = rows
    facts = {"/Type": name("/XObject"), "/Subtype": name("/Image"), "/ColorSpace": name("/DeviceRGB"), "/Filter": name("/FlateDecode")}
    sizes = {"/Width": side, "/Height": side, "/BitsPerComponent": 8}
    bomb.update({name(key): value for key, value in facts.items()} | {name(key): number(value) for key, value in sizes.items()})
    contents = pypdf.generic.DecodedStreamObject()
    contents.set_data(b"595 0 0 842 0 0 cm /B Do")
    page[name("/Contents")] = writer._add_object(contents)
    page[name("/Resources")] = kind({name("/XObject"): kind({name("/B"): writer._add_object(bomb)})})
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def refusal_of(content: bytes, name: str = "", **options) -> str:
    with pytest.raises(ScanRefused) as refusal:
        scans.clean(BytesIO(content), name, **options)
    return str(refusal.value)


class TestPictureOfAForm:  # APP-11, APP-7
    @pytest.mark.parametrize("format", ["JPEG", "PNG"])
    def test_picture_is_a_scan_of_one_page(self, format):
        scan = scans.clean(as_file(blank_form(), format), "form")

        assert [(page.width, page.height) for page in scan.pages] == [(1654, 2339)]
        assert scan.original_format == scan.pages[0].format

    def test_what_is_kept_of_a_photo_holds_no_place(self):
        exif = Image.Exif()
        exif[0x010F] = "Camera of somebody"

        scan = scans.clean(as_file(blank_form(), exif=exif), "form.jpg")

        assert b"somebody" not in scan.original
        assert scan.original == scan.pages[0].content

    def test_picture_above_5_mb_is_refused(self):
        content = as_file(blank_form()).getvalue().ljust(int(5.1 * MEGABYTE), b"\0")

        assert refusal_of(content) == "文件 5.1 MB，超过 5 MB。请压缩后重新上传"

    def test_truncated_picture_is_refused(self):
        content = as_file(blank_form(), "PNG").getvalue()

        assert refusal_of(content[: len(content) // 2]) == "图片不完整，请重新上传"

    def test_heic_photo_says_how_to_switch_the_phone_and_that_pdf_is_taken(self):
        message = refusal_of(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "form.jpg")

        assert "兼容性最佳" in message
        assert message.endswith("JPG、PNG 图片或 PDF 文件")

    def test_word_file_named_pdf_is_refused(self):
        assert refusal_of(b"PK\x03\x04\x14\x00", "表.pdf") == (
            "文件名以 .pdf 结尾，内容却是 Word / ZIP 格式。请换成 JPG、PNG 图片或 PDF 文件"
        )

    def test_unknown_and_empty_files_are_refused(self):
        assert refusal_of(b"hello") == "无法识别这个文件。请换成 JPG、PNG 图片或 PDF 文件"
        assert refusal_of(b"") == "文件是空的。请重新选择文件上传"

    def test_jpeg_renamed_pdf_is_taken_for_what_it_is(self):  # field case 23
        assert scans.clean(as_file(blank_form()), "申请表（盖章）终版 ①.pdf").original_format == "JPEG"


class TestPdf:  # APP-11, field case 23
    def test_pages_become_pictures_and_the_file_is_kept(self):
        content = pdf(pages=2)

        scan = scans.clean(BytesIO(content), "form.pdf")

        assert (scan.original, scan.original_format) == (content, "PDF")
        assert [(page.width, page.height) for page in scan.pages] == [(1654, 2339)] * 2

    def test_picture_in_a_pdf_keeps_its_colours(self):
        scan = scans.clean(BytesIO(pdf(picture=stamped_form())), "form.pdf")

        page = Image.open(BytesIO(scan.pages[0].content))
        assert ImageChops.difference(page.resize((200, 283)), stamped_form().resize((200, 283))).convert("L").getextrema()[1] < 60

    def test_rubbish_before_the_header_is_forgiven(self):
        content = b"r" * 500 + b"\n" + pdf()

        assert len(scans.clean(BytesIO(content), "form.pdf").pages) == 1

    def test_pdf_named_jpg_is_taken_for_what_it_is(self):
        assert scans.clean(BytesIO(pdf()), "form.jpg").original_format == "PDF"

    def test_pdf_that_opens_with_a_password_only_is_refused(self):
        content = rewritten(pdf(), lambda writer: writer.encrypt("secret", "owner", algorithm="AES-256"))

        assert refusal_of(content) == "这个 PDF 设了打开密码。请去掉密码后重新上传，或上传 JPG 图片"

    def test_pdf_with_an_owner_password_is_taken(self):
        content = rewritten(pdf(), lambda writer: writer.encrypt("", "owner", algorithm="AES-256"))

        assert len(scans.clean(BytesIO(content), "form.pdf").pages) == 1

    def test_script_and_attachment_do_not_reach_the_pages(self):
        def change(writer):
            writer.add_open_action(JavaScript("app.alert('hello');"))
            writer.add_attachment("a.exe", b"MZ of somebody")

        scan = scans.clean(BytesIO(rewritten(pdf(), change)), "form.pdf")

        assert len(scan.pages) == 1
        assert b"somebody" not in scan.pages[0].content

    def test_pdf_without_pages_is_refused(self):
        assert refusal_of(pdf_without_pages()) == "这个 PDF 里没有页面。请重新扫描后上传"

    @pytest.mark.parametrize("length", [9, 300])
    def test_cut_pdf_is_refused(self, length):
        assert refusal_of(pdf()[:length]) == "PDF 不完整，无法打开。请重新扫描后上传"

    def test_pdf_above_the_limit_is_refused_with_its_size(self):
        assert refusal_of(pdf().ljust(3 * MEGABYTE), largest_pdf=2 * MEGABYTE) == "文件 3 MB，超过 2 MB。请压缩后重新上传"


class TestPdfThatIsTooMuch:  # field case 22
    def test_page_of_ten_metres_is_refused_with_the_limit(self):
        message = refusal_of(pdf(size=(10_000 * MM, 10_000 * MM)))

        assert message == "PDF 第 1 页为 10000 × 10000 毫米，一边超过 1500 毫米。请按 A4 纸重新扫描后上传"

    def test_poster_is_drawn_within_bounds(self):
        page = scans.clean(BytesIO(pdf(size=(1_400 * MM, 700 * MM))), "poster.pdf").pages[0]

        assert (page.width, page.height) == (3400, 1700)

    def test_two_hundred_pages_are_refused_with_the_limit(self):
        assert refusal_of(pdf(pages=200)) == "PDF 有 200 页，超过 10 页。请只上传盖章的申请表"

    def test_ten_pages_are_taken(self):
        assert len(scans.clean(BytesIO(pdf(pages=10)), "form.pdf").pages) == 10

    def test_a_pdf_may_have_as_many_pages_as_a_stamped_form(self):
        assert scans.MOST_PAGES == scan_pages.MOST_PAGES

    def test_picture_in_a_pdf_that_unpacks_beyond_the_bound_on_memory_is_drawn_piece_by_piece(self):
        side = 15_000
        assert 3 * side * side > scans.MEMORY

        page = scans.clean(BytesIO(pdf_with_a_bomb(side=side)), "form.pdf").pages[0]

        assert (page.width, page.height) == (1654, 2339)

    def test_drawings_nested_without_end_are_given_up(self):
        content = nested_drawings(depth=12, times=10)

        assert len(content) < 10_000
        assert refusal_of(content) == "这个 PDF 太复杂，无法打开。请把盖章的申请表重新扫描，或拍照后上传 JPG 图片"


class TestFormQrText:  # E-4, D-2
    def test_number_and_version_stand_in_the_code(self):
        assert scans.form_qr_text("2026-000123", 1) == "CACA:2026-000123:1"

    def test_what_was_written_is_read_again(self):
        assert scans.parse_form_qr(scans.form_qr_text("2026-000123", 12)) == ("2026-000123", 12)

    def test_reader_that_changes_case_or_adds_a_line_is_forgiven(self):
        assert scans.parse_form_qr("caca:2026-000123:1\r\n") == ("2026-000123", 1)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "CACA:2026-000123",
            "CACA::1",
            "CACA:2026-000123:0",
            "CACA:2026-000123:01",
            "CACA:2026-000123:1:2",
            "https://example.org/CACA:1:1",
        ],
    )
    def test_other_codes_are_no_forms(self, text):
        assert scans.parse_form_qr(text) is None

    @pytest.mark.parametrize(("number", "version"), [("", 1), ("2026 1", 1), ("二〇二六", 1), ("2026-000123", 0), ("2026-000123", 10_000)])
    def test_number_that_would_not_be_read_again_is_never_printed(self, number, version):
        with pytest.raises(ValueError, match="no number and version"):
            scans.form_qr_text(number, version)
