"""What forms ask while one types."""

import pytest
from django.urls import reverse

from tests.factories.browser import client_of
from tests.factories.people import UserFactory, committee_member
from tests.factories.reference import DivisionFactory, TitleFactory, WorkUnitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def browser():
    return client_of(UserFactory())


class TestLookups:  # APP-5, E-13
    def test_a_committee_member_is_answered_without_phone(self, browser):
        seat = committee_member()

        answer = browser.get(reverse("lookup_seats"), {"q": "顾"})

        assert [item["value"] for item in answer.json()["items"]] == [str(seat.pk)]
        assert seat.member.user.get_username()[3:] not in answer.content.decode()

    def test_work_units_answer_with_their_name(self, browser):
        WorkUnitFactory(name="天津医科大学肿瘤医院")

        answer = browser.get(reverse("lookup_work_units"), {"q": "肿瘤"})

        assert answer.json()["items"] == [{"value": "天津医科大学肿瘤医院", "label": "天津医科大学肿瘤医院", "note": "天津市"}]

    @pytest.mark.parametrize("term", ["主任医", "副主任医师", "fuzhuren", "fzrys", "副高级,副"])
    def test_a_title_is_found_by_name_pinyin_or_initials(self, browser, term):
        title = TitleFactory()

        items = browser.get(reverse("lookup_titles"), {"q": term}).json()["items"]

        assert items == [{"value": str(title.pk), "label": "副主任医师", "note": "副高级，卫生技术人员（医师）"}]

    def test_a_title_out_of_use_is_not_offered_and_no_term_finds_none(self, browser):
        TitleFactory(is_active=False)

        assert [browser.get(reverse("lookup_titles"), {"q": term}).json()["items"] for term in ("主任", "", "\x00")] == [[], [], []]

    def test_the_divisions_below_one(self, browser):
        county, city = DivisionFactory(county=True), DivisionFactory(city=True)

        below = browser.get(reverse("lookup_divisions"), {"parent": "120000"}).json()["items"]
        cities = browser.get(reverse("lookup_divisions"), {"parent": "120000", "cities_only": "1"}).json()["items"]
        others = browser.get(reverse("lookup_divisions"), {"parent": "130000", "cities_only": "1"}).json()["items"]

        assert below == [{"code": county.code, "name": county.name}]
        assert cities == []
        assert others == [{"code": city.code, "name": city.name}]

    @pytest.mark.parametrize("name", ["lookup_seats", "lookup_work_units", "lookup_divisions"])
    def test_nothing_odd_in_a_query_is_an_error(self, browser, name):
        for text in ("", "\x00", "x" * 3000, "%", "'", "１２"):
            assert browser.get(reverse(name), {"q": text, "parent": text}).json() == {"items": []}, text

    @pytest.mark.parametrize("name", ["lookup_seats", "lookup_work_units", "lookup_divisions"])
    def test_strangers_are_led_to_the_login(self, client, name):
        assert client.get(reverse(name), {"q": "顾"}).status_code == 302
