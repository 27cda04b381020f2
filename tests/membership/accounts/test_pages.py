"""What every account page has: a title, labels, and the words a browser and a password manager look for."""

import re

import pytest
from django.test import Client

from membership.models import User
from tests.membership.accounts.conftest import PASSWORD, PHONE

pytestmark = pytest.mark.django_db

# Page → what its fields say of themselves.
ENTRANCES = {
    "/accounts/login/": ("username", "current-password"),
    "/accounts/login/code/": ("tel",),
    "/accounts/signup/": ("tel", "new-password"),
}


def logged_in() -> Client:
    client = Client()
    client.force_login(User.objects.create_user(PHONE, PASSWORD, phone_verified=True))
    return client


def at_code(path: str, answers: dict) -> Client:
    client = Client()
    client.post(path, answers)
    return client


def without_password() -> Client:
    client = Client()
    client.force_login(User.objects.create_user(PHONE, phone_verified=True))
    return client


SIGNUP = {"phone": "18800000001", "password1": PASSWORD, "password2": PASSWORD, "privacy": "on"}
PAGES = [
    *[(path, Client) for path in ENTRANCES],
    ("/accounts/login/code/confirm/", lambda: at_code("/accounts/login/code/", {"phone": "18800000001"})),
    ("/accounts/phone/verify/", lambda: at_code("/accounts/signup/", SIGNUP)),
    ("/accounts/password/change/", logged_in),
    ("/accounts/password/set/", without_password),
    ("/accounts/reauthenticate/", logged_in),
    ("/accounts/logout/", logged_in),
    ("/accounts/inactive/", Client),
]


class TestEveryPage:  # UI-7
    @pytest.mark.parametrize(("path", "visitor"), PAGES)
    def test_is_in_chinese_with_a_title_unique_ids_and_nothing_inline(self, path, visitor):
        page = visitor().get(path).content.decode()

        assert re.search(r"<title>[\u4e00-\u9fff]+ · 中国抗癌协会</title>", page)
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert sorted(ids) == sorted(set(ids))
        assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son\w+=|<style", page)
        assert not re.search(r">\s*(Password|Phone|Code|Sign|Log|Forgot|Enter|Please)\b", page)

    @pytest.mark.parametrize(("path", "visitor"), PAGES)
    def test_every_field_has_a_label(self, path, visitor):
        page = visitor().get(path).content.decode()
        controls = [tag for tag in re.findall(r"<(?:input|select)[^>]*>", page) if 'type="hidden"' not in tag]

        for control in controls:
            name = re.search(r'id="([^"]+)"', control)[1]
            assert f'for="{name}"' in page or "aria-label=" in control
            assert "placeholder" not in control


class TestEntrances:  # ACC-2
    @pytest.mark.parametrize(("path", "words"), ENTRANCES.items())
    def test_browsers_know_the_fields(self, path, words):
        page = Client().get(path).content.decode()

        for word in words:
            assert f'autocomplete="{word}"' in page

    @pytest.mark.parametrize("path", ["/accounts/login/code/confirm/", "/accounts/phone/verify/"])
    def test_a_phone_offers_the_code_it_received(self, path):
        page = dict(PAGES)[path]().get(path).content.decode()

        assert 'autocomplete="one-time-code"' in page
        assert 'inputmode="numeric"' in page
        assert "188****0001" in page

    def test_the_two_tabs_lead_to_each_other_and_keep_the_way_on(self):
        for path, current in (("/accounts/login/", "密码登录"), ("/accounts/login/code/", "验证码登录")):
            page = Client().get(f"{path}?next=/guide/%3Fa%3D1%26b%3D2").content.decode()

            assert 'href="/accounts/login/?next=%2Fguide%2F%3Fa%3D1%26b%3D2"' in page
            assert 'href="/accounts/login/code/?next=%2Fguide%2F%3Fa%3D1%26b%3D2"' in page
            assert re.search(rf'aria-current="page">{current}', page)

    def test_script_in_a_field_is_text(self):
        page = Client().post("/accounts/login/", {"login": "<script>alert(1)</script>", "password": "x"}).content.decode()

        assert "<script>alert" not in page

    def test_who_is_logged_in_needs_no_entrance(self):
        visitor = logged_in()

        for path in (*ENTRANCES, "/accounts/login/code/confirm/", "/accounts/phone/verify/"):
            assert visitor.get(path).status_code == 302

    @pytest.mark.parametrize("path", ["/accounts/password/change/", "/accounts/password/set/", "/accounts/reauthenticate/"])
    def test_who_is_not_is_sent_to_the_login_and_back(self, path):
        assert Client().get(path).url == f"/accounts/login/?next={path}"

    @pytest.mark.parametrize("path", ["/accounts/email/", "/accounts/confirm-email/", "/accounts/password/reset/done/"])
    def test_the_librarys_other_doors_are_shut(self, path):
        assert logged_in().get(path).status_code == 404
