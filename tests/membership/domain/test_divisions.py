"""Labels and children of administrative divisions."""

import pytest

from membership.domain import divisions
from membership.enums import DivisionLevel
from membership.models.divisions import Division
from tests.factories.reference import DivisionFactory

pytestmark = pytest.mark.django_db


class TestLabel:  # APP-1, APP-10
    def test_county_run_by_its_province_repeats_the_province(self):
        DivisionFactory(county=True)

        assert divisions.division_label("120101") == "天津市,天津市,和平区"

    def test_county_of_a_city_names_all_three(self):
        city = DivisionFactory(city=True)
        DivisionFactory(code="130102", name="长安区", level=DivisionLevel.COUNTY, parent=city)

        assert divisions.division_label("130102") == "河北省,石家庄市,长安区"

    def test_city_without_counties_ends_there(self):
        DivisionFactory(city=True)

        assert divisions.division_label("130100") == "河北省,石家庄市"

    def test_province_stands_alone(self):
        DivisionFactory()

        assert divisions.division_label("120000") == "天津市"

    def test_unknown_code_is_an_error(self):
        with pytest.raises(Division.DoesNotExist):
            divisions.division_label("999999")

    def test_label_takes_one_query(self, django_assert_num_queries):
        DivisionFactory(county=True)

        with django_assert_num_queries(1):
            divisions.division_label("120101")


class TestChildren:  # APP-1
    def test_only_divisions_of_today_are_offered(self):
        county = DivisionFactory(county=True)
        DivisionFactory(code="120107", name="塘沽区", level=DivisionLevel.COUNTY, parent=county.parent, is_current=False)

        assert list(divisions.children("120000")) == [county]

    def test_provinces_are_the_beginning(self):
        DivisionFactory(county=True)

        assert [province.code for province in divisions.provinces()] == ["120000"]


class TestIdentityNumbers:  # APP-4
    def test_abolished_division_is_known(self):
        county = DivisionFactory(county=True)
        DivisionFactory(code="120107", name="塘沽区", level=DivisionLevel.COUNTY, parent=county.parent, is_current=False)

        assert divisions.is_known_to_identity_numbers("120107")

    def test_unofficial_and_unheard_codes_are_not(self):
        hong_kong = DivisionFactory(code="810000", name="香港特别行政区")
        DivisionFactory(code="810001", name="中西区", level=DivisionLevel.COUNTY, parent=hong_kong, in_identity_numbers=False)

        assert not divisions.is_known_to_identity_numbers("810001")
        assert not divisions.is_known_to_identity_numbers("129999")


class TestHowFarDown:  # APP-1: 籍贯 to the county, 省份/城市 to the city
    @pytest.fixture
    def hebei(self):
        city = DivisionFactory(city=True)
        DivisionFactory(code="130102", name="长安区", level=DivisionLevel.COUNTY, kind="市辖区", parent=city)
        return city.parent

    def test_a_province_with_cities_asks_for_one(self, hebei):
        assert [city.name for city in divisions.cities(hebei.code)] == ["石家庄市"]
        assert not divisions.is_whole_region(hebei)
        assert divisions.is_whole_region(divisions.cities(hebei.code).get())

    def test_a_city_that_is_a_province_is_whole_without_its_districts(self):
        county = DivisionFactory(county=True)

        assert not divisions.cities(county.parent.code).exists()
        assert divisions.is_whole_region(county.parent)

    def test_an_origin_goes_down_to_the_county(self, hebei):
        county = Division.objects.get(code="130102")

        assert [divisions.is_whole_origin(one) for one in divisions.path_of(county)] == [False, False, True]

    def test_a_city_without_counties_is_a_whole_origin(self, hebei):
        dongguan = DivisionFactory(code="441900", name="东莞市", level=DivisionLevel.CITY, kind="地级市", parent=hebei)

        assert divisions.is_whole_origin(dongguan)
