import re
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from membership.documents import qr
from membership.documents.pdf_pictures import picture_of

# As long as a signed link gets: 103 characters of base32 are the signature (N-3).
SIGNED = "HTTPS://MEMBERS.EXAMPLE.ORG/V/M1650002061C.12.A." + "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" * 3 + "ABCDEFG"
FORM_LINK = "HTTPS://MEMBERS.EXAMPLE.ORG/A/7K3M9Q2X.1"
MODULES_OF_VERSION_6 = 41


def read(picture: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(picture)]


class TestMatrix:  # CERT-3, field case 17
    def test_signed_link_takes_version_6_and_no_finer_one(self):
        assert len(qr.matrix(SIGNED)) == MODULES_OF_VERSION_6

    def test_upper_case_goes_in_the_mode_that_needs_fewer_modules(self):
        assert len(qr.matrix(SIGNED)) < len(qr.matrix(SIGNED.lower(), most_version=10))

    def test_finer_code_than_paper_carries_is_refused(self):
        with pytest.raises(qr.TooMuchForQr, match="过长"):
            qr.matrix(SIGNED.lower())

    def test_text_beyond_any_code_is_refused_in_the_same_words(self):
        with pytest.raises(qr.TooMuchForQr, match="过长"):
            qr.matrix("A" * 5000, most_version=40)

    def test_same_text_gives_the_same_modules(self):
        qr.matrix.cache_clear()
        first = qr.matrix(FORM_LINK)
        qr.matrix.cache_clear()

        assert qr.matrix(FORM_LINK) == first


class TestPictures:
    def test_png_reads_as_the_text(self):
        assert read(Image.open(BytesIO(qr.qr_png(FORM_LINK, 8)))) == [FORM_LINK]

    def test_png_reads_on_a_dark_background_because_it_brings_its_white(self):
        code = Image.open(BytesIO(qr.qr_png(SIGNED, 6)))
        poster = Image.new("L", (code.width + 200, code.height + 200), 20)
        poster.paste(code.convert("L"), (100, 100))

        assert read(poster) == [SIGNED]

    def test_png_has_four_modules_of_white_on_each_side(self):
        code = Image.open(BytesIO(qr.qr_png(FORM_LINK, 10))).convert("L")
        dark = code.point(lambda value: 255 - value).getbbox()

        assert dark == (40, 40, code.width - 40, code.height - 40)

    def test_svg_shows_the_same_modules(self):
        svg = qr.qr_svg(FORM_LINK)
        side = int(re.search(r'viewBox="0 0 (\d+) \d+"', svg).group(1))
        picture = Image.new("L", (side, side), 255)
        for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1", svg):
            picture.paste(0, (int(x), int(y), int(x) + int(length), int(y) + 1))

        assert read(picture.resize((side * 8, side * 8), Image.Resampling.NEAREST)) == [FORM_LINK]

    def test_svg_needs_neither_script_nor_style(self):
        assert "style" not in qr.qr_svg(FORM_LINK)


class TestDraw:
    def test_vector_code_reads_from_a_picture_of_the_page(self):
        out = BytesIO()
        canvas = Canvas(out, pagesize=(200, 200))
        qr.draw(canvas, SIGNED, x=60, y=60, size=qr.SMALLEST_PRINT * 72 / 25.4)
        canvas.save()

        assert read(picture_of(out.getvalue(), dpi=150)) == [SIGNED]
