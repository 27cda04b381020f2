"""更换手机号: a code to the present number, then one to the new (ACC-3, D-14)."""

import pytest
from django.test import Client
from django.utils import timezone

from membership.models import AuditEntry, User
from tests.factories.people import active_member, freeze
from tests.membership.accounts.conftest import PASSWORD, wrong

pytestmark = pytest.mark.django_db

OFFER, ASKED = "/accounts/reauthenticate/code/", "/accounts/reauthenticate/code/confirm/"
CHANGE, CONFIRM = "/accounts/phone/change/", "/accounts/phone/change/confirm/"
NEW = "+8618800000009"


@pytest.fixture
def owner(member) -> Client:
    """The account's owner, logged in by password."""
    client = Client()
    client.post("/accounts/login/", {"login": "18800000001", "password": PASSWORD})
    return client


@pytest.fixture
def proved_owner(owner, latest_code) -> Client:
    """She has shown by a code that the present number is hers."""
    owner.post(OFFER, {"next": CHANGE})
    owner.post(ASKED, {"code": latest_code(), "next": CHANGE})
    return owner


class TestChange:  # ACC-3, D-14
    def test_both_codes_change_the_number(self, owner, member, latest_code, sms_outbox):
        assert owner.get(CHANGE).url.startswith(OFFER)
        assert owner.post(OFFER, {"next": CHANGE}).url.startswith(ASKED)
        assert owner.post(ASKED, {"code": latest_code(), "next": CHANGE}).url == CHANGE
        assert owner.post(CHANGE, {"phone": "188 0000 0009"}).url == CONFIRM
        assert owner.post(CONFIRM, {"code": latest_code()}).url == "/accounts/"

        member.refresh_from_db()
        assert (str(member.phone), member.phone_verified) == (NEW, True)
        assert [message.phone for message in sms_outbox] == ["+8618800000001", NEW]
        assert AuditEntry.objects.filter(action="account.number_changed", target_id=member.pk).exists()

    def test_the_password_alone_does_not_do(self, owner, member):
        owner.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": CHANGE})

        assert owner.get(CHANGE).url.startswith(OFFER)
        assert owner.post(CHANGE, {"phone": "18800000009"}).url.startswith(OFFER)

    def test_the_proof_of_the_present_number_lasts_fifteen_minutes(self, proved_owner, settings):
        assert proved_owner.get(CHANGE).status_code == 200
        settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0

        assert proved_owner.get(CHANGE).url.startswith(OFFER)

    def test_other_sessions_end_and_this_one_goes_on(self, proved_owner, member, latest_code):
        elsewhere = Client()
        elsewhere.post("/accounts/login/", {"login": "18800000001", "password": PASSWORD})

        proved_owner.post(CHANGE, {"phone": "18800000009"})
        proved_owner.post(CONFIRM, {"code": latest_code()})

        assert elsewhere.get("/member/").status_code == 302
        assert proved_owner.get("/member/").status_code == 200

    def test_a_wrong_code_changes_nothing(self, proved_owner, member, latest_code):
        proved_owner.post(CHANGE, {"phone": "18800000009"})

        answer = proved_owner.post(CONFIRM, {"code": wrong(latest_code())})

        assert answer.context["form"].errors["code"]
        member.refresh_from_db()
        assert str(member.phone) == "+8618800000001"

    def test_the_present_number_is_not_a_new_one(self, proved_owner, sms_outbox):
        before = len(sms_outbox)

        answer = proved_owner.post(CHANGE, {"phone": "+86 188 0000 0001"})

        assert answer.context["form"].errors["phone"] == ["新手机号与现在的相同"]
        assert len(sms_outbox) == before


class TestTakenNumber:  # ACC-1, D-14
    def test_the_page_is_the_same_and_the_text_message_says_it_to_its_owner(self, proved_owner, member, sms_outbox):
        User.objects.create_user(NEW, PASSWORD, phone_verified=True)

        answer = proved_owner.post(CHANGE, {"phone": "18800000009"})

        assert answer.url == CONFIRM
        assert sms_outbox[-1].template == "account_number_in_use"
        assert not proved_owner.post(CONFIRM, {"code": ""}).context["form"].is_valid()

    @pytest.mark.parametrize("guess", ["000000", "", "123456"])
    def test_no_code_takes_it(self, proved_owner, member, guess):
        User.objects.create_user(NEW, PASSWORD, phone_verified=True)
        proved_owner.post(CHANGE, {"phone": "18800000009"})

        proved_owner.post(CONFIRM, {"code": guess})

        member.refresh_from_db()
        assert str(member.phone) == "+8618800000001"

    def test_somebody_who_was_faster_keeps_it_and_the_person_is_told(self, proved_owner, member, latest_code):
        proved_owner.post(CHANGE, {"phone": "18800000009"})
        code = latest_code()
        User.objects.create_user(NEW, PASSWORD, phone_verified=True)

        answer = proved_owner.post(CONFIRM, {"code": code}, follow=True)

        assert "已有账号" in answer.content.decode()
        member.refresh_from_db()
        assert str(member.phone) == "+8618800000001"


class TestFrozen:  # Table E
    def test_a_frozen_person_keeps_the_number_and_is_told_whom_to_ask(self, visitor):
        person = active_member()
        freeze(person, at=timezone.now())
        visitor.force_login(person.user)

        for answer in (visitor.get(CHANGE), visitor.post(CHANGE, {"phone": "18800000009"}), visitor.get(CONFIRM)):
            assert answer.status_code == 403
            assert "冻结期间" in answer.content.decode()
