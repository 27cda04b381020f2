"""The serif web font: the titles that come with the site are in its first slices, and every character of the typeface in some slice."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from fontTools.ttLib import TTFont

from caca.management import title_characters
from caca.management.commands.slice_title_font import FOLDER, REACH, STYLE_SHEET, TITLES_A_SLICE, Slice, in_company, slices

# The same typeface in the weight that the printed documents use: whatever a certificate can say, the page beside it can.
PRINTED = settings.BASE_DIR / "membership" / "documents" / "fonts" / "NotoSerifSC_500Medium.ttf"
FACE = re.compile(r'@font-face{.*?url\("(?P<file>.*?)"\).*?unicode-range:(?P<ranges>.*?)}')
CUT_ANEW = "Cut the font anew: manage.py slice_title_font, the head of its module says how."


@pytest.fixture(scope="module")
def faces() -> dict[str, set[int]]:
    """The files that the style sheet names, each with the code points that it is asked for."""
    return {face["file"]: code_points(face["ranges"]) for face in FACE.finditer((FOLDER / STYLE_SHEET).read_text())}


def code_points(ranges: str) -> set[int]:
    found = set()
    for one in ranges.split(","):
        first, _, last = one.removeprefix("U+").partition("-")
        found |= set(range(int(first, 16), int(last or first, 16) + 1))
    return found


def characters_of(font: Path) -> set[int]:
    return set(TTFont(font, lazy=True).getBestCmap())


class TestTitles:
    """A page stays light because its own titles come in few slices. A handful of new characters may wait for the next cut."""

    def test_nearly_every_character_of_our_titles_is_in_the_slices_of_titles(self, faces):
        first = set().union(*(faces[name] for name in faces if name.startswith(("title", "figures", "letters"))))

        late = [character for character in title_characters.uses() if ord(character) not in first]

        assert len(late) <= TITLES_A_SLICE, f"{''.join(late)} came with new titles. {CUT_ANEW}"

    def test_every_character_of_our_titles_is_in_some_slice(self, faces):
        asked = set().union(*faces.values())

        assert [character for character in title_characters.uses() if ord(character) not in asked] == []

    @pytest.mark.parametrize(
        "title",
        [
            pytest.param("中国抗癌协会", id="the name in the header"),
            pytest.param("您的会员身份，由协会妥善保管。", id="an h1 of a template"),
            pytest.param("没有找到这一页", id="a title given to the page's head"),
            pytest.param("新会员入会", id="a chapter"),
            pytest.param("盖章的时候", id="a heading within an article"),
            pytest.param("入会、领证、查证，", id="the line of the home page"),
            pytest.param("轮到您了：请修改后重新提交", id="whose turn it is"),
            pytest.param("审批通过", id="the seal of an approved row"),
            pytest.param("兹证明", id="the certificate"),
            pytest.param("壹贰叁肆", id="numerals that a style sheet writes"),
        ],
    )
    def test_titles_are_found_wherever_they_are_written(self, title):
        assert set(title) <= set(title_characters.uses())

    def test_body_text_of_a_template_is_no_title(self):
        assert len([title for name, title in title_characters.titles() if name == "404.html"]) == 1

    def test_what_stands_in_the_header_counts_for_every_page(self):
        uses = title_characters.uses()

        assert uses["癌"] == set().union(*uses.values())


class TestFiles:
    def test_the_style_sheet_names_every_file_and_no_other(self, faces):
        assert set(faces) == {path.name for path in FOLDER.glob("*.woff2")}

    def test_a_page_finds_every_character_that_a_document_can_print(self, faces):
        drawn = set().union(*(asked & characters_of(FOLDER / name) for name, asked in faces.items()))

        assert "".join(map(chr, sorted(characters_of(PRINTED) - drawn))) == ""


class TestCutting:
    def test_characters_of_the_same_pages_share_a_slice(self):
        everywhere = {f"page {number}" for number in range(9)}
        uses = dict.fromkeys("中国抗癌协会证书", everywhere)
        uses |= {character: {"page 1"} for character in "填写"} | {character: {"page 2"} for character in "登录"}
        uses |= {character: {"page 1", "page 3"} for character in "打印上传提交"}

        cut = ["".join(map(chr, one)) for one in in_company(uses)]

        assert [set(one) for one in cut] == [set("中国抗癌协会证书"), set("打印上传提交填写"), set("登录")]

    def test_each_character_is_in_one_slice(self):
        available = {ord(character) for character in "1a中龙璐陳䶮"}

        cut = slices(available, {"中": {"page"}})

        assert sorted(point for one in cut for point in one.code_points) == sorted(available)
        assert [one.name for one in cut] == [
            "figures",
            "letters",
            "title-01",
            "common-001",
            "less-common-001",
            "traditional-001",
            "rare-001",
        ]

    def test_titles_are_asked_for_one_by_one(self):
        assert Slice("title-01", (0x4E00, 0x4E01, 0x4E03), 1).ranges == "U+4e00-4e01,U+4e03"

    def test_other_ranges_reach_across_what_later_slices_have_and_no_further(self):
        assert Slice("common-001", (0x4E00, 0x4E09, 0x4E09 + REACH + 1), REACH).ranges == "U+4e00-4e09,U+520a"
