import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide_pages.search_text import EXCERPT_LENGTH, excerpt, fold, marked, readable


class TestFolding:  # CMS-3
    @pytest.mark.parametrize(
        "written, searched",
        [
            ("ＣＡＣＡ", "caca"),
            ("Anti-Cancer", "ANTI-CANCER"),
            ("３００ dpi", "300 DPI"),
            ("（必填）", "(必填)"),
            ("Café", "Cafe\u0301"),
            ("会\u200b员\ufeff", "会员"),
            ("Ｍ１６５０００２０５４Ａ", "m1650002054a"),
            ("❤\ufe0f", "❤"),
            ("straße", "STRASSE"),
        ],
    )
    def test_what_looks_the_same_to_a_reader_is_the_same(self, written, searched):
        assert fold(written).text == fold(searched).text

    @pytest.mark.parametrize("written", ["存成 PDF 或 JPG", "存成PDF或JPG", "存成　PDF\n或  JPG"])
    def test_spaces_beside_chinese_do_not_count(self, written):
        assert fold(written).text == "存成pdf或jpg"

    def test_spaces_between_latin_words_stay(self):
        assert fold("China  Anti-Cancer\tAssociation").text == "china anti-cancer association"

    @given(st.text(max_size=60))
    def test_every_folded_character_knows_where_it_came_from(self, line):
        folded = fold(line)

        assert len(folded.text) == len(folded.starts) == len(folded.ends)
        assert list(folded.starts) == sorted(folded.starts)
        assert all(start < end <= len(line) for start, end in zip(folded.starts, folded.ends, strict=True))


class TestReadable:  # CMS-3
    def test_control_characters_divide_words_and_what_nobody_sees_falls_away(self):
        assert readable("会员\x00证书\r\n\t下\u202e载\u200b") == "会员 证书 下载"


class TestMarking:  # CMS-3
    def test_each_word_is_marked_as_it_was_written(self):
        assert marked("上传 ＰＤＦ 文件，或 pdf 扫描件", ["pdf", "文件"]) == (
            "上传 <mark>ＰＤＦ</mark> <mark>文件</mark>，或 <mark>pdf</mark> 扫描件"
        )

    def test_text_stays_text(self):
        assert marked('<b onclick="x">证书</b>', ["证书", "b"]) == (
            "&lt;<mark>b</mark> onclick=&quot;x&quot;&gt;<mark>证书</mark>&lt;/<mark>b</mark>&gt;"
        )

    def test_words_that_overlap_are_marked_once(self):
        assert marked("会员证书", ["会员证", "员证书", "证"]) == "<mark>会员证书</mark>"

    def test_a_word_found_across_a_space_is_marked_with_it(self):
        assert marked("存成 PDF", ["成pdf"]) == "存<mark>成 PDF</mark>"

    def test_an_accent_is_not_torn_from_its_letter(self):
        assert marked("Cafe\u0301", ["fé"]) == "Ca<mark>fe\u0301</mark>"

    @given(st.text(max_size=40), st.lists(st.text(min_size=1, max_size=3), max_size=3))
    def test_nothing_is_lost_or_added(self, text, words):
        plain = marked(text, [folded for word in words if (folded := fold(word).text)]).replace("<mark>", "").replace("</mark>", "")

        assert plain == marked(text, [])


class TestExcerpt:  # CMS-3
    def lines(self, *lines: str) -> tuple[list[str], list[str]]:
        return list(lines), [fold(line).text for line in lines]

    def test_it_begins_with_the_passage_that_has_most_of_the_words(self):
        assert excerpt(*self.lines("先注册。", "下载证书之前。", "核对之后，下载会员证书。", "完成。"), ["下载", "会员"]) == (
            "核对之后，下载会员证书。　完成。"
        )

    def test_a_page_that_has_the_word_in_its_title_alone_shows_its_beginning(self):
        assert excerpt(*self.lines("引言。", "正文。"), ["标题"]) == "引言。　正文。"

    def test_a_long_passage_is_cut_on_both_sides_of_the_word(self):
        shown = excerpt(*self.lines("甲" * 300 + "证书" + "乙" * 300), ["证书"])

        assert shown.startswith("…甲") and shown.endswith("乙…")
        assert "证书" in shown
        assert len(shown) == EXCERPT_LENGTH + 2

    def test_a_page_without_text_has_no_excerpt(self):
        assert excerpt([""], [""], ["证书"]) == ""
