"""Asking again before a dangerous act (ACC-7)."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from caca.urls import urlpatterns as site_urls
from membership.accounts.asking_again import ask_again
from membership.models import User
from tests.membership.accounts.conftest import PASSWORD, PHONE, wrong

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

DANGEROUS = "/dangerous/"
BY_PASSWORD, OFFER, ASKED = "/accounts/reauthenticate/", "/accounts/reauthenticate/code/", "/accounts/reauthenticate/code/confirm/"


@ask_again
def dangerous(request):
    return HttpResponse(f"done {request.POST.get('what', '')}")


urlpatterns = [path("dangerous/", dangerous), path("", include(site_urls))]


@pytest.fixture
def owner(member) -> Client:
    client = Client()
    client.force_login(member)
    return client


@pytest.fixture
def without_password(db) -> Client:
    client = Client()
    client.force_login(User.objects.create_user(PHONE, phone_verified=True))
    return client


class TestAskingAgain:  # ACC-7
    def test_the_password_opens_it_for_fifteen_minutes(self, owner, settings):
        assert owner.get(DANGEROUS).url == f"{BY_PASSWORD}?next=%2Fdangerous%2F"

        assert owner.post(BY_PASSWORD, {"password": PASSWORD, "next": DANGEROUS}).url == DANGEROUS
        assert owner.get(DANGEROUS).status_code == 200

        settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
        assert owner.get(DANGEROUS).status_code == 302

    def test_a_wrong_password_does_not(self, owner):
        answer = owner.post(BY_PASSWORD, {"password": "Wrong-2026", "next": DANGEROUS})

        assert "密码不对，请核对" in answer.content.decode()
        assert owner.get(DANGEROUS).status_code == 302

    def test_a_code_to_the_number_does_as_well(self, owner, latest_code):
        assert 'href="/accounts/reauthenticate/code/?next=%2Fdangerous%2F"' in owner.get(f"{BY_PASSWORD}?next={DANGEROUS}").content.decode()

        owner.post(OFFER, {"next": DANGEROUS})
        assert owner.post(ASKED, {"code": latest_code(), "next": DANGEROUS}).url == DANGEROUS

        assert owner.get(DANGEROUS).status_code == 200

    def test_who_has_no_password_is_asked_for_a_code_and_not_let_pass(self, without_password, latest_code):
        assert without_password.get(DANGEROUS).url.startswith(OFFER)

        without_password.post(OFFER, {"next": DANGEROUS})
        without_password.post(ASKED, {"code": latest_code(), "next": DANGEROUS})

        assert without_password.get(DANGEROUS).status_code == 200

    def test_nothing_is_sent_before_the_person_asks_for_it(self, without_password, sms_outbox):
        without_password.get(DANGEROUS, follow=True)

        assert sms_outbox == []

    def test_a_wrong_code_does_not_open(self, owner, latest_code):
        owner.post(OFFER, {"next": DANGEROUS})
        owner.post(ASKED, {"code": wrong(latest_code()), "next": DANGEROUS})

        assert owner.get(DANGEROUS).status_code == 302

    def test_what_was_posted_goes_on_by_itself(self, owner):
        asked = owner.post(DANGEROUS, {"what": "freeze"})

        answer = owner.post(asked.url.partition("?")[0], {"password": PASSWORD, "next": DANGEROUS})

        assert answer.content.decode() == "done freeze"

    def test_who_is_logged_out_logs_in_first(self, visitor):
        assert visitor.get(DANGEROUS).url.startswith("/accounts/login/")

    def test_the_session_has_a_new_key_afterwards(self, owner):
        before = owner.session.session_key

        owner.post(BY_PASSWORD, {"password": PASSWORD, "next": DANGEROUS})

        assert owner.session.session_key != before
        assert not type(owner.session)().exists(before)
        assert owner.get("/accounts/devices/").content.decode().count("本机") == 1
