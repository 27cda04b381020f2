"""What people type, as what is stored: dates, lists of lines, names, choices; and what no column can hold."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from membership.enums import AttachmentKind
from membership.forms.offered_lists import Offer
from membership.forms.typed_fields import (
    CodeField,
    InstanceField,
    InstancesField,
    LineField,
    LinesField,
    NameField,
    ParagraphField,
    PictureField,
    TypedDateField,
)
from membership.forms.widgets import PlainSelect
from membership.models import Title
from tests.factories.browser import photograph, upload
from tests.factories.reference import TitleFactory


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
            TitleFactory(code="1", name="主任医师", series="医师"),
            TitleFactory(code="2", name="医师", series="医师"),
            TitleFactory(code="3", name="教授", series="教师"),
        ]

    @pytest.fixture
    def field_of(self, titles):
        """Makes the field over two of three titles; the third is offered no more."""

        def made(**stored):
            offered = titles[:2] if "chosen" not in stored else titles
            offers = [Offer(str(one.pk), one.name, one.series) for one in offered]
            return InstanceField(offers, lambda: Title.objects.exclude(pk=titles[2].pk), **stored)

        return made

    @pytest.mark.django_db
    def test_a_row_of_the_list_or_nothing(self, titles, field_of):
        field = field_of()

        assert (field.clean(str(titles[1].pk)), field.clean("")) == (titles[1], None)
        for nonsense in ("999999", str(titles[2].pk), "-1", "x", "'; DROP TABLE", "²", "9" * 40):
            assert refusal(field, nonsense) == "所选的不在名单中，请重新选择"

    @pytest.mark.django_db
    def test_what_is_stored_may_be_sent_again_though_it_is_offered_no_more(self, titles, field_of):
        assert field_of(chosen=titles[2]).clean(str(titles[2].pk)) == titles[2]

    @pytest.mark.django_db
    def test_several_rows_each_once(self, titles):
        field = InstancesField([], lambda: Title.objects.exclude(pk=titles[2].pk), chosen=[titles[2]])
        first, _, stored = (str(title.pk) for title in titles)

        assert field.clean([first, stored, first]) == [titles[2], titles[0]]
        assert field.clean(None) == []
        assert refusal(field, [first, "999999"]) == "所选的不在名单中，请重新选择"

    @pytest.mark.django_db
    def test_the_list_in_its_groups_with_the_chosen_one_marked(self, titles, field_of):
        html = field_of(chosen=titles[2]).widget.render("title", titles[2].pk, {"id": "id_title"})

        assert html.count("<optgroup") == 2
        assert f'<option value="{titles[2].pk}" selected>教授</option>' in html
        assert html.count("selected") == 1

    def test_a_code_of_a_fixed_list_or_nothing(self):
        field = CodeField((("", "请选择"), ("CN", "中国")))

        assert (field.clean("CN"), field.clean(""), field.clean(None)) == ("CN", "", "")
        assert refusal(field, "XX") == "所选的不在名单中，请重新选择"

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
