"""国籍 and 签发国家/地区 by their codes (P-3)."""

from django_countries.data import COUNTRIES

from membership import countries


class TestCountries:
    def test_every_code_of_iso_3166_has_a_chinese_name_of_its_own(self):
        assert set(countries.NAMES) == set(COUNTRIES)
        assert len(set(countries.NAMES.values())) == len(countries.NAMES)

    def test_hong_kong_macao_and_taiwan_are_regions_of_china(self):
        assert [countries.name_of(code) for code in ("HK", "MO", "TW")] == ["中国香港", "中国澳门", "中国台湾"]

    def test_both_koreas_are_told_apart(self):
        assert (countries.name_of("KR"), countries.name_of("KP")) == ("韩国", "朝鲜")

    def test_listed_in_the_order_of_pinyin(self):
        names = [name for _, name in countries.in_order()]

        assert names.index("德国") < names.index("美国") < names.index("英国") < names.index("中国")

    def test_an_unknown_code_stands_for_itself(self):
        assert countries.name_of("XX") == "XX"
        assert countries.name_of("") == ""
