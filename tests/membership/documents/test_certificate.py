from dataclasses import replace
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from membership.documents import certificate, glyphs, qr
from membership.documents.certificate import CertificateFace
from tests.membership.documents import reading
from tests.membership.documents.reading import joined

LINK = "HTTPS://MEMBERS.EXAMPLE.ORG/V/M1650002061C.1.A." + "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" * 3 + "ABCDEFG"
LONG_NAME = "阿卜杜热合曼·买买提吐尔逊·阿卜力克木·努尔艾合买提江·依明"
LONG_UNIT = "新疆生产建设兵团第四师伊犁哈萨克自治州肿瘤医院暨示例医科大学附属第七临床医学院"
SEVEN = (
    "肿瘤大数据与真实世界研究专业委员会",
    "多原发和不明原发肿瘤专业委员会",
    "癌症康复与姑息治疗专业委员会",
    "血液病转化医学专业委员会",
    "肿瘤药物临床研究专业委员会",
    "新疆维吾尔自治区抗癌协会",
    "中国抗癌协会青年理事会",
)
A4_AT_144_DPI = (1191, 1684)


def face(**changes) -> CertificateFace:
    plain = CertificateFace(
        number="M1650002061C",
        edition=1,
        name="林知夏",
        name_local="",
        sex="女",
        born_on="1984-09-30",
        member_type_label="专业会员",
        speciality="肿瘤学",
        title="主任医师",
        work_unit="海河大学附属肿瘤医院",
        portrait=reading.portrait(),
        affiliations=affiliated("肺癌专业委员会", "天津市抗癌协会"),
        issuer="中国抗癌协会",
        issued_on="2026 年 3 月 17 日",
        link=LINK,
    )
    return replace(plain, **changes)


def affiliated(*names: str) -> tuple[tuple[str, str, str], ...]:
    return tuple((name, f"2026-03-{17 + i}", f"2027-03-{17 + i}") for i, name in enumerate(names))


WORST = {
    "name": LONG_NAME,
    "speciality": "肿瘤学（胸部肿瘤综合治疗、临床药物研究与真实世界数据方向，含中西医结合）",
    "title": "主任医师（二级岗位）、教授、博士研究生导师、国家级重点专科学术带头人及首席研究员",
    "work_unit": LONG_UNIT,
    "affiliations": affiliated(*SEVEN),
}


class TestText:  # CERT-1, CERT-5, field cases 11, 14 and 15
    @pytest.mark.parametrize(
        "name",
        [
            "林知夏",
            LONG_NAME,
            "王𬍛𠮷",
            "龙䶮",
            "邓𨭎",
            "阿卜杜·热合曼",
            "Nguyễn Thị Minh Khai",
            "Müller",
            "Łukasz Świątek",
            "Anne-Marie O'Neill",
        ],
    )
    def test_name_comes_back_as_it_is_stored(self, name):
        pdf = certificate.render(face(name=name))

        assert joined(name) in reading.by_poppler(pdf)
        assert joined(name) in reading.by_pypdf(pdf)
        assert reading.title(pdf) == f"会员证书 M1650002061C {name}"

    def test_every_value_of_the_face_is_printed(self):
        shown = face(**WORST)

        texts = reading.by_poppler(certificate.render(shown))

        for value in (shown.number, shown.sex, "1984-09-30出生", "系中国抗癌协会专业会员", shown.speciality, shown.title, shown.work_unit):
            assert joined(value) in texts
        for name, since, until in shown.affiliations:
            assert joined(f"{name}{since}至{until}") in texts

    def test_chinese_name_stands_below_the_name_of_the_passport(self):
        texts = reading.by_poppler(certificate.render(face(name="Łukasz Müller", name_local="陆可安")))

        assert "ŁukaszMüller陆可安" in texts

    def test_validity_is_what_scanning_says(self):  # N-13
        assert "有效期以扫码查询为准" in reading.by_poppler(certificate.render(face()))

    def test_edition_is_printed(self):  # N-3
        assert "第3版" in reading.by_poppler(certificate.render(face(edition=3)))

    def test_empty_title_leaves_no_label(self):  # P-5
        texts = reading.by_poppler(certificate.render(face(title="", member_type_label="学生会员", work_unit="示例医科大学")))

        assert "职称" not in texts
        assert "就读学校" in texts
        assert "工作单位" not in texts

    def test_line_breaks_in_a_value_become_blanks(self):
        assert "海河大学附属肿瘤医院" in reading.by_poppler(certificate.render(face(work_unit="海河大学\n附属肿瘤医院")))


class TestOnePage:
    @pytest.mark.parametrize("changes", [{}, WORST, {"portrait": None, "affiliations": ()}, WORST | {"name": "长" * 50}])
    def test_it_is_one_page_always(self, changes):
        assert reading.pages(certificate.render(face(**changes))) == 1

    def test_longest_work_unit_is_printed_whole(self):
        unit = (LONG_UNIT * 6)[:200]

        assert unit in reading.by_poppler(certificate.render(face(work_unit=unit)))

    def test_what_fits_at_no_readable_size_is_refused(self):
        with pytest.raises(certificate.FaceTooLong, match="人工"):
            certificate.render(face(**WORST | {"work_unit": LONG_UNIT * 5}))

    def test_more_institutions_than_the_page_holds_are_refused(self):
        with pytest.raises(certificate.FaceTooLong):
            certificate.render(face(affiliations=affiliated(*SEVEN, *SEVEN)[:14]))

    def test_nothing_of_the_text_is_smaller_than_eight_points(self):
        sizes = []
        page = PdfReader(BytesIO(certificate.render(face(**WORST)))).pages[0]
        page.extract_text(visitor_text=lambda text, _cm, _tm, _font, size: sizes.append(size) if text.strip() else None)

        assert min(sizes) >= 8


class TestRefusal:
    def test_character_without_glyph_stops_the_certificate(self):
        with pytest.raises(glyphs.MissingGlyph, match=r"U\+30000"):
            certificate.render(face(name="李\U00030000"))

    def test_link_too_long_to_scan_stops_it(self):
        with pytest.raises(qr.TooMuchForQr):
            certificate.render(face(link=LINK + "A" * 40))


class TestQr:  # CERT-3, field case 17
    @pytest.mark.parametrize("turn", [0, 7])
    def test_it_reads_from_a_scan(self, turn):
        scan = reading.scanned(certificate.render(face())).rotate(turn, expand=True, fillcolor="white")

        assert [code.text for code in zxingcpp.read_barcodes(scan)] == [LINK]

    def test_it_is_28_mm_wide_at_least_with_four_modules_of_white(self):
        scan = reading.scanned(certificate.render(face(**WORST))).convert("L")
        code = zxingcpp.read_barcodes(scan)[0].position
        left, right, top, bottom = code.top_left.x, code.top_right.x, code.top_left.y, code.bottom_left.y
        white = round((right - left) / 41 * 4)

        assert (right - left) / 150 * 25.4 >= 28
        for strip in (
            (left - white, top - white, left - 2, bottom + white),
            (right + 3, top - white, right + white, bottom + white),
            (left, top - white, right, top - 2),
            (left, bottom + 3, right, bottom + white),
        ):
            assert scan.crop(strip).getextrema() == (255, 255)


class TestReproducible:
    def test_same_face_gives_the_same_bytes(self):
        assert certificate.render(face(**WORST)) == certificate.render(face(**WORST))

    def test_it_does_not_depend_on_what_was_made_before(self):
        first = certificate.render(face())
        certificate.render(face(name="王𬍛𠮷"))

        assert certificate.render(face()) == first


class TestNothingFetched:  # field case 16
    def test_no_file_and_no_socket_is_opened(self):
        certificate.render(face(name="韩𠮷"))

        with reading.touched() as seen:
            certificate.render(face(name="韩𠮷", work_unit='<img src="http://127.0.0.1:9/x.png">'))

        assert seen == []


class TestSeal:
    def test_seal_of_the_settings_covers_issuer_and_date(self):
        out = BytesIO()
        Image.new("RGBA", (200, 200), (200, 30, 30, 120)).save(out, "PNG")

        plain = reading.scanned(certificate.render(face()))
        sealed = reading.scanned(certificate.render(face(seal=out.getvalue())))

        middle = (round(156 / 25.4 * 150), round(262 / 25.4 * 150))
        assert plain.getpixel(middle) == (255, 255, 255)
        assert sealed.getpixel(middle)[0] > sealed.getpixel(middle)[2] + 50


class TestPreview:  # N-10
    def test_it_is_a_picture_without_qr_code(self):
        picture = Image.open(BytesIO(certificate.render_preview(face())))

        assert picture.format == "PNG"
        assert picture.size == A4_AT_144_DPI
        assert zxingcpp.read_barcodes(picture) == []

    def test_it_is_marked_across_the_page(self):
        preview = Image.open(BytesIO(certificate.render_preview(face(affiliations=())))).convert("L")

        veil = sum(preview.histogram()[215:240])
        assert veil > 0.03 * preview.width * preview.height

    def test_it_refuses_what_the_certificate_would_refuse(self):
        with pytest.raises(glyphs.MissingGlyph):
            certificate.render_preview(face(name="李\U00030000"))
