"""What an applicant reads beside a date that rests on a year nobody knows yet (REV-1)."""

from datetime import date

import pytest
from django.utils import timezone

from membership.domain import deadlines
from tests.factories import enrolment as stories
from tests.factories.browser import client_of
from tests.factories.moments import moment
from tests.factories.people import SeatFactory, active_member

pytestmark = pytest.mark.django_db

UNKNOWN = moment(date(2029, 1, 8))


@pytest.fixture
def unknown_year(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: UNKNOWN)


def page_of(user, address: str) -> str:
    return client_of(user).get(address).content.decode()


class TestProvisional:  # REV-1, K-3
    @pytest.mark.parametrize("story", [stories.checking, stories.deciding])
    def test_the_member_centre_says_how_the_day_was_reckoned(self, unknown_year, story):
        application = story(at=UNKNOWN)

        page = page_of(application.member.user, "/member/")

        assert "2029-01-29" in page
        assert f"15 个工作日内，{deadlines.PROVISIONAL}" in page

    def test_a_row_says_it_in_its_own_line(self, unknown_year):
        application = stories.deciding(at=UNKNOWN)

        assert f"最迟 2029-01-29（{deadlines.PROVISIONAL}） 答复您" in page_of(application.member.user, "/member/").replace(
            '<span class="num">', ""
        ).replace("</span>", "")

    def test_a_referrer_and_who_asked_them_read_it_too(self, unknown_year):
        last = date(2029, 12, 31)
        seat = SeatFactory(member=active_member(until=last, name="顾明修"), starts_on=date(2026, 1, 1), ends_on=last)
        application = stories.endorsing(at=UNKNOWN, seat=seat)
        request = application.endorsements.get()

        for user, address in (
            (application.member.user, "/member/"),
            (seat.member.user, "/member/referrals/"),
            (seat.member.user, f"/member/referrals/{request.pk}/"),
        ):
            assert deadlines.PROVISIONAL in page_of(user, address), address

    def test_in_a_known_year_nothing_of_it_is_said(self, at, monkeypatch):
        monkeypatch.setattr(timezone, "now", lambda: at)
        application = stories.deciding(at=at)

        assert "暂按" not in page_of(application.member.user, "/member/")
