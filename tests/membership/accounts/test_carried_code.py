"""A referral code that was scanned on a device survives registration and login there (APP-6, E-17)."""

import pytest
from django.test import Client
from django.utils import timezone

from membership import rules
from membership.accounts import carried_code, roles
from membership.domain import referral_codes
from membership.models import Application, User
from tests.factories.people import active_member, committee_member, staff
from tests.membership.accounts.conftest import PASSWORD, PHONE

pytestmark = pytest.mark.django_db

SIGNUP, VERIFY, LOGIN = "/accounts/signup/", "/accounts/phone/verify/", "/accounts/login/"
REFERRED = "/member/apply/referred/"


@pytest.fixture
def seat(at, monkeypatch):
    # The whole suite's committee members sit through 2026.
    monkeypatch.setattr(timezone, "now", lambda: at)
    return committee_member()


@pytest.fixture
def code(seat, at):
    return referral_codes.issue(seat=seat, person=seat.member.user, at=at)


@pytest.fixture
def scanned(visitor, code) -> Client:
    visitor.get(f"/r/{code.code}/")
    return visitor


def sign_up(client: Client, latest_code, **more):
    answers = {"phone": "188 0000 0001", "password1": PASSWORD, "password2": PASSWORD, "privacy": "on"}
    client.post(SIGNUP, {**answers, **more})
    return client.post(VERIFY, {"code": latest_code(), **more})


class TestRegistration:
    def test_by_the_pages_own_link_it_leads_to_the_form_with_the_referrer_bound(self, scanned, seat, latest_code):
        answer = sign_up(scanned, latest_code, next=REFERRED)

        assert answer.url == REFERRED
        assert scanned.get(answer.url).url == "/member/apply/"
        assert Application.objects.get(member__user__phone=PHONE).referrer_seat == seat

    def test_from_another_tab_too(self, scanned, latest_code):
        assert sign_up(scanned, latest_code).url == REFERRED

    def test_a_way_that_was_asked_for_goes_first_and_the_code_waits(self, scanned, latest_code):
        assert sign_up(scanned, latest_code, next="/member/feedback/").url == "/member/feedback/"
        assert scanned.cookies[carried_code.NAME].value

    def test_on_another_device_there_is_no_code(self, code, latest_code):
        assert sign_up(Client(), latest_code).url == "/member/"


class TestLogin:
    def log_in(self, client: Client, user: User, password: str = "Demo-2026") -> str:
        return client.post(LOGIN, {"login": user.get_username(), "password": password}).url

    def test_the_next_day_it_leads_into_the_application(self, scanned, member):
        assert self.log_in(scanned, member, PASSWORD) == REFERRED

    def test_after_a_logout_the_device_still_carries_it(self, scanned, member):
        scanned.force_login(member)
        scanned.post("/accounts/logout/")

        assert self.log_in(scanned, member, PASSWORD) == REFERRED

    def test_once_bound_it_is_used_up(self, scanned, member):
        self.log_in(scanned, member, PASSWORD)
        scanned.get(REFERRED)
        scanned.post("/accounts/logout/")

        assert self.log_in(scanned, member, PASSWORD) == "/member/"

    def test_a_member_and_the_staff_go_where_they_always_go(self, scanned):
        roles.ensure_groups()
        for person, where in ((active_member().user, "/member/"), (staff(rules.SUPPORT), "/admin/")):
            scanned.post("/accounts/logout/")
            assert self.log_in(scanned, person) == where

    def test_a_forged_cookie_leads_nowhere_new(self, visitor, member, code):
        visitor.cookies[carried_code.NAME] = f"{code.code}:1abcde:forged"

        assert self.log_in(visitor, member, PASSWORD) == "/member/"
