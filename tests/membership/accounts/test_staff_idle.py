"""Staff who were away are asked again before the administration goes on (ACC-6)."""

import pytest
import time_machine
from django.test import Client

from membership.accounts import roles
from tests.factories.people import active_member, association_reviewer

pytestmark = pytest.mark.django_db

DESK = "/admin/"
PASSWORD = "Demo-2026"
MORNING = "2026-11-25T09:00:00+08:00"


@pytest.fixture
def clock():
    with time_machine.travel(MORNING, tick=False) as travelling:
        yield travelling


@pytest.fixture
def reviewer(clock) -> Client:
    roles.ensure_groups()
    user = association_reviewer()
    client = Client()
    client.post("/accounts/login/", {"login": str(user.phone), "password": PASSWORD})
    return client


class TestIdleStaff:  # ACC-6
    def test_after_half_an_hour_away_the_desk_asks_again_and_goes_on(self, reviewer, clock):
        assert reviewer.get(DESK).status_code == 200
        clock.shift(31 * 60)

        answer = reviewer.get(f"{DESK}pages/")
        assert answer.url == "/accounts/reauthenticate/?next=%2Fadmin%2Fpages%2F"

        assert reviewer.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": DESK}).url == DESK
        assert reviewer.get(DESK).status_code == 200

    def test_who_goes_on_working_is_not_asked(self, reviewer, clock):
        for _visit in range(4):
            clock.shift(29 * 60)
            assert reviewer.get(DESK).status_code == 200

    def test_time_spent_elsewhere_on_the_site_is_time_away(self, reviewer, clock):
        reviewer.get(DESK)
        for _visit in range(4):
            clock.shift(10 * 60)
            reviewer.get("/accounts/devices/")

        assert reviewer.get(DESK).status_code == 302

    def test_a_member_has_no_such_limit(self, clock):
        client = Client()
        client.force_login(active_member().user)
        clock.shift(10 * 24 * 3600)

        assert client.get("/member/").status_code == 200

    def test_papers_are_behind_it_too(self, reviewer, clock):
        clock.shift(31 * 60)

        assert reviewer.get("/files/1/").url.startswith("/accounts/reauthenticate/")

    def test_a_posted_form_is_kept_until_the_confirmation(self, reviewer, clock):
        clock.shift(31 * 60)

        assert reviewer.post(f"{DESK}account/", {"name_email-first_name": "Wen"}).status_code == 302
        assert "Wen" in str(reviewer.session["account_reauthentication_state"])

    def test_a_form_from_elsewhere_is_refused_and_not_kept(self, clock):
        roles.ensure_groups()
        client = Client(enforce_csrf_checks=True)
        client.force_login(association_reviewer())
        clock.shift(31 * 60)

        assert client.post(f"{DESK}account/", {"name_email-first_name": "Wen"}).status_code == 403
        assert "account_reauthentication_state" not in client.session

    @pytest.mark.parametrize("header", ["HX-Request", "X-Requested-With"])
    def test_a_script_gets_a_status_and_the_address(self, reviewer, clock, header):
        clock.shift(31 * 60)

        answer = reviewer.get(DESK, headers={header: "XMLHttpRequest"})

        assert answer.status_code == 401
        assert "/accounts/reauthenticate/" in str(answer.headers) + answer.content.decode()

    @pytest.mark.parametrize(("minutes", "status"), [(0, 200), (600, 200), (5, 302)])
    def test_how_long_is_a_setting_and_zero_means_never(self, reviewer, clock, settings, minutes, status):
        settings.STAFF_IDLE_MINUTES = minutes
        clock.shift(60 * 60)

        assert reviewer.get(DESK).status_code == status
