"""Ways into an account that this site does not have: each is shut, or leads to the one login (ACC-6)."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import authenticate
from django.test import Client
from django.urls import NoReverseMatch, reverse

from membership import rules
from membership.accounts import roles, urls
from membership.models import User
from tests.factories.browser import client_of
from tests.factories.people import staff
from tests.membership.accounts.conftest import PASSWORD, PHONE

pytestmark = pytest.mark.django_db

SHUT = 404
LOGIN = "/accounts/login/"
# What each form of a login asks for, ours, Wagtail's and Django's.
CREDENTIALS = {
    "login": PHONE,
    "username": PHONE,
    "phone": PHONE,
    "email": "gu@example.org",
    "password": PASSWORD,
    "new_password1": PASSWORD,
    "new_password2": PASSWORD,
    "password1": PASSWORD,
    "password2": PASSWORD,
}
# Address → SHUT, or where it leads.
DOORS = {
    # Wagtail's own.
    "/admin/login/": LOGIN,
    "/admin/login/?next=/admin/pages/": f"{LOGIN}?next=/admin/pages/",
    "/admin/password_reset/": SHUT,
    "/admin/password_reset/done/": SHUT,
    "/admin/password_reset/confirm/MQ/set-password/": SHUT,
    "/admin/password_reset/complete/": SHUT,
    "/admin/account/": f"{LOGIN}?next=/admin/account/",
    "/admin/": f"{LOGIN}?next=/admin/",
    "/admin/api/main/pages/": f"{LOGIN}?next=/admin/api/main/pages/",
    "/_util/login/": LOGIN,
    # Django's own.
    "/django-admin/login/": SHUT,
    "/admin/password_change/": "/admin/login/?next=/admin/password_change/",
    "/accounts/password_reset/": SHUT,
    "/accounts/password_change/": SHUT,
    "/accounts/reset/MQ/set-password/": SHUT,
    # allauth's that this site leaves out: by e-mail, by passkey, by trusted browser, by API.
    "/accounts/email/": SHUT,
    "/accounts/confirm-email/": SHUT,
    "/accounts/confirm-email/key/": SHUT,
    "/accounts/password/reset/done/": SHUT,
    "/accounts/password/reset/key/1-set-password/": SHUT,
    "/accounts/signup/passkey/": SHUT,
    "/accounts/2fa/webauthn/login/": SHUT,
    "/accounts/2fa/webauthn/signup/": SHUT,
    "/accounts/2fa/trust/": SHUT,
    "/accounts/3rdparty/": SHUT,
    "/_allauth/browser/v1/auth/login/": SHUT,
    "/_allauth/app/v1/auth/login/": SHUT,
    # Steps of ours whose first step was not taken.
    "/accounts/login/code/confirm/": "/accounts/login/code/",
    "/accounts/login/identity/": LOGIN,
    "/accounts/password/reset/code/": "/accounts/password/reset/",
    "/accounts/password/reset/new/": "/accounts/password/reset/",
    "/accounts/phone/verify/": LOGIN,
    "/accounts/2fa/authenticate/": LOGIN,
    "/accounts/2fa/reauthenticate/": f"{LOGIN}?next=/accounts/2fa/reauthenticate/",
    "/accounts/2fa/": f"{LOGIN}?next=/accounts/2fa/",
}


def answer_of(response) -> int | str:
    return response.url if response.status_code in (301, 302) else response.status_code


@pytest.fixture
def protected(member) -> User:
    """Staff with a second factor and everything a side door could ask for."""
    roles.ensure_groups()
    User.objects.filter(pk=member.pk).update(is_staff=True, email="gu@example.org")
    member.groups.add(*staff(rules.ADMINISTRATOR).groups.all())
    TOTP.activate(member, generate_totp_secret())
    return User.objects.get(pk=member.pk)


class TestSideDoors:  # ACC-6
    @pytest.mark.parametrize("door", DOORS)
    def test_is_shut_or_leads_to_the_login(self, door, visitor, protected):
        assert answer_of(visitor.get(door)) == DOORS[door]

    @pytest.mark.parametrize("door", DOORS)
    def test_lets_nobody_in_by_number_and_password(self, door, visitor, protected):
        visitor.post(door, CREDENTIALS)

        assert "_auth_user_id" not in visitor.session
        assert User.objects.get(pk=protected.pk).check_password(PASSWORD)


def own_addresses() -> list[str]:
    """Every address of the account pages."""
    return [reverse(pattern.name, kwargs=dict.fromkeys(pattern.pattern.converters, 1)) for pattern in urls.urlpatterns]


class TestBetweenPasswordAndSecondFactor:  # ACC-6
    @pytest.fixture
    def halfway(self, protected) -> Client:
        browser = Client()
        assert browser.post(LOGIN, {"login": PHONE, "password": PASSWORD}).url == "/accounts/2fa/authenticate/"
        return browser

    def test_no_page_of_the_accounts_lets_anybody_past_it(self, halfway, protected):
        for address in own_addresses():
            for visit in (halfway.get, halfway.post):
                visit(address, CREDENTIALS)
                assert "_auth_user_id" not in halfway.session, address

        assert Authenticator.objects.filter(user=protected).exists()

    @pytest.mark.parametrize("path", ["/admin/", "/admin/account/", "/files/1/", "/member/", "/accounts/"])
    def test_nothing_behind_the_login_is_open(self, halfway, path):
        assert halfway.get(path).url.startswith(LOGIN)


class TestWagtailsAccountPage:  # ACC-6
    @pytest.fixture
    def administrator(self) -> User:
        roles.ensure_groups()
        return staff(rules.ADMINISTRATOR)

    def test_offers_neither_password_nor_mail_address(self, administrator):
        page = client_of(administrator).get("/admin/account/").content.decode()

        assert "password-" not in page
        assert "name_email-email" not in page

    def test_changes_neither(self, administrator):
        sent = {"password-old_password": "Demo-2026", "password-new_password1": PASSWORD, "password-new_password2": PASSWORD}

        client_of(administrator).post("/admin/account/", {**sent, "name_email-last_name": "霍", "name_email-email": "eve@example.org"})

        administrator.refresh_from_db()
        assert administrator.check_password("Demo-2026")
        assert administrator.email == ""


class TestBackends:  # ACC-6
    def test_djangos_own_does_not_log_in(self, settings):
        assert settings.AUTHENTICATION_BACKENDS == [
            "rules.permissions.ObjectPermissionBackend",
            "membership.accounts.backend.AccountBackend",
        ]

    def test_number_and_password_given_as_wagtail_would_are_nobody(self, rf, protected):
        assert authenticate(rf.post("/admin/login/"), username=PHONE, password=PASSWORD) is None

    @pytest.mark.parametrize("name", ["admin:index", "password_reset", "mfa_trust", "mfa_login_webauthn", "account_email"])
    def test_their_addresses_have_no_name_either(self, name):
        with pytest.raises(NoReverseMatch):
            reverse(name)


class TestWrongDoor:
    def test_whoever_has_no_role_is_told_so_instead_of_sent_round_for_ever(self, member):
        browser = Client()
        browser.force_login(member)

        for path in ("/admin/", "/admin/pages/", "/admin/nothing-here/"):
            answer = browser.get(path)

            assert answer.status_code == 403
            assert "您的账号没有后台权限" in answer.content.decode()
            assert 'href="/member/"' in answer.content.decode()
        assert browser.get("/accounts/").content.decode().count("没有权限") == 0

    def test_the_mark_of_the_staff_alone_opens_nothing_and_sends_nobody_round(self, member):
        User.objects.update(is_staff=True)
        browser = Client()
        browser.force_login(User.objects.get())

        assert browser.get("/admin/").status_code == 403

    def test_a_link_logs_nobody_out(self, member):
        browser = Client()
        browser.force_login(member)

        answer = browser.get("/admin/logout/")

        assert answer.status_code == 200
        assert "sessionid" not in answer.cookies or answer.cookies["sessionid"].value
        assert browser.get("/member/").status_code == 200
        browser.post("/admin/logout/")
        assert browser.get("/member/").status_code == 302
