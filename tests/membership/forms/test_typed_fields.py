"""What people type, as what is stored: dates, lists of lines, names, choices; and what no column can hold."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from membership.enums import AttachmentKind
from membership.forms.typed_fields import InstanceField, LineField, LinesField, NameField, ParagraphField, PictureField, TypedDateField
from membership.forms.widgets import PlainSelect
from membership.models import Title
from tests.factories.browser import photograph, upload


def refusal(field, value) -> str:
    with pytest.raises(ValidationError) as refused:
        field.clean(value)
    return refused.value.messages[0]


class TestText:
    def test_a_line_is_kept_to_its_last_character_or_refused_with_both_numbers(self):
        field = LineField(maximum=5)

        assert field.clean(" 一二三四五 ") == "一二三四五"
        assert refusal(field, "一二三四五六") == "最多 5 个字，现在是 6 个，请缩短"

    def test_nothing_is_an_empty_text(self):
        assert LineField(maximum=5).clean(None) == ""

    def test_a_character_of_an_old_system_is_refused_with_what_it_probably_is(self):
        assert "造字" in refusal(LineField(maximum=50), "王\ue000")

    def test_a_paragraph_keeps_its_lines(self):
        assert ParagraphField(maximum=50).clean("第一行\r\n第二行 \n") == "第一行\n第二行"

    def test_every_dot_of_a_name_becomes_the_middle_dot(self):
        field = NameField(maximum=200)

        for dot in "·•・．‧･.":
            assert field.clean(f"阿卜杜{dot}热合曼") == "阿卜杜·热合曼"

    def test_a_name_no_document_bears_is_kept_for_its_writer_to_mend(self):
        assert NameField(maximum=200).clean("王<b>明") == "王<b>明"


class TestLines:
    def test_empty_lines_fall_away_and_blanks_at_the_ends(self):
        assert LinesField(maximum=50, most=5).clean("甲学会 委员\r\n\r\n  乙学会 常委 \n") == ["甲学会 委员", "乙学会 常委"]

    def test_too_many_and_too_long_are_told_apart(self):
        field = LinesField(maximum=3, most=2)

        assert refusal(field, "一\n二\n三") == "最多 2 项，现在是 3 项"
        assert refusal(field, "一\n二二二二") == "第 2 行最多 3 个字，现在是 4 个，请缩短"


class TestDates:
    @pytest.mark.parametrize("text", ["1988-05-06", "1988-5-6", "19880506", "1988/05/06", "1988.5.6", "1988年5月6日", "1988 年 5 月 6 日"])
    def test_all_usual_ways(self, text):
        assert TypedDateField().clean(text) == date(1988, 5, 6)

    @pytest.mark.parametrize("text", ["1988-02-30", "1988-13-01", "88-05-06", "06/05/1988", "昨天", "1988", "0000-01-01", "19880506x"])
    def test_what_is_no_day(self, text):
        assert refusal(TypedDateField(), text) == "请按 1988-05-06 的样子填写真实的日期"

    def test_nothing_is_no_date(self):
        assert TypedDateField().clean("  ") is None


class TestChoices:
    @pytest.fixture
    def titles(self):
        return [
            Title(pk=1, name="主任医师", series="医师"),
            Title(pk=2, name="医师", series="医师"),
            Title(pk=3, name="教授", series="教师"),
        ]

    def test_an_object_of_the_list_or_nothing(self, titles):
        field = InstanceField(titles, shown=lambda title: title.name)

        assert (field.clean("2"), field.clean("")) == (titles[1], None)
        assert refusal(field, "4") == "所选的不在名单中，请重新选择"

    def test_the_list_in_its_groups_with_the_chosen_one_marked(self, titles):
        field = InstanceField(titles, shown=lambda title: title.name, grouped=lambda title: title.series)

        html = field.widget.render("title", 3, {"id": "id_title"})

        assert html.count("<optgroup") == 2
        assert '<option value="3" selected>教授</option>' in html
        assert html.count("selected") == 1

    def test_words_of_a_list_are_escaped(self):
        html = PlainSelect(choices=[('"><b>', "<script>"), ("b", "乙")]).render("x", '"><b>')

        assert "<script>" not in html
        assert "<b>" not in html
        assert html.count("selected") == 1

    def test_a_value_that_begins_like_another_marks_only_itself(self):
        html = PlainSelect(choices=[("10", "十"), ("1", "一")]).render("x", 1)

        assert '<option value="1" selected>一</option>' in html
        assert '<option value="10">十</option>' in html


class TestPictures:  # APP-7
    def test_a_portrait_leaves_as_jpeg_in_the_certificates_shape(self):
        stored = PictureField(AttachmentKind.PORTRAIT).clean(photograph("a.png", format="PNG", size=(900, 900)))

        assert (stored.content_type, stored.width, stored.height) == ("image/jpeg", 643, 900)

    def test_a_paper_keeps_its_shape(self):
        stored = PictureField(AttachmentKind.QUALIFICATION).clean(photograph(size=(1800, 1300)))

        assert (stored.kind, stored.width, stored.height) == (AttachmentKind.QUALIFICATION, 1800, 1300)

    def test_a_small_one_is_taken_with_a_warning(self):
        field = PictureField(AttachmentKind.QUALIFICATION)

        field.clean(photograph(size=(400, 300)))

        assert "不足 300 dpi" in field.warning

    def test_a_refusal_says_the_repair(self):
        assert "HEIC" in refusal(PictureField(AttachmentKind.PORTRAIT), upload("a.jpg", b"\x00\x00\x00\x18ftypheic0000"))

    def test_nothing_chosen_is_no_picture(self):
        assert PictureField(AttachmentKind.PORTRAIT).clean(None) is None
