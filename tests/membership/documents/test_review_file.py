"""The review file: everything it was given is in it, its mark is on every page, and nothing makes it fail or grow without bounds."""

import tracemalloc
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader

from membership.documents import review_file
from membership.documents.review_file import Paper, Part, ReviewFile, Row
from tests.membership.documents.reading import by_pypdf, joined, pages, touched

MARK = "王老师　中国抗癌协会肺癌专业委员会　2026-03-17 10:00"


def jpeg(size: tuple[int, int] = (600, 850), mode: str = "RGB", form: str = "JPEG") -> bytes:
    out = BytesIO()
    Image.new(mode, size, 200 if mode == "L" else (200,) * len(mode)).save(out, form)
    return out.getvalue()


def file_of(**changes) -> ReviewFile:
    given = {
        "name": "沈砚秋",
        "number": "2026-000041",
        "lead": ["专业会员，副主任医师", "申请编号 2026-000041"],
        "parts": [Part("个人", [Row("姓名", ["沈砚秋"]), Row("性别", ["男"])])],
        "papers": [Paper("资质证书首页", jpeg), Paper("补充材料 1", jpeg)],
        "mark": MARK,
        "portrait": lambda: jpeg((354, 496)),
    }
    return ReviewFile(**{**given, **changes})


class TestWhatItSays:  # REV-12
    def test_every_part_and_paper(self):
        pdf = review_file.render(file_of())

        text = by_pypdf(pdf)
        for said in ("沈砚秋", "副主任医师", "性别", "资质证书首页", "补充材料1", "审核档案2026-000041"):
            assert said in text
        assert pages(pdf) == 3

    def test_the_mark_is_on_every_page_and_across_it(self):
        for page in PdfReader(BytesIO(review_file.render(file_of()))).pages:
            assert joined(page.extract_text()).count(joined(MARK)) >= 10

    def test_a_long_answer_goes_on_overleaf_and_loses_nothing(self):
        words = [f"第{number}句话说明近三年的病例。" for number in range(400)]
        pdf = review_file.render(file_of(parts=[Part("补充说明", [Row("申请人", ["".join(words)])])], papers=[]))

        text = by_pypdf(pdf)
        assert pages(pdf) > 1 and all(f"第{number}句话" in text for number in (0, 199, 399))

    def test_no_paper_and_no_portrait(self):
        assert pages(review_file.render(file_of(papers=[], portrait=None, parts=[]))) == 1


class TestWhatCouldBreakIt:
    def test_a_character_that_no_face_has_is_a_gap_and_no_failure(self):
        pdf = review_file.render(file_of(name="沈\U0003ffff", mark="王\U0003ffff"))

        assert "沈〓" in by_pypdf(pdf)

    @pytest.mark.parametrize("content", [None, b"", b"no picture", jpeg()[:200]])
    def test_a_paper_that_is_missing_or_broken_says_so(self, content):
        text = by_pypdf(review_file.render(file_of(papers=[Paper("学生证", lambda: content)])))

        assert "学生证" in text and "这份文件读不出来" in text

    @pytest.mark.parametrize(("mode", "form"), [("RGBA", "PNG"), ("L", "PNG"), ("L", "JPEG"), ("CMYK", "JPEG"), ("P", "PNG")])
    def test_pictures_of_every_kind(self, mode, form):
        out = BytesIO()
        Image.new("RGB", (300, 300), "white").convert(mode).save(out, form)

        assert pages(review_file.render(file_of(papers=[Paper("图", out.getvalue)]))) == 2

    @pytest.mark.parametrize("size", [(1, 1), (6000, 40), (40, 6000)])
    def test_odd_sizes(self, size):
        assert pages(review_file.render(file_of(papers=[Paper("图", lambda: jpeg(size))]))) == 2

    def test_blanks_tabs_and_line_breaks(self):
        assert "甲乙" in by_pypdf(review_file.render(file_of(parts=[Part("\t", [Row("一\n二", ["甲\r\n\t乙", ""])])])))

    def test_nothing_is_fetched(self):
        review_file.render(file_of())
        with touched() as seen:
            review_file.render(file_of())
        assert [one for one in seen if one.startswith("socket.")] == []

    def test_memory_does_not_grow_with_the_size_of_the_papers(self):
        large = jpeg((4000, 5600))
        review_file.render(file_of())
        tracemalloc.start()
        review_file.render(file_of(papers=[Paper(f"第 {number} 页", lambda: large) for number in range(20)]))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

        assert peak < 40 * 1024 * 1024
