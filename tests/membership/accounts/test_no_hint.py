"""No page, cookie or address tells a stranger whether a number is registered (ACC-1, ACC-2)."""

import re

import pytest
import time_machine
from django.test import Client

from membership.models import LegacyMember, User
from tests.membership.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def standing_clock():
    """What an answer says of the time is the same for both."""
    with time_machine.travel("2026-11-25T09:00:00+08:00", tick=False):
        yield


KNOWN, UNKNOWN = "18800000001", "18800000002"


def door(address: str, **answers: str):
    """A form a stranger may send with any number."""
    return lambda client, phone: client.post(address, {key: value.format(phone=phone) for key, value in answers.items()}, follow=True)


DOORS = {
    "login by password": door("/accounts/login/", login="{phone}", password="Wrong-2026"),
    "login by code": door("/accounts/login/code/", phone="{phone}"),
    "registration": door("/accounts/signup/", phone="{phone}", password1=PASSWORD, password2=PASSWORD, privacy="on"),
    "forgotten password": door("/accounts/password/reset/", phone="{phone}"),
}
CODE_PAGES = {
    "login by code": "/accounts/login/code/confirm/",
    "registration": "/accounts/phone/verify/",
    "forgotten password": "/accounts/password/reset/code/",
}


def seen(answer, phone: str) -> tuple:
    """All that a browser gets of an answer, the number and what is random left out."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
    for written in (phone, f"{phone[:3]}****{phone[-4:]}"):
        text = text.replace(written, "‹number›")
    headers = {
        name: value for name, value in answer.headers.items() if name not in ("X-Request-ID", "Content-Length", "Content-Security-Policy")
    }
    cookies = sorted((name, morsel["path"], morsel["max-age"], morsel["samesite"]) for name, morsel in answer.cookies.items())
    return answer.status_code, answer.redirect_chain, headers, cookies, re.sub(r'nonce="[^"]+"', "", text)


class TestEveryDoor:
    @pytest.mark.parametrize("name", DOORS)
    @pytest.mark.parametrize("kind", ["member", "former member", "unproved", "closed"])
    def test_answers_alike_for_known_and_unknown_numbers(self, name, kind):
        if kind == "former member":
            LegacyMember.objects.create(phone=f"+86{KNOWN}", old_number="A-1")
        else:
            User.objects.create_user(f"+86{KNOWN}", PASSWORD, phone_verified=kind != "unproved", is_active=kind != "closed")

        answers = [seen(DOORS[name](Client(), phone), phone) for phone in (KNOWN, UNKNOWN)]

        assert answers[0] == answers[1]

    @pytest.mark.parametrize("name", CODE_PAGES)
    def test_goes_on_alike_with_wrong_codes_to_the_end(self, name, member, latest_code):
        answers = []
        for phone in (KNOWN, UNKNOWN):
            client = Client()
            DOORS[name](client, phone)
            tries = [{"code": ""}, {"action": "resend"}, *[{"code": "12345x"}] * 6]
            answers.append([seen(client.post(CODE_PAGES[name], step, follow=True), phone) for step in tries])

        for ofknown, ofunknown in zip(*answers, strict=True):
            assert ofknown == ofunknown


class TestChangeOfNumber:  # D-14
    def test_answers_alike_for_a_taken_and_a_free_number(self, member, latest_code):
        User.objects.create_user("+8618800000003", PASSWORD, phone_verified=True)
        client = Client()
        client.force_login(member)
        client.post("/accounts/reauthenticate/code/", {"next": "/accounts/phone/change/"})
        client.post("/accounts/reauthenticate/code/confirm/", {"code": latest_code()})

        answers = []
        for phone in ("18800000003", "18800000004"):
            first = client.post("/accounts/phone/change/", {"phone": phone}, follow=True)
            second = client.post("/accounts/phone/change/confirm/", {"code": "12345x"}, follow=True)
            answers.append([seen(first, phone), seen(second, phone)])

        assert answers[0] == answers[1]
