"""The poster with a referral code: one page that reads, with a code that scans (REF-2, CERT-5, field cases 15 to 17)."""

from dataclasses import replace
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image, ImageFilter

from membership.documents import poster, qr
from membership.documents.glyphs import MissingGlyph
from membership.documents.html_page import NotOnePage
from membership.documents.poster import PosterSheet
from tests.membership.documents import reading

PLAIN = PosterSheet(
    name="顾明修",
    committee="肺癌专业委员会",
    role="常务委员",
    link="members.example.org/r/7K3M9Q2X",
    qr_text="HTTPS://MEMBERS.EXAMPLE.ORG/R/7K3M9Q2X/",
    working_days=15,
)
LONG_NAME = "阿卜杜热合曼·买买提吐尔逊·阿卜力克木·努尔艾合买提江·依明"
LONG = replace(PLAIN, name=LONG_NAME, committee="肿瘤大数据与真实世界研究专业委员会", role="候任主任委员")


def codes(picture: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(picture)]


class TestPoster:
    @pytest.mark.parametrize("sheet", [PLAIN, LONG], ids=["plain", "long"])
    def test_it_is_one_page_with_everything_on_it(self, sheet):
        pdf = poster.render(sheet)

        text = reading.by_pypdf(pdf)
        assert reading.pages(pdf) == 1
        for words in ("扫码申请入会", sheet.name, sheet.committee, sheet.role, sheet.link, "15个工作日"):
            assert reading.joined(words) in text

    def test_two_programs_read_the_same(self):
        assert "顾明修" in reading.by_poppler(poster.render(PLAIN))

    @pytest.mark.parametrize("name", ["𠮷𬍛", "龙䶮", "邓𨭎", "Łukasz Nguyễn-Müller", "买买提·艾力"])
    def test_rare_characters_and_dots_print_and_copy_as_they_are(self, name):
        assert reading.joined(name) in reading.by_pypdf(poster.render(replace(PLAIN, name=name)))

    def test_a_character_no_face_has_stops_it(self):
        with pytest.raises(MissingGlyph):
            poster.render(replace(PLAIN, name="\U00030000"))

    def test_a_name_longer_than_the_page_is_refused_and_never_cut(self):
        with pytest.raises(NotOnePage):
            poster.render(replace(PLAIN, name="长" * 120))

    def test_the_same_twice_is_the_same_file(self):
        assert poster.render(PLAIN) == poster.render(PLAIN)

    def test_hostile_text_is_printed_as_typed_and_nothing_is_fetched(self):  # field case 16
        hostile = replace(PLAIN, name='<img src="http://127.0.0.1:9/x.png">', committee="{{ 7*7 }}<pdf:include src='/etc/hosts'>")
        poster.render(PLAIN)

        with reading.touched() as seen:
            pdf = poster.render(hostile)

        assert "127.0.0.1:9" in reading.by_pypdf(pdf)
        assert not [one for one in seen if "socket" in one or "hosts" in one]


class TestTheCode:  # field case 17
    def test_it_reads_from_a_scan_of_the_poster(self):
        assert codes(reading.scanned(poster.render(LONG))) == [PLAIN.qr_text]

    def test_it_reads_from_a_blurred_photograph_taken_askew(self):
        picture = reading.scanned(poster.render(PLAIN)).rotate(15, expand=True, fillcolor=(60, 60, 60))

        assert codes(picture.resize((620, 800)).filter(ImageFilter.GaussianBlur(1))) == [PLAIN.qr_text]

    def test_nothing_stands_within_four_modules_of_it(self):
        modules = len(qr.matrix(PLAIN.qr_text))
        left, top, side = poster.QR
        quiet = 4 * side / modules
        stroke = 2.2 * poster.POINT / 2

        assert left - poster.MARKS[0] - stroke >= quiet
        assert top - poster.MARKS[1] - stroke >= quiet
        assert poster.MARKS[2] - (left + side) - stroke >= quiet
        assert poster.MARKS[3] - (top + side) - stroke >= quiet

    def test_it_is_large_enough_to_be_read_from_a_distance(self):
        assert poster.QR[2] >= 3 * qr.SMALLEST_PRINT


class TestPicture:
    def test_the_picture_is_the_poster_and_reads_too(self):
        picture = Image.open(BytesIO(poster.render_picture(PLAIN, dpi=poster.PRINT_DPI)))

        assert picture.format == "PNG"
        assert abs(picture.height / picture.width - 297 / 210) < 0.002
        assert codes(picture.convert("RGB")) == [PLAIN.qr_text]

    def test_on_a_dark_page_it_brings_its_white(self):
        picture = Image.open(BytesIO(poster.render_picture(PLAIN))).convert("RGB")

        assert picture.getpixel((0, 0)) == (255, 255, 255)

    def test_a_telephone_loads_it_quickly(self):
        assert len(poster.render_picture(PLAIN, dpi=poster.PRINT_DPI)) < 200_000
