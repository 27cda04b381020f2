"""What people and attackers send to the account pages, and the answer they get."""

import gzip
from pathlib import Path

import pytest
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from membership.accounts.urls import urlpatterns
from membership.models import User
from tests.membership.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db

SIGNUP, VERIFY = "/accounts/signup/", "/accounts/phone/verify/"
COMMON = Path(password_validation.__file__).with_name("common-passwords.txt.gz")


def sign_up(client: Client, password: str = PASSWORD, **changes):
    return client.post(SIGNUP, {"phone": "18800000001", "password1": password, "password2": password, "privacy": "on", **changes})


def addresses() -> list[str]:
    """Every account page that needs nothing in its address."""
    return [reverse(pattern.name) for pattern in urlpatterns if "<" not in str(pattern.pattern)]


class TestPasswords:  # ACC-1
    def test_none_of_the_ten_thousand_most_common_is_taken(self):
        with gzip.open(COMMON, "rt", encoding="utf-8") as file:
            common = [line.strip() for line in file][:10_000]
        assert len(common) == 10_000

        taken = []
        for password in common:
            try:
                password_validation.validate_password(password)
            except ValidationError:
                continue
            taken.append(password)
        assert taken == []

    @pytest.mark.parametrize("password", ["P@ssw0rd", "PASSWORD1", "Password1", "abc12345", "a1234567", "qwerty123"])
    def test_nor_in_capitals(self, visitor, password):
        assert "password1" in sign_up(visitor, password).context["form"].errors

    @pytest.mark.parametrize("password", [" " * 8, " " * 200, "\u3000" * 10, "\t\n" * 8])
    def test_spaces_are_none(self, visitor, password):
        assert "password1" in sign_up(visitor, password).context["form"].errors
        assert not User.objects.exists()

    @pytest.mark.parametrize(
        "password",
        [" haihe 2026 bank ", "海河大桥2026年", "😀😀😀😀😀😀a1", "x1" * 100, "a1" + "\u0301" * 20, "'; DROP TABLE user; --1", "<script>1"],
    )
    def test_whatever_else_one_chooses_opens_the_account_exactly_as_chosen(self, visitor, password, latest_code):
        sign_up(visitor, password)
        visitor.post(VERIFY, {"code": latest_code()})
        visitor.post("/accounts/logout/")

        for wrong in (password[:-1], password + " "):
            visitor.post("/accounts/login/", {"login": "18800000001", "password": wrong})
            assert "_auth_user_id" not in visitor.session
        visitor.post("/accounts/login/", {"login": "18800000001", "password": password})
        assert "_auth_user_id" in visitor.session

    @pytest.mark.parametrize("length", [257, 100_000])
    def test_one_of_absurd_length_is_refused_with_the_repair(self, visitor, length):
        answer = sign_up(visitor, "a1" * (length // 2 + 1))

        assert "密码太长，请设置 256 位以内" in answer.content.decode()

    def test_two_that_differ_say_so_at_the_second(self, visitor):
        assert "password2" in sign_up(visitor, password2="Other-2026-bank").context["form"].errors

    @pytest.mark.parametrize("password", ["\x00abc12345", "abc12345\x00"])
    def test_a_null_character_is_refused_not_a_server_error(self, visitor, password):
        assert sign_up(visitor, password).status_code == 200
        assert visitor.post("/accounts/login/", {"login": "18800000001", "password": password}).status_code == 200


class TestCodes:  # ACC-5
    @pytest.mark.parametrize(
        "code", ["", " ", "abcdef", "12345", "1234567", "0" * 1000, "١٢٣٤٥٦", "\x00", "-12345", "1e5000", "<b>123456</b>"]
    )
    def test_what_is_no_code_is_refused_at_its_field(self, visitor, member, code):
        visitor.post("/accounts/login/code/", {"phone": "18800000001"})

        answer = visitor.post("/accounts/login/code/confirm/", {"code": code})

        assert answer.status_code == 200
        assert answer.context["form"].errors["code"]
        assert "_auth_user_id" not in visitor.session

    def test_full_width_digits_spaces_and_a_hyphen_are_a_code(self, visitor, member, latest_code):
        visitor.post("/accounts/login/code/", {"phone": "18800000001"})
        code = latest_code()
        wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code[:3])

        visitor.post("/accounts/login/code/confirm/", {"code": f" {wide}-{code[3:]} "})

        assert "_auth_user_id" in visitor.session


class TestReplay:  # field case 39
    def test_a_registration_sent_twice_makes_one_account_and_keeps_the_code(self, visitor, latest_code):
        sign_up(visitor)
        sign_up(visitor)

        assert User.objects.count() == 1
        visitor.post(VERIFY, {"code": latest_code()})
        assert "_auth_user_id" in visitor.session

    def test_the_code_page_sent_again_after_the_login_leads_on(self, visitor, latest_code):
        sign_up(visitor)
        code = latest_code()
        visitor.post(VERIFY, {"code": code})

        assert visitor.post(VERIFY, {"code": code}).status_code == 302
        assert User.objects.get().phone_verified

    def test_a_registration_sent_by_who_is_logged_in_makes_no_second_account(self, visitor, member):
        visitor.force_login(member)

        assert sign_up(visitor, phone="18800000002").status_code == 302
        assert User.objects.count() == 1


class TestForgery:
    @pytest.mark.parametrize("address", addresses())
    def test_a_form_that_is_not_ours_is_refused_in_chinese(self, address, member):
        for logged_in in (False, True):
            client = Client(enforce_csrf_checks=True)
            if logged_in:
                client.force_login(member)

            answer = client.post(address, {"phone": "18800000001", "code": "123456"})

            assert answer.status_code in (403, 405)
            if answer.status_code == 403:
                assert "请再提交一次" in answer.content.decode()
