"""Login by text message into a long unused account (L-3, L-4)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from membership.models import User
from tests.membership.accounts.conftest import PASSWORD
from tests.membership.domain.test_recycled_numbers import away_for

pytestmark = pytest.mark.django_db

ASKED, NOT_MINE = "/accounts/login/identity/", "/accounts/login/identity/not-mine/"
RIGHT = {"name": "顾明修", "document_number": "002x"}


@pytest.fixture
def owner() -> User:
    """A member who has not been here for more than a year."""
    user = away_for(400)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def by_code(latest_code):
    """Logs a client in by a code to the account's number."""

    def log_in(client: Client, user: User, **more):
        client.post("/accounts/login/code/", {"phone": str(user.phone), **more})
        return client.post("/accounts/login/code/confirm/", {"code": latest_code(), **more})

    return log_in


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


class TestUnknownDevice:  # L-3
    def test_a_code_leads_to_the_question_and_the_answer_to_the_centre(self, visitor, owner, by_code):
        assert by_code(visitor, owner).url == ASKED
        assert not is_in(visitor)
        assert visitor.get("/member/").status_code == 302

        assert visitor.post(ASKED, RIGHT).url == reverse("member_home")
        assert is_in(visitor)

    def test_the_question_shows_nothing_of_the_account(self, visitor, owner, by_code):
        by_code(visitor, owner)

        for page in (visitor.get(ASKED), visitor.get(NOT_MINE), visitor.post(ASKED, {"name": "别人", "document_number": "0000"})):
            text = page.content.decode()
            for secret in (owner.member.name, owner.member.number, str(owner.phone), "002X"):
                assert secret not in text

    def test_the_way_on_is_kept(self, visitor, owner, by_code):
        by_code(visitor, owner, next="/guide/")

        assert visitor.post(ASKED, RIGHT).url == "/guide/"

    def test_a_wrong_answer_stays_outside_and_keeps_what_was_typed(self, visitor, owner, by_code):
        by_code(visitor, owner)

        answer = visitor.post(ASKED, {"name": "顾明", "document_number": "002X"})

        assert "还可以再试 4 次" in answer.content.decode()
        assert 'value="顾明"' in answer.content.decode()
        assert not is_in(visitor)

    def test_too_few_characters_are_no_try(self, visitor, owner, by_code):
        by_code(visitor, owner)
        for _try in range(6):
            visitor.post(ASKED, {"name": "顾明修", "document_number": "2X"})

        assert visitor.post(ASKED, RIGHT).status_code == 302

    def test_after_five_wrong_answers_a_new_code_brings_no_new_tries(self, owner, by_code):
        first, second = Client(), Client()
        by_code(first, owner)
        for _try in range(5):
            first.post(ASKED, {"name": "别人", "document_number": "0000"})

        by_code(second, owner)

        assert "今天的核对次数已用完" in second.get(ASKED).content.decode()
        second.post(ASKED, RIGHT)
        assert not is_in(second)

    def test_a_reset_password_does_not_go_round_the_question(self, visitor, owner, latest_code):
        new = "Jinmen-2027-bridge"
        visitor.post("/accounts/password/reset/", {"phone": str(owner.phone)})
        visitor.post("/accounts/password/reset/code/", {"code": latest_code()})

        assert visitor.post("/accounts/password/reset/new/", {"password1": new, "password2": new}).url == ASKED

        by_new_password = Client()
        assert by_new_password.post("/accounts/login/", {"login": str(owner.phone), "password": new}).url == ASKED
        assert not is_in(visitor)
        assert not is_in(by_new_password)


class TestNotAsked:  # L-3
    def test_a_password_proves_the_person(self, visitor, owner):
        assert visitor.post("/accounts/login/", {"login": str(owner.phone), "password": PASSWORD}).url == reverse("member_home")

    def test_nor_does_who_was_here_lately(self, visitor, owner, by_code):
        User.objects.update(last_login=timezone.now() - timedelta(days=30))

        assert by_code(visitor, owner).url == reverse("member_home")

    def test_nor_on_a_device_the_account_was_entered_on(self, visitor, owner, by_code):
        by_code(visitor, owner)
        visitor.post(ASKED, RIGHT)
        visitor.post("/accounts/logout/")
        User.objects.update(last_login=timezone.now() - timedelta(days=400))

        assert by_code(visitor, owner).url == reverse("member_home")

    def test_a_cookie_that_was_tampered_with_knows_nobody(self, visitor, owner, by_code):
        by_code(visitor, owner)
        visitor.post(ASKED, RIGHT)
        visitor.post("/accounts/logout/")
        User.objects.update(last_login=timezone.now() - timedelta(days=400))
        visitor.cookies["known_device"] = visitor.cookies["known_device"].value.replace(":", "x:", 1)

        assert by_code(visitor, owner).url == ASKED

    def test_the_cookie_names_nobody(self, visitor, owner):
        visitor.post("/accounts/login/", {"login": str(owner.phone), "password": PASSWORD})

        cookie = visitor.cookies["known_device"]
        assert str(owner.phone)[-8:] not in cookie.value
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")

    def test_the_page_alone_lets_nobody_in(self, visitor, owner):
        assert visitor.get(ASKED).url == "/accounts/login/"
        assert visitor.post(NOT_MINE).url == "/accounts/login/"
        owner.refresh_from_db()
        assert owner.phone


class TestNotMine:  # L-4
    def test_the_newcomer_registers_and_the_old_account_stays_without_a_number(self, visitor, owner, by_code, latest_code):
        phone = str(owner.phone)
        by_code(visitor, owner)

        assert visitor.get(NOT_MINE).status_code == 200
        assert visitor.post(NOT_MINE).url == "/accounts/signup/"
        visitor.post("/accounts/signup/", {"phone": phone, "password1": PASSWORD, "password2": PASSWORD, "privacy": "on"})
        visitor.post("/accounts/phone/verify/", {"code": latest_code()})

        owner.refresh_from_db()
        newcomer = User.objects.get(phone=phone)
        assert owner.phone is None
        assert newcomer.pk != owner.pk
        assert visitor.session["_auth_user_id"] == str(newcomer.pk)

    def test_looking_at_the_page_takes_nothing(self, visitor, owner, by_code):
        by_code(visitor, owner)
        visitor.get(NOT_MINE)

        owner.refresh_from_db()
        assert owner.phone
