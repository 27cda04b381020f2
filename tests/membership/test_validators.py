"""Text that people type. Characters that cannot be seen are written as escapes on purpose."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from membership import validators

unhurried = settings(derandomize=True, deadline=None)
any_text = st.text(max_size=30)


def refusal_of(clean, *arguments, **named):
    with pytest.raises(ValidationError) as caught:
        clean(*arguments, **named)
    return caught.value.messages[0]


def name_of(text, maximum=50):
    return validators.clean_person_name(text, maximum=maximum)


def cleaned_or_none(clean, text):
    try:
        return clean(text)
    except ValidationError:
        return None


class TestCleanLine:  # field cases 13, 34
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("  天津市  河西区\t体院北\n环湖西路 ", "天津市 河西区 体院北 环湖西路"),
            ("肿瘤\x00医院\x0b胸部\x07外科", "肿瘤医院 胸部外科"),
            ("肿\u200b瘤\ufeff医\u2060院", "肿瘤医院"),
            ("\u202e院医\u202c", "院医"),
            ("\u2066肿瘤\u2069", "肿瘤"),
            ("\u3000\u00a0医院\u3000一\u00a0部", "医院 一 部"),
            ("Mu\u0308ller", "Müller"),
            ("葛\U000e0100晨", "葛晨"),
            ("\uf0b7 肿瘤医院", "肿瘤医院"),
            ("中国医学科学院（北京），１号", "中国医学科学院（北京），１号"),
            ("<script>alert('x')</script> {{ 7*7 }}", "<script>alert('x')</script> {{ 7*7 }}"),
            ("", ""),
            (" \u200b\x00 ", ""),
        ],
    )
    def test_what_nobody_sees_goes_and_the_rest_stays(self, typed, kept):
        assert validators.clean_line(typed) == kept

    @pytest.mark.parametrize("text", ["王\ud83d", "\ufffd\ufffd医院", "a\uffff", "\ufdd0"])
    def test_remains_of_a_wrong_encoding_are_refused(self, text):
        assert "无法识别" in refusal_of(validators.clean_line, text)

    def test_ten_marks_on_one_letter_are_refused(self):
        assert refusal_of(validators.clean_line, "ab" + "\u0316" * 10) == "「b」上的附加符号过多，请删去"

    def test_marks_of_a_living_script_are_kept(self):
        assert validators.clean_line("བསྒྲུབས") == "བསྒྲུབས"

    def test_characters_newer_than_this_python_are_kept(self):
        assert validators.clean_line("\U0002ebf0\U000323b0") == "\U0002ebf0\U000323b0"

    @unhurried
    @given(any_text)
    def test_what_passes_is_one_line_that_every_export_takes(self, text):
        line = cleaned_or_none(validators.clean_line, text)

        if line is not None:
            assert len(line.splitlines()) <= 1
            assert not ILLEGAL_CHARACTERS_RE.search(line)
            assert "\x00" not in line
            assert line.encode().decode() == line
            assert validators.clean_line(line) == line


class TestCleanParagraph:  # field case 34
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("第一行\r\n第二行\r第三行", "第一行\n第二行\n第三行"),
            ("甲\u2028乙\x85丙", "甲\n乙\n丙"),
            ("甲\n\n\n\n\n乙", "甲\n\n乙"),
            ("甲 \n　　乙\t丙  ", "甲\n　　乙 丙"),
            ("\n\n甲\u200b\x00\n", "甲"),
            (" \n \u200b \n", ""),
        ],
    )
    def test_its_lines_are_kept(self, typed, kept):
        assert validators.clean_paragraph(typed) == kept

    def test_private_use_characters_are_refused_in_any_line(self):
        assert "U+E000" in refusal_of(validators.clean_paragraph, "甲\n乙\ue000")

    @unhurried
    @given(any_text)
    def test_a_clean_paragraph_stays_as_it_is(self, text):
        paragraph = cleaned_or_none(validators.clean_paragraph, text)

        if paragraph is not None:
            assert validators.clean_paragraph(paragraph) == paragraph
            assert not ILLEGAL_CHARACTERS_RE.search(paragraph)


class TestCleanPersonName:  # P-4, field cases 11, 34; the cases of rare_names.csv
    @pytest.mark.parametrize(
        "name",
        [
            "王𬍛",
            "郑𫍯𬶭",
            "𬬻铭",
            "欧阳𬭎",
            "林䶮",
            "高㐂",
            "宋𠅤",
            "韩𠮷",
            "冯犇",
            "曾瞾",
            "萧镕",
            "於梓萱",
            "阎昇堃",
            "阿卜杜拉·买买提",
            "努尔艾合麦提·阿卜杜外力·吐尔逊江·买买提艾力",
            "扎西旺久",
            "王一",
            "欧阳诸葛明月",
            "〇明",
            "MARIA DEL CARMEN O'BRIEN-LÓPEZ",
            "Nguyễn Thị Hương",
            "Anne-Marie O'Neill",
            "Jr. J. R. Łukasz",
            "张\U0002ebf0\U000323b0",
        ],
    )
    def test_a_rare_name_is_kept_to_the_letter(self, name):
        assert name_of(name) == name

    @pytest.mark.parametrize(
        "dot",
        ["\u00b7", "\u2022", "\u30fb", "\uff0e", "\u2027", "\uff65", ".", "。", "｡", "\u22c5", " · ", " . ", "··", "\u0387", "﹒", "˙"],
    )
    def test_every_dot_becomes_the_middle_dot(self, dot):
        assert name_of(f"阿卜杜{dot}热合曼") == "阿卜杜\u00b7热合曼"

    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("葛\U000e0100晨", "葛晨"),
            ("ＬＩ　ＭＥＩ", "LI MEI"),
            ("王 芳", "王芳"),
            ("王　芳", "王芳"),
            ("张\u200b伟", "张伟"),
            ("王\x00明", "王明"),
            ("\u202e王明", "王明"),
            ("\u3164王明", "王明"),
            ("⽯⽟", "石玉"),
            ("John  Smith", "John Smith"),
            ("J．Smith", "J.Smith"),
            ("O\u2019Neill", "O'Neill"),
            ("O\u00b4Neill", "O'Neill"),
            ("Anne\u2013Marie", "Anne-Marie"),
            ("Ali • Veli", "Ali\u00b7Veli"),
            ("", ""),
            ("\u200b\u3000", ""),
        ],
    )
    def test_a_form_of_another_keyboard_is_folded(self, typed, kept):
        assert name_of(typed) == kept

    def test_the_compatibility_form_of_a_character_becomes_the_usual_one(self):
        assert name_of("\uf9f4志强") == "\u6797志强"

    def test_a_name_of_thirty_characters_is_kept_whole(self):
        name = "买买提·吐尔逊·阿卜杜热合曼·艾合买提江·库尔班"

        assert name_of(name) == name

    def test_characters_beyond_the_basic_plane_count_once(self):
        assert name_of("𬍛" * 50) == "𬍛" * 50

    def test_a_name_beyond_the_maximum_is_refused_with_both_lengths(self):
        assert refusal_of(name_of, "王" * 51) == "姓名最多 50 个字，现在是 51 个"

    def test_a_lost_character_of_an_old_system_is_offered_by_its_own_code(self):
        message = refusal_of(name_of, "邓\ue863")

        assert "U+E863" in message
        assert "请改为「䶮」" in message

    @pytest.mark.parametrize(("lost", "meant"), [("\ue81a", "㑳"), ("\ue842", "䙌"), ("\ue844", "䜣"), ("\ue862", "䴙")])
    def test_the_table_of_lost_characters_skips_no_place(self, lost, meant):
        assert f"请改为「{meant}」" in refusal_of(name_of, f"王{lost}")

    @pytest.mark.parametrize("private", ["\ue000", "\ue843", "\ue864", "\ue865", "\uf8ff", "\U000f0001", "\U00100000"])
    def test_any_other_private_character_is_refused(self, private):
        assert "标准汉字" in refusal_of(name_of, f"王{private}")

    @pytest.mark.parametrize(
        ("typed", "offending"), [("王明1", "1"), ("<script>", "<"), ("王明😀", "😀"), ("王（明）", "("), ("王明。", "。"), ("王①", "1")]
    )
    def test_what_no_name_contains_is_shown(self, typed, offending):
        assert f"「{offending}」" in refusal_of(name_of, typed)

    @pytest.mark.parametrize("typed", ["-", "...", "' '"])
    def test_a_name_without_a_letter_is_none(self, typed):
        assert refusal_of(name_of, typed) == "请填写姓名"

    @pytest.mark.parametrize("typed", ["·王明", "阿卜杜•"])
    def test_a_dot_stands_between_two_parts(self, typed):
        assert "间隔号" in refusal_of(name_of, typed)

    def test_ten_marks_on_one_letter_are_refused(self):
        assert "附加符号" in refusal_of(name_of, "a" + "\u0316" * 10)

    @unhurried
    @given(st.text(st.characters() | st.sampled_from("王芳·•. \u3000.'-Ａaé\u0301"), max_size=12))
    def test_a_clean_name_stays_as_it_is(self, text):
        name = cleaned_or_none(name_of, text)

        if name is not None:
            assert name_of(name) == name


class TestNormaliseMobile:  # ACC-1, field cases 08, 09; mobile_ranges.csv
    @pytest.mark.parametrize(
        "typed",
        [
            "13800138000",
            "+8613800138000",
            "008613800138000",
            "8613800138000",
            "+86 138 0013 8000",
            "138-0013-8000",
            "138－0013－8000",
            "１３８００１３８０００",
            "(+86) 138 0013 8000",
            "013800138000",
            "\u202d13800138000\u202c",
            "\u200e138\u00a00013\u30008000",
        ],
    )
    def test_one_number_is_one_text_however_it_is_typed(self, typed):
        assert validators.normalise_mobile(typed) == "+8613800138000"

    @pytest.mark.parametrize("prefix", range(130, 200))
    def test_every_range_from_130_to_199_may_register(self, prefix):
        assert validators.normalise_mobile(f"{prefix}12345678") == f"+86{prefix}12345678"

    @pytest.mark.parametrize("typed", ["12012345678", "20012345678", "1381234567", "138123456789", "02212345678", "18800000001.0"])
    def test_other_mainland_numbers_are_refused(self, typed):
        assert refusal_of(validators.normalise_mobile, typed) == "请填写11位中国大陆手机号"

    @pytest.mark.parametrize("typed", ["+85291234567", "0085291234567", "+1 212 555 0123"])
    def test_a_number_from_abroad_asks_for_its_country(self, typed):
        assert "先选择国家或地区" in refusal_of(validators.normalise_mobile, typed)

    @pytest.mark.parametrize("typed", ["abc", "138x0013800", "1-800-FLOWERS", "13800138000\x00", "+", "++8613800138000", "1" * 10_000])
    def test_what_is_no_number_is_told_so(self, typed):
        assert refusal_of(validators.normalise_mobile, typed) == "手机号只含数字，请核对"

    @pytest.mark.parametrize("typed", ["", "  ", "\u200b"])
    def test_an_empty_number_is_asked_for(self, typed):
        assert refusal_of(validators.normalise_mobile, typed) == "请填写手机号"

    @pytest.mark.parametrize(
        ("typed", "country", "stored"),
        [
            ("9123 4567", "HK", "+85291234567"),
            ("+852 9123 4567", "HK", "+85291234567"),
            ("0085291234567", "HK", "+85291234567"),
            ("6612 3456", "MO", "+85366123456"),
            ("0912-345-678", "TW", "+886912345678"),
            ("(212) 555-0123", "US", "+12125550123"),
            ("090 1234 5678", "JP", "+819012345678"),
            ("0151 23456789", "DE", "+4915123456789"),
        ],
    )
    def test_numbers_of_other_countries_are_stored_with_their_code(self, typed, country, stored):
        assert validators.normalise_mobile(typed, country) == stored

    @pytest.mark.parametrize(("typed", "country"), [("123", "HK"), ("+8613800138000", "HK"), ("555-0123", "US"), ("9" * 20, "DE")])
    def test_a_number_that_the_country_cannot_have_is_refused(self, typed, country):
        assert "不是所选国家或地区" in refusal_of(validators.normalise_mobile, typed, country)

    def test_a_country_without_telephones_is_refused(self):
        assert "选择国家或地区" in refusal_of(validators.normalise_mobile, "12345678", "XX")

    @unhurried
    @given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
    def test_a_stored_number_passes_again(self, mobile):
        stored = validators.normalise_mobile(mobile)

        assert validators.normalise_mobile(stored) == stored == f"+86{mobile}"


class TestQualificationNumberHint:  # APP-1, qualification_kinds.csv
    PHYSICIAN = r"^(19|20)\d{2}\d{2}[12][1-4]\d(\d{15}|\d{17}[0-9X])$"
    HOLDER = "120103198409301238"

    def hint(self, number, document=HOLDER, kind="physician-qualification", regex=PHYSICIAN):
        return validators.qualification_number_hint(kind, regex, number, document)

    @pytest.mark.parametrize("number", ["200812110120103198409301238", "２００８ 12110-120103198409301238", "200812110120103840930123", ""])
    def test_a_usual_number_gives_no_hint(self, number):
        assert self.hint(number) == ""

    def test_an_unusual_number_gives_a_hint_that_blocks_nothing(self):
        assert "确认无误可继续" in self.hint("2008")

    @pytest.mark.parametrize("number", ["200812110110103196902280249", "200812110110103690228024"])
    def test_the_number_of_somebody_else_gives_a_hint(self, number):
        assert "身份证号" in self.hint(number)

    @pytest.mark.parametrize("document", ["E12345678", "", "120103198409301237"])
    def test_another_document_is_not_compared(self, document):
        assert self.hint("200812110110103196902280249", document) == ""

    def test_a_kind_without_a_rule_gives_no_hint(self):
        assert self.hint("粤-12345", kind="other-qualification", regex="") == ""

    def test_a_rule_that_cannot_be_read_gives_no_hint(self):
        assert self.hint("12345", kind="nurse-practice", regex="([0-9]") == ""

    def test_a_rule_removed_by_an_administrator_leaves_short_numbers_uncompared(self):
        assert self.hint("12345", regex="") == ""

    def test_numbers_of_other_kinds_are_held_against_their_own_rule(self):
        teacher = r"^(19|20)\d{2}\d{2}\d{3}[1-7][0-2]\d{6}$"

        assert self.hint("20101200171000123", kind="teacher-qualification", regex=teacher) == ""
        assert self.hint("2010120017100012", kind="teacher-qualification", regex=teacher) != ""
