from dataclasses import replace
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from membership.documents import form, form_blanks, glyphs, html_page, qr
from membership.documents.form import FormSheet
from tests.membership.documents import reading
from tests.membership.documents.reading import joined
from tests.membership.documents.test_certificate import LONG_NAME, LONG_UNIT, SEVEN

LINK = "HTTPS://MEMBERS.EXAMPLE.ORG/A/7K3M9Q2X.1"
ADDRESS = (
    "新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县加尕斯台镇团结路与友谊西街交叉口东南侧二百米第三人民医院家属区综合楼"
    "附属公寓乙座三单元一千二百零四室（原县卫生学校旧址内，由北门进入后沿林荫道直行至尽头右转，收件请先电话联系门卫值班室转肿瘤内科护士站代收，谢谢）"
)
TWELVE = tuple(
    f"{society}{post}"
    for society, post in (
        ("中华医学会肿瘤学分会", "委员"),
        ("中国临床肿瘤学会", "会员"),
        ("中国医师协会肿瘤医师分会", "常务委员"),
        ("国际肺癌研究协会", "会员"),
        ("中国医药教育协会肿瘤专委会", "副主任委员"),
        ("新疆医学会肿瘤学分会", "委员"),
        ("新疆医师协会内科医师分会", "青年委员"),
        ("中国老年保健协会肿瘤分会", "常务委员"),
        ("中国女医师协会临床肿瘤专委会", "委员"),
        ("中国康复医学会肿瘤康复专委会", "委员"),
        ("白求恩公益基金会专家库", "专家"),
        ("亚洲肿瘤联盟", "通讯会员"),
    )
)
LONG = {
    "name": LONG_NAME,
    "party": "中国国民党革命委员会",
    "education": "博士研究生（在职同等学力）",
    "origin": "新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县",
    "title": "主任医师（二级岗位）、教授、博士研究生导师",
    "document_kind": "港澳居民来往内地通行证",
    "document_number": "H01234567",
    "mail": "abdurehman.memettursun.ablikim.yusup@oncology.hospital.example.org",
    "work_unit": LONG_UNIT,
    "address": (ADDRESS * 2)[:200],
    "department": "胸部肿瘤综合治疗与临床研究科（病区三）",
    "post": "副主任兼党支部书记",
    "licence": "200812110120103198409301238",
    "speciality": "内科学（肿瘤学与血液病学方向）",
    "institutions": SEVEN,
    "societies": TWELVE,
    "referrer": "古丽扎尔·艾尼瓦尔·吐尔逊江",
    "referrer_committee": SEVEN[0],
    "referrer_seat": "候任主任委员",
    "endorsement": "古丽扎尔·艾尼瓦尔·吐尔逊江 已于 2026-03-02 在线同意推荐",
}


def sheet(**changes) -> FormSheet:
    plain = FormSheet(
        number="7K3M-9Q2X",
        dossier_version=1,
        name="林知夏",
        name_local="",
        sex="女",
        born_on="1984-09-30",
        party="群众",
        education="博士研究生",
        nation="汉族",
        origin="天津市河西区",
        title="主任医师",
        phone="138 0000 5678",
        document_kind="居民身份证",
        document_number="120103198409301241",
        mail="linzhixia@example.org",
        work_unit="海河大学附属肿瘤医院",
        address="天津市河西区示例路 18 号",
        unit_phone="022-2000 5678",
        department="肿瘤内科",
        post="科主任",
        licence_kind="医师执业证书",
        licence="110120103000123",
        speciality="肿瘤学",
        institutions=("肺癌专业委员会", "天津市抗癌协会"),
        societies=("中国临床肿瘤学会会员",),
        referrer="周砚秋",
        referrer_committee="肺癌专业委员会",
        referrer_seat="常务委员",
        endorsement="",
        is_student=False,
        portrait=reading.portrait(),
        qr_text=LINK,
    )
    return replace(plain, **changes)


def dark_rows(scan: Image.Image) -> list[float]:
    """Return where rules run across the whole table, in mm from the top."""
    grey = scan.convert("L")
    left, right = (round(mm / 25.4 * 150) for mm in (34, 194))
    rows = [y for y in range(grey.height) if sum(grey.crop((left, y, right, y + 1)).histogram()[:160]) > 0.95 * (right - left)]
    return [y / 150 * 25.4 for y in rows]


class TestText:  # APP-10, field cases 11, 13, 14 and 15
    def test_every_value_comes_back_from_two_extractors(self):
        shown = sheet()
        pdf = form.render(shown)
        values = [value for value in vars(shown).values() if isinstance(value, str) and value != LINK]

        for texts in (reading.by_poppler(pdf), reading.by_pypdf(pdf)):
            for value in [*values, *shown.institutions, *shown.societies]:
                assert joined(value) in texts

    @pytest.mark.parametrize(
        "name", ["王𬍛𠮷", "龙䶮", "邓𨭎", "阿卜杜·热合曼", "Nguyễn Minh", "Müller", "Łukasz Nowak", "Anne-Marie O'Neill"]
    )
    def test_name_comes_back_as_it_is_stored(self, name):
        pdf = form.render(sheet(name=name))

        for word in name.split():
            assert word in reading.by_pypdf(pdf)
        assert joined(name) in reading.by_pypdf(pdf)
        assert reading.title(pdf) == f"中国抗癌协会会员入会申请表 7K3M-9Q2X {name}"

    def test_short_rare_name_is_found_by_poppler_too(self):
        assert "王𬍛𠮷" in reading.by_poppler(form.render(sheet(name="王𬍛𠮷")))

    def test_long_name_is_broken_after_its_dots_and_whole(self):
        texts = reading.by_pypdf(form.render(sheet(**LONG)))

        assert LONG_NAME in texts

    def test_long_values_are_printed_whole(self):
        texts = reading.by_pypdf(form.render(sheet(**LONG)))

        for field in ("address", "mail", "work_unit", "origin", "title", "department", "licence", "referrer", "endorsement"):
            assert joined(LONG[field]) in texts
        for item in (*SEVEN, *TWELVE):
            assert item in texts

    def test_no_line_begins_with_a_mark_that_ends_a_phrase(self):
        page = PdfReader(BytesIO(form.render(sheet(**LONG)))).pages[0]

        assert [line for line in page.extract_text().splitlines() if line[:1] in tuple("，。；、）")] == []

    def test_version_of_the_dossier_is_printed(self):  # E-4
        assert "资料第3版" in reading.by_poppler(form.render(sheet(dossier_version=3)))

    def test_nothing_given_prints_nothing_but_the_societies(self):
        empty = sheet(party="", title="", department="", referrer="", referrer_committee="", referrer_seat="", societies=(), portrait=None)

        texts = reading.by_poppler(form.render(empty))

        assert "无" in texts
        assert "—" not in texts
        assert "贴照片处" in texts


class TestWhoIsAsked:  # P-3, P-4, P-5
    def test_student_has_a_school_and_no_title(self):
        texts = reading.by_poppler(form.render(sheet(is_student=True, title="", department="", post="", licence_kind="", licence="")))

        assert "就读学校海河大学附属肿瘤医院" in texts
        assert texts.count("—") == 5

    def test_foreigner_has_a_nationality_and_a_chinese_name(self):
        foreigner = sheet(name="Łukasz Nowak", name_local="陆可安", nationality="波兰", nation="", party="", origin="")

        texts = reading.by_pypdf(form.render(foreigner))

        assert "国籍" in texts
        assert "波兰" in texts
        assert "民族" not in texts
        assert "陆可安" in texts
        assert texts.count("—") == 2


class TestOnePage:
    @pytest.mark.parametrize("changes", [{}, LONG, LONG | {"societies": TWELVE * 3}, {"societies": (), "institutions": ()}])
    def test_it_is_one_page_and_nothing_below_the_table_moves(self, changes):
        pdf = form.render(sheet(**changes))
        rules = dark_rows(reading.scanned(pdf))

        assert reading.pages(pdf) == 1
        for expected in (form_blanks.TABLE_TOP, 183, form_blanks.STAMP_TOP, form_blanks.REFERRER_TOP, form_blanks.BOTTOM):
            assert min(abs(rule - expected) for rule in rules) < 0.6

    def test_societies_alone_are_shortened_and_it_says_so(self):
        texts = reading.by_pypdf(form.render(sheet(**LONG | {"societies": TWELVE * 3})))

        assert "等36项，全部见申请系统" in texts
        assert joined(LONG["address"]) in texts

    def test_societies_become_a_number_when_nothing_else_is_left(self):
        texts = reading.by_pypdf(form.render(sheet(department="科" * 190, societies=("会" * 150,) * 3)))

        assert "共3项，全部见申请系统" in texts

    def test_what_may_not_be_shortened_is_refused_in_people_s_words(self):
        with pytest.raises(html_page.NotOnePage, match="缩短"):
            form.render(sheet(department="长" * 600))

    def test_longest_values_of_an_ordinary_life_fit_together(self):
        short = dict.fromkeys(("department", "post", "title", "speciality"), "长" * 50)

        assert reading.pages(form.render(sheet(**LONG | short | {"work_unit": "院" * 100}))) == 1

    def test_text_smaller_than_eight_points_is_hints_and_mail_alone(self):
        small = []
        page = PdfReader(BytesIO(form.render(sheet(**LONG | {"societies": TWELVE * 3})))).pages[0]
        page.extract_text(visitor_text=lambda text, _cm, _tm, _font, size: small.append(text.strip()) if size < 8 else None)

        allowed = f"申请编号 资料第 1 版 （以上两项推荐渠道至少一项必填） {LONG['mail']}"
        assert [text for text in small if text not in allowed] == []


class TestNotOnePage:
    def test_page_that_overflows_is_refused_and_not_shrunk(self):
        area = html_page.Area(left=15, top=40, width=180, height=20)

        with pytest.raises(html_page.NotOnePage):
            html_page.one_page("<p>a</p>" * 40, title="", author="", area=area, before=lambda page: None, after=lambda page: None)


class TestQr:  # E-4, field case 17
    @pytest.mark.parametrize("changes", [{}, LONG])
    def test_it_reads_from_a_scan(self, changes):
        scan = reading.scanned(form.render(sheet(**changes)))

        assert [code.text for code in zxingcpp.read_barcodes(scan)] == [LINK]

    def test_it_is_28_mm_wide_with_four_modules_of_white_below(self):
        scan = reading.scanned(form.render(sheet())).convert("L")
        code = zxingcpp.read_barcodes(scan)[0].position
        left, right, bottom = code.top_left.x, code.top_right.x, code.bottom_left.y
        white = round((right - left) / 29 * 4)

        assert (right - left) / 150 * 25.4 >= 27.8
        assert scan.crop((left, bottom + 3, right, bottom + white)).getextrema() == (255, 255)


class TestNothingFetched:  # field case 16
    TYPED = '<img src="http://127.0.0.1:9/x.png">'

    def test_what_people_typed_is_printed_as_typed(self):
        typed = sheet(work_unit=self.TYPED, department="{{ 7*7 }}", address='<pdf:include src="/etc/hosts">&amp;', name="<b>林</b>")

        texts = reading.by_pypdf(form.render(typed))

        for value in (self.TYPED, "{{ 7*7 }}", '<pdf:include src="/etc/hosts">&amp;', "<b>林</b>"):
            assert joined(value) in texts

    def test_no_file_and_no_socket_is_opened(self):
        form.render(sheet(name="韩𠮷"))

        with reading.touched() as seen:
            form.render(sheet(name="韩𠮷", work_unit=self.TYPED, address='<link rel="stylesheet" href="file:///etc/passwd">'))

        assert seen == []

    def test_html_of_our_own_could_fetch_nothing_either(self):
        area = html_page.Area(left=15, top=40, width=180, height=200)
        html = '<p>a</p><img src="http://127.0.0.1:9/x.png"><img src="/etc/hosts">'

        with reading.touched() as seen:
            html_page.one_page(html, title="", author="", area=area, before=lambda page: None, after=lambda page: None)

        assert [event for event in seen if event.startswith("socket.") or "/etc/hosts" in event] == []


class TestReproducible:
    @pytest.mark.parametrize("changes", [{}, LONG])
    def test_same_sheet_gives_the_same_bytes(self, changes):
        assert form.render(sheet(**changes)) == form.render(sheet(**changes))


class TestRefusal:
    def test_character_without_glyph_stops_the_form(self):
        with pytest.raises(glyphs.MissingGlyph, match=r"U\+30000"):
            form.render(sheet(societies=("中国\U00030000学会会员",)))


class TestCheck:
    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"societies": ("中国\U00030000学会会员",)}, glyphs.MissingGlyph),
            ({"department": "长" * 600}, html_page.NotOnePage),
            ({"qr_text": LINK + "A" * 200}, qr.TooMuchForQr),
        ],
    )
    def test_it_refuses_what_cannot_be_printed(self, changes, refusal):
        with pytest.raises(refusal):
            form.check(sheet(**changes))

    def test_it_accepts_what_can(self):
        form.check(sheet(**LONG))
