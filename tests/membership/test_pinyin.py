"""Names spelled for search by pinyin and initials."""

import pytest

from membership.pinyin import MOST_READINGS, SURNAMES, readings, spelling


class TestReadingsOfPersons:  # REV-1, APP-6
    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("单雄信", "shanxiongxin"),
            ("仇英", "qiuying"),
            ("曾国藩", "zengguofan"),
            ("查良镛", "zhaliangyong"),
            ("区寄", "ouji"),
            ("解缙", "xiejin"),
            ("朴槿", "piaojin"),
        ],
    )
    def test_surname_is_read_as_a_surname_first(self, name, expected):
        assert readings(name).pinyin.split()[0] == expected

    def test_every_reading_is_kept(self):
        assert readings("单雄信") == ("shanxiongxin danxiongxin", "sxx dxx")
        assert readings("乐嘉") == ("yuejia lejia", "yj lj")

    def test_surname_of_two_characters_has_two_initials(self):
        assert readings("尉迟恭") == ("yuchigong", "ycg")
        assert readings("万俟卨") == ("moqixie", "mqx")

    def test_same_reading_is_not_said_twice(self):
        assert readings("王芳") == ("wangfang", "wf")

    def test_dot_and_spaces_leave_no_trace(self):
        assert readings("买买提·艾力") == ("maimaitiaili", "mmtal")
        assert readings(" 张 三 ") == ("zhangsan", "zs")

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("Anna Müller", ("annamuller", "am")),
            ("Łukasz Øye", ("lukaszoye", "lo")),
            ("ＡＮＮＡ", ("anna", "a")),
            ("O’Brien", ("obrien", "ob")),
        ],
    )
    def test_latin_names_become_plain_small_letters(self, name, expected):
        assert readings(name) == expected

    def test_rare_character_beyond_the_basic_plane_is_read(self):
        assert readings("王𬍛").pinyin == "wangli"

    def test_nothing_is_spelled_as_nothing(self):
        assert readings("") == ("", "")
        assert readings("··") == ("", "")

    def test_every_surname_of_the_table_gives_ascii_letters_and_few_readings(self):
        for surname in SURNAMES:
            spelled = readings(surname + "明")

            assert spelled.pinyin.replace(" ", "").isascii() and spelled.pinyin.islower()
            assert len(spelled.pinyin.split()) <= MOST_READINGS


class TestSpellingOfInstitutions:  # CMS-4, APP-5
    def test_words_are_read_as_words(self):
        assert spelling("重庆大学附属肿瘤医院") == ("chongqingdaxuefushuzhongliuyiyuan", "cqdxfszlyy")
        assert spelling("长沙市中心医院").initials == "csszxyy"

    def test_brackets_and_hyphens_leave_no_trace(self):
        assert spelling("C-HIPEC技术").pinyin == "chipecjishu"
        assert spelling("海军军医大学（第二军医大学）").pinyin == "haijunjunyidaxuedierjunyidaxue"
